//! The tools → a table for those who review them, on the screen or in the README.

use std::{fmt::Write as _, fs, io, path::Path, process::ExitCode};

use appsync_mcp_codegen::{ToolSummary, Verified};

use crate::{project, table::table, voice};

const README: &str = "README.md";
const BEGIN: &str = "<!-- tools:begin -->\n";
const END: &str = "<!-- tools:end -->";

/// What is to be done with the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// Printed.
    Print,
    /// Written into the README.
    Write,
    /// Compared with the README's.
    Check,
}

/// Does it, for the project in the current folder.
pub(crate) fn tools(table: Table) -> ExitCode {
    let root = Path::new(".");
    let Some((_, generated)) = project::read(root) else {
        return ExitCode::FAILURE;
    };
    let done = match table {
        Table::Print => project::print(&plain(&generated.tools)),
        Table::Write => required(root).and_then(|_| refresh(root, &generated.tools)),
        Table::Check => required(root).and_then(|readme| check(&readme, &generated.tools)),
    };
    voice::end(done)
}

/// Writes the table into a project's README, if it has a place for it and another one there.
pub(crate) fn refresh(root: &Path, tools: &[ToolSummary]) -> io::Result<()> {
    let path = root.join(README);
    let Ok(readme) = fs::read_to_string(&path) else {
        return Ok(());
    };
    match replaced(&readme, tools) {
        Some(text) if text != readme => {
            voice::note(format_args!("the table of tools in {} is written", path.display()));
            project::write(&path, &text)
        }
        _ => Ok(()),
    }
}

/// Whether a project's README has a place for the table.
pub(crate) fn has_place(root: &Path) -> bool {
    fs::read_to_string(root.join(README)).is_ok_and(|readme| replaced(&readme, &[]).is_some())
}

fn required(root: &Path) -> io::Result<String> {
    let readme = fs::read_to_string(root.join(README))
        .map_err(|error| io::Error::new(error.kind(), format!("{README}: {error}")))?;
    match replaced(&readme, &[]) {
        Some(_) => Ok(readme),
        None => Err(io::Error::other(format!(
            "{README}: there is no place for the table; write the lines `{}` and `{END}` where it goes",
            BEGIN.trim_end()
        ))),
    }
}

fn check(readme: &str, tools: &[ToolSummary]) -> io::Result<()> {
    if replaced(readme, tools).is_none_or(|text| text == readme) {
        return Ok(());
    }
    let message = format!("{README}: the table of tools is not fresh; `cargo xtask tools --markdown` writes it");
    Err(io::Error::other(message))
}

/// Returns the README with the table between the marks; without both of them, nothing.
fn replaced(readme: &str, tools: &[ToolSummary]) -> Option<String> {
    let ends = if readme.contains("\r\n") { "\r\n" } else { "\n" };
    let (before, rest) = readme.split_once(&BEGIN.replace('\n', ends))?;
    let (_, after) = rest.split_once(END)?;
    let table = markdown(tools).replace('\n', ends);
    Some(format!("{before}{}{table}{END}{after}", BEGIN.replace('\n', ends)))
}

const COLUMNS: [&str; 10] = [
    "tool",
    "kind",
    "for",
    "arguments",
    "modes",
    "scopes",
    "rate",
    "objects",
    "tokens",
    "digest",
];

/// The digits of a digest that tell tools apart well enough for people.
const DIGITS: usize = 12;

/// Returns a tool's cells; `code` marks what stands in the sources.
fn row(tool: &ToolSummary, code: impl Fn(&str) -> String) -> [String; COLUMNS.len()] {
    let list = |items: &[String]| items.iter().map(|item| code(item)).collect::<Vec<_>>().join(", ");
    let digest: String = tool.digest.trim_start_matches("sha256:").chars().take(DIGITS).collect();
    [
        code(&tool.name),
        tool.kind.to_owned(),
        tool.title.clone(),
        list(&tool.arguments),
        modes(tool),
        list(&tool.scopes),
        tool.rate.clone().unwrap_or_default(),
        tool.nodes.to_string(),
        tool.tokens.to_string(),
        code(&digest),
    ]
}

/// Returns the authorization modes in a few words, with the groups that one of them asks for.
fn modes(tool: &ToolSummary) -> String {
    let modes = tool.modes.iter().map(|mode| match mode.as_str() {
        "API_KEY" => "key",
        "AWS_IAM" => "IAM",
        "AMAZON_COGNITO_USER_POOLS" => "Cognito",
        "OPENID_CONNECT" => "OIDC",
        "AWS_LAMBDA" => "Lambda",
        other => other,
    });
    let groups = tool.groups.iter().map(|set| format!(" ({})", set.join(" or ")));
    modes.collect::<Vec<_>>().join(", ") + &groups.collect::<String>()
}

fn markdown(tools: &[ToolSummary]) -> String {
    let mut text = format!("| {} |\n|{}\n", COLUMNS.join(" | "), "---|".repeat(COLUMNS.len()));
    for tool in tools {
        let cells = row(tool, |text| format!("`{text}`")).map(|cell| cell.replace('|', "\\|"));
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// Returns the table for the screen. Which tools are verified changes without them, so the README does not have it.
fn plain(tools: &[ToolSummary]) -> String {
    let rows = tools.iter().map(|tool| {
        let mut cells = row(tool, str::to_owned).to_vec();
        let verified = match tool.verified {
            Verified::No => "no",
            Verified::Sandbox => "in the sandbox",
            Verified::Api => "yes",
        };
        cells.push(verified.to_owned());
        cells
    });
    let head = COLUMNS.into_iter().chain(["verified"]).map(str::to_owned);
    table(&std::iter::once(head.collect()).chain(rows).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn summary() -> ToolSummary {
        ToolSummary {
            name: "find_books".to_owned(),
            kind: "read",
            title: "Find books | magazines".to_owned(),
            description: "Find books, or magazines.".to_owned(),
            disabled: None,
            arguments: vec!["words".to_owned(), "limit?".to_owned()],
            scopes: Vec::new(),
            modes: vec!["OPENID_CONNECT".to_owned(), "AMAZON_COGNITO_USER_POOLS".to_owned()],
            groups: vec![vec!["Staff".to_owned(), "Admins".to_owned()]],
            nodes: 21,
            rate: Some("5/min".to_owned()),
            tokens: 345,
            digest: format!("sha256:{}", "0123456789abcdef".repeat(4)),
            verified: Verified::Api,
        }
    }

    #[test]
    fn the_table_goes_between_its_marks() {
        let readme = format!("# Books\n\n{BEGIN}an old table\n{END}\n\nMore.\n");
        let written = replaced(&readme, &[summary()]).unwrap();
        expect![[r#"
            # Books

            <!-- tools:begin -->
            | tool | kind | for | arguments | modes | scopes | rate | objects | tokens | digest |
            |---|---|---|---|---|---|---|---|---|---|
            | `find_books` | read | Find books \| magazines | `words`, `limit?` | OIDC, Cognito (Staff or Admins) |  | 5/min | 21 | 345 | `0123456789ab` |
            <!-- tools:end -->

            More.
        "#]]
        .assert_eq(&written);
        // With what is there now, it is fresh, on Windows too.
        let lines = written.replace('\n', "\r\n");
        for fresh in [written, lines] {
            assert_eq!(replaced(&fresh, &[summary()]).as_ref(), Some(&fresh));
            assert!(check(&fresh, &[summary()]).is_ok());
        }
        let message = check(&readme, &[summary()]).unwrap_err().to_string();
        assert_eq!(
            message,
            "README.md: the table of tools is not fresh; `cargo xtask tools --markdown` writes it"
        );
    }

    #[test]
    fn without_both_marks_there_is_no_place() {
        for readme in [
            "",
            "# Books\n",
            BEGIN,
            END,
            "<!-- tools:end -->\n<!-- tools:begin -->\n",
        ] {
            assert_eq!(replaced(readme, &[summary()]), None);
        }
    }

    #[test]
    fn a_table_for_the_screen_is_aligned() {
        expect![[r#"
            tool        kind  for                     arguments      modes                            scopes  rate   objects  tokens  digest        verified
            find_books  read  Find books | magazines  words, limit?  OIDC, Cognito (Staff or Admins)          5/min  21       345     0123456789ab  yes
        "#]]
        .assert_eq(&plain(&[summary()]));
    }
}

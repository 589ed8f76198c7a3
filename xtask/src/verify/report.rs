//! A run → what people read of it: a table, each failure with a command that repeats it, and what is left behind.
//!
//! Invariant: no character of an API's words moves the cursor.

use std::{
    fmt::Write as _,
    io::{self, IsTerminal as _},
};

use appsync_mcp_codegen::Verifications;
use serde_json::Value;

use crate::table::table;

use super::{
    Args,
    event::{Case, Counts, Created, Request},
    run::{Run, Verified},
};

/// The most failures of a tool that are shown whole; the others are named.
const WHOLE_MAX: usize = 3;

/// Returns all of it. `now` is what is known of the tools after the run.
pub(super) fn report(run: &Run, args: &Args, now: &Verifications) -> String {
    let mut text = table(&rows(run, args, now));
    for verified in run.tools.iter().filter(|verified| !verified.failures.is_empty()) {
        text.push_str(&failures(verified, args));
    }
    text.push_str(&created(run));
    for verified in &run.tools {
        if let Some(note) = &verified.tool.note {
            let _ = writeln!(text, "\n{}: {}", verified.tool.name, shown(note));
        }
    }
    text
}

const COLUMNS: [&str; 7] = ["tool", "kind", "cases", "passed", "failed", "skipped", "verified"];

fn rows(run: &Run, args: &Args, now: &Verifications) -> Vec<Vec<String>> {
    let mut rows = vec![COLUMNS.map(str::to_owned).to_vec()];
    rows.extend(run.tools.iter().map(|verified| {
        let tool = &verified.tool;
        let Counts {
            passed,
            failed,
            skipped,
        } = tool.counts;
        let numbers = [tool.counts.all(), passed, failed, skipped].map(|number| number.to_string());
        let mut row = vec![tool.name.clone(), tool.kind.clone()];
        row.extend(numbers);
        row.push(standing(verified, args, now));
        row
    }));
    rows
}

/// Returns whether a tool is verified, and if not, why.
fn standing(verified: &Verified, args: &Args, now: &Verifications) -> String {
    let tool = &verified.tool;
    let why = match &tool.not_verified {
        Some(why) => shown(why),
        None if tool.counts.failed > 0 => tool.because.as_deref().map_or_else(|| "cases fail".to_owned(), shown),
        None => "no case was tried".to_owned(),
    };
    match now.get(&tool.name) {
        _ if !args.case.is_empty() => "(some cases only)".to_owned(),
        Some(_) if verified.has_passed() => "yes".to_owned(),
        Some(known) => format!("yes, by {} ({why})", known.time),
        None => format!("no: {why}"),
    }
}

fn failures(verified: &Verified, args: &Args) -> String {
    let Verified { tool, failures } = verified;
    let (failed, all) = (tool.counts.failed, tool.counts.all());
    let mut text = format!("\n{}: {failed} of {all} cases failed", tool.name);
    if let Some(because) = &tool.because {
        let _ = write!(text, "; {}", shown(because));
    }
    text.push('\n');
    // Who asks for a case wants to see it.
    let whole = if args.case.is_empty() {
        WHOLE_MAX
    } else {
        failures.len()
    };
    for case in failures.iter().take(whole) {
        text.push_str(&failure(case, args));
    }
    for case in failures.iter().skip(whole) {
        let problem = case.problem.as_deref().unwrap_or_default();
        let _ = write!(
            text,
            "\n  {}: {}\n  {}\n",
            shown(&case.name),
            shown(problem),
            repeat(case, args)
        );
    }
    text
}

/// Returns a failure whole: what is wrong, what was sent, what came back, and how to see it again.
fn failure(case: &Case, args: &Args) -> String {
    let problem = case.problem.as_deref().unwrap_or_default();
    let mut text = format!("\n  {}: {}\n", shown(&case.name), shown(problem));
    let mut part = |title: &str, part: &str| {
        let _ = writeln!(text, "  {title}");
        for line in part.lines() {
            let _ = writeln!(text, "    {}", shown(line));
        }
    };
    if let Some(sent) = &case.request {
        part("request", &request(sent));
    }
    if let Some(answer) = &case.response {
        part("response", &pretty(answer));
    }
    part("again", &repeat(case, args));
    text
}

fn request(request: &Request) -> String {
    let mut text = format!("{} {}\n", request.method, request.url);
    for (name, value) in &request.headers {
        let _ = writeln!(
            text,
            "{name}: {}",
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        );
    }
    let body = match &request.body {
        Value::String(body) => pretty(body),
        body => format!("{body:#}"),
    };
    text + &body
}

/// Returns JSON with a member a line, and anything else as it is.
fn pretty(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => format!("{value:#}"),
        Err(_) => text.to_owned(),
    }
}

/// Returns the command that tries this case again, with the user's own flags.
fn repeat(case: &Case, args: &Args) -> String {
    let mut words = vec!["cargo".to_owned(), "xtask".to_owned(), "verify".to_owned()];
    let given = [
        (args.release, "--release"),
        (args.include_writes, "--include-writes"),
        (args.staging, "--staging"),
    ];
    let given = given.into_iter().filter(|(is_on, _)| *is_on);
    words.extend(given.map(|(_, flag)| flag.to_owned()));
    words.extend(["--case".to_owned(), format!("{}:{}", case.tool, case.name)]);
    if !args.flags.is_empty() {
        words.push("--".to_owned());
        words.extend(args.flags.iter().map(|flag| flag.to_string_lossy().into_owned()));
    }
    // Only a word with a null byte can't be quoted, and no command line has one.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()
}

/// Returns what writes have made and nothing has removed, and what they may have made.
pub(super) fn created(run: &Run) -> String {
    let left = run.created.iter().filter(|created| !created.undone);
    let (maybe, made): (Vec<_>, Vec<_>) = left.partition(|created| created.maybe);
    let gone = if run.endpoint() == "sandbox" {
        ", gone with the sandbox"
    } else {
        ""
    };
    let mut text = String::new();
    let titles = [
        ("made and not removed", made),
        ("perhaps made, since the outcome is unknown; this was sent", maybe),
    ];
    for (title, created) in titles.into_iter().filter(|(_, created)| !created.is_empty()) {
        let _ = writeln!(text, "\n{title}{gone}:");
        for made in created.chunk_by(|one, next| one.tool == next.tool) {
            text.push_str(&created_by(made));
        }
    }
    text
}

/// The most things that one tool has made which are all shown, and how many are if there are more.
const CREATED_MAX: (usize, usize) = (5, 3);

/// Returns what one tool has made.
fn created_by(made: &[&Created]) -> String {
    let is_terminal = io::stdout().is_terminal();
    let (all_max, first) = CREATED_MAX;
    let whole = if made.len() > all_max { first } else { made.len() };
    let mut text = String::new();
    for created in made.iter().take(whole) {
        let undo = created.undone_by.as_ref().filter(|_| !created.maybe);
        let undo = undo.map(|undo| format!(" (`{undo}` did not)")).unwrap_or_default();
        let what = if created.maybe {
            &created.arguments
        } else {
            &created.result
        };
        let _ = writeln!(
            text,
            "  {}{undo}: {}",
            created.tool,
            shown(&cut(&what.to_string(), is_terminal))
        );
    }
    if let (more @ 1.., Some(created)) = (made.len() - whole, made.first()) {
        let _ = writeln!(text, "  {}: {more} more, which `--json` tells", created.tool);
    }
    text
}

/// The most characters that a terminal shows of what was made: its id comes first, or nearly so.
const CREATED_SHOWN_MAX: usize = 120;

/// Cuts a text for people; whoever reads a pipe may want to remove what was made.
fn cut(text: &str, is_terminal: bool) -> String {
    match text.char_indices().nth(CREATED_SHOWN_MAX) {
        Some((at, _)) if is_terminal => format!("{}…", text.get(..at).unwrap_or(text)),
        _ => text.to_owned(),
    }
}

/// Returns a text in which what is no visible character is an escape.
fn shown(text: &str) -> String {
    let shown = |c: char| match c {
        '\t' => " ".to_owned(),
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
            c.escape_unicode().to_string()
        }
        c if c.is_control() => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_terminal_gets_less_than_all() {
        let long = "ä".repeat(CREATED_SHOWN_MAX + 1);
        let first = "ä".repeat(CREATED_SHOWN_MAX);
        assert_eq!(cut(&long, true), format!("{first}…"));
        assert_eq!(cut(&long, false), long);
        assert_eq!(cut(&first, true), first);
    }
}

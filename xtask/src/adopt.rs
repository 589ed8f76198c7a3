//! Plain operation files → files of this project.
//!
//! Invariant: a file that is there is never overwritten, but for `schema/api.local.json`, to which mappings of scalars are
//! added; each file is written whole or not at all.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use appsync_mcp_codegen::{AdoptedFile, Adoption, ForeignFile, Outcome, Sources, Verdict, adopt};

use crate::{project, voice};

/// Adopts all operations of the files. Fails if one is refused; those that are not are written all the same.
pub(crate) fn run(files: &[PathBuf]) -> ExitCode {
    match adopt_files(Path::new("."), files) {
        Ok(adoption) => {
            for refusal in adoption.outcomes.iter().filter_map(refusal) {
                eprintln!("{refusal}");
            }
            let _ = project::print(&report(&adoption));
            if !adoption.files.is_empty() {
                voice::next("read what was assumed, mend it in the files, then `cargo xtask check`");
            }
            if adoption.outcomes.iter().any(|outcome| refusal(outcome).is_some()) {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            }
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn adopt_files(root: &Path, files: &[PathBuf]) -> Result<Adoption, String> {
    let project = Sources::read(root).map_err(|error| format!("error: {error}"))?;
    let foreign: Vec<_> = files.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    let adoption = adopt(&project, &foreign).map_err(|found| found.render(&project))?;
    for adopted in adoption.files.iter().chain(&adoption.local) {
        let replaces = adoption.local.as_ref() == Some(adopted);
        write(root, adopted, replaces)?;
    }
    Ok(adoption)
}

/// Reads a file of operations; its path is kept for messages.
pub(crate) fn read(path: &Path) -> Result<ForeignFile, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("error: {}: {error}", path.display()))?;
    Ok(ForeignFile {
        path: path.display().to_string().replace('\\', "/"),
        text,
    })
}

/// Writes a file beside its place and moves it there.
fn write(root: &Path, adopted: &AdoptedFile, replaces: bool) -> Result<(), String> {
    let path = root.join(&adopted.file.path);
    let told = |error: io::Error| format!("error: {}: {error}", adopted.file.path);
    if path.exists() && !replaces {
        return Err(format!("error: {}: the file is there already", adopted.file.path));
    }
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder).map_err(told)?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    // What begins with a dot is no operation.
    let beside = folder.join(format!(".{name}.{}", std::process::id()));
    let written = fs::write(&beside, &adopted.file.text).and_then(|()| fs::rename(&beside, &path));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        told(error)
    })
}

fn refusal(outcome: &Outcome) -> Option<&str> {
    match &outcome.verdict {
        Verdict::Invalid(refusal) | Verdict::Unsupported(refusal) => Some(&refusal.report),
        Verdict::Adopted(_) | Verdict::Subscription | Verdict::Present(_) => None,
    }
}

/// Says what was written with which assumptions, and what was not.
fn report(adoption: &Adoption) -> String {
    let mut out = String::new();
    for adopted in adoption.files.iter().chain(&adoption.local) {
        let _ = writeln!(out, "{}  (from {})", adopted.file.path, adopted.from);
        for assumption in &adopted.assumptions {
            let _ = writeln!(out, "    {assumption}");
        }
    }
    let (mut adopted, mut subscriptions, mut present, mut refused) = (0, 0, 0, 0);
    for outcome in &adoption.outcomes {
        let place = match &outcome.name {
            Some(name) => format!("{}: {name}", outcome.path),
            None => outcome.path.clone(),
        };
        let why = match &outcome.verdict {
            Verdict::Adopted(_) => {
                adopted += 1;
                continue;
            }
            Verdict::Subscription => {
                subscriptions += 1;
                "a subscription can't be a tool".to_owned()
            }
            Verdict::Present(path) => {
                present += 1;
                format!("`{path}` is there already, and is left as it is")
            }
            Verdict::Invalid(_) | Verdict::Unsupported(_) => {
                refused += 1;
                "refused, see above".to_owned()
            }
        };
        let _ = writeln!(out, "not adopted: {place}: {why}");
    }
    let _ = writeln!(
        out,
        "{adopted} adopted, {subscriptions} subscriptions, {present} there already, {refused} refused"
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project in a folder of its own, removed at the end.
    struct Project(PathBuf);

    impl Project {
        fn new(name: &str) -> Self {
            let root = std::env::temp_dir().join(format!("appsync-mcp-adopt-{name}-{}", std::process::id()));
            let project = Self(root);
            let sdl = "type Query { a: [A!] } type Mutation { b: Int } type A { c: Color } scalar Color";
            project.put("schema/schema.graphql", sdl);
            project
        }

        fn put(&self, path: &str, text: &str) -> PathBuf {
            let path = self.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        }

        fn text(&self, path: &str) -> String {
            fs::read_to_string(self.0.join(path)).unwrap()
        }

        fn files(&self, folder: &str) -> Vec<String> {
            let entries = fs::read_dir(self.0.join(folder)).unwrap();
            let mut names: Vec<_> = entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        }
    }

    impl Drop for Project {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn writes_what_is_adopted_and_nothing_else() {
        let project = Project::new("writes");
        project.put("schema/api.local.json", "{ \"errors\": { \"notFound\": [\"Gone\"] } }");
        let foreign = project.put(
            "src/all.graphql",
            "query List { a { c } } mutation B { b } query Bad { d }",
        );
        let adoption = adopt_files(&project.0, &[foreign]).unwrap();
        assert_eq!(project.files("operations/read"), ["list.graphql"]);
        assert_eq!(project.files("operations/write"), ["b.graphql"]);
        assert!(project.text("operations/read/list.graphql").contains("@list(max: 20)"));
        let local = project.text("schema/api.local.json");
        assert!(
            local.contains("\"Color\": \"String\"") && local.contains("Gone"),
            "{local}"
        );
        let report = report(&adoption);
        assert!(report.contains("\n    the list `a` holds up to 20\n"), "{report}");
        assert!(
            report.contains("2 adopted, 0 subscriptions, 0 there already, 1 refused"),
            "{report}"
        );
    }

    #[test]
    fn a_file_that_is_there_is_left_alone() {
        let project = Project::new("keeps");
        let mine = "\"Mine.\" query List @tool(title: \"Mine\") { __typename }";
        project.put("operations/read/list.graphql", mine);
        let foreign = project.put(
            "src/all.graphql",
            "query List { a { __typename } } query Other { a { __typename } }",
        );
        let adoption = adopt_files(&project.0, std::slice::from_ref(&foreign)).unwrap();
        assert_eq!(project.text("operations/read/list.graphql"), mine);
        assert_eq!(project.files("operations/read"), ["list.graphql", "other.graphql"]);
        assert!(report(&adoption).contains("`operations/read/list.graphql` is there already"));
        let again = adopt_files(&project.0, &[foreign]).unwrap();
        assert!(report(&again).contains("0 adopted, 0 subscriptions, 2 there already, 0 refused"));
    }
}

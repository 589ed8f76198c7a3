//! The files under `adopt/`: foreign operations in, this project's files out.
//!
//! `NNN_name.in` holds a project's files and foreign ones, each behind a line `=== path`; `NNN_name.txt` is all that
//! adopting them makes: new files with what was assumed, and what became of each operation.
//! New answers are accepted with `UPDATE_EXPECT=1 cargo test -p appsync-mcp-codegen`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test fails as the test does"
)]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use appsync_mcp_codegen::{
    AdoptedFile, Adoption, ForeignFile, SourceFile, SourceKind, Sources, Verdict, Writes, adopt, generate,
};
use expect_test::expect_file;

#[test]
fn foreign_operations_become_these_files() {
    let inputs = inputs();
    assert!(!inputs.is_empty());
    for input in inputs {
        let (project, foreign) = read(&input);
        let report = match adopt(&project, &foreign) {
            Ok(adoption) => {
                assert_passes(&project, &adoption, &input);
                render(&adoption)
            }
            Err(found) => found.render(&project),
        };
        expect_file![input.with_extension("txt")].assert_eq(&report);
    }
}

/// What is adopted is a project that builds, together with what is there already.
fn assert_passes(project: &Sources, adoption: &Adoption, input: &Path) {
    if adoption.files.is_empty() {
        return;
    }
    let mut files = project.files.clone();
    files.retain(|file| adoption.local.is_none() || file.kind != SourceKind::ApiLocal);
    files.extend(
        adoption
            .files
            .iter()
            .chain(&adoption.local)
            .map(|adopted| adopted.file.clone()),
    );
    let sources = Sources { files };
    if let Err(found) = generate(&sources, Writes::Included) {
        panic!(
            "{}: what is adopted does not build:\n{}",
            input.display(),
            found.render(&sources)
        );
    }
}

fn render(adoption: &Adoption) -> String {
    let mut out = String::new();
    let mut show = |adopted: &AdoptedFile| {
        let _ = writeln!(
            out,
            "=== {} (from {})\n{}",
            adopted.file.path, adopted.from, adopted.file.text
        );
        for assumption in &adopted.assumptions {
            let _ = writeln!(out, "--- {assumption}");
        }
    };
    adoption.files.iter().chain(&adoption.local).for_each(&mut show);
    for outcome in &adoption.outcomes {
        let name = outcome.name.as_deref().unwrap_or("-");
        let (verdict, more) = match &outcome.verdict {
            Verdict::Adopted(path) => (format!("adopted: {path}"), ""),
            Verdict::Subscription => ("a subscription".to_owned(), ""),
            Verdict::Present(path) => (format!("there already: {path}"), ""),
            Verdict::Invalid(refusal) => (format!("invalid: {:?}", refusal.messages), refusal.report.as_str()),
            Verdict::Unsupported(refusal) => (format!("unsupported: {:?}", refusal.messages), refusal.report.as_str()),
        };
        let _ = writeln!(out, "=== {} {:?} {name}: {verdict}", outcome.path, outcome.position);
        out.push_str(more);
    }
    out
}

fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adopt");
    let entries = fs::read_dir(folder).expect("the folder of fixtures");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let mut inputs: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "in"))
        .collect();
    inputs.sort();
    inputs
}

fn read(input: &Path) -> (Sources, Vec<ForeignFile>) {
    let text = fs::read_to_string(input).expect("an input");
    let (mut files, mut foreign) = (Vec::new(), Vec::new());
    for section in text.split("=== ").skip(1) {
        let (path, text) = section.split_once('\n').expect("a path, then the text");
        let (path, text) = (path.to_owned(), text.to_owned());
        match kind(&path) {
            Some(kind) => files.push(SourceFile { path, text, kind }),
            None => foreign.push(ForeignFile { path, text }),
        }
    }
    (Sources { files }, foreign)
}

fn kind(path: &str) -> Option<SourceKind> {
    match path.rsplit_once('/')? {
        ("schema", "schema.graphql") => Some(SourceKind::Schema),
        ("schema", "api.local.json") => Some(SourceKind::ApiLocal),
        ("operations/read", _) => Some(SourceKind::Read),
        ("operations/write", _) => Some(SourceKind::Write),
        ("operations/fragments", _) => Some(SourceKind::Fragments),
        _ => None,
    }
}

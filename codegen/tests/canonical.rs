//! The files under `canonical/`: a schema in, its canonical text out.
//!
//! `NNN_name.in` holds a schema behind a line `=== schema`, and `NNN_name.txt` is its canonical text, or what is wrong with
//! it; or it holds two, behind `=== new` and `=== old`, and the answer is the new one with the old one's directives; `=== new
//! tells NAME…` says which directives the new one tells, if not all that introspection can.
//! `(CRLF)` or `(BOM)` behind the name changes a schema's bytes so.
//! New answers are accepted with `UPDATE_EXPECT=1 cargo test -p appsync-mcp-codegen`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test fails as the test does"
)]

mod said;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use appsync_mcp_codegen::{SchemaError, canonical, sdl_of_introspection, with_directives_of};
use expect_test::expect_file;

#[test]
fn schemas_become_these() {
    let inputs = files(&folder("canonical"), &["in"]);
    assert!(!inputs.is_empty());
    for input in inputs {
        let text = fs::read_to_string(&input).expect("an input");
        let sections: Vec<_> = text.split("=== ").skip(1).map(section).collect();
        let answer = match sections.as_slice() {
            [(_, schema)] => canonical(schema).inspect(|canonical| assert_same(schema, canonical, &input)),
            [(head, new), (_, old)] => kept(new, old, head),
            _ => panic!("{}: one schema, or a new one and an old one", input.display()),
        };
        let answer = answer.unwrap_or_else(|error| format!("{error}\n"));
        expect_file![input.with_extension("txt")].assert_eq(&answer);
    }
}

/// Returns the schema that keeps the directives, and what nobody knows those of.
fn kept(new: &str, old: &str, head: &str) -> Result<String, SchemaError> {
    let told = match head.split_once("tells ") {
        Some((_, told)) => told.split_whitespace().collect(),
        None => vec!["deprecated", "oneOf", "specifiedBy"],
    };
    let kept = with_directives_of(new, old, &told)?;
    assert_eq!(canonical(&kept.sdl).as_ref(), Ok(&kept.sdl), "it is canonical");
    let mut answer = kept.sdl;
    for coordinate in kept.unknown {
        let _ = writeln!(answer, "--- unknown: {coordinate}");
    }
    Ok(answer)
}

/// The schemas of this repository: its projects', the corpus' and the fixtures' that build.
#[test]
fn a_canonical_schema_says_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut seen = 0;
    for path in files(&root, &["graphql", "json"]) {
        let text = fs::read_to_string(&path).expect("a schema");
        let name = path.file_name().and_then(|name| name.to_str());
        let sdl = match name {
            Some("schema.graphql" | "everything.graphql") => text,
            Some("schema.json") => sdl_of_introspection(&text).expect("an introspection result"),
            _ => continue,
        };
        let canonical = canonical(&sdl).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_same(&sdl, &canonical, &path);
        seen += 1;
    }
    assert!(seen > 8, "the schemas are found");
    for folder in ["ok", "warnings", "twins", "diagnostics"] {
        for input in files(&self::folder("fixtures").join(folder), &["in"]) {
            let text = fs::read_to_string(&input).expect("an input");
            let schemas = text
                .split("=== ")
                .filter(|file| file.starts_with("schema/schema.graphql"));
            for (_, schema) in schemas.map(section) {
                // Some are there to be refused.
                if let Ok(canonical) = canonical(&schema) {
                    assert_same(&schema, &canonical, &input);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 40, "the fixtures' schemas are found");
}

/// A canonical text says what the schema says, is its own canonical text, and has one line end behind.
fn assert_same(schema: &str, canonical: &str, path: &Path) {
    let again = self::canonical(canonical).unwrap_or_else(|error| panic!("{}: {error}\n{canonical}", path.display()));
    assert_eq!(again, canonical, "{}", path.display());
    assert!(canonical.ends_with('\n') && !canonical.ends_with("\n\n") && !canonical.contains('\r'));
    // Old ways to write a schema are not for every parser.
    if let Some(said) = said::said(schema) {
        let lost: Vec<_> = said
            .symmetric_difference(&said::said(canonical).expect("it parses"))
            .cloned()
            .collect();
        assert!(lost.is_empty(), "{}: {lost:#?}", path.display());
    }
}

fn section(section: &str) -> (&str, String) {
    let (head, text) = section.split_once('\n').expect("a name, then the text");
    let text = match head.split_once(" (") {
        Some((_, "CRLF)")) => text.replace('\n', "\r\n"),
        Some((_, "CR)")) => text.replace('\n', "\r"),
        Some((_, "BOM)")) => format!("\u{feff}{text}"),
        _ => text.to_owned(),
    };
    (head, text)
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Returns the files of a folder and of the folders in it, but for what is built there.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let is = |names: &[&str], part: Option<&std::ffi::OsStr>| names.iter().any(|name| part == Some(name.as_ref()));
        if path.is_dir() && !is(&["target", ".git"], path.file_name()) {
            files.extend(self::files(&path, extensions));
        } else if is(extensions, path.extension()) {
            files.push(path);
        }
    }
    files.sort();
    files
}

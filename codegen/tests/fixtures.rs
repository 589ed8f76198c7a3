//! The files under `fixtures/`: sources in, the build's whole answer out.
//!
//! - `diagnostics/NNN_name.in` fails the build, and `NNN_name.txt` is the whole report.
//! - `warnings/NNN_name.in` does not, and `NNN_name.txt` is the whole report all the same.
//! - `twins/NNN_name.in` is the nearest valid input to the one of the same name in `diagnostics/` or `warnings/`, and builds
//!   without a word.
//! - `ok/NNN_name.in` builds without a word, and `NNN_name.rs` is the Rust that comes out.
//! - `reference/NAME.in` is an example of the reference, see [`reference`].
//!
//! A line `=== path` begins each input file; `(CRLF)`, `(CR)` or `(BOM)` behind the path change its bytes so.
//! `fixtures/schema.graphql` is the schema where a fixture brings none.
//! New answers are accepted with `UPDATE_EXPECT=1 cargo test -p appsync-mcp-codegen`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test fails as the test does"
)]

mod reference;
mod rule;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use appsync_mcp_codegen::{Diagnostics, Generated, SourceFile, SourceKind, Sources, Writes, generate};
use expect_test::expect_file;
use rule::Rule;

#[test]
fn diagnostics_stop_the_build() {
    for input in inputs("diagnostics") {
        let sources = read(&input);
        let report = match build(&sources) {
            Ok(_) => panic!("{} builds", input.display()),
            Err(found) => found.render(&sources),
        };
        expect_file![input.with_extension("txt")].assert_eq(&report);
    }
}

#[test]
fn warnings_do_not_stop_the_build() {
    for input in inputs("warnings") {
        let sources = read(&input);
        match build(&sources) {
            Ok(generated) if generated.warnings.is_empty() => panic!("{} builds without a word", input.display()),
            Ok(generated) => expect_file![input.with_extension("txt")].assert_eq(&generated.warnings.render(&sources)),
            Err(found) => panic!("{} does not build:\n{}", input.display(), found.render(&sources)),
        }
    }
}

#[test]
fn the_nearest_valid_input_builds_without_a_word() {
    for input in inputs("twins") {
        let sources = read(&input);
        match build(&sources) {
            Ok(generated) if generated.warnings.is_empty() => {}
            Ok(Generated { warnings: found, .. }) | Err(found) => {
                panic!("{}:\n{}", input.display(), found.render(&sources))
            }
        }
        let others = ["diagnostics", "warnings"].into_iter().flat_map(inputs);
        let is_twin = |other: &PathBuf| other.file_name() == input.file_name();
        assert!(
            others.into_iter().any(|other| is_twin(&other)),
            "{} is no twin",
            input.display()
        );
    }
}

#[test]
fn valid_operations_become_this_rust() {
    for input in inputs("ok") {
        let sources = read(&input);
        match build(&sources) {
            Ok(generated) if generated.warnings.is_empty() => {
                // It follows from all else, and would change with every fact that is locked.
                let code = generated.code.replace(&generated.digest, "sha256:…");
                expect_file![input.with_extension("rs")].assert_eq(&code);
            }
            Ok(Generated { warnings: found, .. }) | Err(found) => {
                panic!("{}:\n{}", input.display(), found.render(&sources))
            }
        }
    }
}

#[test]
fn the_order_of_the_sources_changes_nothing() {
    for input in inputs("ok").into_iter().chain(inputs("warnings")) {
        let mut sources = read(&input);
        let expected = build(&sources);
        sources.files.reverse();
        let reversed = build(&sources);
        let both = expected.ok().zip(reversed.ok());
        let (expected, reversed) = both.unwrap_or_else(|| panic!("{} builds", input.display()));
        assert_eq!(expected.code, reversed.code, "{}", input.display());
        assert_eq!(expected.sdl, reversed.sdl, "{}", input.display());
        assert_eq!(expected.lock, reversed.lock, "{}", input.display());
    }
}

/// Numbers order the fixtures and name them in talk: each stands for one.
#[test]
fn fixtures_have_unique_numbers_and_no_orphans() {
    for folder in ["diagnostics", "warnings", "ok"] {
        let mut numbers = BTreeMap::new();
        for input in inputs(folder) {
            let number = numbered(&input).0.to_owned();
            if let Some(other) = numbers.insert(number, input.clone()) {
                panic!("{} and {} have the same number", other.display(), input.display());
            }
        }
        for file in files(folder) {
            assert!(file.with_extension("in").exists(), "{} has no input", file.display());
        }
    }
}

/// A rule's fixtures are named after its function, and perhaps a word more; what they show is its own message.
#[test]
fn every_rule_has_a_fixture() {
    let groups = rule::groups();
    let fixtures: Vec<_> = inputs("diagnostics").into_iter().chain(inputs("warnings")).collect();
    let shown = |rule: &Rule| {
        let mut named = fixtures
            .iter()
            .filter(|input| numbered(input).1.starts_with(&rule.name));
        named.any(|input| {
            let mut reports = reports(input).into_iter();
            reports.any(|report| rule::is_of(&report.message, rule, &groups))
        })
    };
    let rules: Vec<_> = groups.iter().flat_map(|group| &group.rules).collect();
    assert!(rules.len() > 30, "the rules are found in the source");
    let without: Vec<_> = rules
        .iter()
        .filter(|rule| !shown(rule))
        .map(|rule| &rule.name)
        .collect();
    assert!(without.is_empty(), "rules without a fixture: {without:?}");
}

/// What is named after a rule has a twin.
#[test]
fn every_rule_has_a_twin() {
    let groups = rule::groups();
    let fixtures = inputs("diagnostics").into_iter().chain(inputs("warnings"));
    let of_a_rule = fixtures.filter(|input| {
        let mut rules = groups.iter().flat_map(|group| &group.rules);
        rules.any(|rule| numbered(input).1.starts_with(&rule.name))
    });
    let without: Vec<_> = of_a_rule.filter(|input| !beside(input, "twins").exists()).collect();
    assert!(without.is_empty(), "without a twin: {without:#?}");
}

/// A few lines for each mistake: a twin that differs in more shows less.
#[test]
fn twins_differ_in_few_lines() {
    for twin in inputs("twins") {
        let fixtures = ["diagnostics", "warnings"].map(|folder| beside(&twin, folder));
        let Some(fixture) = fixtures.iter().find(|fixture| fixture.exists()) else {
            panic!("{} is the twin of nothing", twin.display());
        };
        let text = |path: &Path| fs::read_to_string(path).expect("an input");
        let changed = changed_lines(&text(fixture), &text(&twin));
        assert_ne!(changed, 0, "{} is its fixture", twin.display());
        let few = 3 + 3 * reports(fixture).len();
        assert!(changed <= few, "{} differs in {changed} lines", twin.display());
    }
}

/// Returns the number of lines that one text has and the other has not.
fn changed_lines(one: &str, other: &str) -> usize {
    let beyond = |one: &str, other: &str| {
        let mut others: Vec<_> = other.lines().collect();
        let is_new = |line: &&str| match others.iter().position(|other| other == line) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        };
        one.lines().filter(is_new).count()
    };
    beyond(one, other).max(beyond(other, one))
}

/// Returns the path of the same name in another folder of fixtures.
fn beside(input: &Path, folder: &str) -> PathBuf {
    let name = input.file_name().expect("a name");
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder)
        .join(name)
}

/// A diagnostic of a fixture's answer.
struct Report {
    severity: String,
    /// The path that it names.
    path: String,
    message: String,
    help: Option<String>,
}

/// Returns the diagnostics of a fixture's answer.
fn reports(input: &Path) -> Vec<Report> {
    let text = fs::read_to_string(input.with_extension("txt")).expect("an answer");
    let report = |text: &str| {
        let (severity, message) = text.lines().next()?.split_once(": ")?;
        let place = text.lines().nth(1)?.trim_start().strip_prefix("--> ")?;
        let help = text.split_once("\nhelp: ").map(|(_, help)| help.trim_end().to_owned());
        Some(Report {
            severity: severity.to_owned(),
            path: place.split(':').next()?.to_owned(),
            message: message.to_owned(),
            help,
        })
    };
    text.split("\n\n")
        .map(|text| report(text).expect("a diagnostic"))
        .collect()
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder);
    let entries = fs::read_dir(folder).expect("the folder of fixtures");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn inputs(folder: &str) -> Vec<PathBuf> {
    let is_input = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "in");
    files(folder).into_iter().filter(is_input).collect()
}

fn numbered(input: &Path) -> (&str, &str) {
    let name = input.file_stem().and_then(|name| name.to_str()).expect("a name");
    let (number, name) = name.split_once('_').expect("NNN_name");
    assert!(
        number.len() == 3 && number.parse::<u32>().is_ok(),
        "{name}: three digits come first"
    );
    (number, name)
}

fn build(sources: &Sources) -> Result<Generated, Diagnostics> {
    generate(sources, Writes::Included)
}

fn read(input: &Path) -> Sources {
    let text = fs::read_to_string(input).expect("an input");
    let mut files: Vec<_> = text.split("=== ").skip(1).map(file).collect();
    if files.iter().all(|file| file.kind != SourceKind::Schema) {
        files.push(file(&format!(
            "schema/schema.graphql\n{}",
            include_str!("fixtures/schema.graphql")
        )));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Sources { files }
}

fn file(section: &str) -> SourceFile {
    let (head, text) = section.split_once('\n').expect("a path, then the text");
    let (path, bytes) = head.split_once(" (").unwrap_or((head, ""));
    let text = match bytes {
        "" => text.to_owned(),
        "CRLF)" => text.replace('\n', "\r\n"),
        "CR)" => text.replace('\n', "\r"),
        "BOM)" => format!("\u{feff}{text}"),
        other => panic!("{path}: what is `({other}`?"),
    };
    SourceFile {
        path: path.to_owned(),
        kind: kind(path),
        text,
    }
}

fn kind(path: &str) -> SourceKind {
    match path.rsplit_once('/') {
        Some(("schema", "schema.graphql")) => SourceKind::Schema,
        Some(("schema", "api.json")) => SourceKind::Api,
        Some(("schema", "api.local.json")) => SourceKind::ApiLocal,
        Some(("schema", "tools.lock")) => SourceKind::Lock,
        Some(("schema", "verified.lock")) => SourceKind::Verified,
        Some(("operations/read", _)) => SourceKind::Read,
        Some(("operations/write", _)) => SourceKind::Write,
        Some(("operations/fragments", _)) => SourceKind::Fragments,
        Some(("operations/prompts", _)) => SourceKind::Prompt,
        _ => panic!("{path}: no such place"),
    }
}

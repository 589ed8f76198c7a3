//! The files under `schema_diff/`: a project in, and what each of several changes of its schema comes to.
//!
//! `NNN_name.in` holds a project's files, each behind a line `=== path`, and changes, each behind a line
//! `=== change WORDS`: what stands behind `- ` becomes what stands behind `+ `. `NNN_name.txt` is what the changes come
//! to, and which operations the build refuses afterwards, which is asked of its validation and not of what is tested here.
//! New answers are accepted with `UPDATE_EXPECT=1 cargo test -p appsync-mcp-codegen`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test fails as the test does"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use appsync_mcp_codegen::{
    ChangeClass, ForeignFile, SchemaChange, SourceFile, SourceKind, Sources, Verdict, adopt, schema_changes,
};
use expect_test::expect_file;

/// A fixture: a project, and its changes by their words.
struct Fixture {
    path: PathBuf,
    old: Sources,
    changes: Vec<(String, Sources)>,
}

#[test]
fn these_changes_touch_these_tools() {
    let mut told = 0;
    for fixture in fixtures() {
        let mut out = String::new();
        for (words, new) in &fixture.changes {
            let _ = writeln!(out, "=== {words}");
            match schema_changes(&fixture.old, new) {
                Ok(changes) => {
                    told += changes.len();
                    changes.iter().for_each(|change| show(change, &mut out));
                    if changes.is_empty() {
                        out.push_str("no change\n");
                    }
                    let refused = refused(&fixture.old, new);
                    if !refused.is_empty() {
                        let _ = writeln!(out, "refused by the build: {}", listed(&refused));
                    }
                }
                Err(found) => out.push_str(&found.render(new)),
            }
        }
        expect_file![fixture.path.with_extension("txt")].assert_eq(&out);
    }
    assert!(told >= 60, "{told}");
}

/// Whatever the build takes before and refuses afterwards is touched by something that breaks it.
#[test]
fn no_operation_that_breaks_is_missed() {
    for (fixture, words, new, changes) in compared() {
        let breaking = changes.iter().filter(|change| change.class == ChangeClass::Breaking);
        let touched: BTreeSet<_> = breaking.flat_map(|change| change.operations.clone()).collect();
        for tool in refused(&fixture.old, &new) {
            assert!(touched.contains(&tool), "{}: {words}: {tool}", fixture.path.display());
        }
    }
}

#[test]
fn the_order_of_members_is_no_change() {
    for fixture in fixtures() {
        let schemas = fixture.changes.iter().map(|(_, new)| new).chain([&fixture.old]);
        for sources in schemas.filter(|sources| schema_changes(sources, sources).is_ok()) {
            assert_eq!(schema_changes(sources, sources), Ok(Vec::new()));
            let other = with_schema(sources, reversed);
            assert_ne!(&other, sources);
            assert_eq!(
                schema_changes(sources, &other),
                Ok(Vec::new()),
                "{}",
                fixture.path.display()
            );
        }
    }
}

/// What is removed one way is added the other way, and what changes changes back.
#[test]
fn every_change_has_a_reverse() {
    for (fixture, words, new, changes) in compared() {
        let back = schema_changes(&new, &fixture.old).expect("both parse");
        let of = |changes: &[SchemaChange]| -> BTreeMap<(String, String), usize> {
            let mut found = BTreeMap::new();
            for change in changes {
                *found
                    .entry((change.coordinate.clone(), matter(change.kind)))
                    .or_default() += 1;
            }
            found
        };
        assert_eq!(of(&changes), of(&back), "{}: {words}", fixture.path.display());
    }
}

/// Returns what a kind is about, whatever becomes of it.
fn matter(kind: &str) -> String {
    let endings = [
        "added", "removed", "changed", "lost", "gained", "restated", "raised", "lowered", "enabled", "disabled",
    ];
    let (matter, ending) = kind.rsplit_once('-').expect("a kind");
    assert!(endings.contains(&ending), "{kind}");
    matter.trim_start_matches("required-").to_owned()
}

/// Every change of every fixture whose schemas parse.
fn compared() -> Vec<(Fixture, String, Sources, Vec<SchemaChange>)> {
    let all = fixtures().into_iter().flat_map(|fixture| {
        let Fixture { path, old, changes } = fixture;
        changes.into_iter().filter_map(move |(words, new)| {
            let changes = schema_changes(&old, &new).ok()?;
            let fixture = Fixture {
                path: path.clone(),
                old: old.clone(),
                changes: Vec::new(),
            };
            Some((fixture, words, new, changes))
        })
    });
    all.collect()
}

fn show(change: &SchemaChange, out: &mut String) {
    let class = match change.class {
        ChangeClass::Breaking => "breaking",
        ChangeClass::Dangerous => "dangerous",
        ChangeClass::Safe => "safe",
    };
    let _ = writeln!(out, "{class} {} {}", change.kind, change.coordinate);
    let _ = writeln!(out, "    {}", change.message);
    if !change.operations.is_empty() {
        let _ = writeln!(out, "    touches {}", change.operations.join(", "));
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().cloned().collect::<Vec<_>>().join(", ")
}

/// The operations that the build takes before and refuses afterwards.
fn refused(old: &Sources, new: &Sources) -> BTreeSet<String> {
    invalid(new).difference(&invalid(old)).cloned().collect()
}

fn invalid(sources: &Sources) -> BTreeSet<String> {
    let (project, operations): (Vec<_>, Vec<_>) = sources
        .files
        .iter()
        .cloned()
        .partition(|file| file.path.starts_with("schema/"));
    let foreign: Vec<_> = operations
        .into_iter()
        .map(|SourceFile { path, text, .. }| ForeignFile { path, text })
        .collect();
    let adoption = adopt(&Sources { files: project }, &foreign).expect("the schema parses");
    let invalid = adoption
        .outcomes
        .into_iter()
        .filter(|outcome| matches!(outcome.verdict, Verdict::Invalid(_)));
    let stem = |path: &str| Some(Path::new(path).file_stem()?.to_str()?.to_owned());
    invalid.filter_map(|outcome| stem(&outcome.path)).collect()
}

fn with_schema(sources: &Sources, edit: impl Fn(&str) -> String) -> Sources {
    let mut sources = sources.clone();
    for file in &mut sources.files {
        if file.kind == SourceKind::Schema {
            file.text = edit(&file.text);
        }
    }
    sources
}

/// Returns a schema with all that has no order the other way round.
fn reversed(sdl: &str) -> String {
    use apollo_compiler::ast::{Definition, Document, FieldDefinition, InputValueDefinition};
    fn inputs(definitions: &mut Vec<apollo_compiler::Node<InputValueDefinition>>) {
        definitions.reverse();
        definitions
            .iter_mut()
            .for_each(|one| one.make_mut().directives.reverse());
    }
    fn fields(definitions: &mut Vec<apollo_compiler::Node<FieldDefinition>>) {
        definitions.reverse();
        for field in definitions {
            let field = field.make_mut();
            field.directives.reverse();
            inputs(&mut field.arguments);
        }
    }
    let mut document = Document::parse(sdl, "schema.graphql").expect("SDL");
    document.definitions.reverse();
    for definition in &mut document.definitions {
        match definition {
            Definition::ObjectTypeDefinition(ty) => {
                let ty = ty.make_mut();
                ty.implements_interfaces.reverse();
                ty.directives.reverse();
                fields(&mut ty.fields);
            }
            Definition::InterfaceTypeDefinition(ty) => {
                let ty = ty.make_mut();
                ty.implements_interfaces.reverse();
                ty.directives.reverse();
                fields(&mut ty.fields);
            }
            Definition::UnionTypeDefinition(ty) => ty.make_mut().members.reverse(),
            Definition::EnumTypeDefinition(ty) => ty.make_mut().values.reverse(),
            Definition::InputObjectTypeDefinition(ty) => inputs(&mut ty.make_mut().fields),
            Definition::DirectiveDefinition(directive) => {
                let directive = directive.make_mut();
                directive.locations.reverse();
                inputs(&mut directive.arguments);
            }
            _ => {}
        }
    }
    document.to_string()
}

fn fixtures() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema_diff");
    let entries = fs::read_dir(folder).expect("the folder of fixtures");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let mut inputs: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "in"))
        .collect();
    inputs.sort();
    inputs.into_iter().map(read).collect()
}

fn read(path: PathBuf) -> Fixture {
    let text = fs::read_to_string(&path).expect("an input");
    let (mut files, mut changes) = (Vec::new(), Vec::new());
    for section in text.split("=== ").skip(1) {
        let (head, text) = section.split_once('\n').expect("a head, then the text");
        match head.strip_prefix("change ") {
            Some(words) => changes.push((words.to_owned(), text)),
            None => files.push(SourceFile {
                path: head.to_owned(),
                text: text.to_owned(),
                kind: kind(head),
            }),
        }
    }
    let old = Sources { files };
    let changed = changes.into_iter().map(|(words, edits)| {
        let new = edited(&old, edits).unwrap_or_else(|problem| panic!("{}: {words}: {problem}", path.display()));
        (words, new)
    });
    let changes = changed.collect();
    Fixture { path, old, changes }
}

/// Makes the edits of a section, each of a text that stands in one place of the schema or of `schema/api.json`.
fn edited(old: &Sources, edits: &str) -> Result<Sources, String> {
    let mut sources = old.clone();
    let mut lines = edits.lines().peekable();
    while lines.peek().is_some() {
        let mut part = |sign: &str| {
            let mut text = Vec::new();
            while let Some(line) = lines.next_if(|line| line.starts_with(sign)) {
                text.push(line.trim_start_matches(sign).strip_prefix(' ').unwrap_or_default());
            }
            text.join("\n")
        };
        let (from, to) = (part("-"), part("+"));
        let in_schema = |file: &&mut SourceFile| file.path.starts_with("schema/") && file.text.contains(&from);
        let mut found = sources.files.iter_mut().filter(in_schema);
        let (Some(file), None) = (found.next(), found.next()) else {
            return Err(format!("`{from}` does not stand in one file"));
        };
        if file.text.matches(&from).count() != 1 {
            return Err(format!("`{from}` does not stand in one place"));
        }
        file.text = file.text.replace(&from, &to);
    }
    Ok(sources)
}

fn kind(path: &str) -> SourceKind {
    match path.rsplit_once('/') {
        Some(("schema", "schema.graphql")) => SourceKind::Schema,
        Some(("schema", "api.json")) => SourceKind::Api,
        Some(("operations/read", _)) => SourceKind::Read,
        Some(("operations/write", _)) => SourceKind::Write,
        Some(("operations/fragments", _)) => SourceKind::Fragments,
        _ => panic!("{path}"),
    }
}

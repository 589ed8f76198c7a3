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

use apollo_compiler::{
    Node,
    ast::{Definition, Document, FieldDefinition, InputValueDefinition},
};
use appsync_mcp_codegen::{
    ChangeClass, ForeignFile, SchemaChange, SourceFile, SourceKind, Sources, Verdict, adopt, schema_changes,
    unread_operations,
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
        let before = invalid(&fixture.old);
        let mut out = String::new();
        for path in unread_operations(&fixture.old) {
            let _ = writeln!(out, "unread: {path}");
        }
        for (words, new) in &fixture.changes {
            let _ = writeln!(out, "=== {words}");
            match schema_changes(&fixture.old, new) {
                Ok(changes) => {
                    told += changes.len();
                    for change in &changes {
                        show(change, &mut out);
                    }
                    if changes.is_empty() {
                        out.push_str("no change\n");
                    }
                    let after = invalid(new);
                    let refused: Vec<_> = after.difference(&before).cloned().collect();
                    if !refused.is_empty() {
                        let _ = writeln!(out, "refused by the build: {}", refused.join(", "));
                    }
                    let missed = refused.iter().find(|tool| !is_broken(tool, &changes));
                    assert_eq!(missed, None, "{}: {words}", fixture.path.display());
                }
                Err(found) => out.push_str(&found.render(new)),
            }
        }
        expect_file![fixture.path.with_extension("txt")].assert_eq(&out);
    }
    assert!(told >= 60, "{told}");
}

#[test]
fn the_order_of_members_is_no_change() {
    for fixture in fixtures() {
        assert_eq!(schema_changes(&fixture.old, &fixture.old), Ok(Vec::new()));
        for sources in fixture.changes.iter().map(|(_, new)| new).chain([&fixture.old]) {
            let other = with_schema(sources, reversed);
            // A schema that is not valid is not compared.
            if let Ok(changes) = schema_changes(sources, &other) {
                assert_ne!(&other, sources);
                assert_eq!(changes, Vec::new(), "{}", fixture.path.display());
            }
        }
    }
}

/// What is removed one way is added the other way, and what changes changes back.
#[test]
fn every_change_has_a_reverse() {
    for (fixture, words, new, mut changes) in compared() {
        // What an operation comes to is no change of the schema.
        changes.retain(|change| change.kind != "operation-refused");
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

/// Whoever had no `schema/api.json` learns something, and nothing breaks.
#[test]
fn facts_that_come_or_go_are_told_once() {
    let with: Vec<_> = fixtures()
        .into_iter()
        .filter(|fixture| fixture.path.ends_with("007_api.in"))
        .collect();
    for Fixture { old, .. } in with {
        let mut without = old.clone();
        without.files.retain(|file| file.kind != SourceKind::Api);
        let kinds =
            |changes: Vec<SchemaChange>| changes.into_iter().map(|one| (one.class, one.kind)).collect::<Vec<_>>();
        let told = |old: &Sources, new: &Sources| kinds(schema_changes(old, new).expect("both parse"));
        assert_eq!(told(&without, &old), [(ChangeClass::Safe, "api-facts-added")]);
        assert_eq!(told(&old, &without), [(ChangeClass::Dangerous, "api-facts-removed")]);
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

/// Whether something is told that breaks a tool.
fn is_broken(tool: &str, changes: &[SchemaChange]) -> bool {
    let mut breaking = changes.iter().filter(|change| change.class == ChangeClass::Breaking);
    breaking.any(|change| change.operations.iter().any(|name| name == tool))
}

/// The operations that the build refuses.
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
    fn inputs(definitions: &mut [Node<InputValueDefinition>]) {
        definitions.reverse();
        for one in definitions {
            one.make_mut().directives.reverse();
        }
    }
    fn fields(definitions: &mut [Node<FieldDefinition>]) {
        definitions.reverse();
        for field in definitions {
            let field = field.make_mut();
            field.directives.reverse();
            inputs(&mut field.arguments);
        }
    }
    let Ok(mut document) = Document::parse(sdl, "schema.graphql") else {
        return sdl.to_owned();
    };
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
    let applied = changes.into_iter().map(|(words, edits)| {
        let new = edited(&old, edits).unwrap_or_else(|problem| panic!("{}: {words}: {problem}", path.display()));
        (words, new)
    });
    let changes = applied.collect();
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

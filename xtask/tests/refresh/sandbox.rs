//! A schema by introspection of the sandbox, which serves this repository's own: what comes back is what it serves, but for
//! the applied directives, which are those of the old file.

use std::{env, fs, path::Path};

use appsync_mcp_codegen::canonical;
use appsync_mcp_sandbox::{Config, Sandbox};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::project::{Done, Project};

/// A sandbox, and what it runs on.
struct Served {
    sandbox: Sandbox,
    _runtime: Runtime,
}

impl Served {
    fn start(schema: &str, introspection: bool) -> Self {
        let runtime = Runtime::new().unwrap();
        let config = Config {
            companies: 10,
            schema: Some(schema.to_owned()),
            introspection,
            ..Config::default()
        };
        let sandbox = runtime.block_on(Sandbox::start(config)).unwrap();
        Self {
            sandbox,
            _runtime: runtime,
        }
    }

    /// Refreshes a project from it.
    fn refresh(&self, project: &Project, words: &[&str]) -> Done {
        project.write("key", self.sandbox.api_key());
        let connection = ["--endpoint", self.sandbox.endpoint(), "--api-key-file", "key"];
        project.run(&[&connection[..], words].concat())
    }
}

/// The repository's schema, which is in canonical form.
fn own() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/schema.graphql")).unwrap()
}

/// A project with a schema and one tool of it.
fn project(schema: &str) -> Project {
    let project = Project::new();
    fs::remove_file(project.path("operations/read/get_book.graphql")).unwrap();
    project.write(
        "operations/read/get_company.graphql",
        "\"Returns a company.\"\nquery GetCompany(\"Which one.\" $id: ID!) @tool(title: \"Company\") { getCompany(id: $id) { id name } }\n",
    );
    project.write("schema/schema.graphql", schema);
    // Those of the other tests have a resolver that this schema has no field for.
    fs::remove_file(project.path("schema/api.json")).unwrap();
    project
}

/// Puts one text in the place of another, which is there once.
fn edited(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

/// Takes out what AppSync's directives say.
fn undirected(sdl: &str) -> String {
    let mut text = String::new();
    let mut rest = sdl;
    while let Some((before, after)) = rest.split_once(" @aws_") {
        text.push_str(before);
        let name = after.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '_');
        rest = match name.strip_prefix('(') {
            Some(arguments) => arguments.split_once(')').unwrap().1,
            None => name,
        };
    }
    canonical(&(text + rest)).unwrap()
}

#[test]
fn the_served_schema_comes_back_with_the_directives_that_were_there() {
    let served = Served::start(&own(), true);
    // The same: descriptions, defaults, deprecations and directives stay as they are.
    let same = project(&own());
    let before = same.schema_folder();
    let done = served.refresh(&same, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.err.ends_with("those of the old schema are kept\n"), "{done:?}");
    assert!(done.out.starts_with("nothing changes"), "{done:?}");
    assert_eq!(same.schema_folder(), before);

    // An older one: all that it says otherwise is as it is served now.
    let mut old = own();
    for (now, then) in [
        ("  \"As its country writes it.\"\n  postalCode: String\n", ""),
        (
            "  \"Why it was found, in a sentence.\"\n  reason: String!\n  \"How well it fits, from 0 to 1.\"\n  score: Float!\n}\n\n\"A person",
            "  \"Why.\"\n  reason: String\n  \"How well it fits, from 0 to 1.\"\n  score: Float!\n}\n\n\"A person",
        ),
        (
            "union AiHit = AiCollectionHit | AiCompanyHit | AiContactHit",
            "union AiHit = AiCollectionHit | AiCompanyHit",
        ),
    ] {
        old = edited(&old, now, then);
    }
    let older = project(&old);
    let done = served.refresh(&older, &["--json"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(done.json()["wrote"], json!(["schema/schema.graphql"]));
    assert_eq!(older.read("schema/schema.graphql"), own());
    assert_eq!(served.refresh(&older, &["--check"]).code, 0);
}

#[test]
fn without_an_old_schema_only_the_directives_are_missing() {
    let served = Served::start(&own(), true);
    let new = project("");
    fs::remove_file(new.path("schema/schema.graphql")).unwrap();
    let done = served.refresh(&new, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.err.contains("there is no old schema that would"), "{done:?}");
    let written = new.read("schema/schema.graphql");
    assert!(!written.contains("@aws_"));
    assert_eq!(written, undirected(&own()));
    assert_ne!(written, own());
}

#[test]
fn a_change_that_breaks_a_tool_fails_the_check() {
    let changed = own().replace("  name: String!", "  title: String!");
    let served = Served::start(&changed, true);
    let project = project(&own());
    let before = project.schema_folder();
    let done = served.refresh(&project, &["--check", "--json"]);
    assert_eq!(done.code, 1, "{done:?}");
    assert_eq!(done.json()["touched"], json!(["get_company"]));
    assert_eq!(project.schema_folder(), before);
}

#[test]
fn a_schema_that_nobody_is_told_is_not_asked_for_in_vain() {
    let served = Served::start(&own(), false);
    let project = project(&own());
    let before = project.schema_folder();
    let done = served.refresh(&project, &[]);
    assert_eq!((done.code, &*done.out), (3, ""), "{done:?}");
    for expected in [
        "the API does not tell its schema",
        "help: where introspection is switched off, name the API with `--api-id ID`",
        "or a file with `--from FILE`",
    ] {
        assert!(done.err.contains(expected), "{expected}: {done:?}");
    }
    assert_eq!(project.schema_folder(), before);
}

//! A schema by introspection: what is asked, what is kept of the old file, and what an API may answer instead.

use std::fs;

use serde_json::{Value, json};

use crate::{
    project::{API, Project, SCHEMA},
    server::Server,
};

const KEY: &str = "da2-quokkaquokkaquokkaquokka42";

/// Returns an introspection result: the project's schema, with these fields of `Book` in place of its own.
fn told(fields: &[(&str, Value)]) -> String {
    let named = |kind: &str, name: &str| json!({ "kind": kind, "name": name });
    let non_null = |ty: Value| json!({ "kind": "NON_NULL", "ofType": ty });
    let fields: Vec<Value> = fields
        .iter()
        .map(|(name, ty)| json!({ "name": name, "args": [], "type": ty }))
        .collect();
    let books = json!({ "kind": "LIST", "ofType": non_null(named("OBJECT", "Book")) });
    json!({ "data": { "__schema": {
        "queryType": { "name": "Query" },
        "types": [
            { "kind": "OBJECT", "name": "Query", "fields": [
                { "name": "books", "args": [{ "name": "limit", "type": named("SCALAR", "Int"), "defaultValue": "20" }], "type": non_null(books) },
                { "name": "book", "args": [{ "name": "id", "type": non_null(named("SCALAR", "ID")) }], "type": named("OBJECT", "Book") },
            ]},
            { "kind": "OBJECT", "name": "Book", "fields": fields },
            { "kind": "SCALAR", "name": "ID" }, { "kind": "SCALAR", "name": "Int" }, { "kind": "SCALAR", "name": "String" },
        ],
    }}})
    .to_string()
}

fn own_fields() -> Vec<(&'static str, Value)> {
    let named = |name: &str| json!({ "kind": "SCALAR", "name": name });
    vec![
        ("title", json!({ "kind": "NON_NULL", "ofType": named("String") })),
        ("id", json!({ "kind": "NON_NULL", "ofType": named("ID") })),
        ("pages", named("Int")),
    ]
}

#[test]
fn directives_of_the_old_file_are_kept_and_what_is_new_is_named() {
    let project = Project::new();
    project.write("key", KEY);
    let before = project.schema_folder();
    let server = Server::start(|_| (200, told(&own_fields())));
    let endpoint = format!("{}/graphql", server.url);
    let words = ["--endpoint", &endpoint, "--api-key-file", "key"];
    let done = project.run(&words);
    assert_eq!(
        (done.code, &*done.out, &*done.err),
        (
            0,
            "nothing changes: the schema means what it did\nup to date: nothing to write\n",
            "note: introspection does not tell which directives are applied, such as `@aws_iam`; those of the old schema \
             are kept\n"
        )
    );
    assert_eq!(project.schema_folder(), before);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].line, "POST /graphql HTTP/1.1");
    assert!(requests[0].headers.contains(&format!("x-api-key: {KEY}\r\n")));
    assert!(requests[0].body.contains("__schema"));

    // By variables, with a field more.
    let server = Server::start(|_| {
        let mut fields = own_fields();
        fields.push(("isbn", json!({ "kind": "SCALAR", "name": "String" })));
        (200, told(&fields))
    });
    let endpoint = format!("{}/graphql", server.url);
    let variables = [
        ("APPSYNC_MCP_ENDPOINT", &*endpoint),
        ("APPSYNC_MCP_API_KEY_FILE", "key"),
    ];
    let done = project.run_with(&["--json"], &variables);
    assert_eq!(done.code, 0, "{done:?}");
    let json = done.json();
    assert_eq!(json["source"], "endpoint");
    assert_eq!(json["unknownDirectives"], json!(["Book.isbn"]));
    assert_eq!(json["directivesTold"], false);
    assert_eq!(json["wrote"], json!(["schema/schema.graphql"]));
    assert!(
        done.err.contains("nobody knows those of what is new: Book.isbn\n"),
        "{done:?}"
    );
    assert_eq!(
        project.read("schema/schema.graphql"),
        SCHEMA.replace("  pages", "  isbn: String\n  pages")
    );
    assert_eq!(project.read("schema/api.json"), API);
}

#[test]
fn a_server_that_refuses_new_introspection_is_asked_for_less() {
    let project = Project::new();
    project.write("key", KEY);
    let server = Server::start(|request| {
        if request.body.contains("isOneOf") || request.body.contains("specifiedByURL") {
            let refusal = json!({ "errors": [{ "message": "Validation error of type FieldUndefined" }] });
            return (400, refusal.to_string());
        }
        (200, told(&own_fields()))
    });
    let endpoint = format!("{}/graphql", server.url);
    let done = project.run(&["--endpoint", &endpoint, "--api-key-file", "key"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(server.requests().len() > 1);
}

#[test]
fn where_nothing_is_told_there_is_another_way() {
    let project = Project::new();
    project.write("key", KEY);
    let before = project.schema_folder();
    let refused = json!({ "data": null, "errors": [{ "message": "Introspection is disabled" }] }).to_string();
    let unauthorized =
        json!({ "errors": [{ "errorType": "UnauthorizedException", "message": format!("bad key {KEY}") }] });
    for (status, body, expected, has_help) in [
        (
            200,
            refused.clone(),
            "the API does not tell its schema: Introspection is disabled",
            true,
        ),
        (400, refused, "HTTP 400: Introspection is disabled", true),
        (
            401,
            unauthorized.to_string(),
            "HTTP 401 (UnauthorizedException): bad key ***",
            false,
        ),
        (200, "<html>".to_owned(), "this is no JSON", true),
        (
            302,
            String::new(),
            "a redirect (HTTP 302), which is never followed",
            false,
        ),
    ] {
        let server = Server::start(move |_| (status, body.clone()));
        let endpoint = format!("{}/graphql", server.url);
        let done = project.run(&["--endpoint", &endpoint, "--api-key-file", "key", "--check"]);
        assert_eq!((done.code, &*done.out), (3, ""), "{done:?}");
        assert!(done.err.contains(expected), "{expected}: {done:?}");
        assert_eq!(
            done.err.contains("help: where introspection is switched off"),
            has_help,
            "{done:?}"
        );
        assert!(!done.err.contains(KEY), "{done:?}");
    }
    let done = project.run(&["--endpoint", "http://127.0.0.1:1/graphql", "--api-key-file", "key"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(done.err.contains("failed to reach the API"), "{done:?}");
    assert_eq!(project.schema_folder(), before);
}

#[test]
fn a_schema_that_is_none_is_not_replaced_since_its_directives_would_be_lost() {
    let project = Project::new();
    project.write("key", KEY);
    project.write("schema/schema.graphql", "type Query {");
    let before = project.schema_folder();
    let server = Server::start(|_| (200, told(&own_fields())));
    let endpoint = format!("{}/graphql", server.url);
    let words = ["--endpoint", &endpoint, "--api-key-file", "key", "--json"];
    let done = project.run(&words);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(done.err.contains(" --> schema/schema.graphql:1:1"), "{done:?}");
    assert!(done.err.contains("mend it, or delete it to begin anew"), "{done:?}");
    assert_eq!(done.json()["exitCode"], 3);
    assert_eq!(done.err, format!("error: {}\n", done.json()["error"].as_str().unwrap()));
    assert_eq!(project.schema_folder(), before);

    fs::remove_file(project.path("schema/schema.graphql")).unwrap();
    let done = project.run(&words);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.err.contains("who can call what is not known"), "{done:?}");
}

#[test]
fn resolvers_of_fields_that_are_gone_are_dropped_from_the_facts() {
    let project = Project::new();
    project.write("key", KEY);
    let facts = r#"{
  "name": "books",
  "authenticationType": "API_KEY",
  "additionalAuthenticationProviders": ["AWS_IAM"],
  "resolvers": [
    "Book.pages",
    "Query.book"
  ]
}
"#;
    // With the resolvers' kinds, which stay.
    let kinds = facts
        .replace("[\n", "{\n")
        .replace("  ]\n", "  }\n")
        .replace("\"Book.pages\"", "\"Book.pages\": \"UNIT\"")
        .replace("\"Query.book\"", "\"Query.book\": \"PIPELINE\"");
    for (facts, dropped) in [
        (facts, "    \"Book.pages\",\n"),
        (kinds.as_str(), "    \"Book.pages\": \"UNIT\",\n"),
    ] {
        project.write("schema/api.json", facts);
        let server = Server::start(|_| (200, told(&own_fields()[..2])));
        let endpoint = format!("{}/graphql", server.url);
        let done = project.run(&["--endpoint", &endpoint, "--api-key-file", "key"]);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(
            done.err.contains("left out of schema/api.json: Book.pages\n"),
            "{done:?}"
        );
        assert_eq!(project.read("schema/api.json"), facts.replace(dropped, ""));
        // The schema as it was, for the next one.
        project.write("schema/schema.graphql", SCHEMA);
    }
}

/// What an API says is shown, and does nothing to a terminal.
#[test]
fn an_apis_words_have_no_hidden_characters() {
    let project = Project::new();
    project.write("key", KEY);
    for status in [200, 400, 401] {
        let body = json!({ "errors": [{ "message": "\u{1b}[2Jno\u{202e}\u{9b}" }] }).to_string();
        let server = Server::start(move |_| (status, body.clone()));
        let endpoint = format!("{}/graphql", server.url);
        let done = project.run(&["--endpoint", &endpoint, "--api-key-file", "key", "--json"]);
        assert_eq!(done.code, 3, "{done:?}");
        assert!(done.err.contains("no\\u{202e}"), "{done:?}");
        for text in [done.err, done.out] {
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{text:?}");
        }
    }
}

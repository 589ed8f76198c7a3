//! The exact request of a tool whose argument has three states: absent, null and there.

use std::time::Duration;

use appsync_mcp::{call::Ctx, tool::Tool};
use appsync_mcp_client::{ApiKey, Authorization, Client, Endpoint, InsecureHttp, Limits, Secret};
use appsync_mcp_kitchen_sink::generated::CONTRACT;
use serde_json::{Value, json};

/// Returns what a call would send.
fn request(tool: &str, arguments: &Value) -> Value {
    let endpoint = Endpoint::parse("https://api.example.com/graphql", InsecureHttp::Refuse).expect("an endpoint");
    let key = ApiKey::Value(Secret::parse("da2-example").expect("a key"));
    let limits = Limits {
        connect_timeout: Duration::from_secs(1),
        ..Limits::DEFAULT
    };
    let ctx = Ctx::new(Client::new(endpoint, Authorization::ApiKey(key), limits), &CONTRACT);
    let arguments = arguments.as_object().expect("an object").clone();
    let found = CONTRACT.tools.iter().find(|found| found.spec().name == tool);
    let dry_run = match found.expect("the tool is there") {
        Tool::Read(tool) => tool.dry_run(&ctx, arguments),
        Tool::Write(tool) => tool.dry_run(&ctx, arguments),
    };
    serde_json::from_slice(&dry_run.expect("the arguments are good").body).expect("a body is JSON")
}

#[test]
fn a_null_is_sent_where_it_means_something_and_nowhere_else() {
    let with_tags =
        "mutation SaveNote($input: NoteInput! $tags: [String!]) {\n  saveNote(input: $input tags: $tags) {\n";
    let without = "mutation SaveNote($input: NoteInput!) {\n  saveNote(input: $input) {\n";
    for (arguments, begins, variables) in [
        (
            json!({ "input": { "title": "x" } }),
            without,
            json!({ "input": { "title": "x" } }),
        ),
        (
            json!({ "input": { "title": "x" }, "tags": null }),
            with_tags,
            json!({ "input": { "title": "x" }, "tags": null }),
        ),
        (
            json!({ "input": { "title": "x" }, "tags": ["a"] }),
            with_tags,
            json!({ "input": { "title": "x" }, "tags": ["a"] }),
        ),
    ] {
        let request = request("save_note", &arguments);
        let query = request["query"].as_str().expect("a document");
        assert!(query.starts_with(begins), "{arguments}: {query}");
        assert_eq!(request["variables"], variables, "{arguments}");
    }
    // Without `@nullable` it means the same as leaving the argument out.
    assert_eq!(
        request("any_type", &json!({ "q": null })),
        request("any_type", &json!({}))
    );
}

#[test]
fn a_null_inside_an_input_object_is_sent_where_it_means_something_and_nowhere_else() {
    let everything = json!({
        "id": "p", "center": null, "grid": null, "kind": null, "name": null, "names": null, "note": null, "open": null,
        "points": [{ "x": null, "y": null }], "price": null, "ratio": null, "since": null, "size": null,
    });
    let sent = json!({
        "id": "p", "center": null, "grid": null, "kind": null, "name": null, "names": null, "open": null,
        "points": [{ "y": null }], "price": null, "ratio": null, "since": null, "size": null,
    });
    for (input, expected) in [
        (everything, sent),
        (json!({ "id": "p" }), json!({ "id": "p" })),
        (
            json!({ "id": 7, "center": { "x": null, "y": null }, "name": "", "note": "", "kind": "" }),
            json!({ "id": "7", "center": { "x": null }, "name": "" }),
        ),
        (
            json!({ "id": "p", "center": [], "names": [null], "kind": "PARK", "size": "7", "open": "true" }),
            json!({ "id": "p", "center": {}, "names": [null], "kind": "PARK", "size": 7, "open": true }),
        ),
    ] {
        let request = request("update_place", &json!({ "input": input }));
        assert_eq!(request["variables"], json!({ "input": expected }));
        let query = request["query"].as_str().expect("a document");
        assert!(
            query.starts_with("mutation UpdatePlace($input: PlaceUpdate!) {\n  updatePlace(input: $input)\n"),
            "{query}"
        );
    }
}

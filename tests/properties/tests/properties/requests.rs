//! What would be sent, as a dry run shows it: the exact body of the request.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use appsync_mcp::call::Ctx;
use appsync_mcp::decode::{JsonObject, decode};
use appsync_mcp::error::CallError;
use appsync_mcp::tool::Tool;
use appsync_mcp_client::{ApiKey, Authorization, Client, Endpoint, InsecureHttp, Limits, Secret};
use proptest::prelude::*;
use serde_json::Value;

use crate::graphql_js::GraphQlJs;
use crate::project::{self, Project};
use crate::{arguments, cases};

/// What calls need, with an API that nobody will reach.
fn ctx(project: &Project) -> Ctx {
    let endpoint = Endpoint::parse("https://api.example.com/graphql", InsecureHttp::Refuse).unwrap();
    let key = ApiKey::Value(Secret::parse("da2-nobody").unwrap());
    let limits = Limits {
        connect_timeout: Duration::from_secs(1),
        ..Limits::DEFAULT
    };
    Ctx::new(
        Client::new(endpoint, Authorization::ApiKey(key), limits),
        project.contract,
    )
}

/// The body that a call would send.
fn body(tool: &Tool, ctx: &Ctx, given: JsonObject) -> Result<Value, CallError> {
    let request = match tool {
        Tool::Read(tool) => tool.dry_run(ctx, given)?,
        Tool::Write(tool) => tool.dry_run(ctx, given)?,
    };
    Ok(serde_json::from_slice(&request.body).unwrap())
}

/// Whether two values are the same; a whole number is one with a fraction where a `Float` is asked for.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut fields = one.iter();
            one.len() == other.len() && fields.all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

#[test]
fn a_request_carries_what_was_decoded_and_nothing_is_sent_of_what_was_not() {
    for project in project::ALL {
        let ctx = ctx(&project);
        for tool in project.callable() {
            let spec = tool.spec();
            cases::check(spec.name, "sent", 1, &arguments::tried(spec), |given| {
                match (body(tool, &ctx, given.clone()), decode(spec, given)) {
                    (Ok(mut body), Ok(decoded)) => {
                        for binding in spec.bindings {
                            let variables = body["variables"].as_object_mut().unwrap();
                            prop_assert!(variables.shift_remove(binding.variable).is_some());
                        }
                        let decoded = Value::Object(decoded.values);
                        prop_assert!(same(&body["variables"], &decoded), "{} of {}", body, decoded);
                        prop_assert_eq!(&body["operationName"], spec.operation_name);
                    }
                    (Err(error), Err(problems)) => prop_assert_eq!(error.to_string(), problems.to_string()),
                    (sent, decoded) => prop_assert!(false, "{:?}, and decoded {:?}", sent, decoded),
                }
                Ok(())
            });
        }
    }
}

#[test]
#[ignore = "needs node and graphql-js: bash .ci/run properties"]
fn what_is_sent_is_valid_by_the_specification() {
    for project in project::ALL {
        let ctx = ctx(&project);
        let judge = RefCell::new(GraphQlJs::start(&project.schema()));
        for tool in project.callable() {
            let spec = tool.spec();
            let sent = Cell::new(0);
            let given = prop_oneof![arguments::allowed(spec), arguments::tried(spec)];
            cases::check(spec.name, "valid", 1, &given, |given| {
                if let Ok(body) = body(tool, &ctx, given) {
                    sent.set(sent.get() + 1);
                    let problems = judge.borrow_mut().problems(&body);
                    prop_assert!(problems.is_empty(), "{:?} in {}", problems, body);
                }
                Ok(())
            });
            assert!(sent.get() > 0, "{}: nothing was sent", spec.name);
        }
    }
}

/// Or else the judge might accept anything.
#[test]
#[ignore = "needs node and graphql-js: bash .ci/run properties"]
fn what_is_not_valid_is_found() {
    let mut judge = GraphQlJs::start(&project::KITCHEN_SINK.schema());
    let body = |query: &str, variables: Value| serde_json::json!({ "query": query, "variables": variables, "operationName": "Q" });
    let query = "query Q($id: ID!, $depth: Int!) { node(id: $id, depth: $depth) { id } }";
    let object = "mutation Q($input: NoteInput!) { saveNote(input: $input) { id } }";
    assert_eq!(
        judge.problems(&body(query, serde_json::json!({ "id": "1", "depth": 1 }))),
        [Value::Null; 0]
    );
    for (query, variables) in [
        (query, serde_json::json!({ "id": "1" })),
        (query, serde_json::json!({ "id": "1", "depth": null })),
        (query, serde_json::json!({ "id": "1", "depth": 1.5 })),
        (query, serde_json::json!({ "id": "1", "depth": 2_147_483_648_i64 })),
        (query, serde_json::json!({ "id": "1", "depth": 1, "more": 1 })),
        ("query Q { node(id: 1) { wrong } }", serde_json::json!({})),
        ("query Q { node(id: 1) { id }", serde_json::json!({})),
        (object, serde_json::json!({ "input": { "title": "x", "unknown": 1 } })),
        (
            object,
            serde_json::json!({ "input": { "title": "x", "state": "BURNT" } }),
        ),
    ] {
        let body = body(query, variables);
        assert!(!judge.problems(&body).is_empty(), "{body}");
    }
}

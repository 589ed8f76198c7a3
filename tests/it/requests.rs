//! `tests/requests/TOOL.json`: arguments, and the exact request that they become, or all that is wrong with them.
//!
//! What is compared is what reached the sandbox in a real call. `UPDATE_EXPECT=1` accepts what is there now.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::contract;
use crate::program;
use crate::session::Session;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/requests")
}

fn cases(tool: &str) -> Vec<Value> {
    let path = folder().join(format!("{tool}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// A request as the files have it: the document in lines.
fn request(query: &str, variables: &Value, operation_name: &Value) -> Value {
    let lines: Vec<&str> = query.lines().collect();
    json!({ "operationName": operation_name, "variables": variables, "query": lines })
}

#[test]
fn every_call_sends_exactly_the_request_on_file() {
    let api = Api::start();
    let ctx = contract::ctx();
    for spec in contract::specs() {
        let tool = spec.name;
        let seen: Vec<Value> = cases(tool)
            .iter()
            .map(|case| {
                let arguments = case["arguments"].clone();
                // A server for each case, since some tools may only be called so often.
                let mut session = Session::start(&api, &["--allow-mutations"]);
                let before = api.requests();
                let outcome = session.call(tool, arguments.clone());
                let sent = api.requests() - before;
                let dry_run = contract::dry_run(&ctx, tool, arguments.as_object().unwrap().clone());
                let mut seen = json!({ "case": case["case"], "arguments": arguments });
                match dry_run {
                    Ok(dry_run) => {
                        assert_eq!(sent, 1, "{tool}, {}: {}", case["case"], outcome.text);
                        let received = api.last();
                        let operation_name = json!(received.operation_name);
                        let received = request(&received.document, &received.variables, &operation_name);
                        let dry = request(
                            dry_run["query"].as_str().unwrap(),
                            &dry_run["variables"],
                            &dry_run["operationName"],
                        );
                        assert_eq!(
                            received, dry,
                            "{tool}, {}: a dry run shows another request",
                            case["case"]
                        );
                        seen["request"] = received;
                        if let Some(notes) = outcome.result.as_ref().and_then(|result| result.get("__notes")) {
                            seen["notes"] = notes.clone();
                        }
                    }
                    Err(error) => {
                        assert_eq!(sent, 0, "{tool}, {}: bad arguments were sent", case["case"]);
                        assert_eq!(outcome.text, error.to_string(), "{tool}, {}", case["case"]);
                        seen["problems"] = problems(&outcome.text);
                    }
                }
                seen
            })
            .collect();
        let text = format!("{:#}\n", Value::from(seen));
        expect_file![folder().join(format!("{tool}.json"))].assert_eq(&text);
    }
}

/// The problems of an error: one on its line, or a list.
fn problems(text: &str) -> Value {
    match text.strip_prefix("invalid argument: ") {
        Some(problem) => json!([problem]),
        None => text
            .strip_prefix("invalid arguments:\n- ")
            .unwrap()
            .split("\n- ")
            .collect(),
    }
}

#[test]
fn every_tool_has_a_file_and_every_file_a_tool() {
    let mut files: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort_unstable();
    let mut expected: Vec<String> = contract::specs().map(|spec| format!("{}.json", spec.name)).collect();
    expected.sort_unstable();
    assert_eq!(files, expected);
}

/// What each file must show, so that a new tool comes with all of it.
#[test]
fn every_file_shows_what_its_tool_can_be_asked() {
    for spec in contract::specs() {
        let cases = cases(spec.name);
        let arguments: Vec<&Map<String, Value>> = cases
            .iter()
            .map(|case| case["arguments"].as_object().unwrap())
            .collect();
        let names: Vec<&str> = cases.iter().map(|case| case["case"].as_str().unwrap()).collect();
        for name in &names {
            assert_eq!(
                names.iter().filter(|other| *other == name).count(),
                1,
                "{}: {name}",
                spec.name
            );
        }
        let required = contract::required_arguments(spec);
        let is_sent = |case: &Value| case.get("request").is_some();
        assert!(
            cases
                .iter()
                .zip(&arguments)
                .any(|(case, given)| is_sent(case) && given.keys().eq(required.keys())),
            "{}: no case has the required arguments only",
            spec.name
        );
        assert!(
            cases.iter().zip(&arguments).any(|(case, given)| {
                is_sent(case)
                    && spec
                        .arguments
                        .iter()
                        .all(|argument| given.get(argument.name).is_some_and(|value| !value.is_null()))
            }),
            "{}: no case has all arguments",
            spec.name
        );
        for argument in spec.arguments {
            let name = argument.name;
            let null = cases
                .iter()
                .zip(&arguments)
                .find(|(_, given)| given.get(name) == Some(&Value::Null));
            let (case, _) = null.unwrap_or_else(|| panic!("{}: no case has a null for `{name}`", spec.name));
            assert_eq!(is_sent(case), !required.contains_key(name), "{}: {name}", spec.name);
        }
        assert!(
            cases.iter().any(|case| case.get("problems").is_some()),
            "{}: no case is refused",
            spec.name
        );
    }
}

#[test]
fn a_dry_run_on_the_command_line_shows_what_a_call_sends() {
    let api = Api::start();
    for spec in contract::specs() {
        let arguments = Value::Object(contract::required_arguments(spec)).to_string();
        let words = |more: &[&str]| {
            let mut words: Vec<String> = ["call", spec.name, &arguments].map(str::to_owned).to_vec();
            words.extend(api.flags());
            words.extend(more.iter().map(|word| (*word).to_owned()));
            words
        };
        let before = api.requests();
        let dry = program::run(&words(&["--dry-run"]));
        assert_eq!(dry.code, 0, "{}", dry.stderr);
        assert_eq!(api.requests(), before, "{}: a dry run was sent", spec.name);
        let (head, body) = dry.stdout.split_once("\n\n").unwrap();
        assert!(
            head.starts_with(&format!("POST {}\n", api.sandbox.endpoint())),
            "{head}"
        );
        assert!(head.contains("\nauthorization: [redacted]\n"), "{head}");
        assert!(!dry.all().contains(api.sandbox.bearer()));

        let call = program::run(&words(&["--json", "--allow-mutations"]));
        assert_eq!(call.code, 0, "{}", call.stderr);
        assert_eq!(api.requests(), before + 1);
        let (received, body): (_, Value) = (api.last(), serde_json::from_str(body).unwrap());
        assert_eq!(body["query"], received.document);
        assert_eq!(body["variables"], received.variables);
        assert_eq!(body["operationName"], json!(received.operation_name));
    }
}

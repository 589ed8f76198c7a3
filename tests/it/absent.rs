//! Every subset of a tool's optional arguments, through to the API: none is a document that it refuses.

use appsync_mcp::tool::Absent;
use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::contract;
use crate::session::Session;

#[test]
fn every_subset_of_absent_arguments_is_a_valid_request() {
    let api = Api::start();
    for spec in contract::specs() {
        let mut session = Session::start(&api, &["--allow-mutations"]);
        let required = contract::required_arguments(spec);
        let optional: Vec<_> = spec
            .arguments
            .iter()
            .filter(|argument| argument.absent != Absent::Required)
            .collect();
        assert!(optional.len() <= 12, "{}: too many subsets", spec.name);
        let mut calls = 0;
        for subset in 0..1_u32 << optional.len() {
            let is_present = |index: usize| subset >> index & 1 == 1;
            let present = || {
                optional
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| is_present(*index))
                    .map(|(_, argument)| *argument)
            };
            let mut arguments = required.clone();
            for argument in present().filter(|argument| argument.name != "nextToken") {
                // Few at a time, so that there is a next page.
                let value = contract::example(argument).unwrap_or_else(|| json!(2));
                arguments.insert(argument.name.to_owned(), value);
            }
            if present().any(|argument| argument.name == "nextToken") {
                // A token is only good for the same listing.
                let mut first = arguments.clone();
                first.insert("limit".to_owned(), json!(1));
                let first = session.result(spec.name, Value::Object(first));
                arguments.insert("nextToken".to_owned(), first["nextToken"].clone());
                assert!(
                    first["nextToken"].is_string(),
                    "{}: {arguments:?} has no second page",
                    spec.name
                );
            }
            if spec.kind != appsync_mcp::tool::Kind::Read && arguments.contains_key("name") {
                arguments.insert("name".to_owned(), json!(format!("Subset {subset}")));
            }
            let before = api.requests();
            session.result(spec.name, Value::Object(arguments.clone()));
            assert_eq!(api.requests(), before + 1);
            check_absent(spec.name, &arguments, &api);
            calls += 1;
        }
        assert_eq!(calls, 1 << optional.len());
    }
}

/// What was left out is in the request nowhere, unless the contract has a default for it.
fn check_absent(tool: &str, arguments: &Map<String, Value>, api: &Api) {
    let received = api.last();
    for argument in contract::spec(tool).arguments {
        let name = argument.name;
        let in_variables = received.variables.get(name).is_some();
        let in_document = regex_lite::Regex::new(&format!(r"\${name}\b"))
            .unwrap()
            .is_match(&received.document);
        let expected = arguments.contains_key(name) || matches!(argument.absent, Absent::Default(_));
        assert_eq!(
            (in_variables, in_document),
            (expected, expected),
            "{tool}: {name} of {received:?}"
        );
    }
}

//! Whole calls in front of the sandbox, which validates what it gets with a GraphQL library of its own.

use std::cell::{Cell, RefCell};

use appsync_mcp::decode::{JsonObject, decode};
use appsync_mcp::tool::ToolSpec;
use appsync_mcp_sandbox::Fault;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

use crate::server::{Outcome, Server};
use crate::{arguments, cases, project};

/// Checks that a call's result is what the output schema says, and that its text says the same.
fn conforms(validator: &Validator, outcome: &Outcome) -> Result<(), TestCaseError> {
    let Some(result) = &outcome.result else { return Ok(()) };
    let error = validator.validate(result).err();
    let error = error.map(|error| format!("{}: {error}", error.instance_path()));
    prop_assert_eq!(error, None, "{}", result);
    prop_assert_eq!(&serde_json::from_str::<Value>(&outcome.text).unwrap(), result);
    Ok(())
}

/// Calls every tool with likely arguments under these faults, and returns how many results there were of how many calls.
fn check_results(faults: &[Fault], file: &str, share: u32) -> (u32, u32) {
    let server = RefCell::new(Server::start());
    for fault in faults {
        server.borrow().sandbox.set_fault(*fault);
    }
    let (results, calls) = (Cell::new(0), Cell::new(0));
    for spec in project::SAMPLE.specs() {
        let validator = jsonschema::draft202012::new(&project::json(spec.output_schema)).unwrap();
        let before = results.get();
        cases::check(spec.name, file, share, &arguments::likely(spec), |given| {
            let outcome = call(&server, spec, &given);
            calls.set(calls.get() + 1);
            conforms(&validator, &outcome)?;
            let Some(result) = outcome.result else { return Ok(()) };
            results.set(results.get() + 1);
            // The next page as well, if there is one.
            if let Some(token) = result.get("nextToken").filter(|token| token.is_string()) {
                let mut given = given;
                given.insert("nextToken".to_owned(), token.clone());
                conforms(&validator, &call(&server, spec, &given))?;
            }
            Ok(())
        });
        assert!(
            !faults.is_empty() || results.get() > before,
            "{}: no call had a result",
            spec.name
        );
    }
    (results.get(), calls.get())
}

fn call(server: &RefCell<Server>, spec: &ToolSpec, given: &JsonObject) -> Outcome {
    server.borrow_mut().call(spec, given)
}

#[test]
fn every_result_is_what_the_output_schema_says() {
    let (results, calls) = check_results(&[], "results", 4);
    assert!(results * 2 > calls, "{results} results of {calls} calls");
}

#[test]
fn a_partial_result_is_as_well() {
    let (results, calls) = check_results(&[Fault::PartialData], "partial", 4);
    assert!(results * 2 > calls, "{results} results of {calls} calls");
}

#[test]
fn so_is_every_result_whatever_goes_wrong() {
    for (fault, name, _) in Fault::ALL {
        // It would take as long as calls may.
        if *fault != Fault::Hang {
            check_results(&[*fault], name, 128);
        }
    }
}

#[test]
fn what_is_refused_is_not_sent_and_what_is_sent_is_understood() {
    let server = RefCell::new(Server::start());
    for spec in project::SAMPLE.specs() {
        let refused = Cell::new(0);
        cases::check(spec.name, "refused", 2, &arguments::tried(spec), |given| {
            let expected = u64::from(decode(spec, given.clone()).is_ok());
            refused.set(refused.get() + 1 - expected);
            let before = server.borrow().sandbox.requests();
            let outcome = call(&server, spec, &given);
            let sent = server.borrow().sandbox.requests() - before;
            prop_assert_eq!(sent, expected, "{}", outcome.text);
            // That is what a request becomes that the sandbox finds not to be valid GraphQL.
            prop_assert!(
                !outcome.text.contains("the API refused this request"),
                "{}",
                outcome.text
            );
            Ok(())
        });
        assert!(refused.get() > 0, "{}: nothing was refused", spec.name);
    }
}

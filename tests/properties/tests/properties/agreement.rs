//! The decoder and the advertised schema.

use std::cell::Cell;

use appsync_mcp::decode::decode;
use appsync_mcp::tool::{Argument, Input, ToolSpec};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

use crate::{arguments, beyond, cases, project};

fn validator(schema: &str) -> Validator {
    jsonschema::draft202012::new(&project::json(schema)).expect("a schema that a validator can read")
}

/// What is wrong with arguments by the advertised schema.
fn misfit(validator: &Validator, given: &Value) -> Option<String> {
    let error = validator.validate(given).err()?;
    Some(format!("{}: {error}", error.instance_path()))
}

#[test]
fn every_schema_is_one_by_the_draft_s_own_schema() {
    for spec in project::ALL.iter().flat_map(project::Project::specs) {
        for schema in [spec.input_schema, spec.output_schema] {
            let schema = project::json(schema);
            let error = jsonschema::draft202012::meta::validate(&schema).err();
            assert!(error.is_none(), "{}: {}", spec.name, error.unwrap());
        }
    }
}

#[test]
fn what_the_contract_allows_fits_the_schema_and_is_accepted() {
    for spec in project::ALL.iter().flat_map(project::Project::specs) {
        let validator = validator(spec.input_schema);
        cases::check(spec.name, "allowed", 1, &arguments::allowed(spec), |given| {
            let plain = beyond::plain(spec.arguments, &given);
            prop_assert_eq!(
                misfit(&validator, &beyond::advertised(spec.arguments, &plain).into()),
                None
            );
            let decoded = decode(spec, given).map_err(|problems| TestCaseError::fail(problems.to_string()))?;
            prop_assert!(
                decoded
                    .values
                    .keys()
                    .all(|name| spec.arguments.iter().any(|one| one.name == name))
            );
            Ok(())
        });
    }
}

#[test]
fn the_decoder_accepts_what_the_schema_accepts_but_for_what_the_contract_says_beyond_it() {
    for spec in project::ALL.iter().flat_map(project::Project::specs) {
        let validator = validator(spec.input_schema);
        let (accepted, refused) = (Cell::new(0), Cell::new(0));
        cases::check(spec.name, "agreement", 1, &arguments::tried(spec), |given| {
            let plain = beyond::plain(spec.arguments, &given);
            let misfit = misfit(&validator, &beyond::advertised(spec.arguments, &plain).into());
            let expected = match misfit {
                None => beyond::values(spec.arguments, &plain),
                Some(_) => None,
            };
            let decoded = decode(spec, given);
            match &decoded {
                Ok(_) => accepted.set(accepted.get() + 1),
                Err(_) => refused.set(refused.get() + 1),
            }
            match (decoded, expected) {
                (Ok(decoded), expected) => prop_assert_eq!(Some(decoded.values), expected, "{:?}", misfit),
                (Err(problems), None) => prop_assert!(!problems.list().is_empty()),
                (Err(problems), Some(_)) => prop_assert!(false, "refused: {}", problems),
            }
            Ok(())
        });
        // Or else nothing has been shown.
        let (accepted, refused) = (accepted.get(), refused.get());
        assert!(
            refused > 0 && accepted > 0,
            "{}: {accepted} accepted, {refused} refused",
            spec.name
        );
    }
}

/// The field of an input object that takes one of the same kind, and whether in a list.
fn itself(fields: &'static [Argument], name: &str) -> Option<(&'static str, bool)> {
    fields.iter().find_map(|field| {
        let (input, in_a_list) = match &field.value.input {
            Input::List { item, .. } => (&item.input, true),
            input => (input, false),
        };
        let holds = matches!(input, Input::Object { name: found, .. } if *found == name);
        holds.then_some((field.name, in_a_list))
    })
}

#[test]
fn what_holds_itself_ends_where_the_contract_says() {
    let mut seen = 0;
    for spec in project::ALL.iter().flat_map(project::Project::specs) {
        for argument in spec.arguments {
            let Input::Object { name, fields } = &argument.value.input else {
                continue;
            };
            let Some((field, in_a_list)) = itself(fields, name) else {
                continue;
            };
            seen += 1;
            let nested = |value: Value| {
                let mut outer = arguments::smallest(fields);
                outer.insert(field.to_owned(), if in_a_list { vec![value].into() } else { value });
                Value::Object(outer)
            };
            check_depth(spec, argument.name, arguments::smallest(fields).into(), nested);
        }
    }
    assert!(seen > 1, "{seen} arguments hold themselves");
}

/// Checks an argument at every depth, up to one that is accepted no more.
fn check_depth(spec: &'static ToolSpec, argument: &str, mut value: Value, nested: impl Fn(Value) -> Value) {
    let validator = validator(spec.input_schema);
    let mut outcomes = Vec::new();
    for _ in 0..40 {
        let mut given = arguments::smallest(spec.arguments);
        given.insert(argument.to_owned(), value.clone());
        assert_eq!(misfit(&validator, &given.clone().into()), None, "{}", spec.name);
        let expected = beyond::values(spec.arguments, &given).is_some();
        assert_eq!(decode(spec, given).is_ok(), expected, "{}: {value}", spec.name);
        outcomes.push(expected);
        value = nested(value);
    }
    assert!(outcomes[0] && !outcomes[39], "{}: {outcomes:?}", spec.name);
}

//! Data and errors -> the body of AppSync's answer.
//!
//! Invariant: `errorType`, `errorInfo` and `data` stand at the top of an error, never under `extensions`. An error of the
//! validation has no `errorType` at all, as AppSync's has none.

use async_graphql::Pos;
use serde_json::{Value, json};

use crate::failure::Failure;

/// What AppSync answers to a request that it understood.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) data: Value,
    pub(crate) errors: Vec<Value>,
}

impl Answer {
    /// An answer to a request that was not executed.
    pub(crate) fn refused(errors: Vec<Value>) -> Self {
        Self {
            data: Value::Null,
            errors,
        }
    }

    /// The body.
    pub(crate) fn into_body(self) -> Value {
        if self.errors.is_empty() {
            json!({ "data": self.data })
        } else {
            json!({ "data": self.data, "errors": self.errors })
        }
    }
}

/// The body of an answer to a request that did not get as far as GraphQL.
pub(crate) fn exception(error_type: &str, message: &str) -> Value {
    json!({ "errors": [{ "errorType": error_type, "message": message }] })
}

/// An error of the validation, or of the variables.
pub(crate) fn request_error(message: &str, positions: &[Pos]) -> Value {
    json!({ "path": null, "locations": locations(positions), "message": message })
}

/// An error of a resolver.
pub(crate) fn resolver_error(failure: &Failure, path: &[Value], position: Pos) -> Value {
    json!({
        "path": path,
        "data": null,
        "errorType": failure.error_type,
        "errorInfo": failure.error_info,
        "locations": locations(&[position]),
        "message": failure.message,
    })
}

/// A null where the schema allows none.
pub(crate) fn null_error(type_name: &str, parent: &str, path: &[Value]) -> Value {
    let mut place = String::new();
    for segment in path {
        match segment {
            Value::String(key) => place.extend(["/", key]),
            index => place.extend(["[", &index.to_string(), "]"]),
        }
    }
    let message = format!("Cannot return null for non-nullable type: '{type_name}' within parent '{parent}' ({place})");
    json!({ "path": path, "locations": null, "message": message })
}

fn locations(positions: &[Pos]) -> Value {
    positions
        .iter()
        .map(|position| json!({ "line": position.line, "column": position.column, "sourceName": null }))
        .collect()
}

/// Says an error of async-graphql's validation in the words of AppSync, which are those of graphql-java.
pub(crate) fn validation_message(message: &str) -> String {
    // The names stand in double quotes, some with a `$`.
    let names: Vec<_> = message
        .split('"')
        .skip(1)
        .step_by(2)
        .map(|name| name.trim_start_matches('$'))
        .collect();
    let (first, second) = (
        names.first().copied().unwrap_or_default(),
        names.get(1).copied().unwrap_or_default(),
    );
    let said = |phrase: &str| message.contains(phrase);
    let (kind, detail) = if said("Invalid value for argument") {
        let wrong = if said("unknown field") {
            format!(
                "contains a field not in '{}': '{second}'",
                names.get(2).copied().unwrap_or_default()
            )
        } else if said("is required but not provided") {
            format!("is missing required fields '[{second}]'")
        } else {
            format!("is not a valid '{second}'")
        };
        ("WrongType", format!("argument '{first}' {wrong}"))
    } else if said("Unknown field") {
        (
            "FieldUndefined",
            format!("Field '{first}' in type '{second}' is undefined @ '{first}'"),
        )
    } else if said("Unknown argument") {
        (
            "UnknownArgument",
            format!("Unknown field argument {first} @ '{second}'"),
        )
    } else if said("is required but not provided") {
        (
            "MissingFieldArgument",
            format!("Missing field argument {second} @ '{first}'"),
        )
    } else if said("Unknown type") {
        ("UnknownType", format!("Unknown type {first}"))
    } else if said("must have a selection") {
        (
            "SubSelectionRequired",
            format!("Sub selection required for type {second} of field {first} @ '{first}'"),
        )
    } else if said("must not have a selection") {
        (
            "SubSelectionNotAllowed",
            format!("Sub selection not allowed on leaf type {second} of field {first} @ '{first}'"),
        )
    } else if said("Variable") && said("is not defined") {
        ("UndefinedVariable", format!("Undefined variable {first}"))
    } else if said("Variable") && said("is not used") {
        ("UnusedVariable", format!("Unused variable {first}"))
    } else if said("Unknown fragment") {
        ("UndefinedFragment", format!("Undefined fragment {first}"))
    } else if said("is never used") {
        ("UnusedFragment", format!("Unused fragment {first}"))
    } else if said("conflict because") {
        (
            "FieldsConflict",
            format!("{first}: they have differing fields or arguments"),
        )
    } else {
        ("InvalidSyntax", message.to_owned())
    };
    format!("Validation error of type {kind}: {detail}")
}

//! Turns AppSync's errors into one error of the call, if they leave nothing to show, or else into a note.
//!
//! Invariant: a root field that is null is never shown as a result.

use appsync_mcp_client::{ErrorClass, GraphQlError, PathSegment};
use serde_json::Value;

use super::{Asked, root, unexpected};
use crate::decode::JsonObject;
use crate::error::{CallError, showable};
use crate::quote;
use crate::tool::{Kind, Output};

/// The most failed fields that a note names.
const FAILED_MAX: usize = 10;

/// The most steps of a path that a note shows.
const STEPS_MAX: usize = 20;

/// Returns the data if there is something in it to show, else the error that explains why not.
pub(super) fn data(asked: &Asked<'_>, data: Option<Value>, errors: &[GraphQlError]) -> Result<JsonObject, CallError> {
    let data = match data {
        Some(Value::Object(data)) => data,
        None | Some(Value::Null) => return Err(failed(asked, errors)),
        Some(_) => return Err(unexpected(asked, "data", "expected an object")),
    };
    let is_there = match root(&asked.spec.output) {
        Some((key, _)) => data.get(key).is_some_and(|value| !value.is_null()),
        // Of several roots each may be null by itself; that all are is only an answer if nothing failed.
        None => errors.is_empty() || data.values().any(|value| !value.is_null()),
    };
    if is_there { Ok(data) } else { Err(failed(asked, errors)) }
}

/// Returns the error for an answer without anything to show.
fn failed(asked: &Asked<'_>, errors: &[GraphQlError]) -> CallError {
    let Asked { spec, request_id, .. } = asked;
    let of_root = |error: &&GraphQlError| match (root(&spec.output), error.path.as_deref()) {
        (Some((key, _)), Some([PathSegment::Field(first), ..])) => first == key,
        _ => true,
    };
    let Some(error) = errors.iter().find(of_root).or(errors.first()) else {
        let message = (spec.kind != Kind::Read)
            .then(|| "the API answered null; read back what it would have changed before trying again".to_owned());
        return CallError::NotFound {
            message,
            request_id: request_id.clone(),
        };
    };
    if spec.kind != Kind::Read && was_begun(&spec.output, error) {
        return CallError::OutcomeUnknown {
            why: "is incomplete",
            request_id: request_id.clone(),
            source: None,
        };
    }
    CallError::from_graphql(error, spec.kind, asked.errors, request_id.clone())
}

/// Says whether a write was carried out, at least in part, before the error.
///
/// A field inside the root field's answer is only read once the root field's resolver is done. An error without a path is
/// about the request as a whole, so that nothing was begun.
fn was_begun(output: &Output, error: &GraphQlError) -> bool {
    let steps = error.path.as_deref().map_or(0, <[_]>::len);
    match output {
        // Root fields of a mutation run one after the other, so that another one may have been done before.
        Output::Data => steps > 0,
        Output::Object { .. } | Output::Items { .. } | Output::Value { .. } => steps > 1,
    }
}

/// Returns the note that says which fields failed, if any did.
pub(super) fn note(asked: &Asked<'_>, errors: &[GraphQlError]) -> Option<String> {
    if errors.is_empty() {
        return None;
    }
    let failed = errors.iter().take(FAILED_MAX).map(|error| {
        let class = class_text(asked.errors.classify(error.error_type.as_deref()));
        let message = showable(error, asked.errors)
            .map(|message| format!(": {message}"))
            .unwrap_or_default();
        format!(
            "{} ({class}{message})",
            pointer(&asked.spec.output, error.path.as_deref())
        )
    });
    let failed = failed.collect::<Vec<_>>().join(", ");
    let more = match errors.len().saturating_sub(FAILED_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let request_id = asked
        .request_id
        .as_ref()
        .map(|id| format!(" (request id {id})"))
        .unwrap_or_default();
    Some(format!("incomplete: the API failed at {failed}{more}{request_id}"))
}

/// Returns the place in the result as a JSON Pointer.
fn pointer(output: &Output, path: Option<&[PathSegment]>) -> String {
    let Some(path) = path.filter(|path| !path.is_empty()) else {
        return "a field that it does not name".to_owned();
    };
    let mut pointer = String::new();
    for (depth, step) in path.iter().take(STEPS_MAX).enumerate() {
        let step = match (step, root(output)) {
            (PathSegment::Field(name), Some((key, stand_in))) if depth == 0 && name == key => match stand_in {
                Some(stand_in) => stand_in.to_owned(),
                None => continue,
            },
            (PathSegment::Field(name), _) => quote::name(name),
            (PathSegment::Index(index), _) => index.to_string(),
        };
        pointer.push('/');
        pointer.push_str(&step);
    }
    if pointer.is_empty() {
        "the whole result".to_owned()
    } else {
        pointer
    }
}

fn class_text(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Unauthorized => "unauthorized",
        ErrorClass::Throttled => "throttled",
        ErrorClass::NotFound => "not found",
        ErrorClass::Conflict => "conflict",
        ErrorClass::TooLarge => "too large",
        ErrorClass::TimedOut => "timed out",
        ErrorClass::Upstream => "upstream error",
    }
}

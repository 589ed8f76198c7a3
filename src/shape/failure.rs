//! Turns AppSync's errors into one error of the call, if they leave nothing to show, or else into a note.
//!
//! Invariant: a root field that is null is never shown as a result.
//! Invariant: of an error's path only what is there in the data is shown; the rest is the API's own words.
//! Invariant: a field that the contract leaves out is named nowhere.

use appsync_mcp_client::{ErrorClass, GraphQlError, PathSegment};
use serde_json::Value;

use super::{Asked, list, root, unexpected};
use crate::decode::JsonObject;
use crate::error::{CallError, Reason, doubt, showable};
use crate::tool::{Kind, MarkKind, Output, ToolSpec};

/// The most failed fields that a note names.
const FAILED_MAX: usize = 10;

/// The most steps of a path that a note shows.
const STEPS_MAX: usize = 20;

/// Returns the data if there is something in it to show, else the error that explains why not.
pub(super) fn data(
    asked: &Asked<'_>,
    data: Option<Value>,
    errors: &[GraphQlError],
    more_errors: usize,
) -> Result<JsonObject, CallError> {
    let data = match data {
        Some(Value::Object(data)) => data,
        None | Some(Value::Null) => return Err(failed(asked, errors, more_errors)),
        Some(_) => return Err(unexpected(asked, "data", "expected an object")),
    };
    let is_there = match root(&asked.spec.output) {
        Some((key, _)) => data.get(key).is_some_and(|value| !value.is_null()),
        // Of several roots each may be null by itself; that all are is only an answer if nothing failed.
        None => errors.is_empty() || data.values().any(|value| !value.is_null()),
    };
    if is_there {
        Ok(data)
    } else {
        Err(failed(asked, errors, more_errors))
    }
}

/// Returns the error for an answer without anything to show.
fn failed(asked: &Asked<'_>, errors: &[GraphQlError], more_errors: usize) -> CallError {
    let Asked { spec, request_id, .. } = asked;
    let of_root = |error: &&GraphQlError| match (root(&spec.output), error.path.as_deref()) {
        (Some((key, _)), Some([PathSegment::Field(first), ..])) => first == key,
        _ => true,
    };
    // One error that says that a write may have been carried out counts for more than all that say it was not.
    let in_doubt = |error: &&GraphQlError| {
        spec.kind != Kind::Read && (was_begun(&spec.output, error) || doubt(error, spec, asked.errors).is_some())
    };
    let mut told = errors
        .iter()
        .filter(in_doubt)
        .chain(errors.iter().filter(of_root))
        .chain(errors);
    let Some(error) = told.next() else {
        return CallError::null(spec.kind, request_id.clone());
    };
    // Of those that were not kept any may say so.
    if spec.kind != Kind::Read && (more_errors > 0 || was_begun(&spec.output, error)) {
        let source = Box::new(Reason::of_graphql(error));
        return CallError::in_doubt("but its answer is incomplete", request_id.clone(), Some(source));
    }
    CallError::from_graphql(error, spec, asked.errors, list::given_token(asked), request_id.clone())
}

/// Says whether a write was carried out, at least in part, before the error.
///
/// A field inside the root field's answer is only read once the root field's resolver is done. Whether that one wrote
/// before an error of its own, the error's type tells: [`doubt`].
fn was_begun(output: &Output, error: &GraphQlError) -> bool {
    let path = error.path.as_deref().unwrap_or_default();
    let steps = path.len();
    match output {
        // It may lead into the answer.
        _ if path.contains(&PathSegment::Unreadable) => true,
        // Root fields of a mutation run one after the other, so that another one may have been done before.
        Output::Data => steps > 0,
        Output::Object { .. } | Output::Items { .. } | Output::Value { .. } => steps > 1,
    }
}

/// Returns the note that says which fields failed, if any did.
pub(super) fn note(
    asked: &Asked<'_>,
    data: &JsonObject,
    errors: &[GraphQlError],
    more_errors: usize,
) -> Option<String> {
    if errors.is_empty() {
        return None;
    }
    let token = list::given_token(asked);
    let failed = errors.iter().take(FAILED_MAX).map(|error| {
        let class = asked.errors.classify(error);
        let begin_again = token
            .filter(|_| class == ErrorClass::StaleToken)
            .map(|argument| format!("; call again without `{argument}`, from the first page"))
            .unwrap_or_default();
        let class = class_text(class);
        let message = showable(error, asked.errors)
            .map(|message| format!(": {message}"))
            .unwrap_or_default();
        format!(
            "{} ({class}{message}{begin_again})",
            place(asked.spec, data, error.path.as_deref().unwrap_or_default())
        )
    });
    let failed = failed.collect::<Vec<_>>().join(", ");
    let more = match errors.len().saturating_sub(FAILED_MAX) + more_errors {
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

/// Returns the place in the result in words or as a JSON Pointer, as far as the data goes and the result shows it.
fn place(spec: &ToolSpec, data: &JsonObject, path: &[PathSegment]) -> String {
    let output = &spec.output;
    let mut pointer = String::new();
    let mut value = None;
    let mut keys: Vec<&str> = Vec::new();
    for (depth, step) in path.iter().take(STEPS_MAX).enumerate() {
        if let PathSegment::Field(name) = step {
            keys.push(name);
            if is_left_out(spec, &keys) {
                return if pointer.is_empty() {
                    "a field that is left out".to_owned()
                } else {
                    format!("a field of {pointer} that is left out")
                };
            }
        }
        let (next, step) = match step {
            PathSegment::Field(name) => {
                let fields = if depth == 0 {
                    Some(data)
                } else {
                    value.and_then(Value::as_object)
                };
                let stand_in = match root(output) {
                    Some((key, stand_in)) if depth == 0 && name == key => stand_in,
                    _ => Some(name.as_str()),
                };
                (fields.and_then(|fields| fields.get(name)), stand_in.map(str::to_owned))
            }
            PathSegment::Index(index) => {
                let items = value.and_then(Value::as_array);
                (items.and_then(|items| items.get(*index)), Some(index.to_string()))
            }
            PathSegment::Unreadable => (None, None),
        };
        if next.is_none() {
            break;
        }
        value = next;
        if let Some(step) = step {
            pointer.push('/');
            pointer.push_str(&step);
        }
    }
    match (pointer.is_empty(), path.len()) {
        (false, _) => pointer,
        // The root field itself, which is the result.
        (true, 1) if value.is_some() => "the whole result".to_owned(),
        (true, _) => "a field that it does not name".to_owned(),
    }
}

/// Says whether the contract leaves out the field at these response keys from `data` on.
fn is_left_out(spec: &ToolSpec, keys: &[&str]) -> bool {
    spec.marks
        .iter()
        .any(|mark| mark.kind == MarkKind::Omit && mark.path == keys)
}

fn class_text(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Unauthorized | ErrorClass::Expired => "unauthorized",
        ErrorClass::Throttled => "throttled",
        ErrorClass::StaleToken => "stale token",
        ErrorClass::NotFound => "not found",
        ErrorClass::Conflict => "conflict",
        ErrorClass::TooLarge => "too large",
        ErrorClass::TimedOut => "timed out",
        ErrorClass::Upstream => "upstream error",
    }
}

//! Turns an error of the API into what became of the write that ended in it, where that is in doubt.
//!
//! Invariant: only what tells that no resolver was begun, or that what was begun has changed nothing, leaves no doubt.
//! Invariant: whether the API's words may be shown has nothing to do with it.

use appsync_mcp_client::{ErrorClass, ErrorTypes, GraphQlError};

use crate::tool::{Kind, Resolver, ToolSpec};

/// How AppSync's words about a document begin that its schema has no room for.
const INVALID_DOCUMENT: &str = "Validation error of type ";

/// How AppSync's words begin about a request that it does not begin to carry out: about its text, its document, and the
/// values of its variables.
const REFUSALS: [&str; 5] = [
    "Unable to parse GraphQL query.",
    INVALID_DOCUMENT,
    "Variable '",
    "Variable \"",
    "The variables input contains a field ",
];

/// What became of a write that the API would not go on with, by what it said.
const FAILED_AMID: &str = "at least in part, before the API failed";
const LIMITED_AMID: &str = "at least in part, before it came to one of the API's limits";
const THROTTLED_AMID: &str = "at least in part, before the API got too many requests";
const NOT_FOUND_AMID: &str = "at least in part, before something was not found";
const CONFLICT_AMID: &str = "at least in part, before it met a conflict";
const REFUSED_AMID: &str = "at least in part, before it was refused something";
const LATE: &str = "but its answer did not come in time";

/// Says why a write that ended in this error may have been carried out; nothing if the error tells that it was not, or if the
/// tool only reads.
pub(crate) fn doubt(error: &GraphQlError, spec: &ToolSpec, errors: &ErrorTypes) -> Option<&'static str> {
    let error_type = error.error_type.as_deref();
    // What the API's people promise says more than what is built in here.
    if spec.kind == Kind::Read || errors.is_not_carried_out(error_type) {
        return None;
    }
    let class = errors.classify(error);
    let was_begun = error.is_of_resolver();
    match class {
        _ if !was_begun && is_about_the_request(error) => None,
        ErrorClass::Unauthorized | ErrorClass::Expired if !was_begun || is_refused_field(error, spec) => None,
        ErrorClass::Throttled if !was_begun => None,
        ErrorClass::Conflict if spec.resolver == Some(Resolver::Unit) && is_of_one_step(error_type) => None,
        ErrorClass::TimedOut => Some(LATE),
        // The API counts while it carries out.
        ErrorClass::TooLarge => Some(LIMITED_AMID),
        ErrorClass::Unauthorized | ErrorClass::Expired => Some(REFUSED_AMID),
        ErrorClass::Throttled => Some(THROTTLED_AMID),
        ErrorClass::NotFound => Some(NOT_FOUND_AMID),
        ErrorClass::Conflict => Some(CONFLICT_AMID),
        ErrorClass::StaleToken | ErrorClass::Upstream => Some(FAILED_AMID),
    }
}

/// Says whether the API would not take the operation with any arguments: its schema has no room for it, for which it has no
/// type of error, or it is deeper than the API allows.
pub(super) fn is_about_the_document(error: &GraphQlError) -> bool {
    match error.error_type.as_deref() {
        None => error.message.starts_with(INVALID_DOCUMENT),
        Some(error_type) => error_type == "QueryDepthLimitReached",
    }
}

/// Says whether the API read the request and would not begin it. For that it has words and no type of error, but for a request
/// that is too large. A data source may use the same words, and then there is a type.
fn is_about_the_request(error: &GraphQlError) -> bool {
    match error.error_type.as_deref() {
        None => REFUSALS.iter().any(|words| error.message.starts_with(words)),
        Some(error_type) => error_type == "RequestEntityTooLargeException",
    }
}

/// Says whether AppSync itself does not let the caller have the field, so that its resolver is not begun. A resolver says the
/// same with `util.unauthorized()`; one that is known to have several steps may do so in its last one.
fn is_refused_field(error: &GraphQlError, spec: &ToolSpec) -> bool {
    let words = error.message.strip_prefix("Not Authorized to access ");
    let is_name =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    let is_own = words
        .and_then(|words| words.split_once(" on type "))
        .is_some_and(|(field, ty)| is_name(field) && is_name(ty));
    error.error_type.as_deref() == Some("Unauthorized")
        && is_own
        && error.data.is_none()
        && error.error_info.is_none()
        && spec.resolver != Some(Resolver::Pipeline)
}

/// Says whether a resolver of one step, which ends in this conflict, has done nothing. A Lambda function, or another API, may
/// have more to do than what failed, while a request to `DynamoDB` that can have a condition is carried out as a whole or not
/// at all.
fn is_of_one_step(error_type: Option<&str>) -> bool {
    let source = error_type.and_then(|error_type| error_type.split_once(':'));
    source.is_none_or(|(source, _)| source == "DynamoDB")
}

//! What came of a case → whether that is what the contract promises.

use appsync_mcp_client::{ErrorClass, GraphQlError};
use serde::Deserialize;

use super::case::{Case, Expected};
use super::run::{Call, End, Ran};
use crate::decode::{JsonObject, decode};
use crate::dispatch::{chain, holds_personal_data};
use crate::error::CallError;
use crate::exchange::Answer;
use crate::tool::ToolSpec;

/// Whether a case is as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is.
    Passed(Passed),
    /// It is not.
    Failed {
        /// What is wrong.
        problem: String,
        /// What kind of thing is wrong, in a word, such as `THROTTLED`.
        kind: String,
    },
    /// Nobody knows.
    Skipped,
}

/// How a case passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passed {
    /// The API did it.
    Result,
    /// What the arguments name is not there, or is there already.
    NoSuchState,
    /// It was refused before anything was sent.
    Refused,
}

/// Judges a case.
pub(crate) fn judge(spec: &ToolSpec, case: &Case, ran: &Ran) -> Verdict {
    match case.expected {
        Expected::Refused => refused(spec, &ran.last),
        Expected::Taken | Expected::Capped => taken(spec, case, ran),
    }
}

/// Whether the API did not get as far as the case: it does not answer, not now, or not to this credential.
pub(crate) fn is_unanswered(ran: &Ran) -> bool {
    if ran.last.outcome.is_ok() {
        return false;
    }
    match ran.last.exchange.as_ref().map(|exchange| &exchange.answer) {
        Some(Answer::Nothing(_)) => true,
        Some(Answer::Status { status, .. }) => matches!(*status, 401 | 403 | 429 | 500..),
        Some(Answer::Body(_)) => matches!(ran.last.outcome, Err(CallError::Throttled { .. })),
        None => matches!(
            ran.last.outcome,
            Err(CallError::NoCredential(_) | CallError::Unreachable(_) | CallError::TimedOut { .. })
        ),
    }
}

/// Judges a read again that names nothing the API knows, by what was sent with a result before: who leaves arguments out asks
/// for no less, so it is there. A search that asks for more may well find nothing.
pub(crate) fn judge_beside(verdict: Verdict, ran: &Ran, found: &[(String, JsonObject)]) -> Verdict {
    let (Verdict::Passed(Passed::NoSuchState), Err(CallError::NotFound { .. }), Some(values)) =
        (&verdict, &ran.last.outcome, &ran.last.values)
    else {
        return verdict;
    };
    match that_finds(values, found) {
        Some(name) => failed(
            "NOT_FOUND",
            format!("not found, though `{name}` finds it with the same arguments and more"),
        ),
        None => verdict,
    }
}

/// Returns the name of what was sent with all of these values.
fn that_finds<'a>(values: &JsonObject, found: &'a [(String, JsonObject)]) -> Option<&'a str> {
    let has_all = |sent: &JsonObject| values.iter().all(|(name, value)| sent.get(name) == Some(value));
    let first = found.iter().find(|(_, sent)| has_all(sent));
    first.map(|(name, _)| name.as_str())
}

fn refused(spec: &ToolSpec, call: &Call) -> Verdict {
    match (&call.outcome, &call.exchange) {
        (Err(CallError::InvalidInput(_)), None) => Verdict::Passed(Passed::Refused),
        (Err(error), None) => failed(&kind(error, call), text(spec, error)),
        (_, Some(_)) => failed(
            "sent",
            "what is beyond the contract was sent; it has to be refused before".to_owned(),
        ),
        (Ok(_), None) => failed("SENT", "there is a result of what has to be refused".to_owned()),
    }
}

fn taken(spec: &ToolSpec, case: &Case, ran: &Ran) -> Verdict {
    let shaped = match &ran.last.outcome {
        Ok(shaped) => shaped,
        // On a page after the first one, what is asked for was there a moment ago.
        Err(
            CallError::NotFound { .. }
            | CallError::Conflict { .. }
            // Nothing more is wrong with the tool: whether anything was done before is the same question for whoever calls it.
            | CallError::OutcomeUnknown {
                class: Some(ErrorClass::NotFound | ErrorClass::Conflict),
                ..
            },
        ) if ran.before.is_empty() => {
            return Verdict::Passed(Passed::NoSuchState);
        }
        Err(error) if refuses(error, ran.last.exchange.as_ref().map(|exchange| &exchange.answer)) => {
            let problem = format!(
                "the API refuses what the contract admits: tighten the contract ({})",
                text(spec, error)
            );
            return failed(&kind(error, &ran.last), problem);
        }
        Err(error) => return failed(&kind(error, &ran.last), text(spec, error)),
    };
    let notes = shaped.structured.get("__notes").and_then(serde_json::Value::as_array);
    let says = |text: &str| notes.is_some_and(|notes| notes.iter().any(|note| note == text));
    let calls = ran.before.iter().chain([&ran.last]);
    if calls
        .filter_map(|call| call.outcome.as_ref().ok())
        .any(|shaped| !shaped.is_whole)
    {
        let notes: Vec<_> = notes
            .into_iter()
            .flatten()
            .filter_map(serde_json::Value::as_str)
            .collect();
        return failed("PARTIAL", format!("the result is not whole: {}", notes.join("; ")));
    }
    if case.expected == Expected::Capped {
        let decoded = decode(spec, ran.last.arguments.clone());
        let capped = decoded.map(|decoded| decoded.notes).unwrap_or_default();
        if capped.is_empty() || !capped.iter().all(|note| says(note)) {
            return failed(
                "capped",
                "a value was capped, and the result does not say so".to_owned(),
            );
        }
    }
    match ran.end {
        End::Done => Verdict::Passed(Passed::Result),
        End::MorePages => Verdict::Skipped,
        End::TokenLeadsNowhere => failed("PAGING", "a page's token leads to the same page again".to_owned()),
    }
}

fn failed(kind: &str, problem: String) -> Verdict {
    Verdict::Failed {
        problem,
        kind: kind.to_owned(),
    }
}

/// Says what kind of error it is, to us and to the API, such as `UPSTREAM (HTTP 500)`.
fn kind(error: &CallError, call: &Call) -> String {
    let kind = error.kind().to_uppercase();
    match call.exchange.as_ref().map(|exchange| &exchange.answer) {
        Some(Answer::Status { status, .. }) => format!("{kind} (HTTP {status})"),
        Some(Answer::Body(body)) => match errors(body).into_iter().find_map(|error| error.error_type) {
            Some(error_type) => format!("{kind} ({error_type})"),
            None => kind,
        },
        Some(Answer::Nothing(_)) | None => kind,
    }
}

/// What the error says, for people who look after the API.
fn text(spec: &ToolSpec, error: &CallError) -> String {
    let chain = chain(error, holds_personal_data(spec));
    match error {
        CallError::InvalidInput(problems) => format!("the contract's own check refuses it: {problems}"),
        _ => chain,
    }
}

/// Whether the API itself finds fault with the arguments.
fn refuses(error: &CallError, answer: Option<&Answer>) -> bool {
    let is_refusal = |kind: &str| kind.contains("BadRequest") || kind.contains("Validation");
    if !matches!(error, CallError::Upstream { .. } | CallError::OutcomeUnknown { .. }) {
        return false;
    }
    match answer {
        Some(Answer::Status { status: 400, .. }) => true,
        Some(Answer::Status { error_type, .. }) => error_type.as_deref().is_some_and(is_refusal),
        Some(Answer::Body(body)) => errors(body)
            .iter()
            .filter_map(|error| error.error_type.as_deref())
            .any(is_refusal),
        Some(Answer::Nothing(_)) | None => false,
    }
}

/// Reads the errors of an answer, whatever else is in it.
pub(super) fn errors(body: &[u8]) -> Vec<GraphQlError> {
    #[derive(Deserialize)]
    struct Wire {
        errors: Vec<GraphQlError>,
    }
    serde_json::from_slice(body)
        .map(|Wire { errors }| errors)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_asks_for_no_less_finds_no_less() {
        let found = json!({ "id": "a", "lang": "en", "deep": true });
        for (values, expected) in [
            (json!({ "id": "a", "lang": "en", "deep": true }), true),
            (json!({ "id": "a", "lang": "en" }), true),
            (json!({ "id": "a" }), true),
            // Another thing, another filter, one filter more.
            (json!({ "id": "b" }), false),
            (json!({ "id": "a", "lang": "de" }), false),
            (json!({ "id": "a", "lang": null }), false),
            (json!({ "id": "a", "before": 1970 }), false),
        ] {
            let sent = [("everything".to_owned(), found.as_object().unwrap().clone())];
            let expected = expected.then_some("everything");
            assert_eq!(that_finds(values.as_object().unwrap(), &sent), expected, "{values}");
        }
    }
}

//! What went over the wire → what may be shown of it to whoever mends the API.
//!
//! Invariant: what is shown of an answer is bounded; the credential is in none of it, since the client takes it out.
//! Invariant: of a tool with personal data, only what its marks were applied to is shown, and of errors no words.

use serde_json::{Value, json};

use super::judge::errors;
use super::run::{Call, Callee};
use crate::call::Ctx;
use crate::dispatch::holds_personal_data;
use crate::exchange::Answer;
use crate::shape::without_personal_data;

/// The most that is shown of an answer, in bytes.
const RESPONSE_BYTES_MAX: usize = 8 * 1024;

/// Returns the request of a call: what was sent, or else what would have been.
pub(crate) fn request(callee: &Callee, ctx: &Ctx, call: &Call) -> Option<Value> {
    let dry_run = callee.dry_run(ctx, call.arguments.clone())?;
    let body = call
        .exchange
        .as_ref()
        .map_or(&dry_run.body, |exchange| &exchange.request);
    let headers = dry_run
        .headers
        .into_iter()
        .map(|(name, value)| (name, Value::from(value)));
    Some(json!({
        "method": dry_run.method,
        "url": dry_run.url,
        "headers": Value::Object(headers.collect()),
        "body": String::from_utf8_lossy(body),
    }))
}

/// Returns what may be shown of a call's answer.
pub(crate) fn response(callee: &Callee, call: &Call) -> Option<String> {
    let is_personal = holds_personal_data(callee.spec());
    let text = match &call.exchange.as_ref()?.answer {
        Answer::Nothing(why) => format!("(no answer: {why})"),
        Answer::Status {
            status,
            error_type,
            message,
        } => {
            let error_type = error_type.as_ref().map(|kind| format!(" {kind}")).unwrap_or_default();
            let message = message.as_ref().filter(|_| !is_personal);
            let message = message.map(|message| format!(": {message}")).unwrap_or_default();
            format!("HTTP {status}{error_type}{message}")
        }
        Answer::Body(body) if is_personal => personal(callee, body),
        Answer::Body(body) => String::from_utf8_lossy(body.get(..RESPONSE_BYTES_MAX).unwrap_or(body)).into_owned(),
    };
    Some(bounded(text))
}

/// The data as it decodes, with the marks applied; of the errors, what they are and where.
fn personal(callee: &Callee, body: &[u8]) -> String {
    let spec = callee.spec();
    let data = callee.decoded(body).ok().and_then(|envelope| envelope.data);
    let data = data.map(|data| without_personal_data(spec, data));
    let told = errors(body)
        .into_iter()
        .map(|error| json!({ "errorType": error.error_type }));
    let errors: Vec<_> = told.collect();
    match data {
        Some(data) => json!({ "data": data, "errors": errors }).to_string(),
        None => format!(
            "(what does not decode is not shown, since this tool has personal data; {})",
            json!({ "errors": errors })
        ),
    }
}

fn bounded(mut text: String) -> String {
    let mut end = RESPONSE_BYTES_MAX;
    if text.len() > end {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text
}

//! Turns the headers and the body of an answer that is not 200 into what an operator wants to know of it.
//!
//! AppSync sends `{"errors":[{"errorType","message"}]}`, the gateway before it `{"__type","message"}`, a firewall HTML.
//!
//! Invariant: a credential that the API quotes back is not in what is returned.
//! Invariant: identifiers are returned only if they look like identifiers; everything has a bounded length.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};
use serde::Deserialize;

use crate::envelope::GraphQlError;

/// The largest body of a refusal that is read, in bytes. AppSync's are a few hundred.
pub(crate) const BODY_BYTES_MAX: usize = 64 * 1024;

const MESSAGE_CHARS_MAX: usize = 1_000;
const IDENTIFIER_BYTES_MAX: usize = 128;

/// Shorter values than this are no credentials, and replacing them would garble the message.
const CREDENTIAL_BYTES_MIN: usize = 8;

const X_AMZN_REQUESTID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const X_AMZN_ERRORTYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// All members of all shapes.
#[derive(Default, Deserialize)]
struct Body {
    #[serde(default)]
    errors: Vec<GraphQlError>,
    #[serde(rename = "__type")]
    error_type: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

/// Returns the type and the message of the first error.
pub(crate) fn first_error(
    headers: &HeaderMap,
    body: &[u8],
    sent_headers: &HeaderMap,
) -> (Option<String>, Option<String>) {
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    let first = body.errors.into_iter().next();
    let (error_type, message) = match first {
        Some(error) => (error.error_type, Some(error.message)),
        None => (body.error_type, body.message),
    };
    let error_type = error_type
        .as_deref()
        .or_else(|| header(headers, &X_AMZN_ERRORTYPE))
        .and_then(type_name);
    (
        error_type,
        message
            .map(|message| presentable(message, sent_headers))
            .filter(|message| !message.is_empty()),
    )
}

/// Returns AppSync's name for the request in its logs.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    header(headers, &X_AMZN_REQUESTID).and_then(identifier)
}

/// Returns how long to wait. Only the form in seconds is read; AWS sends no other.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    header(headers, &RETRY_AFTER)?
        .trim()
        .parse()
        .ok()
        .map(Duration::from_secs)
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Takes the name out of `com.amazon.coral#NAME` and `NAME:http://internal.amazon.com/...`.
fn type_name(text: &str) -> Option<String> {
    let text = text.rsplit_once('#').map_or(text, |(_, name)| name);
    identifier(text.split_once(":http").map_or(text, |(name, _)| name))
}

fn identifier(text: &str) -> Option<String> {
    let text = text.trim();
    let is_identifier = (1..=IDENTIFIER_BYTES_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:=".contains(&byte));
    is_identifier.then(|| text.to_owned())
}

/// Takes out what was sent as a secret: API Gateway, for one, quotes an `Authorization` that it can't parse.
fn presentable(message: String, sent_headers: &HeaderMap) -> String {
    let secrets = sent_headers.values().filter(|value| value.is_sensitive());
    let message = secrets
        .filter_map(|value| value.to_str().ok())
        .fold(message, |message, secret| {
            if secret.len() < CREDENTIAL_BYTES_MIN {
                message
            } else {
                message.replace(secret, "[redacted]")
            }
        });
    message.chars().take(MESSAGE_CHARS_MAX).collect()
}

//! Turns the headers and the body of an answer that is not 200 into what an operator wants to know of it.
//!
//! AppSync sends `{"errors":[{"errorType","message"}]}`, the gateway before it `{"__type","message"}`, a firewall HTML.
//!
//! Invariant: a credential that the API quotes back is in no body that is read on: [`hide`] goes first.
//! Invariant: identifiers are returned only if they look like identifiers; everything has a bounded length.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use serde::Deserialize;

use crate::auth::BEARER;
use crate::graphql_error::GraphQlError;

/// The largest body of a refusal that is read, in bytes. AppSync's are a few hundred.
pub(crate) const BODY_BYTES_MAX: usize = 64 * 1024;

const MESSAGE_CHARS_MAX: usize = 1_000;
const ERROR_TYPE_BYTES_MAX: usize = 128;

/// AppSync's are UUIDs, of 36 bytes.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// The longest wait that is believed; whoever is told to wait for days does not come back.
const RETRY_AFTER_MAX_S: u64 = 3_600;

/// Shorter values than this are no credentials, and overwriting them would garble the answer.
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

/// Overwrites what was sent as a secret: API Gateway, for one, quotes an `Authorization` that it can't parse.
///
/// The length stays, so that JSON stays the same JSON.
pub(crate) fn hide(sent_headers: &HeaderMap, body: &mut [u8]) {
    for secret in credentials(sent_headers) {
        let (mut places, mut start) = (Vec::new(), 0);
        // A credential is ASCII, so it stands within one chunk.
        for chunk in body.utf8_chunks() {
            places.extend(chunk.valid().match_indices(&*secret).map(|(at, _)| start + at));
            start += chunk.valid().len() + chunk.invalid().len();
        }
        for place in places {
            if let Some(quoted) = body.get_mut(place..place + secret.len()) {
                quoted.fill(b'*');
            }
        }
    }
}

/// Returns the type and the message of the first error.
pub(crate) fn first_error(headers: &HeaderMap, body: &[u8]) -> (Option<String>, Option<String>) {
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
            .map(|message| message.chars().take(MESSAGE_CHARS_MAX).collect::<String>())
            .filter(|message| !message.is_empty()),
    )
}

/// Returns AppSync's name for the request in its logs.
pub(crate) fn request_id(headers: &HeaderMap, sent_headers: &HeaderMap) -> Option<String> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    header(headers, &X_AMZN_REQUESTID)
        .filter(|text| credentials(sent_headers).all(|secret| !text.contains(&*secret)))
        .and_then(|text| identifier(text, REQUEST_ID_BYTES_MAX, is_part))
}

/// Returns how long to wait. Only the form in seconds is read; AWS sends no other.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = header(headers, &RETRY_AFTER)?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // What is too large for the type is too large anyway.
    is_number.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX).min(RETRY_AFTER_MAX_S)))
}

/// Returns when the API answered, by its own clock.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(header(headers, &DATE)?).ok()
}

/// Returns what was sent as a secret, also as JSON may write it.
fn credentials(sent_headers: &HeaderMap) -> impl Iterator<Item = Cow<'_, str>> {
    let values = sent_headers.values().filter(|value| value.is_sensitive());
    let secrets = values
        .filter_map(|value| value.to_str().ok())
        .map(|value| value.strip_prefix(BEARER).unwrap_or(value))
        .filter(|secret| secret.len() >= CREDENTIAL_BYTES_MIN);
    secrets.flat_map(|secret| {
        let escaped = secret.contains('/').then(|| Cow::Owned(secret.replace('/', r"\/")));
        [Some(Cow::Borrowed(secret)), escaped].into_iter().flatten()
    })
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Takes the name out of `com.amazon.coral#NAME` and `NAME:http://internal.amazon.com/...`.
fn type_name(text: &str) -> Option<String> {
    let text = text.rsplit_once('#').map_or(text, |(_, name)| name);
    let text = text.split_once(":http").map_or(text, |(name, _)| name);
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    identifier(text, ERROR_TYPE_BYTES_MAX, is_part)
}

fn identifier(text: &str, bytes_max: usize, is_part: impl Fn(u8) -> bool) -> Option<String> {
    let text = text.trim();
    ((1..=bytes_max).contains(&text.len()) && text.bytes().all(is_part)).then(|| text.to_owned())
}

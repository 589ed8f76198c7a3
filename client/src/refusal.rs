//! Turns the headers and the body of an answer that is not 200 into what an operator wants to know of it.
//!
//! AppSync sends `{"errors":[{"errorType","message"}]}`, the gateway before it `{"__type","message"}`, a firewall HTML.
//!
//! Invariant: a credential of sixteen characters or more that the API quotes back is in no body that is read on: [`hide`] goes
//! first.
//! Invariant: identifiers are returned only if they look like identifiers; everything has a bounded length.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::auth::BEARER;
use crate::graphql_error::GraphQlError;
use crate::repair;

/// The largest body of a refusal that is read, in bytes. AppSync's are a few hundred.
pub(crate) const BODY_BYTES_MAX: usize = 64 * 1024;

const MESSAGE_CHARS_MAX: usize = 1_000;
const ERROR_TYPE_BYTES_MAX: usize = 128;

/// AppSync's are UUIDs, of 36 bytes.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// The longest wait that is believed; whoever is told to wait for days does not come back.
const RETRY_AFTER_MAX: Duration = Duration::from_hours(1);

/// The most backslashes before a character: JSON three times in JSON.
const ESCAPES_MAX: usize = 7;

/// Shorter values may be words, and overwriting those would garble the answer. An access key id has 16 characters at the least
/// (IAM's API reference), an API key of AppSync 30.
const CREDENTIAL_BYTES_MIN: usize = 16;

/// Shorter parts of a credential than this are worth nothing by themselves.
const PART_BYTES_MIN: usize = 16;

const X_AMZN_REQUESTID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const X_AMZN_ERRORTYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// All members of all shapes.
#[derive(Default, Deserialize)]
struct Body {
    data: Option<IgnoredAny>,
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
        let mut at = 0;
        while let Some(rest) = body.get_mut(at..).filter(|rest| !rest.is_empty()) {
            let length = spelled(rest, secret);
            rest.iter_mut().take(length).for_each(|byte| *byte = b'*');
            at += length.max(1);
        }
    }
}

/// Returns how many bytes at the beginning of a text spell a secret; 0 if it does not begin so.
fn spelled(text: &[u8], secret: &str) -> usize {
    let rest = secret.bytes().try_fold(text, after);
    rest.map_or(0, |rest| text.len() - rest.len())
}

/// Takes a character off the beginning of a text, if it is there: as it is, escaped as in JSON or in JSON that is a text in
/// JSON, or percent-encoded.
fn after(text: &[u8], character: u8) -> Option<&[u8]> {
    text.strip_prefix(&[character]).or_else(|| match text.first()? {
        b'\\' => {
            let backslashes = text.iter().take(ESCAPES_MAX).take_while(|byte| **byte == b'\\');
            let escaped = text.get(backslashes.count()..)?;
            after_number(escaped, b"u", 4, character).or_else(|| escaped.strip_prefix(&[character]))
        }
        b'%' => after_number(text, b"%", 2, character),
        _ => None,
    })
}

/// Takes a character off that is written as a sign and its number in so many hexadecimal digits.
fn after_number<'a>(text: &'a [u8], sign: &[u8], digits: usize, character: u8) -> Option<&'a [u8]> {
    let (number, rest) = text.strip_prefix(sign)?.split_at_checked(digits)?;
    let number = u32::from_str_radix(std::str::from_utf8(number).ok()?, 16);
    (number == Ok(character.into())).then_some(rest)
}

/// Returns the type and the message of the first error, and whether the body tells that a resolver was begun.
pub(crate) fn first_error(
    headers: &HeaderMap,
    sent_headers: &HeaderMap,
    body: &[u8],
) -> (Option<String>, Option<String>, bool) {
    let (body, _replaced): (Body, _) = repair::read(body, |_, _| ()).unwrap_or_default();
    let was_begun = body.data.is_some() || body.errors.iter().any(GraphQlError::is_of_resolver);
    let first = body.errors.into_iter().next();
    let (error_type, message) = match first {
        Some(error) => (error.error_type, Some(error.message)),
        None => (body.error_type, body.message),
    };
    let error_type = error_type
        .as_deref()
        .or_else(|| header(headers, &X_AMZN_ERRORTYPE))
        .and_then(type_name)
        .filter(|name| !is_of_credential(sent_headers, name));
    (
        error_type,
        message
            .map(|message| message.chars().take(MESSAGE_CHARS_MAX).collect::<String>())
            .filter(|message| !message.is_empty()),
        was_begun,
    )
}

/// Returns AppSync's name for the request in its logs.
pub(crate) fn request_id(headers: &HeaderMap, sent_headers: &HeaderMap) -> Option<String> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    header(headers, &X_AMZN_REQUESTID)
        .and_then(|text| identifier(text, REQUEST_ID_BYTES_MAX, is_part))
        .filter(|id| !is_of_credential(sent_headers, id))
}

/// Returns how long to wait, from seconds or from a date (RFC 9110, section 10.2.3). A date that is over asks for no wait.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = header(headers, &RETRY_AFTER)?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let wait = if is_number {
        // What is too large for the type is too large anyway.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let until = httpdate::parse_http_date(text).ok()?;
        // By the clock that set the date, if it is told.
        let now = date(headers).unwrap_or_else(SystemTime::now);
        until.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(RETRY_AFTER_MAX))
}

/// Returns when the API answered, by its own clock.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(header(headers, &DATE)?).ok()
}

/// Says whether a text has a credential in it, or is itself cut out of one.
fn is_of_credential(sent_headers: &HeaderMap, text: &str) -> bool {
    credentials(sent_headers)
        .any(|secret| text.contains(secret) || (text.len() >= CREDENTIAL_BYTES_MIN && secret.contains(text)))
}

/// Returns what was sent as a secret. No copies: nobody would overwrite them.
fn credentials(sent_headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = sent_headers.values().filter(|value| value.is_sensitive());
    values.filter_map(|value| value.to_str().ok()).flat_map(secrets_of)
}

/// Returns what is secret in a header's value: all of it and, of a token, what it says and what proves it; of a signature,
/// the name of the key and the proof.
fn secrets_of(value: &str) -> Vec<&str> {
    if let Some((_, signature)) = value.split_once("Credential=") {
        let key = signature.split('/').next();
        let proof = signature.rsplit('=').next();
        let is_long = |text: &&str| text.len() >= CREDENTIAL_BYTES_MIN;
        return key.into_iter().chain(proof).filter(is_long).collect();
    }
    let value = value.strip_prefix(BEARER).unwrap_or(value);
    // What the first part says, the algorithm, is the same for everybody.
    let parts = value.split('.').skip(1).filter(|part| part.len() >= PART_BYTES_MIN);
    let whole = (value.len() >= CREDENTIAL_BYTES_MIN).then_some(value);
    whole.into_iter().chain(parts).collect()
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

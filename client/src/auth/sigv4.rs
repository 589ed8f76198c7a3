//! Signs one request by AWS Signature Version 4, over the exact bytes that are sent.
//!
//! Invariant: pure; the same input makes the same headers.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign as sign_request};
use aws_sigv4::sign::v4;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName};

use super::{Outgoing, sensitive};

#[cfg(test)]
mod tests;

/// What AppSync is called in signatures, its data plane and its control plane alike.
const SERVICE: &str = "appsync";

const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
pub(super) const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// Why a request can't be signed: its URL or the region is none that a signature can be made for.
#[derive(Debug, thiserror::Error)]
#[error("failed to sign the request")]
pub struct SigningError(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Returns the headers that carry the signature: `authorization`, `x-amz-date` and, for temporary credentials,
/// `x-amz-security-token`.
///
/// Signed are the method, the path, the query, the body, and the headers `host`, those that are returned and, of a POST,
/// `content-type`.
pub(super) fn sign(
    outgoing: Outgoing<'_>,
    credentials: &Credentials,
    region: &str,
    time: SystemTime,
) -> Result<HeaderMap, SigningError> {
    // What has no body has no type of one.
    let content_type = (outgoing.method == Method::POST).then_some((CONTENT_TYPE.as_str(), super::CONTENT_TYPE_JSON));
    let request = SignableRequest::new(
        outgoing.method.as_str(),
        outgoing.url.as_str(),
        content_type.into_iter(),
        SignableBody::Bytes(outgoing.body),
    )
    .map_err(|error| SigningError(error.into()))?;
    sign_for(SERVICE, SigningSettings::default(), request, credentials, region, time)
}

fn sign_for(
    service: &str,
    settings: SigningSettings,
    request: SignableRequest<'_>,
    credentials: &Credentials,
    region: &str,
    time: SystemTime,
) -> Result<HeaderMap, SigningError> {
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(time)
        .settings(settings)
        .build()
        .map_err(|error| SigningError(error.into()))?
        .into();
    let (instructions, _signature) = sign_request(request, &parameters)
        .map_err(|error| SigningError(error.into()))?
        .into_parts();
    let mut headers = HeaderMap::new();
    for (name, value) in instructions.headers() {
        // `x-amz-date` is no secret, and what is sensitive is left out of what the API is quoted as saying.
        let name = match name {
            "authorization" => AUTHORIZATION,
            "x-amz-date" => X_AMZ_DATE,
            "x-amz-security-token" => X_AMZ_SECURITY_TOKEN,
            // The settings ask for no others.
            _ => continue,
        };
        let mut value = sensitive(value);
        value.set_sensitive(name != X_AMZ_DATE);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// Returns the time that headers were signed for.
pub(super) fn signed_at(headers: &HeaderMap) -> Option<SystemTime> {
    let text = headers.get(X_AMZ_DATE)?.to_str().ok()?;
    // `20150830T123600Z`, which is ISO 8601 without what separates the parts.
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (year, month, day) = (date.get(..4)?, date.get(4..6)?, date.get(6..)?);
    let (hour, minute, second) = (time.get(..2)?, time.get(2..4)?, time.get(4..)?);
    let text = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
    DateTime::from_str(&text, Format::DateTime).ok()?.try_into().ok()
}

//! What is answered over HTTP: refusals, answers, and what faults make of them.
//!
//! Invariant: every answer has an `x-amzn-requestid`.

use std::convert::Infallible;
use std::future::ready;
use std::io;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use crate::auth::{EXPIRED, Refusal, random_hex};
use crate::envelope::exception;
use crate::fault::{Active, Fault};

/// An oversized answer, in chunks of this text.
const OVERSIZED_CHUNKS: usize = 512;
static OVERSIZED_CHUNK: [u8; 64 * 1024] = [b'x'; 64 * 1024];

/// The answer to a request that broke something.
pub(crate) fn internal_failure() -> Response {
    answer(
        StatusCode::INTERNAL_SERVER_ERROR,
        exception("InternalFailure", "An internal failure occurred."),
    )
}

/// The answer of a fault that comes before AppSync looks at a request.
pub(crate) fn fault_instead(faults: &Active) -> Option<Response> {
    if faults.has(Fault::Throttling) {
        let mut response = answer(
            StatusCode::TOO_MANY_REQUESTS,
            exception("TooManyRequestsException", "Rate exceeded"),
        );
        response
            .headers_mut()
            .insert("x-amzn-errortype", HeaderValue::from_static("TooManyRequestsException"));
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("1"));
        return Some(response);
    }
    if faults.has(Fault::ServerError) {
        return Some(internal_failure());
    }
    if faults.has(Fault::Unavailable) {
        return Some(answer(
            StatusCode::SERVICE_UNAVAILABLE,
            serde_json::json!({ "message": "Service Unavailable" }),
        ));
    }
    if faults.has(Fault::HtmlError) {
        let page = "<!DOCTYPE html>\n<html><head><title>403 Forbidden</title></head>\n<body><h1>403 Forbidden</h1>\n\
            <p>Request blocked. We can't connect to the server for this app or website at this time.</p></body></html>\n";
        return Some(respond(StatusCode::FORBIDDEN, "text/html", Body::from(page)));
    }
    faults.has(Fault::UnauthorizedExpired).then(|| refuse(&EXPIRED))
}

/// The answer to a request that was carried out, spoilt if a fault says so.
pub(crate) fn fault_after(faults: &Active, mut body: Value) -> Response {
    if faults.has(Fault::CutConnection) {
        return cut_connection();
    }
    if faults.has(Fault::CutInAnswer) {
        return cut_in_answer(&body);
    }
    if faults.has(Fault::Oversized) {
        return oversized();
    }
    if faults.has(Fault::SchemaDrift) {
        drift(&mut body);
    }
    if faults.has(Fault::Malformed) {
        let mut text = body.to_string().into_bytes();
        text.truncate(text.len() / 2);
        return respond(StatusCode::OK, JSON, Body::from(text));
    }
    answer(StatusCode::OK, body)
}

/// Numbers become text, and names null: what a client meets whose schema is older than the API.
fn drift(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(drift),
        Value::Object(fields) => {
            for (key, field) in fields {
                match (key.as_str(), &*field) {
                    ("employees" | "itemCount" | "creditsLeft" | "added" | "score", Value::Number(number)) => {
                        *field = number.to_string().into();
                    }
                    ("name", Value::String(_)) => *field = Value::Null,
                    _ => drift(field),
                }
            }
        }
        _ => {}
    }
}

/// A body that fails before its first byte: hyper then drops the connection with nothing sent.
pub(crate) fn cut_connection() -> Response {
    let cut = ready(Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)));
    respond(StatusCode::OK, JSON, Body::from_stream(stream::once(cut)))
}

/// As many bytes are promised as the answer has, and half of them come.
fn cut_in_answer(body: &Value) -> Response {
    let mut text = body.to_string().into_bytes();
    let length = text.len();
    text.truncate(length / 2);
    let half = stream::once(ready(Ok(Bytes::from(text))));
    let cut = stream::once(async {
        // What was written so far is sent first.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    let mut response = respond(StatusCode::OK, JSON, Body::from_stream(half.chain(cut)));
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}

fn oversized() -> Response {
    let chunks = (0..OVERSIZED_CHUNKS).map(|_| Bytes::from_static(&OVERSIZED_CHUNK));
    let all = std::iter::once(Bytes::from_static(b"{\"data\":{\"padding\":\""))
        .chain(chunks)
        .chain([Bytes::from_static(b"\"}}")]);
    respond(
        StatusCode::OK,
        JSON,
        Body::from_stream(stream::iter(all.map(Ok::<_, Infallible>))),
    )
}

/// The answer to a caller who is turned away.
pub(crate) fn refuse(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::UNAUTHORIZED);
    let mut response = answer(status, exception(refusal.error_type, &refusal.message));
    response
        .headers_mut()
        .insert("x-amzn-errortype", HeaderValue::from_static(refusal.error_type));
    response
}

/// The answer to what is no GraphQL request.
pub(crate) fn malformed_request(message: &str) -> Response {
    let mut response = answer(
        StatusCode::BAD_REQUEST,
        exception("MalformedHttpRequestException", message),
    );
    response.headers_mut().insert(
        "x-amzn-errortype",
        HeaderValue::from_static("MalformedHttpRequestException"),
    );
    response
}

pub(crate) async fn method_not_allowed() -> Response {
    answer(
        StatusCode::METHOD_NOT_ALLOWED,
        exception("UnsupportedOperation", "Only POST is served here."),
    )
}

pub(crate) async fn not_found() -> Response {
    answer(
        StatusCode::NOT_FOUND,
        exception("NotFoundException", "There is nothing here but /graphql."),
    )
}

const JSON: &str = "application/json;charset=UTF-8";

/// An answer with a body of JSON.
#[expect(clippy::needless_pass_by_value, reason = "every caller is done with the body")]
pub(crate) fn answer(status: StatusCode, body: Value) -> Response {
    respond(status, JSON, Body::from(body.to_string()))
}

fn respond(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = (status, body).into_response();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(id) = HeaderValue::from_str(&request_id()) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

/// A UUID, version 4.
fn request_id() -> String {
    let hex = random_hex();
    format!(
        "{:.8}-{:.4}-4{:.3}-a{:.3}-{:.12}",
        hex,
        skip(&hex, 8),
        skip(&hex, 12),
        skip(&hex, 15),
        skip(&hex, 18)
    )
}

fn skip(text: &str, bytes: usize) -> &str {
    text.get(bytes..).unwrap_or_default()
}

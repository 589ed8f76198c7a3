//! Turns a document and its variables into the body of one request, and a request into a text for people to read.
//!
//! Invariant: the bytes of a [`Request`] are the bytes that are sent; a signature over them stays true.
//! Invariant: `Debug` shows sizes, never arguments or answers.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde::Serialize;

/// One GraphQL request and what it may cost. Cloning and sending it again sends the same bytes.
#[derive(Clone)]
pub struct Request {
    /// The JSON text that is sent.
    pub body: Bytes,
    /// The longest wait for the whole call, from getting the credential to the last byte of the answer.
    pub timeout: Duration,
    /// The largest answer that is taken, in bytes.
    pub response_bytes_max: usize,
}

/// An answer with status 200.
#[derive(Clone)]
pub struct Response {
    /// The bytes of the answer; decode them with [`Envelope::decode`](crate::Envelope::decode).
    pub body: Bytes,
    /// AppSync's name for this request in its logs.
    pub request_id: Option<String>,
    /// When the API answered, by its own clock.
    pub date: Option<SystemTime>,
}

/// A request as it would be sent, without the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRun {
    /// The HTTP method.
    pub method: &'static str,
    /// The URL; a query is left out.
    pub url: String,
    /// Names and values, those of secrets redacted.
    pub headers: Vec<(String, String)>,
    /// The JSON text.
    pub body: Bytes,
}

/// The variables are no JSON, such as a map whose keys are not strings.
#[derive(Debug, thiserror::Error)]
#[error("failed to write the variables as JSON")]
pub struct EncodeError(#[source] serde_json::Error);

/// What AppSync takes. The order of the members is the order on the wire.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a, V> {
    query: &'a str,
    variables: &'a V,
    operation_name: &'a str,
}

impl Request {
    /// Returns the bytes for [`Request::body`].
    pub fn encode(document: &str, operation_name: &str, variables: &impl Serialize) -> Result<Bytes, EncodeError> {
        let body = Body {
            query: document,
            variables,
            operation_name,
        };
        serde_json::to_vec(&body).map(Bytes::from).map_err(EncodeError)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("body_bytes", &self.body.len())
            .field("timeout", &self.timeout)
            .field("response_bytes_max", &self.response_bytes_max)
            .finish()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("body_bytes", &self.body.len())
            .field("request_id", &self.request_id)
            .field("date", &self.date)
            .finish()
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.url)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        write!(f, "\n{}", String::from_utf8_lossy(&self.body))
    }
}

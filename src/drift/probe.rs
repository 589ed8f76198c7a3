//! A tool's whole document → what the API's own validation has against it. Nothing of the tool is carried out.
//!
//! The document is sent with a second operation in it, `query AppsyncMcpProbe { __typename }`, and it is that one which the
//! request names. GraphQL validates a document as a whole before it executes one operation of it
//! (<https://spec.graphql.org/September2025/#sec-Validation>,
//! <https://spec.graphql.org/September2025/#GetOperation()>): so the tool's operation is validated and is not executed, be the
//! document valid or not, and not even by an API that validates nothing. That is why writes are probed without leave.
//!
//! Invariant: the name in the request is always the probe's.

use std::time::Duration;

use appsync_mcp_client::{Client, Envelope, ErrorTypes, Request, SendError};
use serde_json::{Value, json};

use super::CheckError;
use crate::quote;
use crate::tool::ToolSpec;

const PROBE: &str = "AppsyncMcpProbe";

/// Far more than an error for each line of a document takes.
const RESPONSE_BYTES_MAX: usize = 1024 * 1024;

/// The most of the API's reasons that are kept.
const REASONS_MAX: usize = 10;

/// What AppSync says of a text that it can't read as a document of its schema.
const UNREADABLE: &str = "Unable to parse GraphQL query.";

/// Returns what the API has against a tool's document, in its own words; nothing if it would take it.
pub(super) async fn probe(
    client: &Client,
    spec: &ToolSpec,
    errors: &ErrorTypes,
    timeout: Duration,
) -> Result<Vec<String>, CheckError> {
    let document = document(spec);
    let body = Request::encode(&document, PROBE, &json!({})).map_err(|error| CheckError::Unreadable(error.into()))?;
    let request = Request {
        body,
        timeout,
        response_bytes_max: RESPONSE_BYTES_MAX,
    };
    let answer = match client.send(&request).await {
        Ok(answer) => answer,
        Err(SendError::Status {
            status: 400,
            message: Some(message),
            ..
        }) if message.starts_with(UNREADABLE) => return Ok(vec![quote::line(&message)]),
        Err(error) => return Err(error.into()),
    };
    let envelope = Envelope::<Value>::decode(&answer.body).map_err(|error| CheckError::Unreadable(error.into()))?;
    if envelope.data.is_some() {
        return Ok(Vec::new());
    }
    // An error of the validation has no type; what has one is about the caller, or about the API's own state.
    let is_of_validation = |ty: &str| ty == "ValidationError";
    if let Some(error) = envelope
        .errors
        .iter()
        .find(|error| error.error_type.as_deref().is_some_and(|ty| !is_of_validation(ty)))
    {
        return Err(CheckError::refused(error, errors));
    }
    let reasons = envelope.errors.iter().take(REASONS_MAX);
    Ok(reasons.map(|error| quote::line(&error.message)).collect())
}

/// Returns a tool's document with all that a call can bring in, and the probe.
fn document(spec: &ToolSpec) -> String {
    let segments = spec.document.iter().map(|segment| segment.text);
    let mut document: String = segments.collect();
    document.push_str("\nquery ");
    document.push_str(PROBE);
    document.push_str(" { __typename }\n");
    document
}

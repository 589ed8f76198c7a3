//! A tool's whole document → what the API's own validation has against it. Nothing of the tool is carried out.
//!
//! The document is sent with a second operation in it, `query AppsyncMcpProbe { __typename }`, and it is that one which the
//! request names. GraphQL validates a document as a whole before it executes one operation of it
//! (<https://spec.graphql.org/September2025/#sec-Validation>,
//! <https://spec.graphql.org/September2025/#GetOperation()>): so the tool's operation is validated and is not executed, be the
//! document valid or not, and not even by an API that validates nothing. That is why writes are probed without leave.
//!
//! An API that takes whatever comes would seem to take each tool. So before them goes a control, a document that each schema
//! refuses; unless it is refused, and for that reason, nothing is known.
//!
//! Invariant: the name in the request is always the probe's.
//! Invariant: a document is taken if the probe has its data, and there is no error beside it.

use std::time::Duration;

use appsync_mcp_client::{Client, Envelope, ErrorTypes, Request, SendError};
use serde::Deserialize;
use serde_json::json;

use super::CheckError;
use crate::quote;
use crate::tool::ToolSpec;

const PROBE: &str = "AppsyncMcpProbe";

/// The field of the control.
const NO_SUCH_FIELD: &str = "appsyncMcpNoSuchField";

/// Far more than an error for each line of a document takes.
const RESPONSE_BYTES_MAX: usize = 1024 * 1024;

/// The most of the API's reasons that are kept.
const REASONS_MAX: usize = 10;

/// What AppSync says of a text that it can't read as a document of its schema.
const UNREADABLE: &str = "Unable to parse GraphQL query.";

/// Makes sure that the API validates: it has to refuse a field that no schema has, and to say so.
pub(super) async fn control(client: &Client, errors: &ErrorTypes, timeout: Duration) -> Result<(), CheckError> {
    let document = with_probe(format!("query AppsyncMcpControl {{ {NO_SUCH_FIELD} }}"));
    let reasons = send(client, &document, errors, timeout).await?;
    // Only who has read the document names the field.
    if reasons.iter().any(|reason| reason.contains(NO_SUCH_FIELD)) {
        return Ok(());
    }
    Err(CheckError::NotValidating {
        said: reasons.into_iter().next(),
    })
}

/// Returns what the API has against a tool's document, in its own words; nothing if it would take it.
pub(super) async fn probe(
    client: &Client,
    spec: &ToolSpec,
    errors: &ErrorTypes,
    timeout: Duration,
) -> Result<Vec<String>, CheckError> {
    // All that a call can bring in.
    let segments = spec.document.iter().map(|segment| segment.text);
    send(client, &with_probe(segments.collect()), errors, timeout).await
}

/// Returns a document with the probe in it.
fn with_probe(mut document: String) -> String {
    document.push_str("\nquery ");
    document.push_str(PROBE);
    document.push_str(" { __typename }\n");
    document
}

/// The data of the probe.
#[derive(Deserialize)]
struct Probed {
    #[serde(rename = "__typename")]
    _typename: String,
}

/// Returns why the API refuses a document; nothing if it takes it.
async fn send(
    client: &Client,
    document: &str,
    errors: &ErrorTypes,
    timeout: Duration,
) -> Result<Vec<String>, CheckError> {
    let body = Request::encode(document, PROBE, &json!({})).map_err(|error| CheckError::Unreadable(error.into()))?;
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
    let envelope = Envelope::<Probed>::decode(&answer.body).map_err(|error| CheckError::Unreadable(error.into()))?;
    // An error of the validation has no type, and no data beside it; any other is about the caller, or the API's own state.
    let is_of_validation = |ty: Option<&str>| ty.is_none_or(|ty| ty == "ValidationError");
    if let Some(error) = envelope
        .errors
        .iter()
        .find(|error| envelope.data.is_some() || !is_of_validation(error.error_type.as_deref()))
    {
        return Err(CheckError::refused(error, errors));
    }
    let reasons = envelope.errors.iter().take(REASONS_MAX);
    Ok(reasons.map(|error| quote::line(&error.message)).collect())
}

//! A connection → the API's SDL by introspection, which tells no applied directives.

use std::{error::Error, time::Duration};

use appsync_mcp_client::{Client, Limits, Request, SendError, settings::Connection};
use appsync_mcp_codegen::{INTROSPECTION_QUERIES, Introspected, introspected};
use serde_json::json;

use super::{Failure, mask::masked, source::Said};
use crate::voice;

/// The longest that an answer may take; AppSync gives up on itself after 30 s.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The largest answer that is taken, in bytes. AppSync's own have 5 MB at most.
const RESPONSE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What to do where an API does not tell its schema.
const INSTEAD: &str = "help: where introspection is switched off, name the API with `--api-id ID`, for which AppSync's \
    control plane is asked, or a file with `--from FILE`, such as \
    `aws appsync get-introspection-schema --format SDL --include-directives` writes";

/// Asks the API for its schema.
pub(super) async fn read(connection: Connection) -> Result<Said, Failure> {
    for warning in connection
        .check()
        .await
        .map_err(|error| Failure::Setup(masked(&error.to_string())))?
    {
        voice::warning(warning);
    }
    let about = connection.endpoint.to_string();
    let client = connection.client(Limits::DEFAULT);
    let mut refusal = None;
    for query in INTROSPECTION_QUERIES {
        match ask(&client, query, &about).await? {
            Ok(introspected) => return Ok(introspected.into()),
            // What is said of the first is what is wrong, if the last is not taken either.
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    let refusal = refusal.unwrap_or_default();
    Err(Failure::Source(format!("{about}: {refusal}\n{INSTEAD}")))
}

/// Sends one query; the inner error is a refusal.
async fn ask(client: &Client, query: &str, about: &str) -> Result<Result<Introspected, String>, Failure> {
    let failure = |text: String| Failure::Source(format!("failed to read the schema of {about}: {text}"));
    let body = Request::encode(query, "IntrospectionQuery", &json!({})).map_err(|error| failure(error.to_string()))?;
    let request = Request {
        body,
        timeout: TIMEOUT,
        response_bytes_max: RESPONSE_BYTES_MAX,
    };
    let answer = match client.send(&request).await {
        Ok(response) => response.body,
        // A query that is not valid is a bad request to some servers.
        Err(error @ SendError::Status { status: 400, .. }) => return Ok(Err(told(&error))),
        Err(error) => return Err(failure(told(&error))),
    };
    let text = std::str::from_utf8(&answer).map_err(|_| failure("the answer is not UTF-8".to_owned()))?;
    Ok(introspected(text).map_err(|error| masked(&error.to_string())))
}

/// Returns what is known of why there is no answer, the API's own words among it, without accounts.
pub(super) fn told(error: &SendError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
        source = error.source();
    }
    if let SendError::Status {
        message: Some(message), ..
    } = error
    {
        let message: String = message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text = format!("{text}: {message}");
    }
    masked(&text)
}

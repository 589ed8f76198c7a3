//! The API's schema as it is by now × the contract → for each tool, why it would fail.
//!
//! Where the API tells its schema, that is compared with what each tool stands on; where it does not, its own validation is
//! asked about each tool's document, after it has shown that it refuses what it should.
//!
//! Invariant: nothing that a tool does is done here.
//! Invariant: what could not be found out is an error, and never "nothing has changed".

mod compare;
mod live;
mod probe;
mod ty;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::time::Duration;

use appsync_mcp_client::{Client, Envelope, ErrorClass, ErrorTypes, GraphQlError, Request, SendError};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;

use self::live::Live;
use crate::quote;
use crate::tool::{Contract, ToolSpec};

/// The longest wait for one answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A schema may have a megabyte of SDL, and introspection takes some ten times as much.
const SCHEMA_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The most documents that the API validates at a time.
const PROBES_MAX: usize = 4;

/// The most reasons that are told of a tool.
const REASONS_SHOWN_MAX: usize = 5;

/// What was found.
#[derive(Debug)]
pub(crate) struct Drift {
    /// How it was found.
    pub(crate) means: Means,
    /// By the names of the tools that would fail.
    reasons: BTreeMap<&'static str, Vec<String>>,
}

/// How a schema is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// The API told its schema. Reasons are made of its names, and fit for a model.
    Introspection,
    /// The API's validation was asked. Reasons are the API's own words.
    Validation,
}

impl fmt::Display for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Introspection => "introspection",
            Self::Validation => "validation",
        })
    }
}

/// Why nothing could be found out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    /// There is no answer.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The API refuses to answer.
    #[error("the API answered {what}")]
    Refused {
        /// What it says, shortened.
        what: String,
        /// Whether it is a matter of the credential.
        is_unauthorized: bool,
    },
    /// What answers is not the API.
    #[error("the answer can't be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What answers takes documents that no schema allows, so that its taking a tool's says nothing.
    #[error(
        "the API tells no schema, and does not validate: a field that no schema has was not refused as such{}",
        said.as_deref().map(|said| format!(", but with: {said}")).unwrap_or_default()
    )]
    NotValidating {
        /// What it says instead, shortened.
        said: Option<String>,
    },
    /// Time ran out.
    #[error("there was no answer in {} s", _0.as_secs())]
    Late(Duration),
}

impl CheckError {
    fn refused(error: &GraphQlError, types: &ErrorTypes) -> Self {
        let ty = error.error_type.as_deref();
        let what = match ty {
            Some(ty) => format!("{}: {}", quote::line(ty), quote::line(&error.message)),
            None => quote::line(&error.message),
        };
        Self::Refused {
            what,
            is_unauthorized: matches!(types.classify(error), ErrorClass::Unauthorized | ErrorClass::Expired),
        }
    }
}

impl Drift {
    /// Returns why a tool would fail, in one line; nothing if it would not.
    pub(crate) fn of(&self, tool: &str) -> Option<String> {
        let reasons = self.reasons.get(tool)?;
        let mut text = reasons
            .iter()
            .take(REASONS_SHOWN_MAX)
            .cloned()
            .collect::<Vec<_>>()
            .join("; ");
        if let Some(more) = reasons.len().checked_sub(REASONS_SHOWN_MAX).filter(|more| *more > 0) {
            let _ = write!(text, "; and {more} more");
        }
        Some(text)
    }

    /// Returns why a tool would fail, in words for a model: what an API says is not for it.
    pub(crate) fn for_model(&self, tool: &str) -> Option<String> {
        let reasons = self.of(tool)?;
        Some(match self.means {
            Means::Introspection => reasons,
            Means::Validation => "the API's own validation refuses its document".to_owned(),
        })
    }

    /// Returns the names of the tools that would fail.
    pub(crate) fn tools(&self) -> impl Iterator<Item = &'static str> {
        self.reasons.keys().copied()
    }
}

/// Compares, within this time.
pub(crate) async fn check(client: &Client, contract: &'static Contract, within: Duration) -> Result<Drift, CheckError> {
    tokio::time::timeout(within, compare(client, contract))
        .await
        .unwrap_or(Err(CheckError::Late(within)))
}

async fn compare(client: &Client, contract: &'static Contract) -> Result<Drift, CheckError> {
    let specs = contract.tools.iter().map(crate::tool::Tool::spec);
    // What the contract withholds may be so because it does not fit any more.
    let specs = specs.filter(|spec| spec.disabled.is_none());
    let (means, found): (_, Vec<_>) = if let Some(live) = introspect(client).await? {
        let found = specs.map(|spec| (spec.name, compare::reasons(spec.uses, &live)));
        (Means::Introspection, found.collect())
    } else {
        probe::control(client, &contract.errors, TIMEOUT).await?;
        let probes = specs.map(|spec: &'static ToolSpec| async {
            let reasons = probe::probe(client, spec, &contract.errors, TIMEOUT).await?;
            Ok::<_, CheckError>((spec.name, reasons))
        });
        let found = stream::iter(probes).buffer_unordered(PROBES_MAX).try_collect().await?;
        (Means::Validation, found)
    };
    let reasons = found.into_iter().filter(|(_, reasons)| !reasons.is_empty());
    Ok(Drift {
        means,
        reasons: reasons.collect(),
    })
}

/// Asks for the schema. An API that answers something else does not tell it; whether anything is wrong with that, its
/// validation shows.
async fn introspect(client: &Client) -> Result<Option<Live>, CheckError> {
    for query in [live::QUERY, &live::older_query()] {
        let body = Request::encode(query, live::OPERATION, &json!({}))
            .map_err(|error| CheckError::Unreadable(error.into()))?;
        let request = Request {
            body,
            timeout: TIMEOUT,
            response_bytes_max: SCHEMA_BYTES_MAX,
        };
        match client.send(&request).await {
            Ok(answer) => {
                // With errors beside it, it may be a part of the schema, in which anything could seem to be missing.
                let envelope = Envelope::<live::Data>::decode(&answer.body).ok();
                let envelope = envelope.filter(|envelope| envelope.errors.is_empty());
                if let Some(live) = envelope.and_then(|envelope| envelope.data?.into_live()) {
                    return Ok(Some(live));
                }
            }
            // There is an answer, if not the one that was asked for.
            Err(SendError::Status { .. } | SendError::TooLarge { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

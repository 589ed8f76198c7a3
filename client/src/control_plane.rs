//! AppSync's control plane: an API's id → its schema, its facts and its resolvers.
//!
//! The requests and answers: <https://docs.aws.amazon.com/appsync/latest/APIReference/>.
//!
//! Invariant: it only reads.
//! Invariant: every answer is bounded, the number of a list's pages too.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use tokio_retry::RetryIf;
use tokio_retry::strategy::{ExponentialBackoff, jitter};
use url::Url;

use crate::auth::{Authorization, Iam};
use crate::endpoint::{Endpoint, EndpointError, InsecureHttp};
use crate::error::SendError;
use crate::error_class::{ErrorClass, ErrorTypes};
use crate::http_client::Limits;
use crate::transport::Client;

/// The longest that one request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The largest answer that is taken, in bytes. A schema has 1 MB at most (AppSync's quotas), and 25 resolvers with two templates
/// of 64 KB each have 3 MB.
const RESPONSE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The most resolvers that a page can be asked to have.
const PAGE_ITEMS_MAX: &str = "25";

/// The most pages of resolvers, of all types together, besides each type's first: 2,500 fields.
const PAGES_MAX: usize = 100;

/// The waits between attempts, each a random part of 1 and 2 s: AppSync lets through a few such requests a second.
const STEPS: ExponentialBackoff = ExponentialBackoff::from_millis(2).factor(500);
const REPEATS_MAX: usize = 2;

/// AppSync's control plane in one region.
#[derive(Debug)]
pub struct ControlPlane {
    client: Client,
}

/// Why the control plane did not say what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlPlaneError {
    /// This is no API's id. Nothing was sent.
    #[error("this is no API's id; it is made of letters and digits, and `aws appsync list-graphql-apis` shows it")]
    ApiId,
    /// There is no answer, or one that refuses.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The answer is no text.
    #[error("the answer is not UTF-8")]
    NotUtf8,
    /// The answer is not what AppSync answers.
    #[error("the answer is no list of resolvers")]
    NoResolvers(#[source] serde_json::Error),
    /// The list does not end.
    #[error("the list of resolvers does not end")]
    Endless,
}

/// A page of `ListResolvers`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    resolvers: Vec<Told>,
    next_token: Option<String>,
}

/// As far as it is of interest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    field_name: String,
    /// Older answers have none.
    kind: Option<String>,
}

/// A field's resolver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolver {
    /// The field, as `Type.field`. Its name is what AppSync answers, whatever that is.
    pub field: String,
    /// `UNIT`, of one step, or `PIPELINE`, of several; whatever AppSync answers.
    pub kind: Option<String>,
}

impl ControlPlane {
    /// Returns where AppSync's control plane of a region is.
    ///
    /// # Errors
    /// When no host can be made of the region's name.
    pub fn endpoint_of(region: &str) -> Result<Endpoint, EndpointError> {
        let domain = if region.starts_with("cn-") {
            "amazonaws.com.cn"
        } else {
            "amazonaws.com"
        };
        Endpoint::parse(&format!("https://appsync.{region}.{domain}"), InsecureHttp::Refuse)
    }

    /// Makes a client, which goes through the proxies that the credentials are asked for through. Does no input or output.
    pub fn new(endpoint: Endpoint, iam: Iam, limits: Limits) -> ControlPlane {
        ControlPlane {
            client: {
                let proxies = iam.proxies();
                Client::new(endpoint, Authorization::Iam(iam), limits).through(proxies)
            },
        }
    }

    /// Returns an API's SDL with the directives that are applied in it (`GetIntrospectionSchema`).
    pub async fn schema(&self, api_id: &str) -> Result<String, ControlPlaneError> {
        let query = [("format", "SDL"), ("includeDirectives", "true")];
        text(&self.get(api_id, &["schema"], &query).await?)
    }

    /// Returns what AppSync says of an API, as JSON (`GetGraphqlApi`). There are names of resources and accounts in it.
    pub async fn api(&self, api_id: &str) -> Result<String, ControlPlaneError> {
        text(&self.get(api_id, &[], &[]).await?)
    }

    /// Returns the resolvers of these types' fields (`ListResolvers`).
    pub async fn resolvers(&self, api_id: &str, types: &[String]) -> Result<Vec<Resolver>, ControlPlaneError> {
        let (mut resolvers, mut more) = (Vec::new(), PAGES_MAX);
        for ty in types {
            let mut token: Option<String> = None;
            loop {
                let mut query = vec![("maxResults", PAGE_ITEMS_MAX)];
                query.extend(token.as_deref().map(|token| ("nextToken", token)));
                let answer = self.get(api_id, &["types", ty, "resolvers"], &query).await?;
                let page: Page = serde_json::from_slice(&answer).map_err(ControlPlaneError::NoResolvers)?;
                resolvers.extend(page.resolvers.into_iter().map(|told| Resolver {
                    field: format!("{ty}.{}", told.field_name),
                    kind: told.kind,
                }));
                token = page.next_token.filter(|token| !token.is_empty());
                if token.is_none() {
                    break;
                }
                more = more.checked_sub(1).ok_or(ControlPlaneError::Endless)?;
            }
        }
        Ok(resolvers)
    }

    async fn get(&self, api_id: &str, path: &[&str], query: &[(&str, &str)]) -> Result<Bytes, ControlPlaneError> {
        if api_id.is_empty() || !api_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(ControlPlaneError::ApiId);
        }
        let url = self.url(api_id, path, query);
        let send = || self.client.get(&url, TIMEOUT, RESPONSE_BYTES_MAX);
        let steps = STEPS.map(jitter).take(REPEATS_MAX);
        Ok(RetryIf::start(steps, send, passes).await?.body)
    }

    fn url(&self, api_id: &str, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.client.endpoint().url().clone();
        // An endpoint has a host, and so a path that can be longer.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["v1", "apis", api_id]).extend(path);
        }
        url.set_query(None);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

/// Says whether the same request may fare better in a moment.
fn passes(error: &SendError) -> bool {
    match error {
        SendError::Unreachable(_) | SendError::ProxyFailed { .. } | SendError::ConnectionLost { .. } => true,
        SendError::Status { status, error_type, .. } => {
            let class = ErrorTypes::default().classify_status(*status, error_type.as_deref(), None);
            class == ErrorClass::Throttled || matches!(status, 500 | 502..=504)
        }
        _ => false,
    }
}

fn text(answer: &Bytes) -> Result<String, ControlPlaneError> {
    match std::str::from_utf8(answer) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(ControlPlaneError::NotUtf8),
    }
}

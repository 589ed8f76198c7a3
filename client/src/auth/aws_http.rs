//! Lends this crate's HTTP client to the AWS chain, which asks STS, SSO, and the metadata of instances and containers.
//!
//! Invariant: the metadata's addresses, which are `http` and on this machine or its link, are never reached through a proxy.
//! Invariant: what is held here of requests and answers is overwritten when it is dropped, and headers with tokens are marked
//! sensitive.

use std::error::Error;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use zeroize::Zeroizing;

use crate::http_client::{Limits, Reach, SetUpError, http_client, read_secret};
use crate::proxy::Proxies;

/// What the chain's requests may take where it names no limit of its own.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The largest answer that is taken, in bytes. Credentials are some kilobytes.
const RESPONSE_BYTES_MAX: usize = 64 * 1024;

/// The headers that bring what STS, SSO and the metadata want to see.
const SENSITIVE: [&str; 4] = [
    "authorization",
    "x-amz-security-token",
    "x-amz-sso_bearer_token",
    "x-aws-ec2-metadata-token",
];

/// An HTTP client for the AWS chain.
#[derive(Clone, Debug)]
pub(super) struct AwsHttp {
    https: reqwest::Client,
    metadata: reqwest::Client,
    proxies: Proxies,
}

#[derive(Clone, Debug)]
struct Connector {
    http: AwsHttp,
    timeout: Duration,
}

impl AwsHttp {
    pub(super) fn new(proxies: Proxies) -> Result<AwsHttp, SetUpError> {
        let limits = Limits {
            connect_timeout: TIMEOUT,
            read_timeout: TIMEOUT,
        };
        let build = |is_https| {
            let reach = Reach {
                is_https,
                proxies: is_https.then(|| proxies.clone()),
            };
            http_client(reach, limits)
        };
        Ok(AwsHttp {
            https: build(true)?,
            metadata: build(false)?,
            proxies,
        })
    }
}

impl HttpClient for AwsHttp {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let (connect, read) = (settings.connect_timeout(), settings.read_timeout());
        SharedHttpConnector::new(Connector {
            http: self.clone(),
            timeout: connect.unwrap_or(TIMEOUT) + read.unwrap_or(TIMEOUT),
        })
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move {
            tokio::time::timeout(connector.timeout, connector.http.exchange(request))
                .await
                .unwrap_or_else(|elapsed| Err(ConnectorError::timeout(elapsed.into())))
        })
    }
}

impl AwsHttp {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let outgoing = outgoing(request)?;
        let is_https = outgoing.url().scheme() == "https";
        let client = if is_https { &self.https } else { &self.metadata };
        let proxy = self.proxies.variable_for(outgoing.url()).filter(|_| is_https);
        let response = client.execute(outgoing).await.map_err(|error| failure(error, proxy))?;

        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = read_secret(response, RESPONSE_BYTES_MAX)
            .await
            .map_err(|error| ConnectorError::io(format!("{error:?}").into()))?;
        let body = SdkBody::from(Bytes::from_owner(body));
        let mut answer = HttpResponse::new(status.try_into().map_err(misuse)?, body);
        for (name, value) in &headers {
            if let Ok(value) = value.to_str() {
                answer.headers_mut().append(name.to_string(), value.to_owned());
            }
        }
        Ok(answer)
    }
}

fn outgoing(request: HttpRequest) -> Result<reqwest::Request, ConnectorError> {
    let mut request = request.try_into_http1x().map_err(misuse)?.map(|body| {
        let body = body.bytes().map(<[u8]>::to_vec).unwrap_or_default();
        Bytes::from_owner(Zeroizing::new(body))
    });
    for (name, value) in request.headers_mut() {
        if SENSITIVE.contains(&name.as_str()) {
            value.set_sensitive(true);
        }
    }
    request.try_into().map_err(misuse)
}

/// Why a request got no answer through the proxy that a variable names.
#[derive(Debug, thiserror::Error)]
#[error("no answer through the proxy that `{variable}` names")]
pub(super) struct ProxyFailed {
    pub(super) variable: &'static str,
    source: reqwest::Error,
}

fn failure(error: reqwest::Error, proxy: Option<&'static str>) -> ConnectorError {
    let timed_out = error.is_timeout();
    // The address of a container's metadata is not for logs.
    let error = error.without_url();
    let error: Box<dyn Error + Send + Sync> = match proxy {
        Some(variable) => Box::new(ProxyFailed {
            variable,
            source: error,
        }),
        None => error.into(),
    };
    if timed_out {
        ConnectorError::timeout(error)
    } else {
        ConnectorError::io(error)
    }
}

fn misuse(error: impl Into<Box<dyn Error + Send + Sync>>) -> ConnectorError {
    ConnectorError::user(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_with_tokens_are_sensitive_and_others_are_not() {
        let mut request = HttpRequest::new(SdkBody::from("Action=AssumeRole"));
        request.set_uri("https://sts.eu-west-1.amazonaws.com/").unwrap();
        for name in SENSITIVE {
            request.headers_mut().insert(name, "topsecret");
        }
        request.headers_mut().insert("x-amz-date", "20150830T123600Z");
        let request = outgoing(request).unwrap();
        assert_eq!(request.body().unwrap().as_bytes(), Some(&b"Action=AssumeRole"[..]));
        assert_eq!(request.headers().len(), SENSITIVE.len() + 1);
        for (name, value) in request.headers() {
            assert_eq!(value.is_sensitive(), name != "x-amz-date", "{name}");
        }
        let shown = format!("{request:?}");
        assert!(
            !shown.contains("topsecret") && shown.contains("20150830T123600Z"),
            "{shown}"
        );
    }
}

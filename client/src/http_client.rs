//! Builds HTTP clients, and reads what they bring.
//!
//! Invariant: the only user of rustls, but for `ca.rs`, which looks at what rustls will read.
//! Invariant: redirects are never followed, and what is on this machine is never reached through a proxy.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{BufMut, BytesMut};
use reqwest::redirect::Policy;
use reqwest::{Proxy, Url};
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt;
#[cfg(feature = "iam")]
use zeroize::Zeroizing;

use crate::proxy::Proxies;

/// The most idle connections that are kept: enough for a conversation, and no load on the process's descriptors.
const IDLE_MAX: usize = 4;

/// An idle connection is given up before the load balancers on the way do so (60 s is common), so that a write is not
/// lost to a connection that closes under it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// While a call waits, HTTP/2 connections are asked this often whether they still live, and get this long to answer.
const PING_INTERVAL: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// Bounds that are the same for all calls; a [`Request`](crate::Request) brings its own.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// The longest silence while an answer is waited for or read.
    pub read_timeout: Duration,
}

impl Limits {
    /// What suits AppSync, which gives up on itself after 30 s: silence beyond that is a connection that nobody is at the other
    /// end of.
    pub const DEFAULT: Limits = Limits {
        connect_timeout: Duration::from_secs(5),
        read_timeout: Duration::from_secs(40),
    };
}

/// The HTTP client could not be set up, for instance because this machine has no CA certificates.
#[derive(Debug, thiserror::Error)]
#[error("failed to set up TLS")]
pub struct SetUpError(#[source] pub(crate) Box<dyn std::error::Error + Send + Sync>);

/// How a client gets to where it sends.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    /// Whether the connection is encrypted.
    pub(crate) is_https: bool,
    /// What leads there; `None` to what is on this machine.
    pub(crate) proxies: Option<Proxies>,
}

/// Why an answer's body is not there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// There is more of it than is taken; the rest was not read.
    #[error("the answer is too large")]
    TooLarge,
    /// The connection broke, or the answer is not encoded as it says.
    #[error("the answer broke off")]
    Broken(#[source] reqwest::Error),
}

/// Builds a client. Loads this machine's CA certificates, if it is for `https`.
pub(crate) fn http_client(reach: Reach, limits: Limits) -> Result<reqwest::Client, SetUpError> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls(reach.is_https)?)
        .redirect(Policy::none())
        .connect_timeout(limits.connect_timeout)
        .read_timeout(limits.read_timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(IDLE_MAX)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(PING_INTERVAL)
        .http2_keep_alive_timeout(PING_TIMEOUT);
    match reach.proxies {
        // reqwest would go around a proxy that it can't read, and knows less of `NO_PROXY` than people write there.
        Some(proxies) if proxies.are_named() => {
            let find = move |url: &Url| proxies.url_for(url).cloned();
            builder = builder.proxy(Proxy::custom(find));
        }
        // What the operating system's settings say.
        Some(_) => {}
        None => builder = direct(builder),
    }
    builder.build().map_err(|error| SetUpError(error.without_url().into()))
}

fn direct(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    // `localhost` is this machine whatever a name server says (RFC 6761, section 6.3). The URL's port stands.
    let addresses = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
    ];
    builder.no_proxy().resolve_to_addrs("localhost", &addresses)
}

/// Says whether the proxy answered 407 to the request for a tunnel. hyper-util, which asks it, tells that in words only.
pub(crate) fn wants_proxy_credential(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(error.source(), |&error| error.source());
    causes.any(|cause| cause.to_string() == "tunnel error: proxy authorization required")
}

/// Says whether an error, or one behind it, is about the other side's certificate.
pub(crate) fn is_of_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    is_of_tls(error, |error| matches!(error, rustls::Error::InvalidCertificate(_)))
}

/// Says whether an error, or one behind it, is about the other side speaking something else than TLS.
pub(crate) fn is_of_plain_text(error: &(dyn std::error::Error + 'static)) -> bool {
    is_of_tls(error, |error| matches!(error, rustls::Error::InvalidMessage(_)))
}

fn is_of_tls(error: &(dyn std::error::Error + 'static), is_it: impl Fn(&rustls::Error) -> bool) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref().is_some_and(&is_it) {
            return true;
        }
        // What an `io::Error` was made of does not stand behind it, but is in it.
        let content = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match content {
            Some(content) => Some(content),
            None => error.source(),
        };
    }
    false
}

fn tls(is_https: bool) -> Result<ClientConfig, SetUpError> {
    // Named here, so that no process-wide provider is needed or changed.
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| SetUpError(error.into()))?;
    let builder = if is_https {
        builder
            .with_platform_verifier()
            .map_err(|error| SetUpError(error.into()))?
    } else {
        // reqwest wants a configuration in any case; one without roots trusts nobody and costs nothing.
        builder.with_root_certificates(rustls::RootCertStore::empty())
    };
    let mut tls = builder.with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

/// Reads a whole answer, unpacked, as long as it has no more than so many bytes.
pub(crate) async fn read(response: reqwest::Response, bytes_max: usize) -> Result<BytesMut, ReadError> {
    let announced = response.content_length().map(usize::try_from);
    let capacity = match announced {
        Some(Ok(announced)) if announced <= bytes_max => announced,
        Some(_) => return Err(ReadError::TooLarge),
        None => 0,
    };
    let mut body = BytesMut::with_capacity(capacity);
    fill(&mut body, response, bytes_max).await?;
    Ok(body)
}

/// Reads a whole answer that has credentials in it, as long as it has no more than so many bytes, into memory that is
/// overwritten when it is dropped. It is as large as the largest answer, since memory that grows leaves copies behind.
#[cfg(feature = "iam")]
pub(crate) async fn read_secret(
    response: reqwest::Response,
    bytes_max: usize,
) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let mut body = Zeroizing::new(Vec::with_capacity(bytes_max));
    fill(&mut *body, response, bytes_max).await?;
    Ok(body)
}

async fn fill(body: &mut impl BufMut, mut response: reqwest::Response, bytes_max: usize) -> Result<(), ReadError> {
    let mut left = bytes_max;
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| ReadError::Broken(error.without_url()))?
    {
        left = left.checked_sub(chunk.len()).ok_or(ReadError::TooLarge)?;
        body.put_slice(&chunk);
    }
    Ok(())
}

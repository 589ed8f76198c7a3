//! Turns the text of a URL into an endpoint that a credential may be sent to.
//!
//! Invariant: an [`Endpoint`] is `https`, or `http` to where [`InsecureHttp`] allows it; it holds no user name, password or
//! fragment.
//! Invariant: no text of this module shows a query, a user name or a password.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::placeholder::has_placeholder;

/// The address of a GraphQL API.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
}

/// Whether `http` may stand in for `https`, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsecureHttp {
    /// Nowhere.
    Refuse,
    /// To `localhost`, 127.0.0.0/8 and `::1`, where nobody else can listen in.
    OnLoopback,
    /// To any host: whoever is on the way reads the credential and the data.
    Anywhere,
}

/// Why a text is no endpoint; the message says what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The text is no absolute URL with a host.
    #[error("the endpoint is not a URL; write it as `https://HOST/graphql`")]
    NotAUrl,
    /// Nobody has put a value in the place of a placeholder.
    #[error("the endpoint still holds a placeholder (such as `${{NAME}}`); put the value itself in its place")]
    Placeholder,
    /// The scheme is neither `https` nor `http`.
    #[error("the endpoint must start with `https://`")]
    Scheme,
    /// The scheme is `http`, which would show the credential to the network.
    #[error("the endpoint must use `https`: `http` to another machine shows the credential to everybody on the way")]
    Insecure,
    /// There is a user name or a password in the URL.
    #[error("the endpoint must not hold a user name or a password; take out what stands before `@`")]
    UserInfo,
    /// There is a `#` part, which is never sent.
    #[error("the endpoint must not hold a fragment; take out what stands after `#`")]
    Fragment,
    /// The host is AppSync's for subscriptions, which answers no requests.
    #[error("the endpoint is the real-time one; use the one with `appsync-api` in its host")]
    RealTime,
    /// The host is AppSync's own, and the path is not the one it has.
    #[error("the endpoint's path must be `/graphql`")]
    Path,
}

impl Endpoint {
    /// Takes a URL, without the white space around it.
    pub fn parse(text: &str, insecure_http: InsecureHttp) -> Result<Endpoint, EndpointError> {
        let text = text.trim();
        if has_placeholder(text) {
            return Err(EndpointError::Placeholder);
        }
        // The URL standard has line breaks and tabs removed silently; here they are a mistake.
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(EndpointError::NotAUrl);
        }
        let endpoint = Endpoint {
            url: Url::parse(text).map_err(|_| EndpointError::NotAUrl)?,
        };
        let url = &endpoint.url;
        match url.scheme() {
            "https" => {}
            "http" => match insecure_http {
                InsecureHttp::Anywhere => {}
                InsecureHttp::OnLoopback if endpoint.is_loopback() => {}
                InsecureHttp::OnLoopback | InsecureHttp::Refuse => return Err(EndpointError::Insecure),
            },
            _ => return Err(EndpointError::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(EndpointError::Fragment);
        }
        // A dot at the end is the same name, and no server's certificate has it.
        if url.host_str().is_some_and(|host| host.ends_with('.')) || url.port() == Some(0) {
            return Err(EndpointError::NotAUrl);
        }
        if let Some(Host::Domain(host)) = url.host()
            && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
        {
            if host.contains(".appsync-realtime-api.") {
                return Err(EndpointError::RealTime);
            }
            if host.contains(".appsync-api.") && url.path() != "/graphql" {
                return Err(EndpointError::Path);
            }
        }
        Ok(endpoint)
    }

    /// Says whether the endpoint is on this machine for certain: nobody else can listen in.
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(host)) => host == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// Says whether what answers is on this machine, by any of the names that it has on every machine: the addresses that mean
    /// all of its own, IPv4 in IPv6, and the names below `localhost` (RFC 6761, section 6.3). Of an address in a network, or
    /// of another name for one, nobody can say.
    pub fn is_on_this_machine(&self) -> bool {
        let is_own = |address: IpAddr| {
            let address = address.to_canonical();
            address.is_loopback() || address.is_unspecified()
        };
        match self.url.host() {
            Some(Host::Domain(host)) => host == "localhost" || host.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => is_own(address.into()),
            Some(Host::Ipv6(address)) => is_own(address.into()),
            None => false,
        }
    }

    /// Returns the region that AppSync's own host names say; a custom domain does not tell it.
    ///
    /// The host is `ID.appsync-api.REGION.amazonaws.com`, or `.amazonaws.com.cn` in China.
    pub fn region(&self) -> Option<&str> {
        let host = self.url.host_str()?;
        let host = host
            .strip_suffix(".cn")
            .unwrap_or(host)
            .strip_suffix(".amazonaws.com")?;
        let (_id, region) = host.split_once(".appsync-api.")?;
        (!region.is_empty() && !region.contains('.')).then_some(region)
    }

    /// Says whether others than this machine and the API can read what is sent.
    pub fn is_readable_on_the_way(&self) -> bool {
        self.url.scheme() == "http" && !self.is_loopback()
    }

    /// Says whether connections are encrypted.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns the whole URL, with its query; for the request line and nothing else.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().split('?').next().unwrap_or_default())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

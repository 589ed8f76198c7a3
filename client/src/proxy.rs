//! The proxy variables of an environment → which proxy, if any, leads to a URL.
//!
//! The variables are those of curl and many others: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, or the same in small
//! letters. Parsed here and not by reqwest, which goes around a proxy whose URL it can't read.
//!
//! Invariant: no text of this module shows a proxy's URL, which may have a password in it.

use std::fmt;
use std::sync::Arc;

use ipnet::IpNet;
use url::{Host, Url};

use crate::endpoint::Endpoint;
use crate::placeholder::has_placeholder;
use crate::quote;

/// The variables that name proxies; the first that has a value counts.
const HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const HTTP: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The variables that name what is reached without one.
const NO: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// All of them.
pub(crate) const VARIABLES: [&str; 8] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// Which proxies lead where. By default what the operating system's settings say.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Option<Arc<Named>>);

/// Proxies that variables name.
#[derive(Debug)]
struct Named {
    https: Option<Proxy>,
    http: Option<Proxy>,
    direct: Vec<Direct>,
}

struct Proxy {
    variable: &'static str,
    url: Url,
}

/// What is reached without a proxy.
#[derive(Debug, PartialEq, Eq)]
struct Direct {
    hosts: Hosts,
    /// All, if it is left out.
    port: Option<u16>,
}

#[derive(Debug, PartialEq, Eq)]
enum Hosts {
    /// Addresses.
    Net(IpNet),
    /// A domain and those below it.
    Domain(String),
    /// Whatever fits, where `*` stands for anything.
    Like(String),
}

/// Why a variable names no proxy that could be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyProblem {
    /// Nobody has put a value in the place of a placeholder.
    #[error("still holds a placeholder (such as `${{NAME}}`); put the value itself in its place, or unset it")]
    Placeholder,
    /// The text is no URL with a host.
    #[error(
        "is no proxy's URL; write it as `http://HOST:PORT`, what is special in a password percent-encoded, or unset it"
    )]
    NotAUrl,
    /// The proxy speaks SOCKS.
    #[error(
        "names a SOCKS proxy, which can't be used here; name an HTTP one, as `http://HOST:PORT` or `https://HOST:PORT`"
    )]
    Socks,
    /// The scheme is another one.
    #[error("has a scheme that can't be used here; write it as `http://HOST:PORT` or `https://HOST:PORT`")]
    Scheme,
}

impl Proxies {
    /// Reads the variables, of which `get` returns what has a value. `endpoint` is where requests go, if that is known, and
    /// `asks_aws` whether AWS is asked for credentials; a variable that is for neither is not looked at.
    ///
    /// # Errors
    /// With the name of the variable.
    pub(crate) fn read<'a>(
        get: impl Fn(&'static str) -> Option<&'a str>,
        endpoint: Option<&Endpoint>,
        asks_aws: bool,
    ) -> Result<Proxies, (&'static str, ProxyProblem)> {
        let find = |names: [&'static str; 4]| names.into_iter().find_map(|name| Some((name, get(name)?)));
        if find(HTTPS).is_none() && find(HTTP).is_none() {
            return Ok(Proxies::default());
        }
        let list = NO.into_iter().find_map(&get).unwrap_or_default();
        let mut named = Named {
            https: None,
            http: None,
            direct: entries(list).filter_map(direct).collect(),
        };
        let is_for = |is_https: bool| {
            endpoint.is_none_or(|endpoint| {
                endpoint.is_https() == is_https && !endpoint.is_loopback() && !named.is_direct(endpoint.url())
            })
        };
        let read = |names| find(names).map(|(name, text)| proxy(name, text)).transpose();
        let (is_for_https, is_for_http) = (asks_aws || is_for(true), is_for(false));
        if is_for_https {
            named.https = read(HTTPS)?;
        }
        if is_for_http {
            named.http = read(HTTP)?;
        }
        Ok(Proxies(Some(Arc::new(named))))
    }

    /// Says whether variables name them.
    pub(crate) fn are_named(&self) -> bool {
        self.0.is_some()
    }

    /// Returns the URL of the proxy that leads to this one.
    pub(crate) fn url_for(&self, url: &Url) -> Option<&Url> {
        Some(&self.find(url)?.url)
    }

    /// Returns the variable that names the proxy that leads to this URL.
    pub(crate) fn variable_for(&self, url: &Url) -> Option<&'static str> {
        Some(self.find(url)?.variable)
    }

    fn find(&self, url: &Url) -> Option<&Proxy> {
        let named = self.0.as_ref()?;
        let proxy = match url.scheme() {
            "https" => named.https.as_ref(),
            _ => named.http.as_ref(),
        };
        proxy.filter(|_| !named.is_direct(url))
    }
}

/// Returns the parts of a list of hosts that name none.
pub(crate) fn without_effect<'a>(get: impl Fn(&'static str) -> Option<&'a str>) -> Option<(&'static str, Vec<String>)> {
    let (name, list) = NO.into_iter().find_map(|name| Some((name, get(name)?)))?;
    let idle = entries(list).filter(|entry| direct(entry).is_none());
    let idle: Vec<String> = idle.map(quote::name).collect();
    (!idle.is_empty()).then_some((name, idle))
}

impl Named {
    fn is_direct(&self, url: &Url) -> bool {
        let Some(host) = url.host() else { return false };
        let port = url.port_or_known_default();
        let fits = |direct: &Direct| direct.port.is_none_or(|wanted| Some(wanted) == port) && direct.hosts.have(&host);
        self.direct.iter().any(fits)
    }
}

impl Hosts {
    fn have(&self, host: &Host<&str>) -> bool {
        let text = host.to_string();
        match (self, host) {
            (Hosts::Net(net), Host::Ipv4(address)) => net.contains(&std::net::IpAddr::from(*address)),
            (Hosts::Net(net), Host::Ipv6(address)) => net.contains(&std::net::IpAddr::from(*address)),
            (Hosts::Net(_), Host::Domain(_)) => false,
            (Hosts::Domain(domain), _) => text
                .strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            (Hosts::Like(pattern), _) => is_like(&text, pattern),
        }
    }
}

/// Says whether a text fits a pattern in which `*` stands for anything.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return text == pattern;
    };
    let Some(text) = text.strip_prefix(start) else {
        return false;
    };
    let mut ends = text.char_indices().map(|(place, _)| place).chain([text.len()]);
    ends.any(|place| text.get(place..).is_some_and(|text| is_like(text, rest)))
}

fn proxy(variable: &'static str, text: &str) -> Result<Proxy, (&'static str, ProxyProblem)> {
    let problem = |problem| (variable, problem);
    if has_placeholder(text) {
        return Err(problem(ProxyProblem::Placeholder));
    }
    // The URL standard has line breaks and tabs removed silently.
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(problem(ProxyProblem::NotAUrl));
    }
    // As curl takes it.
    let url = if text.contains("://") {
        Url::parse(text)
    } else {
        Url::parse(&format!("http://{text}"))
    };
    let url = url.map_err(|_| problem(ProxyProblem::NotAUrl))?;
    match url.scheme() {
        "http" | "https" => {}
        scheme if scheme.starts_with("socks") => return Err(problem(ProxyProblem::Socks)),
        _ => return Err(problem(ProxyProblem::Scheme)),
    }
    // A password with `#`, `?` or `/` in it, or a scheme without its colon: what stands before that would be the host.
    let is_more = url.fragment().is_some() || url.query().is_some() || url.path() != "/";
    let is_host = url.host_str().is_some_and(|host| !host.contains('*'));
    if is_more || !is_host || url.port() == Some(0) {
        return Err(problem(ProxyProblem::NotAUrl));
    }
    Ok(Proxy { variable, url })
}

/// Takes a list apart, by commas, and by semicolons and spaces, which no host has.
fn entries(list: &str) -> impl Iterator<Item = &str> {
    let parts = list.split(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
    parts.filter(|part| !part.is_empty())
}

/// Reads one entry of a list. `*.example.com` and `.example.com` are `example.com`, as for curl, and so is a URL of it.
fn direct(entry: &str) -> Option<Direct> {
    // No host has them, and the URL standard takes some of them.
    if entry.contains(['"', '\'', '`', '$', '%', '{', '}', '<', '>']) {
        return None;
    }
    let entry = entry.to_ascii_lowercase();
    let entry = entry
        .split_once("://")
        .map_or(&*entry, |(_, rest)| rest.trim_end_matches('/'));
    if let Some(net) = net(entry) {
        return Some(Direct {
            hosts: Hosts::Net(net),
            port: None,
        });
    }
    let (host, port) = match entry.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (entry, None),
    };
    let hosts = match net(host) {
        Some(net) => Hosts::Net(net),
        None if host == "*" => Hosts::Like(host.to_owned()),
        None => {
            let domain = host
                .strip_prefix('*')
                .filter(|rest| rest.starts_with('.'))
                .unwrap_or(host);
            let domain = domain.trim_matches('.');
            let is_of_pattern = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '*');
            if domain.contains('*') {
                domain
                    .chars()
                    .all(is_of_pattern)
                    .then(|| Hosts::Like(domain.to_owned()))?
            } else {
                match Host::parse(domain).ok()? {
                    Host::Domain(domain) => Hosts::Domain(domain),
                    Host::Ipv4(address) => Hosts::Net(std::net::IpAddr::from(address).into()),
                    Host::Ipv6(address) => Hosts::Net(std::net::IpAddr::from(address).into()),
                }
            }
        }
    };
    Some(Direct { hosts, port })
}

/// Reads an address, in brackets or not, or many of them (`10.0.0.0/8`).
fn net(text: &str) -> Option<IpNet> {
    let address = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let one = address.parse::<std::net::IpAddr>().map(IpNet::from);
    one.ok().or_else(|| text.parse().ok())
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({})", self.variable)
    }
}

#[cfg(test)]
mod tests;

//! Variables, as data.

use super::*;
use crate::endpoint::InsecureHttp;

fn read(variables: &[(&str, &str)], endpoint: &str) -> Result<Proxies, String> {
    let get = |name: &'static str| {
        let mut values = variables.iter().filter(|(given, _)| *given == name);
        values.find_map(|(_, value)| (!value.is_empty()).then_some(*value))
    };
    let endpoint = Endpoint::parse(endpoint, InsecureHttp::Anywhere).unwrap();
    Proxies::read(get, Some(&endpoint), false).map_err(|(name, problem)| format!("{name} {problem}"))
}

const API: &str = "https://api.corp.example/graphql";

/// Returns the proxy that leads to a URL, as a variable and a URL.
fn found(proxies: &Proxies, url: &str) -> Option<(&'static str, String)> {
    let url = Url::parse(url).unwrap();
    Some((proxies.variable_for(&url)?, proxies.url_for(&url)?.to_string()))
}

#[test]
fn the_variable_of_the_scheme_is_before_that_of_all() {
    for (variables, expected) in [
        (vec![], None),
        (
            vec![("HTTPS_PROXY", "http://p:8080")],
            Some(("HTTPS_PROXY", "http://p:8080/")),
        ),
        (
            vec![("https_proxy", "http://p:8080")],
            Some(("https_proxy", "http://p:8080/")),
        ),
        (
            vec![("https_proxy", "http://q"), ("HTTPS_PROXY", "http://p")],
            Some(("HTTPS_PROXY", "http://p/")),
        ),
        (
            vec![("https_proxy", "http://q"), ("HTTPS_PROXY", "")],
            Some(("https_proxy", "http://q/")),
        ),
        (vec![("all_proxy", "http://q")], Some(("all_proxy", "http://q/"))),
        (
            vec![("all_proxy", "socks5://q"), ("https_proxy", "http://p")],
            Some(("https_proxy", "http://p/")),
        ),
        (vec![("HTTP_PROXY", "http://p")], None),
        // As curl takes it.
        (
            vec![("HTTPS_PROXY", "proxy.corp.example:8080")],
            Some(("HTTPS_PROXY", "http://proxy.corp.example:8080/")),
        ),
        (
            vec![("HTTPS_PROXY", "10.0.0.1:3128")],
            Some(("HTTPS_PROXY", "http://10.0.0.1:3128/")),
        ),
        (
            vec![("HTTPS_PROXY", "ann:pass@proxy:8080")],
            Some(("HTTPS_PROXY", "http://ann:pass@proxy:8080/")),
        ),
        (
            vec![("HTTPS_PROXY", "https://ann:p%40ss@proxy")],
            Some(("HTTPS_PROXY", "https://ann:p%40ss@proxy/")),
        ),
    ] {
        let proxies = read(&variables, API).unwrap();
        let expected = expected.map(|(name, url): (_, &str)| (name, url.to_owned()));
        assert_eq!(found(&proxies, API), expected, "{variables:?}");
        assert!(!format!("{proxies:?}").contains("p%40ss"));
    }
    let proxies = read(
        &[("HTTP_PROXY", "http://p"), ("HTTPS_PROXY", "http://q")],
        "http://api.example",
    )
    .unwrap();
    assert_eq!(found(&proxies, "http://api.example").unwrap().0, "HTTP_PROXY");
}

#[test]
fn what_names_no_proxy_that_can_be_used_is_told_by_its_variable() {
    let socks =
        "names a SOCKS proxy, which can't be used here; name an HTTP one, as `http://HOST:PORT` or `https://HOST:PORT`";
    let no_url =
        "is no proxy's URL; write it as `http://HOST:PORT`, what is special in a password percent-encoded, or unset it";
    let scheme = "has a scheme that can't be used here; write it as `http://HOST:PORT` or `https://HOST:PORT`";
    let placeholder = "still holds a placeholder (such as `${NAME}`); put the value itself in its place, or unset it";
    for (value, problem) in [
        ("socks5h://ann:topsecret@127.0.0.1:1080", socks),
        ("socks5://127.0.0.1", socks),
        ("socks4a://127.0.0.1", socks),
        ("ftp://topsecret@proxy", scheme),
        ("http://", no_url),
        ("http:///", no_url),
        ("://proxy", no_url),
        ("not a url", no_url),
        ("http://pro\nxy", no_url),
        ("http://proxy:port", no_url),
        ("http://ann:12#topsecret@proxy:8080", no_url),
        ("http://ann:12/topsecret@proxy:8080", no_url),
        ("http://ann:12?topsecret@proxy:8080", no_url),
        ("\"http://proxy:8080\"", no_url),
        ("${HTTPS_PROXY}", placeholder),
        ("http://${PROXY_HOST}:8080", placeholder),
        ("%HTTPS_PROXY%", placeholder),
    ] {
        for name in HTTPS {
            let error = read(&[(name, value)], API).unwrap_err();
            assert_eq!(error, format!("{name} {problem}"), "{value}");
        }
        // Nobody goes by it.
        assert!(read(&[("HTTP_PROXY", value)], API).is_ok());
        assert!(read(&[("HTTPS_PROXY", value)], "https://localhost/graphql").is_ok());
        assert!(read(&[("HTTPS_PROXY", value), ("NO_PROXY", ".corp.example")], API).is_ok());
        assert!(read(&[("HTTPS_PROXY", "http://p"), ("ALL_PROXY", value)], API).is_ok());
    }
}

#[test]
fn what_is_reached_without_a_proxy_is_so_in_whichever_way_people_write_it() {
    let urls = [
        "https://api.corp.example/graphql",
        "https://corp.example/graphql",
        "https://api.corp.example:8443/graphql",
        "https://notcorp.example/graphql",
        "https://10.1.2.3/graphql",
        "https://[fd00::1]/graphql",
    ];
    for (list, expected) in [
        ("", [false; 6]),
        ("*", [true; 6]),
        ("corp.example", [true, true, true, false, false, false]),
        (".corp.example", [true, true, true, false, false, false]),
        ("*.corp.example", [true, true, true, false, false, false]),
        ("*corp.example", [true, true, true, true, false, false]),
        ("CORP.example.", [true, true, true, false, false, false]),
        ("https://api.corp.example/", [true, false, true, false, false, false]),
        ("api.corp.example:443", [true, false, false, false, false, false]),
        ("*.corp.example:8443", [false, false, true, false, false, false]),
        ("api.corp.example:80", [false; 6]),
        ("other.example, corp.example", [true, true, true, false, false, false]),
        ("other.example;corp.example", [true, true, true, false, false, false]),
        ("other.example corp.example", [true, true, true, false, false, false]),
        ("10.0.0.0/8", [false, false, false, false, true, false]),
        ("10.*", [false, false, false, false, true, false]),
        ("10.1.2.3", [false, false, false, false, true, false]),
        ("10.1.2.3:443", [false, false, false, false, true, false]),
        ("10.1.2.3:444", [false; 6]),
        ("fd00::1", [false, false, false, false, false, true]),
        ("[fd00::1]", [false, false, false, false, false, true]),
        ("[fd00::1]:443", [false, false, false, false, false, true]),
        ("fd00::/8", [false, false, false, false, false, true]),
        ("192.168.0.0/16,localhost,127.0.0.1", [false; 6]),
        ("example", [true, true, true, true, false, false]),
        ("10.0.0.0/99,a/b", [false; 6]),
    ] {
        // An endpoint that is not in the list has the proxies read.
        let proxies = read(
            &[("HTTPS_PROXY", "http://p"), ("NO_PROXY", list)],
            "https://other.invalid/graphql",
        );
        let Ok(proxies) = proxies else { panic!("{list}") };
        if list == "*" {
            assert!(urls.iter().all(|url| found(&proxies, url).is_none()));
            continue;
        }
        let without = urls.map(|url| found(&proxies, url).is_none());
        assert_eq!(without, expected, "{list}");
    }
    // A domain that is written in its own letters.
    let proxies = read(&[("HTTPS_PROXY", "http://p"), ("no_proxy", "bücher.example")], API).unwrap();
    assert!(found(&proxies, "https://a.bücher.example/").is_none());
    assert!(found(&proxies, "https://a.bucher.example/").is_some());
}

#[test]
fn what_names_no_host_is_told() {
    let idle = |list: &'static str| without_effect(|name| (name == "no_proxy").then_some(list));
    assert_eq!(idle("a.example,*.b.example:443,10.0.0.0/8,[::1]:80,*"), None);
    assert_eq!(
        idle("a.example 10.0.0.0/99,a/b, a:port"),
        Some((
            "no_proxy",
            vec!["10.0.0.0/99".to_owned(), "a/b".to_owned(), "a:port".to_owned()]
        ))
    );
}

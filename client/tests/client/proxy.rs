//! The way through a proxy that a variable names, and what is told when it ends there.

use std::ffi::OsString;

use appsync_mcp_client::settings::Settings;
use appsync_mcp_client::{Client, LocalFault, SendError};
use tokio::net::TcpListener;

use crate::fake::{Fake, answer, ok};
use crate::{KEY, LIMITS, request};

const PASSWORD: &str = "proxytopsecret";

/// Makes a client to a host that only a proxy could lead to.
fn client(endpoint: &str, variables: &[(&str, &str)]) -> Client {
    let given = [
        ("APPSYNC_MCP_ENDPOINT", endpoint),
        ("APPSYNC_MCP_API_KEY", KEY),
        ("APPSYNC_MCP_INSECURE_HTTP", "true"),
    ];
    let variables = given.iter().chain(variables);
    let variables = variables.map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let settings = Settings::new([], variables, &[]).unwrap();
    settings.connection("").unwrap().client(LIMITS)
}

const API: &str = "https://api.invalid/graphql";

#[tokio::test]
async fn a_proxy_that_wants_a_credential_is_told_by_its_variable() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let mut proxy = Fake::answering(answer("407 Proxy Authentication Required", "", "")).await;
        let url = format!(" http://ann:{PASSWORD}@{}\r", proxy.address);
        let client = client(API, &[(name, &url)]);
        assert_eq!(client.proxy_variable(), Some(name));
        let error = client.send(&request()).await.unwrap_err();
        let SendError::Local { fault, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(*fault, LocalFault::ProxyCredential { variable: Some(name) });
        assert!(!error.may_have_taken_effect());
        let expected =
            format!("the proxy that `{name}` names wants a user name and a password, or other ones (HTTP 407)");
        assert_eq!(error.to_string(), format!("{expected}; nothing was sent"));
        let told = format!("{error:?} {client:?}");
        assert!(!told.contains(PASSWORD) && !told.contains(KEY), "{told}");
        let asked = proxy.request().await;
        assert!(asked.starts_with("CONNECT api.invalid:443 HTTP/1.1\r\n"), "{asked}");
        assert!(asked.contains("\r\nProxy-Authorization: Basic "), "{asked}");
        assert!(!asked.contains(KEY), "{asked}");
    }
}

#[tokio::test]
async fn a_proxy_that_does_not_lead_on_is_told_by_its_variable() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let proxy = Fake::answering(answer("503 Service Unavailable", "", "")).await;
    for address in [nobody, proxy.address] {
        let client = client(API, &[("HTTPS_PROXY", &address.to_string())]);
        let error = client.send(&request()).await.unwrap_err();
        assert!(
            matches!(
                error,
                SendError::ProxyFailed {
                    variable: "HTTPS_PROXY",
                    ..
                }
            ),
            "{error:?}"
        );
        assert!(!error.may_have_taken_effect());
    }
}

/// The listener takes connections and says nothing.
#[tokio::test]
async fn a_proxy_that_hangs_is_told_by_its_variable() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let mut request = request();
    request.timeout = std::time::Duration::from_millis(100);
    let error = client(API, &[("HTTPS_PROXY", &address)])
        .send(&request)
        .await
        .unwrap_err();
    let SendError::ProxyFailed { variable, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(variable, "HTTPS_PROXY");
}

/// Its answer is no TLS.
#[tokio::test]
async fn a_proxy_that_does_not_speak_tls_is_told_as_a_fault_of_this_machine() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            // Kept open until the client has read it.
            let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut Vec::new()).await;
        }
    });
    let error = client(API, &[("HTTPS_PROXY", &url)])
        .send(&request())
        .await
        .unwrap_err();
    let variable = "HTTPS_PROXY";
    assert!(
        matches!(&error, SendError::Local { fault, .. } if *fault == LocalFault::ProxyWithoutTls { variable }),
        "{error:?}"
    );
}

/// Where nothing is encrypted, the proxy sees requests, and its answer has to be told from the API's.
#[tokio::test]
async fn without_tls_a_proxy_passes_requests_on() {
    let api = "http://api.invalid/graphql";
    let mut proxy = Fake::answering(ok("{}")).await;
    let variables = [
        ("HTTP_PROXY", &*format!("http://{}", proxy.address)),
        ("HTTPS_PROXY", "socks5://x"),
    ];
    assert!(client(api, &variables).send(&request()).await.is_ok());
    let asked = proxy.request().await;
    assert!(
        asked.starts_with("POST http://api.invalid/graphql HTTP/1.1\r\n"),
        "{asked}"
    );

    let proxy = Fake::answering(answer("407 Proxy Authentication Required", "", "")).await;
    let error = client(api, &[("HTTP_PROXY", &format!("http://{}", proxy.address))])
        .send(&request())
        .await;
    let fault = LocalFault::ProxyCredential {
        variable: Some("HTTP_PROXY"),
    };
    assert!(matches!(error, Err(SendError::Local { fault: told, .. }) if told == fault));

    // An API's own 407 is an answer.
    let api = Fake::answering(answer("407 Proxy Authentication Required", "", "")).await;
    let error = client(&api.url(), &[("HTTP_PROXY", "http://127.0.0.1:1")])
        .send(&request())
        .await;
    assert!(matches!(error, Err(SendError::Status { status: 407, .. })));
}

#[tokio::test]
async fn what_is_to_be_reached_without_a_proxy_is_not_asked_of_it() {
    let mut proxy = Fake::answering(ok("{}")).await;
    let url = format!("http://{}", proxy.address);
    for (endpoint, list, variable) in [
        (API, "", Some("HTTPS_PROXY")),
        (API, "other.invalid, *.corp.invalid", Some("HTTPS_PROXY")),
        (API, "*.invalid", None),
        (API, "api.invalid:443", None),
        (API, "api.invalid:80", Some("HTTPS_PROXY")),
        (API, "*", None),
        ("https://127.0.0.1:1/graphql", "", None),
        ("https://localhost:1/graphql", "", None),
    ] {
        let client = client(endpoint, &[("HTTPS_PROXY", &url), ("no_proxy", list)]);
        assert_eq!(client.proxy_variable(), variable, "{endpoint} {list}");
        if endpoint.contains(":1/") {
            assert!(matches!(
                client.send(&request()).await,
                Err(SendError::Unreachable(_) | SendError::TimedOut { .. })
            ));
        }
    }
    assert!(proxy.saw_nothing());
}

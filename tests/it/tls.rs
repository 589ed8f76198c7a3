//! The program in front of an API that speaks TLS, with and without a proxy on the way.
//!
//! Linux only: there a file named by a variable stands in for the machine's CA certificates.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

use crate::api::Folder;
use crate::doctor::Report;
use crate::program::{Ended, run_with};
use crate::session::{Era, PATIENCE, Session};

pub(crate) const NOTHING_FOUND: &str = r#"{"data":{"searchCompanies":{"items":[],"nextToken":null,"total":0}}}"#;
const CALL: [&str; 3] = ["call", "search_companies", "keywords=software"];

/// A header and a payload without an expiry, and a signature that nobody looks at.
const TOKEN: &str = "e30.e30.topsecrettopsecret";

/// What the other side of a connection sees of it.
pub(crate) type Stream = TlsStream<TcpStream>;

/// An API behind TLS.
pub(crate) struct Tls {
    port: u16,
    seen: Receiver<String>,
    folder: Folder,
    runtime: Runtime,
}

impl Tls {
    /// Starts one that offers these protocols, and says of each request which it came by and whether it was authorized.
    fn start(protocols: &[&str]) -> Self {
        Self::start_with(protocols, answer)
    }

    /// Starts one that offers these protocols, and talks like this on each connection.
    pub(crate) fn start_with<F>(
        protocols: &[&str],
        talk: impl Fn(Stream, Sender<String>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let names = ["localhost", "api.example.com"].map(str::to_owned);
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();

        let folder = Folder::new();
        folder.write("ca.pem", &cert.pem());
        folder.write("token", TOKEN);
        let (see, seen) = mpsc::channel();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let talk = Arc::new(talk);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, see, talk) = (acceptor.clone(), see.clone(), Arc::clone(&talk));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        drop(see.send("connection".to_owned()));
                        talk(stream, see).await;
                    }
                });
            }
        });
        Self {
            port,
            seen,
            folder,
            runtime,
        }
    }

    pub(crate) fn flags(&self, host: &str) -> Vec<String> {
        let endpoint = format!("https://{host}:{}/graphql", self.port);
        let token = self.folder.path("token").to_str().unwrap().to_owned();
        vec!["--endpoint".to_owned(), endpoint, "--bearer-file".to_owned(), token]
    }

    pub(crate) fn ca(&self) -> (&'static str, String) {
        ("SSL_CERT_FILE", self.folder.path("ca.pem").to_str().unwrap().to_owned())
    }

    fn call(&self, host: &str, variables: &[(&str, &str)]) -> Ended {
        let flags = self.flags(host);
        let words: Vec<&str> = CALL.into_iter().chain(flags.iter().map(String::as_str)).collect();
        run_with(&words, variables)
    }

    /// What it has seen since this was asked last: a connection, or what was said on one.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.try_iter().collect()
    }

    /// Waits for what it sees next.
    pub(crate) fn sees(&self) -> String {
        self.seen.recv_timeout(PATIENCE).unwrap()
    }
}

async fn answer(stream: Stream, see: Sender<String>) {
    let answer = move |request: Request<Incoming>| {
        let is_whole = request
            .headers()
            .get("authorization")
            .is_some_and(|value| value == TOKEN);
        let version = if request.version() == Version::HTTP_2 {
            "h2"
        } else {
            "http/1.1"
        };
        drop(see.send(format!("{version} {is_whole}")));
        async { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(NOTHING_FOUND.as_bytes())))) }
    };
    let connection = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
    let _ = connection
        .serve_connection(TokioIo::new(stream), hyper::service::service_fn(answer))
        .await;
}

/// Starts a proxy that leads everything to `to`, and keeps the heads of what it is asked.
fn proxy(runtime: &Runtime, to: u16) -> (SocketAddr, Receiver<String>) {
    let (see, heads) = mpsc::channel();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let (mut head, mut line) = (String::new(), String::new());
            while stream.read_line(&mut line).await.is_ok_and(|bytes| bytes > 2) {
                head.push_str(&line);
                line.clear();
            }
            drop(see.send(head.to_lowercase()));
            let mut api = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut stream, &mut api).await });
        }
    });
    (address, heads)
}

#[test]
fn many_calls_share_one_connection_of_the_best_protocol_that_is_offered() {
    for (protocols, version) in [
        (&["h2", "http/1.1"][..], "h2 true"),
        (&["http/1.1"][..], "http/1.1 true"),
    ] {
        let api = Tls::start(protocols);
        let (name, file) = api.ca();
        let mut session = Session::open_with(Era::Modern, &api.flags("localhost"), &[(name, &file)]);
        for _ in 0..3 {
            let outcome = session.call("search_companies", serde_json::json!({ "keywords": "software" }));
            assert_eq!(outcome.result.unwrap()["total"], 0, "{}", outcome.text);
        }
        assert_eq!(api.seen(), ["connection", version, version, version]);
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_gets_no_credential() {
    let api = Tls::start(&["h2"]);
    let (name, file) = api.ca();
    let ended = api.call("localhost", &[]);
    assert_eq!(ended.code, 1);
    assert!(
        ended
            .stderr
            .contains("error: unreachable: this machine does not trust the certificate that it was shown"),
        "{}",
        ended.stderr
    );
    assert_eq!(api.seen(), Vec::<String>::new());
    // With the certificate, the same call comes through: but for it, there was nothing wrong. A name that is not in it
    // does not.
    assert_eq!(api.call("localhost", &[(name, &file)]).code, 0);
    assert_eq!(api.seen(), ["connection", "h2 true"]);
    assert_eq!(api.call("127.0.0.1", &[(name, &file)]).code, 1);
    assert_eq!(api.seen(), Vec::<String>::new());
}

#[test]
fn a_proxy_of_the_environment_sees_the_host_and_nothing_else() {
    let api = Tls::start(&["h2"]);
    let (address, heads) = proxy(&api.runtime, api.port);
    let (name, file) = api.ca();
    let variables = [(name, &*file), ("HTTPS_PROXY", &*format!("http://{address}"))];
    let ended = api.call("api.example.com", &variables);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(api.seen(), ["connection", "h2 true"]);
    let heads: Vec<String> = heads.try_iter().collect();
    assert_eq!(heads.len(), 1);
    assert!(
        heads[0].starts_with(&format!("connect api.example.com:{} http/1.1\r\n", api.port)),
        "{heads:?}"
    );
    assert!(
        !heads[0].contains("topsecret") && !heads[0].contains("\r\nauthorization"),
        "{heads:?}"
    );
}

/// Starts a proxy that answers every request like this, and keeps the heads of what it is asked.
fn unwilling_proxy(runtime: &Runtime, answer: &'static str) -> (SocketAddr, Receiver<String>) {
    let (see, heads) = mpsc::channel();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let (mut head, mut line) = (String::new(), String::new());
            while stream.read_line(&mut line).await.is_ok_and(|bytes| bytes > 2) {
                head.push_str(&line);
                line.clear();
            }
            drop(see.send(head.to_lowercase()));
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, heads)
}

/// What somebody has to mend on this machine is told once, to whom it is told that they can't.
#[test]
fn what_is_set_up_wrong_on_this_machine_is_not_tried_again() {
    const MEND: &str = "nothing was sent, and repeating the call does not help: tell the user that whoever runs this server has to mend that";
    let api = Tls::start(&["h2"]);
    let (name, file) = api.ca();
    let keywords = || serde_json::json!({ "keywords": "software" });

    let (address, heads) = unwilling_proxy(&api.runtime, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    let proxy = format!("http://ann:proxytopsecret@{address}");
    let variables = [(name, &*file), ("HTTPS_PROXY", &proxy)];
    let mut session = Session::open_with(Era::Modern, &api.flags("api.example.com"), &variables);
    assert_eq!(
        session.failure("search_companies", keywords()),
        format!(
            "unreachable: the proxy that `HTTPS_PROXY` names wants a user name and a password, or other ones (HTTP 407); {MEND}"
        )
    );
    let log = session.end();
    assert!(!log.contains("attempts=") && !log.contains("topsecret"), "{log}");
    let heads: Vec<String> = heads.try_iter().collect();
    assert_eq!(heads.len(), 1, "{heads:?}");
    assert!(heads[0].contains("proxy-authorization: basic "), "{heads:?}");

    let other = Tls::start(&["h2"]);
    let mut session = Session::open_with(Era::Modern, &other.flags("localhost"), &[(name, &file)]);
    let told = session.failure("search_companies", keywords());
    assert!(
        told.starts_with("unreachable: this machine does not trust the certificate"),
        "{told}"
    );
    assert!(told.contains("`SSL_CERT_FILE`") && told.ends_with(MEND), "{told}");
    let log = session.end();
    assert!(!log.contains("attempts="), "{log}");

    // A proxy that is there and can't reach the API just now is asked again.
    let (address, heads) = unwilling_proxy(&api.runtime, "HTTP/1.1 503 Service Unavailable\r\n\r\n");
    let variables = [(name, &*file), ("https_proxy", &*address.to_string())];
    let mut session = Session::open_with(Era::Modern, &api.flags("api.example.com"), &variables);
    assert_eq!(
        session.failure("search_companies", keywords()),
        "unreachable: the API can't be reached just now through the proxy that `https_proxy` names, and nothing was sent; \
         try again later, and tell the user if it stays so"
    );
    assert!(session.end().contains("attempts="));
    assert!(heads.try_iter().count() > 1);
}

#[test]
fn a_start_with_a_proxy_or_certificates_that_can_not_be_used_ends_at_once() {
    let api = Tls::start(&["h2"]);
    let (name, file) = api.ca();
    let no_certificate = api.folder.write("no-ca.pem", "topsecret");
    let no_certificate = no_certificate.to_str().unwrap();
    for (variables, told) in [
        (
            [
                (name, &*file),
                ("HTTPS_PROXY", "socks5h://ann:topsecret@127.0.0.1:1080"),
            ],
            "error: `HTTPS_PROXY` names a SOCKS proxy",
        ),
        (
            [(name, &*file), ("ALL_PROXY", "topsecret is no URL")],
            "error: `ALL_PROXY` is no proxy's URL",
        ),
        (
            [(name, no_certificate), ("HTTPS_PROXY", "")],
            "error: `SSL_CERT_FILE`: there is no certificate in PEM format in `",
        ),
        (
            [(name, ""), ("HTTPS_PROXY", "")],
            "error: `SSL_CERT_FILE` is empty; unset it",
        ),
    ] {
        let ended = api.call("api.example.com", &variables);
        assert_eq!((ended.code, &*ended.stdout), (2, ""), "{}", ended.stderr);
        assert!(ended.stderr.starts_with(told), "{}", ended.stderr);
        assert!(!ended.stderr.contains("topsecret"), "{}", ended.stderr);
        // The doctor has it as its first check, and the sandbox needs neither.
        let flags = api.flags("api.example.com");
        let words: Vec<&str> = ["doctor", "--json"]
            .into_iter()
            .chain(flags.iter().map(String::as_str))
            .collect();
        let ended = run_with(&words, &variables);
        let report: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        let check = &report["checks"][0];
        assert_eq!((ended.code, &check["state"]), (2, &"failed".into()), "{check}");
        let detail = check["detail"].as_str().unwrap();
        assert!(told.contains(&detail[..20]), "{detail}");
        let words = [&CALL[..], &["--sandbox", "--sandbox-companies", "10"]].concat();
        assert_eq!(run_with(&words, &variables).code, 0);
    }
}

#[test]
fn what_is_on_this_machine_is_reached_without_a_proxy() {
    let api = Tls::start(&["h2"]);
    let (address, heads) = proxy(&api.runtime, api.port);
    let (name, file) = api.ca();
    let proxy = format!("http://{address}");
    let ended = api.call(
        "localhost",
        &[(name, &file), ("HTTPS_PROXY", &proxy), ("ALL_PROXY", &proxy)],
    );
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(api.seen(), ["connection", "h2 true"]);
    assert_eq!(heads.try_iter().count(), 0);
}

/// A server of HTTP/2 can say why it closes a connection (RFC 9113, section 6.8).
#[test]
fn a_credential_in_the_last_words_of_a_connection_is_not_logged() {
    let mut farewell = vec![0, 0, 0, 4, 0, 0, 0, 0, 0];
    let words = format!("unreadable: {TOKEN}");
    farewell.extend([0, 0, u8::try_from(words.len() + 8).unwrap(), 7, 0, 0, 0, 0, 0]);
    farewell.extend([0, 0, 0, 0, 0, 0, 0, 2]);
    farewell.extend(words.bytes());
    let api = Tls::start_with(&["h2"], move |mut stream, _| {
        let farewell = farewell.clone();
        async move {
            stream.write_all(&farewell).await.unwrap();
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
    });
    let (name, file) = api.ca();
    let mut flags = api.flags("localhost");
    flags.extend(["--log", "trace,h2=trace,hyper=trace,hyper_util=trace"].map(str::to_owned));
    let mut session = Session::open_with(Era::Modern, &flags, &[(name, &file)]);
    session.failure("search_companies", serde_json::json!({ "keywords": "software" }));
    let log = session.end();
    assert!(!log.contains("topsecret"), "{log}");
    assert!(log.contains("unreadable: ***"), "{log}");
}

#[test]
fn doctor_tells_a_certificate_that_nobody_vouches_for_and_a_clock_that_is_off() {
    let api = Tls::start_with(&["http/1.1"], |stream, _| async move {
        let answer = |_: Request<Incoming>| async {
            let answer = Response::builder().header("date", "Mon, 01 Jan 2024 00:00:00 GMT");
            let body = Full::new(Bytes::from_static(br#"{"data":{"__typename":"Query"}}"#));
            Ok::<_, Infallible>(answer.body(body).unwrap())
        };
        let connection = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
        let _ = connection
            .serve_connection(TokioIo::new(stream), hyper::service::service_fn(answer))
            .await;
    });
    let flags = api.flags("localhost");
    let report = Report::with(&flags, &["--no-calls"], &[]);
    assert_eq!(report.code, 1);
    assert_eq!(report.state("endpoint"), "failed");
    let detail = report.detail("endpoint");
    assert_eq!(
        detail,
        "the certificate is not trusted by this machine: it is self-signed, or of an authority that this machine does not know"
    );
    assert!(report.advice("endpoint").contains("`SSL_CERT_FILE`"));

    let (name, file) = api.ca();
    let report = Report::with(&flags, &["--no-calls"], &[(name, &file)]);
    assert_eq!(report.code, 1);
    let detail = report.detail("endpoint");
    assert!(
        detail.ends_with("with a certificate that this machine trusts"),
        "{detail}"
    );
    // A token is not signed with the time.
    assert_eq!(report.state("clock"), "warning");
    let detail = report.detail("clock");
    assert!(detail.ends_with(" days ahead of the API's"), "{detail}");
    // It does not tell its schema, and has nothing against any document, whatever is in it.
    assert_eq!(report.state("schema"), "failed");
    assert!(report.detail("schema").contains("does not validate"));
}

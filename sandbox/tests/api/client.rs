//! A request -> the bytes of the answer, over one connection for each request.
//!
//! It is written by hand so that a connection that was cut is seen as it is, and not as what a client library makes of it.

use appsync_mcp_sandbox::{Config, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// A sandbox with few companies.
pub(crate) async fn small() -> Sandbox {
    start(Config {
        companies: 2_000,
        ..Config::default()
    })
    .await
}

pub(crate) async fn start(config: Config) -> Sandbox {
    Sandbox::start(config).await.unwrap()
}

/// Whatever bytes come back until the connection closes.
pub(crate) async fn raw(sandbox: &Sandbox, method: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let host = sandbox
        .endpoint()
        .trim_start_matches("http://")
        .trim_end_matches("/graphql");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let mut request = format!(
        "{method} /graphql HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    request.push_str("\r\n");
    request.push_str(body);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that was reset ends the answer, as one that was closed does.
    drop(stream.read_to_end(&mut answer).await);
    answer
}

/// Sends a body.
pub(crate) async fn post(sandbox: &Sandbox, headers: &[(&str, &str)], body: &str) -> Answer {
    let answer = String::from_utf8(raw(sandbox, "POST", headers, body).await).unwrap();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {answer}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        headers: head.to_lowercase(),
        body: body.to_owned(),
    }
}

/// Sends a document as the sandbox's own user.
pub(crate) async fn send(sandbox: &Sandbox, document: &str, variables: Value) -> Value {
    send_as(sandbox, ("authorization", sandbox.bearer()), document, variables).await
}

/// Sends a document with this credential.
pub(crate) async fn send_as(sandbox: &Sandbox, credential: (&str, &str), document: &str, variables: Value) -> Value {
    let body = json!({ "query": document, "variables": variables }).to_string();
    let answer = post(sandbox, &[credential, ("content-type", "application/json")], &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// The data of an answer without errors.
pub(crate) async fn data(sandbox: &Sandbox, document: &str, variables: Value) -> Value {
    let body = send(sandbox, document, variables).await;
    assert_eq!(body.get("errors"), None, "{body}");
    body["data"].clone()
}

/// The only error of an answer.
pub(crate) fn only_error(body: &Value) -> &Value {
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{body}");
    &body["errors"][0]
}

/// The texts at a key of each item.
pub(crate) fn each(items: &Value, key: &str) -> Vec<String> {
    items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item[key].as_str().unwrap().to_owned())
        .collect()
}

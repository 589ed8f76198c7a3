//! The crate seen from outside: a scripted server on loopback on one side, bytes and error values on the other.
//!
//! Invariant: no network beyond loopback, no assertion about elapsed time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

mod authorization;
#[cfg(feature = "iam")]
mod control_plane;
#[cfg(unix)]
mod credential_file;
mod endpoint;
mod envelope;
mod error_class;
mod fake;
mod proxy;
mod redaction;
mod renewal;
#[cfg(unix)]
mod token_command;
mod transport;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use appsync_mcp_client::{ApiKey, Authorization, Client, Endpoint, InsecureHttp, Limits, Request, Secret};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;

/// An API key that must never be in a text.
const KEY: &str = "da2-topsecrettopsecret";

/// Patience for a busy machine.
const LIMITS: Limits = Limits {
    connect_timeout: MINUTES,
    read_timeout: MINUTES,
};

/// More than anything takes here.
const MINUTES: Duration = Duration::from_mins(5);

fn endpoint(url: &str) -> Endpoint {
    Endpoint::parse(url, InsecureHttp::OnLoopback).unwrap()
}

fn api_key() -> Authorization {
    Authorization::ApiKey(ApiKey::Value(Secret::parse(KEY).unwrap()))
}

fn client(url: &str) -> Client {
    Client::new(endpoint(url), api_key(), LIMITS)
}

fn request() -> Request {
    Request {
        body: Bytes::from_static(b"{\"query\":\"{ ok }\"}"),
        timeout: MINUTES,
        response_bytes_max: 1_000,
    }
}

/// Makes a token of the shape that providers issue, with a signature that nobody checks here.
fn jwt(claims: &str) -> String {
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(claims), part("signature"))
}

/// A file for one test, removed afterwards.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str, content: impl AsRef<[u8]>) -> TempFile {
        // Tests of one process run beside each other.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let file = format!("appsync-mcp-client-{}-{number}-{name}", std::process::id());
        let file = TempFile(std::env::temp_dir().join(file));
        file.write(content);
        file
    }

    fn write(&self, content: impl AsRef<[u8]>) {
        std::fs::write(&self.0, content).unwrap();
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

//! The server seen from outside: the real program, over its pipes or its command line, in front of a sandbox that counts.
//!
//! `api` is the sandbox, `proxy` a bad way to it, `echo` an API that misbehaves, `session` an MCP client, `program` a shell,
//! `schema` a JSON Schema checker; the rest are tests.
//!
//! Invariant: no test waits for a time to pass; [`session::PATIENCE`] only ends a test that has failed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on has failed"
)]

mod api;
mod contract;
#[cfg(unix)]
mod echo;
mod program;
mod proxy;
mod schema;
mod session;
mod stub;

mod absent;
mod access;
mod arguments;
#[cfg(all(unix, feature = "iam"))]
mod aws;
mod cli;
mod cuts;
mod doctor;
mod drift;
mod faults;
mod gate;
#[cfg(target_os = "linux")]
mod h2;
mod hostile;
mod limits;
mod lock;
mod mcp;
mod recordings;
mod requests;
#[cfg(unix)]
mod secrets;
#[cfg(unix)]
mod starts;
#[cfg(target_os = "linux")]
mod tls;
mod tools;
mod verify;

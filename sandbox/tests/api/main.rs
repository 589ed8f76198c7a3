//! The sandbox seen from outside: over HTTP on the loopback interface.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on has failed"
)]

mod auth;
mod client;
mod command;
mod envelope;
mod faults;
#[cfg(unix)]
mod iam;
mod introspection;
mod reads;
mod writes;

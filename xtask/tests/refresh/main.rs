//! `cargo xtask refresh-schema` seen from outside: the real program, in a project of its own, in front of scripted servers,
//! or of the sandbox.
//!
//! Invariant: no network beyond loopback.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

mod control_plane;
mod file;
mod introspection;
mod kill;
mod project;
mod sandbox;
mod server;
mod usage;

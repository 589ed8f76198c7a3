//! The server in front of an API that fails: the real program over its pipes, and a server of raw bytes behind it.
//!
//! `upstream` and `answer` are the API, `case` is a row of the table of failures, `program` is the server and a client of
//! it, `credential` is what it sends, `people` is an API with a memory; the rest are tests.
//!
//! Invariant: how long something takes is measured and printed; no test fails on a machine that is merely slow.

// Elsewhere systems tell differently of connections that break, and there are no named pipes.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on has failed"
)]
#![expect(
    clippy::print_stdout,
    reason = "what was measured is for whoever runs a test to see it"
)]

mod answer;
mod case;
mod credential;
mod people;
mod program;
mod upstream;

mod echoed;
mod failures;
mod hang;
#[cfg(target_os = "linux")]
mod large;
mod verify;

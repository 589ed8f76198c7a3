//! What a command says to whoever runs it, on standard error, each line or block with the word that it begins with.
//!
//! Invariant: standard output holds results only. Diagnostics of the build, which begin with `error:` and `warning:` too, are
//! rendered by it.
//! Invariant: what is said has no hidden characters: an API's own words may be in it.

use std::{fmt::Display, process::ExitCode};

use appsync_mcp_codegen::visible;

/// Says why a command comes to nothing.
pub(crate) fn error(message: impl Display) {
    eprintln!("error: {}", visible(&message.to_string()));
}

/// Ends a command that is done or comes to nothing.
pub(crate) fn end(done: Result<(), impl Display>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            error(message);
            ExitCode::FAILURE
        }
    }
}

/// Says what may be wrong, although the command goes on.
pub(crate) fn warning(message: impl Display) {
    eprintln!("warning: {}", visible(&message.to_string()));
}

/// Says what somebody may want to know.
pub(crate) fn note(message: impl Display) {
    eprintln!("note: {}", visible(&message.to_string()));
}

/// Says what to do next.
pub(crate) fn next(message: impl Display) {
    eprintln!("next: {}", visible(&message.to_string()));
}

/// Says which command is about to run, as one would type it.
pub(crate) fn command(line: impl Display) {
    eprintln!("$ {line}");
}

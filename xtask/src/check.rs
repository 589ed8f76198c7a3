//! The project's sources → what a build would say of them, or make of them.

use std::{
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use appsync_mcp_codegen::{Generated, Sources, Writes, generate};

use crate::prelude;

/// Says what is wrong, and what to look at. Fails if a build would.
pub(crate) fn check() -> ExitCode {
    if let Err(error) = prelude::check(Path::new(".")) {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    generated().map_or(ExitCode::FAILURE, |_| ExitCode::SUCCESS)
}

/// Prints the Rust that a build would generate. Fails if a build would.
pub(crate) fn expand() -> ExitCode {
    let Some(generated) = generated() else {
        return ExitCode::FAILURE;
    };
    match io::stdout().write_all(generated.code.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        // A reader such as `head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generated() -> Option<Generated> {
    let sources = match Sources::read(Path::new(".")) {
        Ok(sources) => sources,
        Err(error) => {
            eprintln!("error: {error}");
            return None;
        }
    };
    match generate(&sources, Writes::Included) {
        Ok(generated) => {
            eprint!("{}", generated.warnings.render(&sources));
            Some(generated)
        }
        Err(found) => {
            eprint!("{}", found.render(&sources));
            None
        }
    }
}

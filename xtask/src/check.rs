//! The project's sources → what a build would say of them, or make of them.

use std::{path::Path, process::ExitCode};

use appsync_mcp_codegen::{Writes, review};

use crate::{prelude, project, voice};

/// Says what is wrong, and what to look at. Fails if a build would.
pub(crate) fn check() -> ExitCode {
    if let Err(error) = prelude::check(Path::new(".")) {
        voice::error(error);
        return ExitCode::FAILURE;
    }
    let Some((sources, generated)) = project::read(Path::new(".")) else {
        return ExitCode::FAILURE;
    };
    match review(&sources, &generated, Writes::Included) {
        Ok(()) => ExitCode::SUCCESS,
        Err(found) => {
            eprint!("{}", found.render(&sources));
            ExitCode::FAILURE
        }
    }
}

/// Prints the Rust that a build would generate, reviewed or not. Fails if there is none.
pub(crate) fn expand() -> ExitCode {
    let Some((_, generated)) = project::read(Path::new(".")) else {
        return ExitCode::FAILURE;
    };
    voice::end(project::print(&generated.code))
}

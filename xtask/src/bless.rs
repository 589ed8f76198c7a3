//! Tests → rewritten snapshots; the prelude → the editors' copy of it.

use std::{
    env,
    path::Path,
    process::{Command, ExitCode},
};

use crate::prelude;

/// Runs all tests so that snapshots which differ are rewritten. What changed is for the reviewer of the diff.
pub(crate) fn bless() -> ExitCode {
    if let Err(error) = prelude::bless(Path::new(".")) {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["test", "--workspace"])
        .env("UPDATE_EXPECT", "1")
        .env("TRYBUILD", "overwrite")
        .status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: cargo can't be started: {error}");
            ExitCode::FAILURE
        }
    }
}

//! Tests → rewritten snapshots.

use std::{
    env,
    process::{Command, ExitCode},
};

/// Runs all tests so that snapshots which differ are rewritten. What changed is for the reviewer of the diff.
pub(crate) fn bless() -> ExitCode {
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

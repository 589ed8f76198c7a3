//! `cargo xtask`, for this repository.

use std::process::ExitCode;

fn main() -> ExitCode {
    appsync_mcp_xtask::main()
}

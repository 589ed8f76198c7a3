//! Generates the tools from `schema/` and `operations/`.

use std::process::ExitCode;

use appsync_mcp_codegen::{Writes, build};

fn main() -> ExitCode {
    build(Writes::Included)
}

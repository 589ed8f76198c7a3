//! Generates the tools from `schema/` and `operations/`.

use std::process::ExitCode;

use appsync_mcp_codegen::{Writes, build};

fn main() -> ExitCode {
    build(if cfg!(feature = "writes") {
        Writes::Included
    } else {
        Writes::Excluded
    })
}

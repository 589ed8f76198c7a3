//! Generates this repository's own tools from `schema/` and `operations/`.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "sample")]
    {
        use appsync_mcp_codegen::{Writes, build};
        build(if cfg!(feature = "writes") {
            Writes::Included
        } else {
            Writes::Excluded
        })
    }
    #[cfg(not(feature = "sample"))]
    ExitCode::SUCCESS
}

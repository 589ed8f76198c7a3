//! A folder of other people's APIs → whether this project takes them: each schema loads, each valid operation becomes Rust
//! that compiles without a warning, and each other one is refused by a diagnostic.

mod api;
mod package;
mod table;

use std::{
    env,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use api::Api;

use crate::voice;

/// Whether what was adopted is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// Everything, and a table is printed.
    Compiled,
    /// What was decided of each operation is printed as JSON, and nothing is compiled.
    Judged,
}

/// Checks all APIs of a folder.
///
/// Fails if a schema does not load, something panics, a valid operation is refused, or rustc has anything to say.
pub(crate) fn run(folder: &Path, until: Until) -> ExitCode {
    match check(folder, until) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            voice::error(message);
            ExitCode::FAILURE
        }
    }
}

fn check(folder: &Path, until: Until) -> Result<bool, String> {
    let mut apis = api::read(folder)?;
    for api in &mut apis {
        api.adopt();
    }
    let out = match until {
        Until::Judged => table::json(&apis),
        Until::Compiled => {
            package::compile(&mut apis, &repository()?, &target())?;
            table::render(&apis)
        }
    };
    io::stdout()
        .write_all(out.as_bytes())
        .map_err(|error| error.to_string())?;
    Ok(apis.iter().all(Api::is_taken))
}

/// Returns the folder of this project's crates: the packages that are written depend on them by path.
fn repository() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    match root.canonicalize() {
        Ok(root) if root.join("codegen/Cargo.toml").exists() => Ok(root),
        _ => Err("this command needs the repository of appsync-mcp, where it was built".to_owned()),
    }
}

/// Returns the folder that cargo builds in.
fn target() -> PathBuf {
    let set = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"))
}

//! A project's folder → its sources, and what a build makes of them; and back, whole files.
//!
//! Invariant: what is said of sources goes to standard error.

mod program;
mod write;

use std::{
    env,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use appsync_mcp_codegen::{Generated, Sources, Writes, generate};
use serde_json::Value;

use crate::voice;
pub(crate) use program::Programs;
pub(crate) use write::{remove_leftovers, write};

/// Cargo, as it has started this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Reads a project and generates its tools. Warnings are said, and so is why there is nothing.
pub(crate) fn read(root: &Path) -> Option<(Sources, Generated)> {
    let sources = match Sources::read(root) {
        Ok(sources) => sources,
        Err(error) => {
            voice::error(error);
            return None;
        }
    };
    match generate(&sources, Writes::Included) {
        Ok(generated) => {
            eprint!("{}", generated.warnings.render(&sources));
            Some((sources, generated))
        }
        Err(found) => {
            eprint!("{}", found.render(&sources));
            None
        }
    }
}

/// Returns what Cargo knows of the workspace's packages.
///
/// # Errors
/// When it does not know the workspace.
pub(crate) fn metadata() -> io::Result<Value> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Returns the folders of the workspace's packages that have a schema.
///
/// # Errors
/// When Cargo does not know the workspace.
pub(crate) fn all() -> io::Result<Vec<PathBuf>> {
    let metadata = metadata()?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let manifests = packages
        .into_iter()
        .flatten()
        .filter_map(|package| package.get("manifest_path"));
    let folders = manifests.filter_map(|path| Path::new(path.as_str()?).parent());
    let here = env::current_dir()?;
    Ok(folders
        .filter(|folder| folder.join("schema/schema.graphql").exists())
        .map(|folder| folder.strip_prefix(&here).unwrap_or(folder).to_owned())
        .collect())
}

/// Prints to standard output.
///
/// # Errors
/// When it can't be written; a reader such as `head` that has seen enough is none.
pub(crate) fn print(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

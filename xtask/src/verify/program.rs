//! The project in the current folder → its program, built.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde::Deserialize;
use serde_json::Value;

use crate::project::{self, Programs};

/// Builds the program and returns where it is. What Cargo says goes to standard error.
pub(super) fn build(release: bool) -> io::Result<PathBuf> {
    let (package, binary) = name(project::metadata()?, Path::new("."))?;
    let output = project::cargo()
        .args(["build", "--message-format", "json-render-diagnostics"])
        .args(["--package", &package, "--bin", &binary])
        .args(release.then_some("--release"))
        // What is not verified has to be built, to be.
        .env_remove("APPSYNC_MCP_REQUIRE_VERIFIED")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other("the program does not build"));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    executable(&messages, &binary).ok_or_else(|| io::Error::other(format!("Cargo does not say where `{binary}` is")))
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(flatten)]
    programs: Programs,
}

/// Returns the names of the package in a folder and of its program, as Cargo knows them.
fn name(metadata: Value, root: &Path) -> io::Result<(String, String)> {
    let Metadata { packages } = serde_json::from_value(metadata)?;
    let package = packages.into_iter().find(|package| package.programs.are_in(root));
    let Package { name, programs } =
        package.ok_or_else(|| io::Error::other("there is no package here: verify in the project's root"))?;
    let program = programs.server().map_err(io::Error::other)?.to_owned();
    Ok((name, program))
}

/// Returns the path of a program, from Cargo's messages.
fn executable(messages: &str, binary: &str) -> Option<PathBuf> {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut paths = messages.filter_map(|message| {
        let is_it = message.get("target")?.get("name")? == binary;
        let path = message.get("executable")?.as_str()?;
        is_it.then(|| PathBuf::from(path))
    });
    paths.next_back()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_program_is_the_root_s() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let package = |name: &str, folder: &Path| {
            json!({
                "name": name, "manifest_path": folder.join("Cargo.toml"), "targets": [{ "name": name, "kind": ["bin"] }],
            })
        };
        let other = package("books", &root.join(".."));
        let found = name(json!({ "packages": [other, package("xtask", root)] }), root).unwrap();
        assert_eq!(found, ("xtask".to_owned(), "xtask".to_owned()));
        let error = name(json!({ "packages": [other] }), root).unwrap_err();
        assert!(error.to_string().contains("no package here"), "{error}");
    }

    #[test]
    fn cargo_says_where_it_is() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"books","kind":["lib"]},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"books","kind":["bin"]},"executable":"/t/debug/books"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(executable(messages, "books"), Some(PathBuf::from("/t/debug/books")));
        assert_eq!(executable(messages, "tools"), None);
    }
}

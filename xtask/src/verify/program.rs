//! The project in the current folder → its program, built.

use std::{
    env, io,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;

use crate::project;

/// Builds the program and returns where it is. What Cargo says goes to standard error.
pub(super) fn build(release: bool) -> io::Result<PathBuf> {
    let (package, binary) = name(&project::metadata()?, &env::current_dir()?)?;
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

/// Returns the names of the root's package and of its program, as Cargo knows them.
fn name(metadata: &Value, root: &Path) -> io::Result<(String, String)> {
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let manifest = root.join("Cargo.toml");
    let packages = list(metadata, "packages");
    let package = packages
        .iter()
        .find(|package| text(package, "manifest_path").is_some_and(|path| Path::new(&path) == manifest))
        .ok_or_else(|| io::Error::other("there is no package here: verify in the project's root"))?;
    let targets = list(package, "targets");
    let is_program = |target: &&Value| list(target, "kind").contains(&"bin".into());
    let programs: Vec<_> = targets
        .iter()
        .filter(is_program)
        .filter_map(|target| text(target, "name"))
        .collect();
    let package_name = text(package, "name").unwrap_or_default();
    match (text(package, "default_run"), programs.as_slice()) {
        (Some(program), _) => Ok((package_name, program)),
        (None, [program]) => Ok((package_name, program.clone())),
        (None, []) => Err(io::Error::other(format!("the package `{package_name}` has no program"))),
        (None, [..]) => Err(io::Error::other(format!(
            "the package `{package_name}` has several programs; say which with `default-run` in Cargo.toml"
        ))),
    }
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
        let bin = |name: &str| json!({ "name": name, "kind": ["bin"] });
        let lib = json!({ "name": "books", "kind": ["lib"] });
        let other = json!({ "name": "xtask", "manifest_path": "/books/xtask/Cargo.toml", "targets": [bin("xtask")] });
        let found = |default_run: Value, targets: Vec<Value>| {
            let root = json!({
                "name": "books-mcp", "manifest_path": "/books/Cargo.toml", "default_run": default_run, "targets": targets,
            });
            name(&json!({ "packages": [other, root] }), Path::new("/books")).map_err(|error| error.to_string())
        };
        let expected = |name: &str| Ok(("books-mcp".to_owned(), name.to_owned()));
        assert_eq!(found(Value::Null, vec![lib.clone(), bin("books")]), expected("books"));
        assert_eq!(found("b".into(), vec![bin("a"), bin("b")]), expected("b"));
        let error = found(Value::Null, vec![bin("a"), bin("b")]).unwrap_err();
        assert!(error.contains("`default-run`"), "{error}");
        let error = found(Value::Null, vec![lib]).unwrap_err();
        assert!(error.contains("has no program"), "{error}");
        let error = name(&json!({ "packages": [other] }), Path::new("/books")).unwrap_err();
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

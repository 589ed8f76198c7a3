//! What `cargo metadata` says of a package → the one program that is its server.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// What there is to run in a package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Programs {
    pub(crate) manifest_path: PathBuf,
    default_run: Option<String>,
    targets: Vec<Target>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Programs {
    /// Whether the package is the one in a folder, and not in one below.
    pub(crate) fn are_in(&self, root: &Path) -> bool {
        let manifest = fs::canonicalize(root.join("Cargo.toml"));
        let own = fs::canonicalize(&self.manifest_path);
        manifest.is_ok_and(|manifest| own.is_ok_and(|own| own == manifest))
    }

    /// Returns the name of the one program, or of the one that `cargo run` would run.
    ///
    /// # Errors
    /// When there is none, or nobody knows which; the message says what to do.
    pub(crate) fn server(&self) -> Result<&str, String> {
        let is_program = |target: &&Target| target.kind.iter().any(|kind| kind == "bin");
        let mut programs = self.targets.iter().filter(is_program);
        match (&self.default_run, programs.next(), programs.next()) {
            (Some(name), ..) => Ok(name),
            (None, Some(program), None) => Ok(&program.name),
            (None, None, _) => Err("the package has no program: write `src/main.rs`".to_owned()),
            (None, ..) => {
                Err("the package has several programs: name the server with `default-run` in Cargo.toml".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn programs(default_run: &Value, targets: &[(&str, &str)]) -> Programs {
        let targets = targets
            .iter()
            .map(|(name, kind)| json!({ "name": name, "kind": [kind] }));
        let all = json!({
            "manifest_path": "/books/Cargo.toml", "default_run": default_run, "targets": targets.collect::<Vec<_>>(),
        });
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn the_server_is_the_only_program_or_the_one_that_runs() {
        let (a, b, lib) = (("a", "bin"), ("b", "bin"), ("books", "lib"));
        for (default_run, targets, expected) in [
            (Value::Null, &[lib, a][..], Ok("a")),
            ("b".into(), &[a, b], Ok("b")),
            (Value::Null, &[a, b], Err("`default-run`")),
            (Value::Null, &[lib], Err("no program")),
        ] {
            let programs = programs(&default_run, targets);
            match (programs.server(), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
                (found, expected) => panic!("{targets:?}: {found:?}, {expected:?}"),
            }
        }
    }

    #[test]
    fn a_package_is_in_its_folder_only() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut own = programs(&Value::Null, &[]);
        assert!(!own.are_in(root));
        own.manifest_path = root.join("src/../Cargo.toml");
        assert!(own.are_in(root));
        assert!(!own.are_in(&root.join("..")));
    }
}

//! `cargo metadata` → what is shipped of a project: its package's facts, its program, the features it is built with, and
//! every folder of this machine that its code comes from.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::project::{self, Programs};

/// The feature that brings in `operations/write/`.
const WRITES: &str = "writes";

/// What is shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    /// The program's name, which is that of the bundle too.
    pub(crate) program: String,
    /// The package's facts, as `Cargo.toml` has them.
    pub(crate) facts: Facts,
    /// The features that the program is built with, all of them: the default ones are among them by name.
    pub(crate) features: BTreeSet<String>,
    /// The profile that it is built in.
    pub(crate) profile: &'static str,
    /// The workspace's folder.
    pub(crate) root: PathBuf,
    /// Cargo's folder for what it builds.
    pub(crate) target: PathBuf,
    /// The folders outside of the workspace in which the folders of dependencies stand.
    pub(crate) elsewhere: BTreeSet<PathBuf>,
}

/// What a package says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Facts {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) homepage: Option<String>,
    pub(crate) documentation: Option<String>,
    pub(crate) readme: Option<PathBuf>,
    /// `[package.metadata.appsync-mcp]`.
    #[serde(skip)]
    pub(crate) ours: Ours,
}

/// What a package says to this command, in `[package.metadata.appsync-mcp]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Ours {
    /// The name that people read.
    pub(crate) display_name: Option<String>,
    /// The features that are shipped; `None` is: the default ones.
    pub(crate) dist_features: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Listed>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Listed {
    #[serde(flatten)]
    facts: Facts,
    #[serde(flatten)]
    programs: Programs,
    features: BTreeMap<String, Vec<String>>,
    metadata: Option<serde_json::Value>,
}

/// Returns what is shipped of the project in a folder. `writes`: whether what it can write is.
///
/// # Errors
/// When Cargo does not know the project, or the lock file is not up to date, or `Cargo.toml` does not say which program is
/// meant.
pub(crate) fn read(root: &Path, writes: bool) -> Result<Package, String> {
    let output = project::cargo()
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo can't be started: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr)
            .trim_start_matches("error: ")
            .trim_end()
            .to_owned());
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("`cargo metadata`: {error}"))?;
    let listed = metadata
        .packages
        .iter()
        .find(|listed| listed.programs.are_in(root))
        .ok_or("Cargo.toml has no `[package]`: run this where the server's package is")?;
    let ours = ours(listed)?;
    Ok(Package {
        program: listed.programs.server()?.to_owned(),
        features: features(listed, ours.dist_features.as_deref(), writes)?,
        facts: Facts {
            ours,
            ..listed.facts.clone()
        },
        profile: profile(&metadata.workspace_root)?,
        elsewhere: elsewhere(&metadata),
        root: metadata.workspace_root,
        target: metadata.target_directory,
    })
}

fn ours(listed: &Listed) -> Result<Ours, String> {
    let ours = listed.metadata.as_ref().and_then(|all| all.get("appsync-mcp"));
    match ours {
        None => Ok(Ours::default()),
        Some(ours) => {
            Ours::deserialize(ours).map_err(|error| format!("Cargo.toml: `[package.metadata.appsync-mcp]`: {error}"))
        }
    }
}

/// Returns the features that are shipped, and those that come in with them.
fn features(listed: &Listed, shipped: Option<&[String]>, writes: bool) -> Result<BTreeSet<String>, String> {
    let default = listed.features.get("default").map_or(&[][..], Vec::as_slice);
    let is_of_dependency = |name: &str| name.contains(['/', ':']);
    let is_unknown = |name: &&String| !is_of_dependency(name) && !listed.features.contains_key(*name);
    if let Some(unknown) = shipped.unwrap_or_default().iter().find(is_unknown) {
        return Err(format!(
            "Cargo.toml: `dist-features` names `{unknown}`, which is no feature of the package"
        ));
    }
    if !writes && !listed.features.contains_key(WRITES) {
        return Err("the package has no feature `writes` to leave out".to_owned());
    }
    let mut todo: Vec<_> = shipped
        .unwrap_or(default)
        .iter()
        .filter(|name| writes || *name != WRITES)
        .collect();
    let mut features = BTreeSet::new();
    while let Some(name) = todo.pop() {
        if features.insert(name.clone()) {
            let brought = listed.features.get(name).into_iter().flatten();
            todo.extend(brought.filter(|name| !is_of_dependency(name)));
        }
    }
    if !writes && features.contains(WRITES) {
        return Err(
            "another feature that is shipped brings in `writes`, so that it can't be left out: name the features \
                    without it in `dist-features`"
                .to_owned(),
        );
    }
    Ok(features)
}

/// Returns the profile for shipping: `dist`, if the manifest has it.
fn profile(root: &Path) -> Result<&'static str, String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", root.join("Cargo.toml").display());
    let text = fs::read_to_string(root.join("Cargo.toml")).map_err(|error| told(&error))?;
    let manifest: toml::Table = text.parse().map_err(|error: toml::de::Error| told(&error))?;
    let has_dist = manifest
        .get("profile")
        .is_some_and(|profiles| profiles.get("dist").is_some());
    Ok(if has_dist { "dist" } else { "release" })
}

/// Returns the folders that the folders of packages stand in, as far as they are outside of the workspace: those of Cargo's
/// registries and checkouts among them, wherever Cargo keeps them here.
fn elsewhere(metadata: &Metadata) -> BTreeSet<PathBuf> {
    let folders = metadata
        .packages
        .iter()
        .filter_map(|listed| listed.programs.manifest_path.parent());
    let outside = folders.filter(|folder| !folder.starts_with(&metadata.workspace_root));
    // A package right below the root of the file system stands for itself.
    let parents = outside.map(|folder| match folder.parent() {
        Some(parent) if parent.parent().is_some() => parent,
        _ => folder,
    });
    parents.map(Path::to_owned).collect()
}

impl Package {
    /// Whether the program is built with a feature of this name.
    pub(crate) fn has(&self, feature: &str) -> bool {
        self.features.contains(feature)
    }

    /// Whether the program can write.
    pub(crate) fn writes(&self) -> bool {
        self.has(WRITES)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(changes: &serde_json::Value) -> Listed {
        let mut all = json!({
            "name": "books", "version": "1.2.3", "authors": [], "manifest_path": "/books/Cargo.toml",
            "targets": [
                { "name": "books", "kind": ["bin"] }, { "name": "books", "kind": ["lib"] }, { "name": "it", "kind": ["test"] },
            ],
            "features": {
                "default": ["writes", "iam"], "writes": [], "iam": ["appsync-mcp/iam"], "sandbox": ["dep:sandbox"],
                "all": ["sandbox", "default"],
            },
        });
        for (key, value) in changes.as_object().unwrap() {
            all[key] = value.clone();
        }
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn features_are_those_that_are_named_and_what_they_bring() {
        let package = listed(&json!({}));
        for (shipped, writes, expected) in [
            (None, true, Ok(vec!["iam", "writes"])),
            (None, false, Ok(vec!["iam"])),
            (Some(vec!["iam"]), true, Ok(vec!["iam"])),
            (Some(vec![]), true, Ok(vec![])),
            (
                Some(vec!["all"]),
                true,
                Ok(vec!["all", "default", "iam", "sandbox", "writes"]),
            ),
            (
                Some(vec!["writes", "appsync-mcp/iam"]),
                false,
                Ok(vec!["appsync-mcp/iam"]),
            ),
            (
                Some(vec!["all"]),
                false,
                Err("another feature that is shipped brings in `writes`"),
            ),
            (
                Some(vec!["write"]),
                true,
                Err("`dist-features` names `write`, which is no feature"),
            ),
        ] {
            let shipped: Option<Vec<_>> = shipped.map(|names| names.into_iter().map(str::to_owned).collect());
            match (features(&package, shipped.as_deref(), writes), expected) {
                (Ok(found), Ok(expected)) => assert!(found.iter().eq(expected), "{found:?}"),
                (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
                (found, expected) => panic!("{shipped:?}: {found:?}, {expected:?}"),
            }
        }
        let error = features(&listed(&json!({ "features": {} })), None, false).unwrap_err();
        assert_eq!(error, "the package has no feature `writes` to leave out");
    }

    #[test]
    fn a_slip_in_our_table_is_told() {
        let named = json!({ "metadata": { "appsync-mcp": { "display-name": "Books" }, "other": 1 } });
        assert_eq!(ours(&listed(&named)).unwrap().display_name.as_deref(), Some("Books"));
        assert_eq!(ours(&listed(&json!({}))), Ok(Ours::default()));
        let error = ours(&listed(
            &json!({ "metadata": { "appsync-mcp": { "dist_features": [] } } }),
        ))
        .unwrap_err();
        assert!(
            error.contains("`[package.metadata.appsync-mcp]`: unknown field `dist_features`"),
            "{error}"
        );
    }

    #[test]
    fn code_from_outside_is_where_cargo_keeps_it() {
        let metadata = Metadata {
            packages: [
                "/code/books",
                "/code/books/xtask",
                "/code/other/client",
                "/cargo/registry/src/x/serde-1.0.0",
                "/top",
            ]
            .map(|folder| listed(&json!({ "manifest_path": format!("{folder}/Cargo.toml") })))
            .into(),
            workspace_root: "/code/books".into(),
            target_directory: "/code/books/target".into(),
        };
        let expected = ["/cargo/registry/src/x", "/code/other", "/top"].map(PathBuf::from);
        assert_eq!(elsewhere(&metadata), expected.into());
    }
}

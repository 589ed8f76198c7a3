//! Where a project gets appsync-mcp from → how its `Cargo.toml` says so.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

/// Where the packages of appsync-mcp come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// A checkout, as the project's manifest names it, with `/` on every system.
    Path(String),
    /// A git repository.
    Git {
        url: String,
        /// A commit; without one, the newest.
        rev: Option<String>,
    },
}

const HOW_TO_NAME_ONE: &str =
    "name a checkout of appsync-mcp with `--path DIR`, or its repository with `--git URL --rev REV`";

impl Origin {
    /// Returns a checkout as a project in `folder` names it; without one, that of this command.
    pub(super) fn path(checkout: Option<PathBuf>, folder: &Path) -> Result<Self, String> {
        let checkout = match checkout {
            Some(checkout) => checkout,
            None => lasting(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?,
        };
        for package in ["codegen", "xtask"] {
            let manifest = checkout.join(package).join("Cargo.toml");
            if !manifest.is_file() {
                let missing = manifest.display();
                return Err(format!("`{missing}` is not there: {HOW_TO_NAME_ONE}"));
            }
        }
        let checkout = fs::canonicalize(&checkout).map_err(|error| format!("{}: {error}", checkout.display()))?;
        let path = relative(&checkout, folder);
        let text = path
            .to_str()
            .ok_or_else(|| format!("{}: the path is not UTF-8", path.display()))?;
        Ok(Self::Path(text.replace('\\', "/")))
    }

    /// Returns the keys of a dependency on the package in a folder of the checkout: `""`, or one that begins with `/`.
    pub(super) fn keys(&self, folder: &str) -> Result<String, String> {
        match self {
            Self::Path(path) => Ok(format!("path = {}", quoted(&format!("{path}{folder}"))?)),
            Self::Git { url, rev: None } => Ok(format!("git = {}", quoted(url)?)),
            Self::Git { url, rev: Some(rev) } => Ok(format!("git = {}, rev = {}", quoted(url)?, quoted(rev)?)),
        }
    }
}

/// Returns this command's own checkout, unless it is in Cargo's cache, which Cargo may clean.
fn lasting(checkout: PathBuf) -> Result<PathBuf, String> {
    // Cargo's mark on what it has fetched.
    if checkout.join(".cargo-ok").exists() {
        return Err(format!("this command was built from Cargo's cache: {HOW_TO_NAME_ONE}"));
    }
    Ok(checkout)
}

/// Returns the way from one folder to another; both are absolute. Where they share no folder, it is the other's own path.
fn relative(to: &Path, from: &Path) -> PathBuf {
    let shared: PathBuf = to
        .components()
        .zip(from.components())
        .take_while(|(a, b)| a == b)
        .map(|(component, _)| component)
        .collect();
    if !shared
        .components()
        .any(|component| matches!(component, Component::Normal(_)))
    {
        return to.to_owned();
    }
    let up = from.components().count() - shared.components().count();
    let down = to.strip_prefix(&shared).unwrap_or(to);
    std::iter::repeat_n(Component::ParentDir, up)
        .chain(down.components())
        .collect()
}

/// Returns a string of TOML.
fn quoted(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(char::is_control) {
        return Err(format!("{text:?} can't stand in a manifest"));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkout_is_named_as_seen_from_the_project() {
        for (to, from, expected) in [
            ("/code/appsync-mcp", "/code/books", "../appsync-mcp"),
            ("/code/appsync-mcp", "/code/apis/books", "../../appsync-mcp"),
            ("/code/appsync-mcp", "/code/appsync-mcp/books", ".."),
            ("/code/appsync-mcp", "/srv/books", "/code/appsync-mcp"),
        ] {
            assert_eq!(
                relative(Path::new(to), Path::new(from)),
                Path::new(expected),
                "{to} from {from}"
            );
        }
        let here = Origin::path(None, Path::new("/elsewhere/books")).unwrap();
        let Origin::Path(path) = &here else { panic!("{here:?}") };
        assert!(Path::new(path).join("xtask/template").is_dir(), "{path}");
        let error = Origin::path(Some("/nowhere".into()), Path::new("/elsewhere/books")).unwrap_err();
        assert!(
            error.contains("name a checkout of appsync-mcp with `--path DIR`"),
            "{error}"
        );
    }

    #[test]
    fn what_cargo_has_fetched_is_no_checkout() {
        let cache = std::env::temp_dir().join(format!("appsync-mcp-cache-{}", std::process::id()));
        fs::create_dir_all(&cache).unwrap();
        assert_eq!(lasting(cache.clone()), Ok(cache.clone()));
        fs::write(cache.join(".cargo-ok"), "").unwrap();
        let error = lasting(cache.clone()).unwrap_err();
        fs::remove_dir_all(&cache).unwrap();
        assert!(error.contains("`--git URL --rev REV`"), "{error}");
    }

    #[test]
    fn a_dependency_has_the_keys_of_its_origin() {
        let path = Origin::Path("../app\"sync".to_owned());
        assert_eq!(path.keys("/codegen").as_deref(), Ok(r#"path = "../app\"sync/codegen""#));
        let git = |url: &str, rev: Option<&str>| Origin::Git {
            url: url.to_owned(),
            rev: rev.map(str::to_owned),
        };
        let url = "https://git.example.com/appsync-mcp";
        assert_eq!(git(url, None).keys("").unwrap(), format!("git = \"{url}\""));
        assert_eq!(
            git(url, Some("1a2b")).keys("/xtask").unwrap(),
            format!("git = \"{url}\", rev = \"1a2b\"")
        );
        assert!(git("a\nb", None).keys("").is_err());
        assert!(git(url, Some("")).keys("").is_err());
    }
}

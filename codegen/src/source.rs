//! Folders → [`Sources`]: every input of the build, as text.
//!
//! Invariant: the only file of this crate that reads the file system, besides the build script's entry in `build.rs`.

use std::{fs, io, path::Path};

/// The path of the lock, relative to the project: what a review has accepted.
pub const LOCK: &str = "schema/tools.lock";

/// The path of the record of verified tools, relative to the project.
pub const VERIFIED: &str = "schema/verified.lock";

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path relative to the project, with `/` on every system.
    pub path: String,
    /// The content.
    pub text: String,
    /// What the file is.
    pub kind: SourceKind,
}

impl SourceFile {
    /// Returns the file's name without its folder and its extension.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.split_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// What an input file is, told by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// `schema/schema.graphql`: the API's SDL.
    Schema,
    /// `schema/api.json`: facts about the API.
    Api,
    /// `schema/api.local.json`: what people add to them.
    ApiLocal,
    /// `schema/tools.lock`: what a review has accepted of what is generated. Nothing is made of it.
    Lock,
    /// `schema/verified.lock`: which tools were called in a real API, and passed.
    Verified,
    /// `operations/read/*.graphql`.
    Read,
    /// `operations/write/*.graphql`.
    Write,
    /// `operations/fragments/*.graphql`.
    Fragments,
    /// `operations/prompts/*.md`.
    Prompt,
}

/// All input files, sorted by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// The files.
    pub files: Vec<SourceFile>,
}

impl Sources {
    /// Reads `schema/` and `operations/` below `root`.
    ///
    /// # Errors
    /// When a folder or file can't be read, or is not UTF-8; the message names it.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        let mut read = |path: &str, kind| -> io::Result<()> {
            let text = fs::read_to_string(root.join(path)).map_err(|error| named(path, &error))?;
            files.push(SourceFile {
                path: path.to_owned(),
                text,
                kind,
            });
            Ok(())
        };
        read("schema/schema.graphql", SourceKind::Schema)?;
        for (path, kind) in [
            ("schema/api.json", SourceKind::Api),
            ("schema/api.local.json", SourceKind::ApiLocal),
            (LOCK, SourceKind::Lock),
            (VERIFIED, SourceKind::Verified),
        ] {
            if root.join(path).exists() {
                read(path, kind)?;
            }
        }
        let folders = [
            ("operations/read", "graphql", SourceKind::Read),
            ("operations/write", "graphql", SourceKind::Write),
            ("operations/fragments", "graphql", SourceKind::Fragments),
            ("operations/prompts", "md", SourceKind::Prompt),
        ];
        for path in entries(root, "operations")? {
            if folders.iter().all(|(folder, ..)| *folder != path) {
                let text = format!(
                    "{path}: only `read`, `write`, `fragments` and `prompts` stand in `operations/`; move or rename it"
                );
                return Err(io::Error::other(text));
            }
        }
        for (folder, extension, kind) in folders {
            for path in list(root, folder, extension)? {
                read(&path, kind)?;
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    /// Returns the files of one kind, with their index.
    pub(crate) fn of(&self, kind: SourceKind) -> impl Iterator<Item = (usize, &SourceFile)> {
        self.files.iter().enumerate().filter(move |(_, file)| file.kind == kind)
    }
}

/// Returns the files of a folder. Another file would be passed over in silence, which nobody wants who put it there.
fn list(root: &Path, folder: &str, extension: &str) -> io::Result<Vec<String>> {
    let paths = entries(root, folder)?;
    let stranger = paths
        .iter()
        .find(|path| Path::new(path).extension().is_none_or(|found| found != extension));
    match stranger {
        Some(path) => Err(io::Error::other(format!(
            "{path}: only `.{extension}` files stand in `{folder}/`; move or rename it"
        ))),
        None => Ok(paths),
    }
}

/// Returns the paths in a folder, without hidden ones; of a folder that is not there, none.
fn entries(root: &Path, folder: &str) -> io::Result<Vec<String>> {
    let directory = root.join(folder);
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(&directory).map_err(|error| named(folder, &error))? {
        let name = entry?.file_name();
        let name = name
            .to_str()
            .ok_or_else(|| io::Error::other(format!("{folder}: a file's name is not UTF-8")))?;
        if !name.starts_with('.') {
            paths.push(format!("{folder}/{name}"));
        }
    }
    paths.sort();
    Ok(paths)
}

fn named(path: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_passed_over_is_an_error() {
        let root = std::env::temp_dir().join(format!("appsync-mcp-sources-{}", std::process::id()));
        let write = |path: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        };
        let outcome = |path: &str| {
            let _ = fs::remove_dir_all(&root);
            write("schema/schema.graphql");
            write("operations/read/.swp");
            write(path);
            Sources::read(&root)
                .map(|sources| sources.files.len())
                .map_err(|error| error.to_string())
        };
        assert_eq!(outcome("operations/read/a.graphql"), Ok(2));
        for (path, told) in [
            (
                "operations/writes/a.graphql",
                "operations/writes: only `read`, `write`, `fragments` and `prompts`",
            ),
            (
                "operations/a.graphql",
                "operations/a.graphql: only `read`, `write`, `fragments` and `prompts`",
            ),
            (
                "operations/read/a.gql",
                "operations/read/a.gql: only `.graphql` files stand in `operations/read/`",
            ),
            (
                "operations/read/more/a.graphql",
                "operations/read/more: only `.graphql` files stand in",
            ),
        ] {
            let error = outcome(path).unwrap_err();
            assert!(error.starts_with(told), "{error}");
        }
        fs::remove_dir_all(&root).unwrap();
    }
}

//! Folders → [`Sources`]: every input of the build, as text.
//!
//! Invariant: the only file of this crate that reads the file system, besides the build script's entry in `build.rs`.

use std::{fs, io, path::Path};

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
        ] {
            if root.join(path).exists() {
                read(path, kind)?;
            }
        }
        for (folder, extension, kind) in [
            ("operations/read", "graphql", SourceKind::Read),
            ("operations/write", "graphql", SourceKind::Write),
            ("operations/fragments", "graphql", SourceKind::Fragments),
            ("operations/prompts", "md", SourceKind::Prompt),
        ] {
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

fn list(root: &Path, folder: &str, extension: &str) -> io::Result<Vec<String>> {
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
        if Path::new(name).extension().is_some_and(|found| found == extension) {
            paths.push(format!("{folder}/{name}"));
        }
    }
    Ok(paths)
}

fn named(path: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}

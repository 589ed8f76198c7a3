//! The files that change → written, each of them whole.

use std::{fs, io, path::Path};

use super::renewed::{API, SCHEMA};
use crate::project;

/// A file as it is to be.
pub(super) struct File<'a> {
    /// Relative to the project.
    pub(super) path: &'static str,
    pub(super) text: &'a str,
}

/// Writes the files, and removes what runs have left that were killed.
///
/// # Errors
/// When the system refuses; the message names the file.
pub(super) fn write(changed: &[File<'_>], root: &Path) -> io::Result<()> {
    fs::create_dir_all(root.join("schema"))?;
    for path in [SCHEMA, API] {
        project::remove_leftovers(&root.join(path))?;
    }
    changed
        .iter()
        .try_for_each(|file| project::write(&root.join(file.path), file.text))
}

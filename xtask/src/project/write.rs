//! A text → a file that is whole: whoever is killed at any moment leaves the one before, or the new one.
//!
//! Invariant: what a killed run has left beside the file is removed by the next one, and what a running one writes is not.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process,
};

/// Writes a file whole or not at all.
///
/// # Errors
/// When the system refuses; the message names the file.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    replace(path, text).map_err(|error| named(path, &error))
}

/// Removes what runs that were killed have left beside a file.
///
/// # Errors
/// When the system refuses; the message names the file.
pub(crate) fn remove_leftovers(path: &Path) -> io::Result<()> {
    let target = target(path);
    let found = leftovers(&target).map_err(|error| named(path, &error))?;
    for leftover in found {
        // Whoever still writes it holds its lock, and renames it in a moment.
        let is_left = File::open(&leftover).is_ok_and(|file| file.try_lock().is_ok());
        if is_left {
            fs::remove_file(&leftover)
                .or_else(gone)
                .map_err(|error| named(&leftover, &error))?;
        }
    }
    Ok(())
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    remove_leftovers(path)?;
    let target = target(path);
    let new = beside(&target, &process::id().to_string());
    let written = || {
        let mut file = File::create(&new)?;
        file.lock()?;
        if let Ok(metadata) = fs::metadata(&target) {
            file.set_permissions(metadata.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        // Else a machine that breaks down could have the new name and not yet the new content.
        file.sync_all()?;
        fs::rename(&new, &target)
    };
    written().inspect_err(|_| drop(fs::remove_file(&new)))
}

/// Returns the file that a link leads to, so that the link stays one.
fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Returns the path of a hidden file beside another one.
fn beside(target: &Path, who: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{who}.new"))
}

fn leftovers(target: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let is_leftover = |path: &PathBuf| {
        let found = path.file_name().and_then(OsStr::to_str);
        let number = found
            .and_then(|found| found.strip_prefix(&format!(".{name}.")))
            .and_then(|rest| rest.strip_suffix(".new"));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let paths = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    paths.filter(|path| path.as_ref().map_or(true, is_leftover)).collect()
}

/// What somebody else has removed is gone as well.
fn gone(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound {
        return Ok(());
    }
    Err(error)
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder for one test, removed afterwards.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("appsync-mcp-write-{}-{name}", process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            let mut names: Vec<String> = entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn leftovers_are_removed_and_nothing_else() {
        let folder = Folder::new("leftovers");
        let path = folder.0.join("schema.graphql");
        let others = [
            ".api.json.7.new",
            ".schema.graphql.new",
            ".schema.graphql.x.new",
            "schema.graphql.7.new",
        ];
        for name in [".schema.graphql.7.new", ".schema.graphql.8.new"].iter().chain(&others) {
            fs::write(folder.0.join(name), "half of it").unwrap();
        }
        // Another run that is still writing.
        let written = File::options()
            .write(true)
            .open(folder.0.join(".schema.graphql.8.new"))
            .unwrap();
        written.lock().unwrap();
        write(&path, "whole").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        let mut expected = vec![".schema.graphql.8.new", "schema.graphql"];
        expected.extend(others);
        expected.sort_unstable();
        assert_eq!(folder.names(), expected);

        drop(written);
        remove_leftovers(&path).unwrap();
        assert!(!folder.names().contains(&".schema.graphql.8.new".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = Folder::new("link");
        let (link, file) = (folder.0.join("link"), folder.0.join("file"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        write(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(folder.names(), ["file", "link"]);
    }

    #[test]
    fn what_can_not_be_written_is_named_and_leaves_nothing() {
        let folder = Folder::new("refused");
        let path = folder.0.join("taken");
        fs::create_dir(&path).unwrap();
        let error = write(&path, "text").unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
        assert_eq!(folder.names(), ["taken"]);
        assert!(write(&folder.0.join("no/such"), "text").is_err());
    }
}

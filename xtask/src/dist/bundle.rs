//! Files → a bundle for desktop clients: a ZIP archive.
//!
//! Invariant: the same files give the same bytes: they are in the order of their names, and all of one time.

use std::io::{Cursor, Write as _};

use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Its path in the bundle, with `/` on every system.
    pub(crate) path: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
    /// Whether it is a program.
    pub(crate) runs: bool,
}

/// The best that there is: a bundle is made once and fetched often.
const LEVEL: i64 = 9;

/// Packs files.
///
/// # Errors
/// When two have the same path, or one is larger than 4 GiB.
pub(crate) fn pack(mut files: Vec<File>) -> Result<Vec<u8>, ZipError> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(LEVEL))
            .last_modified_time(DateTime::default())
            .unix_permissions(if file.runs { 0o755 } else { 0o644 });
        archive.start_file(file.path, options)?;
        archive.write_all(&file.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use zip::ZipArchive;

    use super::*;

    fn file(path: &str, runs: bool) -> File {
        File {
            path: path.to_owned(),
            bytes: format!("{path}\n").repeat(100).into_bytes(),
            runs,
        }
    }

    #[test]
    fn the_same_files_give_the_same_bytes_in_any_order() {
        let files = [
            file("server/books", true),
            file("manifest.json", false),
            file("README.md", false),
        ];
        let bytes = pack(files.to_vec()).unwrap();
        assert_eq!(pack(files.iter().rev().cloned().collect()).unwrap(), bytes);

        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(
            archive.file_names().collect::<Vec<_>>(),
            ["README.md", "manifest.json", "server/books"]
        );
        for expected in files {
            let mut found = archive.by_name(&expected.path).unwrap();
            let mut bytes = Vec::new();
            found.read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, expected.bytes);
            let mode = if expected.runs { 0o100_755 } else { 0o100_644 };
            assert_eq!(found.unix_mode(), Some(mode));
            assert_eq!(found.last_modified(), Some(DateTime::default()));
            assert!(found.compressed_size() < found.size());
        }
    }

    #[test]
    fn a_path_stands_once() {
        assert!(pack(vec![file("a", false), file("a", true)]).is_err());
    }
}

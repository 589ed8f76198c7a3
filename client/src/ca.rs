//! Looks whether `SSL_CERT_FILE` and `SSL_CERT_DIR` lead to certificates, where they stand in for this machine's own.
//!
//! rustls-native-certs reads them when the first connection is made, takes what it finds, and only logs what it does not.
//!
//! Invariant: only regular files are read, and no more than so many bytes of each.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::placeholder::is_placeholder;
use crate::secret::tried;

/// The variables: a file, and folders.
pub(crate) const FILE: &str = "SSL_CERT_FILE";
pub(crate) const FOLDERS: &str = "SSL_CERT_DIR";

/// The most that is read of a file. All authorities that there are take some hundred kilobytes.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Why nobody could be trusted. Every message names the variable.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// The variable is set, and blank or a placeholder.
    #[error("`{variable}` {problem}; unset it, or name {wanted}", wanted = wanted(variable))]
    NoPath {
        /// The variable.
        variable: &'static str,
        /// What it is instead of a path.
        problem: &'static str,
    },
    /// The file or folder could not be read.
    #[error("`{variable}`: failed to read `{}`{}", path.display(), tried(path, source))]
    Unreadable {
        /// The variable.
        variable: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is a pipe, a device or a folder.
    #[error("`{FILE}`: `{}` is not a regular file", .0.display())]
    NotRegular(PathBuf),
    /// There is nothing of use in the file.
    #[error("`{FILE}`: there is no certificate in PEM format in `{}`", .0.display())]
    NoCertificate(PathBuf),
    /// There is nothing of use in the folders.
    #[error("`{FOLDERS}`: there is no certificate in PEM format in any file of `{}`", .0.display())]
    NoneInFolders(PathBuf),
}

/// What stands in for the machine's own certificates, if anything does.
#[derive(Clone, Debug)]
pub(crate) enum Ca {
    /// One file.
    File(PathBuf),
    /// Folders, as a variable lists them.
    Folders(OsString),
}

impl Ca {
    /// Reads the variables, and no file.
    pub(crate) fn named(file: Option<&OsStr>, folders: Option<&OsStr>) -> Result<Option<Ca>, CaError> {
        // Elsewhere the operating system itself says whom it trusts.
        let is_read = cfg!(all(unix, not(target_vendor = "apple"), not(target_os = "android")));
        match (file, folders) {
            _ if !is_read => Ok(None),
            (Some(file), _) => path_problem(file).map_or_else(
                || Ok(Some(Ca::File(PathBuf::from(file)))),
                |problem| {
                    Err(CaError::NoPath {
                        variable: FILE,
                        problem,
                    })
                },
            ),
            // What is empty is not set: then the machine's own count.
            (None, Some(folders)) if !folders.is_empty() => path_problem(folders).map_or_else(
                || Ok(Some(Ca::Folders(folders.to_owned()))),
                |problem| {
                    Err(CaError::NoPath {
                        variable: FOLDERS,
                        problem,
                    })
                },
            ),
            (None, _) => Ok(None),
        }
    }

    /// Returns the variable.
    pub(crate) fn variable(&self) -> &'static str {
        match self {
            Ca::File(_) => FILE,
            Ca::Folders(_) => FOLDERS,
        }
    }

    /// Looks for one certificate. Blocks; reads files up to that.
    pub(crate) fn check(&self) -> Result<(), CaError> {
        match self {
            Ca::File(path) => check_file(path),
            Ca::Folders(folders) => check_folders(folders),
        }
    }
}

/// Says what a text is instead of a path.
fn path_problem(text: &OsStr) -> Option<&'static str> {
    let text = text.to_string_lossy();
    if text.trim().is_empty() {
        Some("is empty")
    } else if text.trim() != text {
        Some("has white space around its path")
    } else if is_placeholder(&text) {
        Some("is still the placeholder (such as `${NAME}`)")
    } else {
        None
    }
}

fn wanted(variable: &str) -> &'static str {
    if variable == FILE {
        "a file with CA certificates in PEM format"
    } else {
        "folders with CA certificates in PEM format"
    }
}

fn check_file(path: &Path) -> Result<(), CaError> {
    let has_one = match std::fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => return Err(CaError::NotRegular(path.to_owned())),
        Ok(_) => has_certificate(path),
        Err(error) => Err(error),
    };
    match has_one {
        Ok(true) => Ok(()),
        Ok(false) => Err(CaError::NoCertificate(path.to_owned())),
        Err(source) => Err(CaError::Unreadable {
            variable: FILE,
            path: path.to_owned(),
            source,
        }),
    }
}

/// Nothing is wrong with one folder of many that is not there.
fn check_folders(folders: &OsStr) -> Result<(), CaError> {
    let mut unreadable = None;
    for folder in std::env::split_paths(folders) {
        match std::fs::read_dir(&folder) {
            Ok(entries) => {
                let mut files = entries.filter_map(|entry| Some(entry.ok()?.path()));
                if files.any(|path| path.is_file() && has_certificate(&path).unwrap_or(false)) {
                    return Ok(());
                }
            }
            Err(source) => unreadable = unreadable.or(Some((folder, source))),
        }
    }
    Err(match unreadable {
        Some((path, source)) => CaError::Unreadable {
            variable: FOLDERS,
            path,
            source,
        },
        None => CaError::NoneInFolders(PathBuf::from(folders)),
    })
}

fn has_certificate(path: &Path) -> io::Result<bool> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_slice_iter(&bytes);
    Ok(certificates.flatten().any(|certificate| roots.add(certificate).is_ok()))
}

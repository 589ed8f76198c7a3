//! Looks whether `SSL_CERT_FILE` and `SSL_CERT_DIR` lead to certificates, where they stand in for this machine's own.
//!
//! rustls-native-certs reads them when the first connection is made, takes what it finds, and only logs what it does not.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject as _};

use crate::placeholder::is_placeholder;
use crate::secret::tried;

/// The variables: a file, and folders.
pub(crate) const FILE: &str = "SSL_CERT_FILE";
pub(crate) const FOLDERS: &str = "SSL_CERT_DIR";

/// Why nobody could be trusted. Every message names the variable.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// The variable is set, and blank or a placeholder.
    #[error("`{FILE}` {problem}; unset it, or name a file with CA certificates in PEM format")]
    NoPath {
        /// What it is instead of a path.
        problem: &'static str,
    },
    /// The file could not be read.
    #[error("`{FILE}`: failed to read `{}`{}", path.display(), tried(path, source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// There is nothing of use in the file.
    #[error("`{FILE}`: there is no certificate in PEM format in `{}`", .0.display())]
    NoCertificate(PathBuf),
    /// There is nothing of use in the folders.
    #[error("`{FOLDERS}`: there is no certificate in PEM format in any file of `{}`", .0.display())]
    NoneInFolders(PathBuf),
}

/// Looks for one certificate. Reads files up to that.
pub(crate) fn check(file: Option<&OsStr>, folders: Option<&OsStr>) -> Result<(), CaError> {
    // Elsewhere the operating system itself says whom it trusts.
    let is_read = cfg!(all(unix, not(target_vendor = "apple"), not(target_os = "android")));
    match (file, folders) {
        _ if !is_read => Ok(()),
        (Some(file), _) => check_file(file),
        (None, Some(folders)) => check_folders(folders),
        (None, None) => Ok(()),
    }
}

fn check_file(file: &OsStr) -> Result<(), CaError> {
    let text = file.to_string_lossy();
    let problem = if text.trim().is_empty() {
        Some("is empty")
    } else if text.trim() != text {
        Some("has white space around its path")
    } else if is_placeholder(&text) {
        Some("is still the placeholder (such as `${NAME}`)")
    } else {
        None
    };
    if let Some(problem) = problem {
        return Err(CaError::NoPath { problem });
    }
    let path = Path::new(file);
    match has_certificate(path) {
        Ok(true) => Ok(()),
        Ok(false) => Err(CaError::NoCertificate(path.to_owned())),
        Err(source) => Err(CaError::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

fn check_folders(folders: &OsStr) -> Result<(), CaError> {
    let files = std::env::split_paths(folders).filter_map(|folder| std::fs::read_dir(folder).ok());
    let mut files = files.flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let is_any = files.any(|path| path.is_file() && has_certificate(&path).unwrap_or(false));
    // What is empty is not set: then the machine's own count.
    if is_any || folders.is_empty() {
        return Ok(());
    }
    Err(CaError::NoneInFolders(PathBuf::from(folders)))
}

fn has_certificate(path: &Path) -> std::io::Result<bool> {
    let mut roots = RootCertStore::empty();
    match CertificateDer::pem_file_iter(path) {
        Ok(mut all) => loop {
            match all.next() {
                Some(Ok(certificate)) if roots.add(certificate.clone()).is_ok() => return Ok(true),
                Some(Err(pem::Error::Io(error))) => return Err(error),
                Some(_) => {}
                None => return Ok(false),
            }
        },
        Err(pem::Error::Io(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

//! Reads the file that a credential is in, without holding up anything else meanwhile.
//!
//! Each request reads it anew, which costs microseconds beside a network call and never sends a stale credential.
//!
//! Invariant: a read that hangs, as on a network drive that is gone, holds one thread at the most, and nobody waits for it for
//! ever.
//! Invariant: a pipe, which gives its content once, is read once or not at all.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::timeout;

use super::AuthorizationError;
use crate::secret::{Secret, SecretFileError};

/// How long a file is waited for.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How much longer a pipe is waited for: a program that has to ask for the key may be at its other end.
const PIPE_TIMEOUT: Duration = Duration::from_secs(25);

/// The names of standard input.
const STANDARD_INPUT: [&str; 3] = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

/// A file with a credential. Clones are one file, which only one of them reads at a time.
#[derive(Debug, Clone)]
pub struct SecretFile(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    may_be_pipe: bool,
    is_pipe: AtomicBool,
    /// What a pipe has given. Held by whoever reads.
    given: Arc<Mutex<Option<Secret>>>,
}

impl From<PathBuf> for SecretFile {
    /// Takes a regular file, which may be rewritten at any time.
    fn from(path: PathBuf) -> SecretFile {
        SecretFile::new(path, false)
    }
}

impl SecretFile {
    /// Takes a regular file, or a pipe, whose content is then good for ever.
    pub fn or_pipe(path: PathBuf) -> SecretFile {
        SecretFile::new(path, true)
    }

    fn new(path: PathBuf, may_be_pipe: bool) -> SecretFile {
        SecretFile(Arc::new(Inner {
            path,
            may_be_pipe,
            is_pipe: AtomicBool::new(false),
            given: Arc::default(),
        }))
    }

    /// Returns the file as the caller named it.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Says whether it is what the program reads from its standard input.
    pub(super) fn is_standard_input(&self) -> bool {
        STANDARD_INPUT.iter().any(|name| self.path() == Path::new(name))
    }

    /// Says whether somebody is reading it.
    pub(super) fn is_being_read(&self) -> bool {
        self.0.given.try_lock().is_err()
    }

    /// Reads the secret.
    pub(super) async fn read(&self) -> Result<Secret, AuthorizationError> {
        let mut attempt = pin!(async {
            let mut given = Arc::clone(&self.0.given).lock_owned().await;
            if let Some(secret) = &*given {
                return Ok(secret.clone());
            }
            let inner = Arc::clone(&self.0);
            let read = tokio::task::spawn_blocking(move || inner.read(&mut given));
            read.await
                .unwrap_or_else(|error| Err(self.unreadable(io::Error::other(error))))
        });
        let mut read = timeout(TIMEOUT, &mut attempt).await;
        let is_pipe = self.0.is_pipe.load(Ordering::Relaxed);
        if read.is_err() && is_pipe {
            read = timeout(PIPE_TIMEOUT, attempt).await;
        }
        read.unwrap_or_else(|_elapsed| {
            let why = if is_pipe {
                format!(
                    "nothing came through this pipe in {} s",
                    (TIMEOUT + PIPE_TIMEOUT).as_secs()
                )
            } else {
                format!("the file system did not answer in {} s", TIMEOUT.as_secs())
            };
            Err(self.unreadable(io::Error::new(io::ErrorKind::TimedOut, why)))
        })
    }

    fn unreadable(&self, source: io::Error) -> AuthorizationError {
        let path = self.path().to_owned();
        SecretFileError::Unreadable { path, source }.into()
    }
}

impl Inner {
    fn read(&self, given: &mut Option<Secret>) -> Result<Secret, AuthorizationError> {
        let is_pipe = std::fs::metadata(&self.path).is_ok_and(|metadata| !metadata.is_file());
        if is_pipe && !self.may_be_pipe {
            return Err(AuthorizationError::NotRegular {
                path: self.path.clone(),
            });
        }
        self.is_pipe.store(is_pipe, Ordering::Relaxed);
        let secret = Secret::from_file(&self.path)?;
        if is_pipe {
            *given = Some(secret.clone());
        }
        Ok(secret)
    }
}

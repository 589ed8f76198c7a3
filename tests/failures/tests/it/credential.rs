//! The credentials of each authorization mode, as flags and files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

/// JSON Web Tokens that expire in the year 2100.
const TOKENS: [&str; 2] = [
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmaXJzdCIsImV4cCI6NDEwMjQ0NDgwMH0.c2lnbmF0dXJl",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWNvbmQiLCJleHAiOjQxMDI0NDQ4MDB9.c2lnbmF0dXJl",
];
const API_KEYS: [&str; 2] = ["da2-firstfirstfirstfirstfirst0", "da2-secondsecondsecondsecond0"];

/// A mode, and where the program gets its credential from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    ApiKey,
    Oidc,
    CognitoUserPools,
}

/// A folder with the credential of one program. It is removed when it is dropped.
pub(crate) struct Credential {
    mode: Mode,
    folder: PathBuf,
}

impl Credential {
    /// Writes the first credential of a mode.
    pub(crate) fn new(mode: Mode) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("failures-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let credential = Self { mode, folder };
        fs::write(credential.file(), credential.first()).unwrap();
        credential
    }

    /// The flags that name it.
    pub(crate) fn flags(&self) -> Vec<String> {
        let file = self.file().to_str().unwrap().to_owned();
        match self.mode {
            Mode::ApiKey => vec!["--api-key-file".to_owned(), file],
            Mode::Oidc | Mode::CognitoUserPools => vec![
                "--auth".to_owned(),
                if self.mode == Mode::Oidc {
                    "oidc"
                } else {
                    "cognito-user-pools"
                }
                .to_owned(),
                "--bearer-file".to_owned(),
                file,
            ],
        }
    }

    /// What is sent first.
    pub(crate) fn first(&self) -> &'static str {
        self.all()[0]
    }

    /// All that may be sent: it must be in no text that anybody reads.
    pub(crate) fn all(&self) -> [&'static str; 2] {
        match self.mode {
            Mode::ApiKey => API_KEYS,
            Mode::Oidc | Mode::CognitoUserPools => TOKENS,
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("credential")
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        // What is left behind stands in the target folder and does no harm.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

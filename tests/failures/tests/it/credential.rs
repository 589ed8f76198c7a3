//! The credentials of each authorization mode, as flags, variables and files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

/// JSON Web Tokens that expire in the year 2100.
const JWTS: [&str; 2] = [
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmaXJzdCIsImV4cCI6NDEwMjQ0NDgwMH0.c2lnbmF0dXJl",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWNvbmQiLCJleHAiOjQxMDI0NDQ4MDB9.c2lnbmF0dXJl",
];
const EXPIRED_JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0aGlyZCIsImV4cCI6MTAwMDAwMDAwMH0.c2lnbmF0dXJl";
const API_KEYS: [&str; 2] = ["da2-firstfirstfirstfirstfirst0", "da2-secondsecondsecondsecond0"];
const OPAQUE: [&str; 2] = ["opaque-token-number-one", "opaque-token-number-two"];
const ACCESS_KEY_IDS: [&str; 2] = ["AKIAFIRSTEXAMPLE", "AKIASECONDEXAMPLE"];
const SECRET_KEYS: [&str; 2] = ["FirstSecretAccessKey/EXAMPLEKEY", "SecondSecretAccessKey/EXAMPLEKEY"];
const SESSION_TOKENS: [&str; 2] = ["first-session-token-EXAMPLE", "second-session-token-EXAMPLE"];

/// A mode, and where the program gets its credential from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// A file.
    ApiKey,
    /// A pipe, which gives it once.
    ApiKeyPipe,
    /// Variables of the environment.
    Iam,
    /// The file with the profiles.
    IamProfile,
    /// A file.
    Oidc,
    OidcCommand,
    /// A file.
    CognitoUserPools,
    CognitoUserPoolsCommand,
    /// A file.
    Lambda,
    LambdaCommand,
}

impl Mode {
    fn is_iam(self) -> bool {
        matches!(self, Self::Iam | Self::IamProfile)
    }
}

/// What may become of a credential while a program has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Change {
    /// There is a second one in its place, as from whoever renews it.
    Renewed,
    /// There is none.
    Gone,
    /// It is one that expired long ago.
    Expired,
    /// It is something else.
    Garbage,
}

/// A folder with the credential of one program. It is removed when it is dropped.
#[derive(Debug)]
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
        if mode == Mode::ApiKeyPipe {
            credential.make_pipe();
        } else {
            credential.write(0);
        }
        credential
    }

    /// Changes the file. A pipe and variables stay as they are.
    pub(crate) fn change(&self, change: Change) {
        match change {
            _ if self.mode == Mode::ApiKeyPipe => {}
            Change::Renewed => self.write(1),
            Change::Gone => fs::remove_file(self.file()).unwrap_or_default(),
            Change::Expired => self.write_text(EXPIRED_JWT),
            Change::Garbage => self.write_text("<html>\u{0}</html>\nmore\n"),
        }
    }

    fn write(&self, number: usize) {
        let text = if self.mode.is_iam() {
            format!(
                "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
                ACCESS_KEY_IDS[number], SECRET_KEYS[number], SESSION_TOKENS[number]
            )
        } else {
            self.sent()[number].to_owned()
        };
        self.write_text(&text);
    }

    fn write_text(&self, text: &str) {
        // Whole or not at all: the program may read it at any moment.
        let written = self.folder.join("written");
        fs::write(&written, text).unwrap();
        fs::rename(written, self.file()).unwrap();
    }

    fn make_pipe(&self) {
        let file = self.file();
        let made = std::process::Command::new("mkfifo").arg(&file).status().unwrap();
        assert!(made.success());
        let key = self.sent()[0];
        // It waits for somebody who reads.
        std::thread::spawn(move || fs::write(file, key));
    }

    /// The flags that name it.
    pub(crate) fn flags(&self) -> Vec<String> {
        let file = self.file().to_str().unwrap().to_owned();
        let command = format!("cat '{file}'");
        let flags = match self.mode {
            Mode::ApiKey | Mode::ApiKeyPipe => ["--auth", "api-key", "--api-key-file", &file],
            Mode::Iam | Mode::IamProfile => ["--auth", "iam", "--region", "eu-west-1"],
            Mode::Oidc => ["--auth", "oidc", "--bearer-file", &file],
            Mode::OidcCommand => ["--auth", "oidc", "--token-command", &command],
            Mode::CognitoUserPools => ["--auth", "cognito-user-pools", "--bearer-file", &file],
            Mode::CognitoUserPoolsCommand => ["--auth", "cognito-user-pools", "--token-command", &command],
            Mode::Lambda => ["--auth", "lambda", "--bearer-file", &file],
            Mode::LambdaCommand => ["--auth", "lambda", "--token-command", &command],
        };
        flags.map(str::to_owned).to_vec()
    }

    /// The variables that name or hold it.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let file = || self.file().to_str().unwrap().to_owned();
        match self.mode {
            Mode::Iam => vec![
                ("AWS_ACCESS_KEY_ID", ACCESS_KEY_IDS[0].to_owned()),
                ("AWS_SECRET_ACCESS_KEY", SECRET_KEYS[0].to_owned()),
                ("AWS_SESSION_TOKEN", SESSION_TOKENS[0].to_owned()),
            ],
            Mode::IamProfile => vec![("AWS_SHARED_CREDENTIALS_FILE", file())],
            _ => Vec::new(),
        }
    }

    /// Which of the two credentials a request brings; 2 for something else.
    pub(crate) fn number(&self, request: &str) -> usize {
        let shown = if self.mode.is_iam() {
            ACCESS_KEY_IDS
        } else {
            self.sent()
        };
        let number = shown.iter().position(|shown| request.contains(shown));
        number.unwrap_or(shown.len())
    }

    /// What goes over the wire and is a secret.
    pub(crate) fn sent(&self) -> [&'static str; 2] {
        match self.mode {
            Mode::ApiKey | Mode::ApiKeyPipe => API_KEYS,
            Mode::Iam | Mode::IamProfile => SESSION_TOKENS,
            Mode::Oidc | Mode::OidcCommand | Mode::CognitoUserPools | Mode::CognitoUserPoolsCommand => JWTS,
            Mode::Lambda | Mode::LambdaCommand => OPAQUE,
        }
    }

    /// All that must be in no text that anybody reads.
    pub(crate) fn secrets(&self) -> Vec<&'static str> {
        let keys = if self.mode.is_iam() { &SECRET_KEYS[..] } else { &[] };
        self.sent().iter().chain(keys).chain([&EXPIRED_JWT]).copied().collect()
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

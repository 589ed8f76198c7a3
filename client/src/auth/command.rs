//! Runs a command that prints a token, such as `gcloud auth print-identity-token`.
//!
//! The command line is split as a shell would, but no shell sees it: there are no pipes and no variables, and nothing in a
//! token's name can become another command.
//!
//! Invariant: the command gets no standard input, which is the protocol's, and is killed when its time is over or what it
//! comes to is dropped, as at the end of the program.
//! Invariant: it is done when it has ended, whatever it left running.
//! Invariant: neither its arguments nor what it printed are in any text; of its standard error, what looks like a token is
//! left out.

use std::fmt;
use std::future::pending;
use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use zeroize::Zeroizing;

use super::command_line::Quoting;
use crate::jwt;
use crate::secret::{FILE_BYTES_MAX, Secret, SecretProblem, tried};
use crate::settings::SECRET_VARIABLES;

/// The longest that a command may take. Some ask an identity provider, and some a person, who has to find a window first. A
/// call may wait for less.
const TIMEOUT: Duration = Duration::from_mins(1);

/// How much of its standard error is shown, from its end.
const STDERR_BYTES_MAX: usize = 2_000;

/// How long the ends of its pipes are waited for once it has ended: whatever it left running may keep these open. What the
/// command itself wrote is there by then.
const PIPES_TIMEOUT: Duration = Duration::from_millis(100);

/// How much of a pipe is read at a time.
const CHUNK_BYTES: usize = 4_096;

/// In a complaint, what is left out if it is at least this long: what the command printed, a part of that, a value that it was
/// told, and any run of a token's characters (a UUID has 36).
const PRINTED_BYTES_MIN: usize = 8;
const PART_BYTES_MIN: usize = 16;
const ARGUMENT_BYTES_MIN: usize = 6;
const TOKEN_BYTES_MIN: usize = 40;

/// A program and its arguments.
pub struct TokenCommand {
    program: String,
    arguments: Vec<String>,
}

/// Why a text is no command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenCommandError {
    /// There is nothing but white space.
    #[error("the command is empty")]
    Empty,
    /// A quotation mark or a backslash has no counterpart.
    #[error("the command has a quotation mark without its counterpart, or ends with a backslash")]
    Quoting,
    /// A shell would set a variable; here it would be the program's name.
    #[error("the command sets a variable, which takes a shell; begin it with `env`, or set the variable outside")]
    Variable,
}

/// Why a command gave no token; reads on from "the token command".
#[derive(Debug, thiserror::Error)]
pub enum CommandFailure {
    /// There is no such program, or it can't be run.
    #[error("can't be run: {0}")]
    NotRun(io::Error),
    /// There is no such program.
    #[error("can't be run: there is no program `{}`{tried}", program.display())]
    NoProgram {
        /// The program, as the command line names it.
        program: PathBuf,
        /// Which file was tried, and why.
        tried: String,
    },
    /// It printed more than a token can have, and was killed if it had not ended.
    #[error("printed more than 64 KiB, and was not waited for; it must print the token itself and nothing else")]
    Endless,
    /// It took too long, and was killed.
    #[error("did not end within {} s{}", TIMEOUT.as_secs(), said(stderr))]
    TimedOut {
        /// The end of its standard error, on one line.
        stderr: String,
    },
    /// It said that it failed.
    #[error("failed ({status}){}", said(stderr))]
    Failed {
        /// Its exit status.
        status: ExitStatus,
        /// The end of its standard error, on one line.
        stderr: String,
    },
    /// It succeeded, and what it printed can't be a token.
    #[error("ended well, but what it printed {problem}")]
    Unusable {
        /// What is wrong with it.
        problem: SecretProblem,
    },
    /// It succeeded, and what it printed is something else than one JSON Web Token.
    #[error("ended well, but what it printed is not a JSON Web Token; it must print the token itself and nothing else")]
    NotAJwt,
    /// It succeeded, and printed a token whose `exp` has come.
    #[error("ended well, but the token that it printed has expired; sign in again or renew it")]
    Expired,
    /// It succeeded, and AppSync would not hand the token to the API's Lambda function.
    #[error("ended well, but the token that it printed {problem}")]
    NotForLambda {
        /// Which rule it breaks, as in "begins with …".
        problem: &'static str,
    },
}

impl TokenCommand {
    /// Splits a command line: by a POSIX shell's rules of quoting, on Windows by its own.
    pub fn parse(text: &str) -> Result<TokenCommand, TokenCommandError> {
        let words = Quoting::HERE.split(text).ok_or(TokenCommandError::Quoting)?;
        let mut words = words.into_iter();
        let program = words
            .next()
            .filter(|word| !word.is_empty())
            .ok_or(TokenCommandError::Empty)?;
        if program.contains('=') {
            return Err(TokenCommandError::Variable);
        }
        Ok(TokenCommand {
            program,
            arguments: words.collect(),
        })
    }

    /// Returns the program's name, up to a space: who quotes a whole command has the arguments in it, and those may hold
    /// secrets.
    pub fn program(&self) -> &str {
        self.program.split_whitespace().next().unwrap_or_default()
    }

    /// Starts the command, and returns what it will have printed. Dropping that kills it.
    pub(super) fn start(
        self: &Arc<Self>,
    ) -> Result<impl Future<Output = Result<Secret, CommandFailure>> + Send + use<>, CommandFailure> {
        let mut command = Command::new(&self.program);
        for variable in SECRET_VARIABLES {
            command.env_remove(variable);
        }
        let mut child = command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| self.not_run(error))?;
        let mut printed = Pipe::new(child.stdout.take(), Keep::Begin);
        let mut complained = Pipe::new(child.stderr.take(), Keep::End);
        let this = Arc::clone(self);
        Ok(async move {
            let ended = tokio::time::timeout(TIMEOUT, async {
                let status = loop {
                    tokio::select! {
                        status = child.wait() => break status.map(Some),
                        () = printed.read() => {}
                        () = complained.read() => {}
                    }
                    // Not waited for if it prints too much: it may do so for ever.
                    if printed.kept.len() > FILE_BYTES_MAX {
                        break Ok(None);
                    }
                };
                let _ = tokio::time::timeout(PIPES_TIMEOUT, async {
                    while printed.is_open() || complained.is_open() {
                        tokio::select! {
                            () = printed.read() => {}
                            () = complained.read() => {}
                        }
                    }
                })
                .await;
                status
            });
            let ended = ended.await;
            let stderr = clean(&complained.kept, &printed.kept, &this.arguments);
            match ended {
                Err(_elapsed) => Err(CommandFailure::TimedOut { stderr }),
                Ok(Err(error)) => Err(CommandFailure::NotRun(error)),
                Ok(Ok(Some(status))) if !status.success() => Err(CommandFailure::Failed { status, stderr }),
                Ok(Ok(_)) if printed.kept.len() > FILE_BYTES_MAX => Err(CommandFailure::Endless),
                Ok(Ok(_)) => Secret::from_bytes(&printed.kept).map_err(|problem| CommandFailure::Unusable { problem }),
            }
        })
    }
}

impl TokenCommand {
    /// Says which file was tried, where that is another one than the user may think. A name without a slash is looked for in
    /// `PATH`.
    fn not_run(&self, error: io::Error) -> CommandFailure {
        let program = PathBuf::from(self.program());
        let is_path = self.program.contains(['/', '\\', '$', '%', '~']);
        match tried(&program, &error) {
            tried if is_path && !tried.is_empty() => CommandFailure::NoProgram { program, tried },
            _ => CommandFailure::NotRun(error),
        }
    }
}

impl fmt::Debug for TokenCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCommand")
            .field("program", &self.program())
            .finish_non_exhaustive()
    }
}

/// What a command writes, and which part of it is kept.
struct Pipe<R> {
    source: Option<R>,
    keep: Keep,
    kept: Zeroizing<Vec<u8>>,
    chunk: Zeroizing<[u8; CHUNK_BYTES]>,
}

/// The part of a pipe's bytes that is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// As many as a secret may have at most, and one more. What comes then is not read.
    Begin,
    /// The last ones, as many as are shown.
    End,
}

impl<R: AsyncRead + Unpin> Pipe<R> {
    fn new(source: Option<R>, keep: Keep) -> Self {
        let capacity = match keep {
            Keep::Begin => FILE_BYTES_MAX + 1,
            Keep::End => STDERR_BYTES_MAX + CHUNK_BYTES,
        };
        Pipe {
            source,
            keep,
            // All at once: a buffer that grows leaves copies of the secret behind.
            kept: Zeroizing::new(Vec::with_capacity(capacity)),
            chunk: Zeroizing::new([0; CHUNK_BYTES]),
        }
    }

    /// Says whether there may be more to read.
    fn is_open(&self) -> bool {
        self.source.is_some()
    }

    /// Reads what there is, once there is some, or finds the end; never done after that. Can be dropped at any moment.
    async fn read(&mut self) {
        let Some(source) = &mut self.source else {
            return pending().await;
        };
        let length = source.read(&mut self.chunk[..]).await.unwrap_or_default();
        let bytes = self.chunk.iter().take(length);
        match self.keep {
            Keep::Begin => {
                let room = FILE_BYTES_MAX + 1 - self.kept.len();
                self.kept.extend(bytes.take(room));
            }
            Keep::End => {
                self.kept.extend(bytes);
                let excess = self.kept.len().saturating_sub(STDERR_BYTES_MAX);
                self.kept.drain(..excess);
            }
        }
        if length == 0 || (self.keep == Keep::Begin && self.kept.len() > FILE_BYTES_MAX) {
            self.source = None;
        }
    }
}

/// Makes one line of what a command complained about, without what it was told, what it printed, and tokens.
pub(super) fn clean(complained: &[u8], printed: &[u8], arguments: &[String]) -> String {
    let text = String::from_utf8_lossy(complained);
    let printed = String::from_utf8_lossy(printed);
    let parts = printed
        .split(|c| !is_of_token(c))
        .filter(|part| part.len() >= PART_BYTES_MIN);
    let whole = Some(printed.trim()).filter(|printed| printed.len() >= PRINTED_BYTES_MIN);
    // Of `--password=X` the value is X; of `--password X` it is an argument of its own.
    let values = arguments.iter().map(|argument| match argument.split_once('=') {
        Some((name, value)) if name.starts_with('-') => value,
        None if argument.starts_with('-') => "",
        _ => argument,
    });
    let values = values.flat_map(str::split_whitespace);
    let values = values.filter(|value| value.len() >= ARGUMENT_BYTES_MIN);
    let known: Vec<&str> = parts.chain(whole).chain(values).collect();

    let is_secret = |word: &str| {
        let has_token = word.split(|c| c != '.' && !is_of_token(c)).any(jwt::is_jwt);
        let mut parts = word.split(|c| !is_of_token(c));
        let is_random =
            |part: &str| part.len() >= TOKEN_BYTES_MIN || (part.len() >= PART_BYTES_MIN && part.starts_with("eyJ"));
        has_token || parts.any(is_random) || known.iter().any(|secret| word.contains(secret))
    };
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words = words.filter(|word| !word.is_empty());
    // What is cut off at its beginning can't be told.
    let words = words.skip(usize::from(complained.len() >= STDERR_BYTES_MAX));
    let words = words.map(|word| if is_secret(word) { "[redacted]" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Says whether tokens have such characters, be it Base64 or Base64url.
fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_+=".contains(c)
}

fn said(stderr: &str) -> String {
    if stderr.is_empty() {
        return " and said nothing about it".to_owned();
    }
    format!(": {stderr}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_one_line_without_secrets() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln";
        for (complained, printed, expected) in [
            ("no such\n\tprofile\u{1b}[31m\r\n", "", "no such profile [31m"),
            ("got tok-12345678, but", "tok-12345678\n", "got [redacted] but"),
            ("id_token='tok-12345678'", "tok-12345678", "[redacted]"),
            ("short", "short", "short"),
            ("", "tok-12345678", ""),
        ] {
            assert_eq!(clean(complained.as_bytes(), printed.as_bytes(), &[]), expected);
        }
        for quoted in [format!("'{token}'"), format!("{token},"), token.to_owned()] {
            assert_eq!(
                clean(format!("+ echo {quoted}").as_bytes(), b"", &[]),
                "+ echo [redacted]"
            );
        }
    }

    #[test]
    fn a_complaint_does_not_repeat_what_the_command_was_told() {
        let arguments = [
            "login",
            "--id=client-one",
            "--password",
            "pass/word+1",
            "-v",
            "a long sentence",
        ]
        .map(str::to_owned);
        for (complained, expected) in [
            (
                "usage: get [-v] --id ID --password PW",
                "usage: get [-v] --id ID --password PW",
            ),
            ("+ curl -u x:pass/word+1", "+ curl -u [redacted]"),
            (
                "no client client-one (--id=client-one)",
                "no client [redacted] [redacted]",
            ),
            ("a long sentence, and pass/wor", "a long [redacted] and pass/wor"),
        ] {
            assert_eq!(clean(complained.as_bytes(), b"", &arguments), expected);
        }
    }

    #[test]
    fn a_complaint_has_no_part_of_a_token() {
        let (token, opaque) = ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln", "1//0g-Abc_".repeat(5));
        for complained in [
            format!(r#"{{"id_token":"{token}"}}"#),
            format!("https://id.example.com/?token={token}"),
            token[..30].to_owned(),
            token[21..].to_owned(),
            format!("refresh_token={}", opaque.replace('/', "")),
        ] {
            assert_eq!(
                clean(format!("got {complained} !").as_bytes(), b"", &[]),
                "got [redacted] !"
            );
        }
        let printed = r#"{"access_token": "opaque-0123456789"}"#;
        assert_eq!(
            clean(b"got opaque-0123456789.", printed.as_bytes(), &[]),
            "got [redacted]"
        );
        // The beginning of a long one is cut off.
        let complained = [token.repeat(100), " at last".to_owned()].concat();
        let end = &complained.as_bytes()[complained.len() - STDERR_BYTES_MAX..];
        assert_eq!(clean(end, b"", &[]), "at last");
        let uuid =
            "no tenant 3f2504e0-4f89-11d3-9a0c-0305e82c3301 at https://login.example.com/common/oauth2/v2.0/token";
        assert_eq!(clean(uuid.as_bytes(), b"", &[]), uuid);
    }

    #[test]
    fn a_program_s_name_has_no_arguments() {
        assert_eq!(
            TokenCommand::parse("A=topsecret get").unwrap_err(),
            TokenCommandError::Variable
        );
        let command = TokenCommand::parse("'curl -u topsecret'").unwrap();
        assert_eq!(
            format!("{} {command:?}", command.program()),
            r#"curl TokenCommand { program: "curl", .. }"#
        );
    }
}

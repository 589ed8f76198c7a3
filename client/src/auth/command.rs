//! Runs a command that prints a token, such as `gcloud auth print-identity-token`.
//!
//! The command line is split as a shell would, but no shell sees it: there are no pipes and no variables, and nothing in a
//! token's name can become another command.
//!
//! Invariant: the command gets no standard input, which is the protocol's, and is killed when its time is over or nobody
//! waits for it any more.
//! Invariant: neither its arguments nor what it printed are in any text; of its standard error, they and whatever looks like
//! a token are left out.

use std::fmt;
use std::io;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use zeroize::Zeroizing;

use crate::jwt;
use crate::secret::{FILE_BYTES_MAX, Secret, SecretProblem};

/// The longest that a command may take. Some ask an identity provider, or wait for a person with a browser.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How much of its standard error is shown, from its end.
const STDERR_BYTES_MAX: usize = 2_000;

/// How long the rest of its standard error is waited for once it has ended; whatever it left running may keep that open.
const STDERR_TIMEOUT: Duration = Duration::from_millis(100);

/// Shorter arguments and shorter words of what was printed are no secrets, and leaving them out would garble a complaint.
const SECRET_BYTES_MIN: usize = 8;

/// A run of letters and digits this long is taken for a token. A UUID, which a provider's support may ask for, has 36.
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
}

/// Why a command gave no token; reads on from "the token command".
#[derive(Debug, thiserror::Error)]
pub enum CommandFailure {
    /// There is no such program, or it can't be run.
    #[error("can't be run: {0}")]
    NotRun(io::Error),
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
    /// Splits a command line by a POSIX shell's rules of quoting.
    pub fn parse(text: &str) -> Result<TokenCommand, TokenCommandError> {
        let mut words = shlex::split(text).ok_or(TokenCommandError::Quoting)?.into_iter();
        let program = words
            .next()
            .filter(|word| !word.is_empty())
            .ok_or(TokenCommandError::Empty)?;
        Ok(TokenCommand {
            program,
            arguments: words.collect(),
        })
    }

    /// Returns the program's name. The arguments may hold secrets.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Runs the command, and returns what it printed.
    pub(crate) async fn run(&self) -> Result<Secret, CommandFailure> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(CommandFailure::NotRun)?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        // All capacity at once: a buffer that grows leaves copies of the secret behind.
        let mut printed = Zeroizing::new(Vec::with_capacity(FILE_BYTES_MAX + 1));
        let mut complained = Vec::new();
        let ended = tokio::time::timeout(TIMEOUT, async {
            let mut complaints = pin!(read_end(stderr, &mut complained));
            let mut ended = pin!(async {
                read_begin(stdout, &mut printed).await;
                // Not waited for if it prints too much: it may do so for ever.
                let is_whole = printed.len() <= FILE_BYTES_MAX;
                if is_whole {
                    child.wait().await.map(Some)
                } else {
                    Ok(None)
                }
            });
            let mut is_silent = false;
            let status = loop {
                tokio::select! {
                    status = &mut ended => break status,
                    () = &mut complaints, if !is_silent => is_silent = true,
                }
            };
            if !is_silent {
                let _ = tokio::time::timeout(STDERR_TIMEOUT, complaints).await;
            }
            status
        });
        let ended = ended.await;
        let stderr = clean(&complained, &self.arguments, &printed);
        match ended {
            Err(_elapsed) => Err(CommandFailure::TimedOut { stderr }),
            Ok(Err(error)) => Err(CommandFailure::NotRun(error)),
            Ok(Ok(Some(status))) if !status.success() => Err(CommandFailure::Failed { status, stderr }),
            Ok(Ok(_)) => Secret::from_bytes(&printed).map_err(|problem| CommandFailure::Unusable { problem }),
        }
    }
}

impl fmt::Debug for TokenCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCommand")
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}

/// Reads to the end, or to one byte more than a secret may have at the most.
async fn read_begin(pipe: Option<impl AsyncRead + Unpin>, kept: &mut Zeroizing<Vec<u8>>) {
    let Some(mut pipe) = pipe else { return };
    let mut chunk = Zeroizing::new([0; 4096]);
    while kept.len() <= FILE_BYTES_MAX
        && let Ok(length @ 1..) = pipe.read(&mut chunk[..]).await
    {
        let room = FILE_BYTES_MAX + 1 - kept.len();
        kept.extend(chunk.iter().take(length.min(room)));
    }
}

/// Reads to the end, and keeps one byte more than is shown, which tells that the first word is not whole.
async fn read_end(pipe: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut pipe) = pipe else { return };
    let mut chunk = [0; 4096];
    while let Ok(length @ 1..) = pipe.read(&mut chunk).await {
        kept.extend(chunk.iter().take(length));
        kept.drain(..kept.len().saturating_sub(STDERR_BYTES_MAX + 1));
    }
}

/// Makes one line of what a command complained about, without its arguments, what it printed, and tokens.
fn clean(complained: &[u8], arguments: &[String], printed: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(complained).into_owned();
    if complained.len() > STDERR_BYTES_MAX {
        // What is left of a token would not be known for one.
        text = text
            .split_once(char::is_whitespace)
            .map(|(_, rest)| rest.to_owned())
            .unwrap_or_default();
    }
    let is_part = |c: char| !c.is_whitespace() && !"'\"`,;=(){}[]".contains(c);
    let arguments = arguments.iter().flat_map(|text| text.split(|c| !is_part(c)));
    let arguments = arguments.map(|word| (word, "[argument]"));
    let printed = String::from_utf8_lossy(printed);
    let printed = printed.split(|c| !is_part(c)).map(|word| (word, "[redacted]"));
    let mut hidden: Vec<_> = arguments.chain(printed).collect();
    hidden.retain(|(word, _)| word.len() >= SECRET_BYTES_MIN);
    // The longest first, since one may stand in another.
    hidden.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    for (word, instead) in hidden {
        text = text.replace(word, instead);
    }
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).map(without_tokens).collect();
    words.join(" ")
}

/// Replaces what looks like a token within a word, as in `{"id_token":"…"}`.
fn without_tokens(word: &str) -> String {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "-_=.+".contains(c);
    let mut rest = word;
    let mut cleaned = String::new();
    while !rest.is_empty() {
        let end = rest.find(|c| !is_of_token(c)).unwrap_or(rest.len());
        let (run, other) = rest.split_at(end);
        let is_long = run.len() >= TOKEN_BYTES_MIN && run.bytes().any(|byte| byte.is_ascii_digit());
        cleaned.push_str(if is_long || jwt::is_jwt(run) { "[redacted]" } else { run });
        let end = other.find(is_of_token).unwrap_or(other.len());
        let (between, next) = other.split_at(end);
        cleaned.push_str(between);
        rest = next;
    }
    cleaned
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

    fn complaint(complained: &str, arguments: &[&str], printed: &str) -> String {
        let arguments: Vec<_> = arguments.iter().map(|&word| word.to_owned()).collect();
        clean(complained.as_bytes(), &arguments, printed.as_bytes())
    }

    #[test]
    fn a_complaint_is_one_line_without_what_was_printed() {
        for (complained, printed, expected) in [
            ("no such\n\tprofile\u{1b}[31m\r\n", "", "no such profile [31m"),
            ("got tok-12345678, but", "tok-12345678\n", "got [redacted], but"),
            ("id_token='tok-12345678'", "tok-12345678", "id_token='[redacted]'"),
            (
                "one one-12345 two-12345",
                "one-12345\ntwo-12345",
                "one [redacted] [redacted]",
            ),
            ("got tok-12345678", r#"{"token":"tok-12345678"}"#, "got [redacted]"),
            ("short", "short", "short"),
            ("", "tok-12345678", ""),
        ] {
            assert_eq!(complaint(complained, &[], printed), expected);
        }
    }

    #[test]
    fn a_complaint_is_without_arguments() {
        for (complained, arguments, expected) in [
            ("no user topsecret", vec!["topsecret"], "no user [argument]"),
            ("wrong: topsecret", vec!["--password=topsecret"], "wrong: [argument]"),
            (
                "x: topsecret: not found",
                vec!["-c", "x \"topsecret\""],
                "x: [argument]: not found",
            ),
            (
                "topsecret12 topsecret",
                vec!["topsecret", "topsecret12"],
                "[argument] [argument]",
            ),
            ("no profile dev", vec!["--profile", "dev"], "no profile dev"),
        ] {
            assert_eq!(complaint(complained, &arguments, ""), expected);
        }
    }

    #[test]
    fn a_complaint_is_without_tokens() {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln";
        let opaque = "ya29.a0AfB_byC1234567890abcdefghijklmnopqrstuvw";
        for token in [jwt, opaque] {
            for (before, after) in [
                ("", ""),
                ("'", "'"),
                ("", ","),
                ("token=", ""),
                (r#"{"id_token":""#, r#""}"#),
            ] {
                let shown = complaint(&format!("+ echo {before}{token}{after} x"), &[], "");
                assert!(shown.ends_with(&format!("[redacted]{after} x")), "{shown}");
                assert!(!shown.contains("byC1") && !shown.contains("eyJ"), "{shown}");
            }
            // Cut in the middle of the token.
            let shown = complaint(&format!("{token} {}", "x ".repeat(STDERR_BYTES_MAX / 2)), &[], "");
            assert_eq!(shown, "x ".repeat(STDERR_BYTES_MAX / 2).trim());
        }
        for kept in [
            "see 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "https://login.example.com/tenant/v2.0",
            "a-very-long-name-of-a-profile-without-any-digits-in-it",
        ] {
            assert_eq!(complaint(kept, &[], ""), kept);
        }
    }
}

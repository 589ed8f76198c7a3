//! Turns a text, or the content of a file, into a credential that can stand in an HTTP header.
//!
//! Invariant: a [`Secret`] is not empty, is ASCII, and holds no control character, so it cannot split a header.
//! Invariant: it is neither a placeholder nor wrapped in what evidently belongs to the text around a credential.
//! Invariant: its memory is overwritten when it is dropped; no text of this module shows any of it.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::placeholder::is_placeholder;

/// The largest file, or output of a command, that is taken for a secret, in bytes. The longest JSON Web Tokens are a tenth of it.
pub(crate) const FILE_BYTES_MAX: usize = 64 * 1024;

/// What Windows editors put before UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A credential: an API key or a token.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text, without the white space around it.
    pub fn parse(text: &str) -> Result<Secret, SecretProblem> {
        Secret::from_bytes(text.as_bytes())
    }

    /// Reads a whole file, without the white space around its content. Blocks; may be a pipe, which is then used up.
    pub fn from_file(path: &Path) -> Result<Secret, SecretFileError> {
        let bytes = File::open(path)
            .and_then(read_bounded)
            .map_err(|source| SecretFileError::Unreadable {
                path: path.to_owned(),
                source,
            })?;
        Secret::from_bytes(&bytes).map_err(|problem| SecretFileError::Unusable {
            path: path.to_owned(),
            problem,
        })
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Secret, SecretProblem> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(SecretProblem::TooLong);
        }
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii();
        if bytes.is_empty() {
            return Err(SecretProblem::Empty);
        }
        if bytes.iter().any(u8::is_ascii_control) {
            return Err(SecretProblem::ControlCharacter);
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => text,
            _ => return Err(SecretProblem::NotAscii),
        };
        match wrapping(text) {
            Some(problem) => Err(problem),
            None => Ok(Secret(Zeroizing::new(text.to_owned()))),
        }
    }

    /// Says what keeps it from being an API key, which is one word; what a token may be is for others to say.
    pub(crate) fn check_key(&self) -> Result<(), SecretProblem> {
        let is_of_text = |c: char| c.is_ascii_whitespace() || "{}[]\",;\\".contains(c);
        if self.0.contains(is_of_text) {
            return Err(SecretProblem::NoKey);
        }
        let label = self.0.split_once(':').map(|(label, _)| label.to_ascii_lowercase());
        if label.is_some_and(|label| label.ends_with("key")) {
            return Err(SecretProblem::Labelled);
        }
        Ok(())
    }

    /// Returns the secret itself; for the header it goes into and nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

/// Why a text cannot be a secret; reads on from its source's name, as in "`key.txt` is empty".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretProblem {
    /// There is nothing but white space.
    #[error("is empty")]
    Empty,
    /// There is more than 64 KiB.
    #[error("is larger than 64 KiB; it must hold the credential and nothing else")]
    TooLong,
    /// There is a line break, a tab or a NUL inside; a UTF-16 file shows itself this way too.
    #[error("holds line breaks or other control characters; it must hold one line of plain text")]
    ControlCharacter,
    /// There is a character outside ASCII.
    #[error("holds characters outside ASCII; it must hold one line of plain text")]
    NotAscii,
    /// Nobody has put the credential in the place of a placeholder.
    #[error("is still the placeholder (such as `${{NAME}}`); put the value itself in its place")]
    Placeholder,
    /// There are quotation marks around it.
    #[error("has quotation marks around the value; take them out")]
    Quoted,
    /// There is the name of a header or of a variable before it.
    #[error("begins with the name of a header or of a variable; leave only the value that stands after it")]
    Labelled,
    /// There is more than one word, or a text that holds a key among other things.
    #[error(
        "is no API key, but holds spaces, quotation marks, brackets or the like; it must hold the key and nothing else"
    )]
    NoKey,
}

/// Why a file gave no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// The file could not be read.
    #[error("failed to read `{}`{}", path.display(), tried(path, source))]
    Unreadable {
        /// The file as the caller named it.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file was read; its content cannot be a secret.
    #[error("`{}` {problem}", path.display())]
    Unusable {
        /// The file as the caller named it.
        path: PathBuf,
        /// What is wrong with its content.
        problem: SecretProblem,
    },
}

/// Says what a text has around the credential, if that evidently is no part of it.
fn wrapping(text: &str) -> Option<SecretProblem> {
    const HEADERS: [&str; 4] = [
        "x-api-key",
        "authorization",
        "x-amz-security-token",
        "proxy-authorization",
    ];
    const ENDS: [&str; 5] = ["key", "token", "secret", "bearer", "key_id"];
    /// What programs write where they have no value, and people where they have none yet.
    const NOTHING: [&str; 5] = ["null", "undefined", "your-api-key", "your_api_key", "your-token"];
    let is_nothing =
        NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing)) || text.bytes().all(|byte| byte == b'*');
    if is_placeholder(text) || is_nothing {
        return Some(SecretProblem::Placeholder);
    }
    if text.starts_with(['"', '\'', '`']) || text.ends_with(['"', '\'', '`']) {
        return Some(SecretProblem::Quoted);
    }
    let assignment = ["export ", "setx ", "set ", "$env:"]
        .into_iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    let place = assignment.find([':', '='])?;
    let (name, value) = assignment.split_at(place);
    let name = name.trim().to_ascii_lowercase();
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_label = if value.starts_with(':') {
        HEADERS.contains(&name.as_str()) || value.starts_with(": ")
    } else {
        // Base64 ends with it.
        ENDS.iter().any(|end| name.ends_with(end)) && !value.trim_start_matches('=').is_empty()
    };
    (is_label && !name.is_empty() && name.chars().all(is_of_name)).then_some(SecretProblem::Labelled)
}

/// Says which file was looked for, where that is another one than its user may think.
pub(crate) fn tried(path: &Path, error: &io::Error) -> String {
    let text = path.to_string_lossy();
    let why = if error.kind() != io::ErrorKind::NotFound {
        return String::new();
    } else if text.starts_with(['"', '\'']) {
        "the quotation mark counts as a part of the name"
    } else if text.starts_with('~') {
        "nobody expands `~` here"
    } else if text.contains('$') || text.split('%').count() > 2 {
        "nobody expands variables here"
    } else if path.is_relative() {
        "nobody knows here which folder it is meant to be in"
    } else {
        return String::new();
    };
    let tried = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    format!(
        " ({why}, so that `{}` was tried; write the whole path)",
        tried.display()
    )
}

/// Reads one byte more than is allowed at the most, so that the caller sees an excess.
fn read_bounded(file: File) -> io::Result<Zeroizing<Vec<u8>>> {
    // All capacity at once: a buffer that grows leaves copies of the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(FILE_BYTES_MAX + 1));
    file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

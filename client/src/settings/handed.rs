//! Secrets in the environment: what a desktop client keeps for its user in the system's keychain, and hands to the program
//! that it starts.
//!
//! They have no flag, since a command line is in the list of processes. An environment can be read too, by the same user, so
//! that a file or a command is better where somebody else than such a client starts the program.
//!
//! Invariant: a value is a [`Secret`] from the moment it is read, and is in no error.

use std::ffi::{OsStr, OsString};

use zeroize::Zeroizing;

use crate::secret::{Secret, SecretProblem};

/// The variables. What a program starts does not inherit them.
pub const SECRET_VARIABLES: [&str; 2] = [API_KEY, BEARER];

pub(super) const API_KEY: &str = "APPSYNC_MCP_API_KEY";
pub(super) const BEARER: &str = "APPSYNC_MCP_BEARER";

/// A secret, and the variable that it was in.
#[derive(Debug)]
pub(super) struct Handed {
    pub(super) variable: &'static str,
    pub(super) secret: Secret,
}

impl Handed {
    /// Takes a variable's value, whose memory is overwritten.
    pub(super) fn new(variable: &'static str, value: OsString) -> Result<Handed, SecretProblem> {
        let bytes = Zeroizing::new(value.into_encoded_bytes());
        let secret = Secret::from_bytes(&bytes)?;
        if variable == API_KEY {
            secret.check_key()?;
        }
        Ok(Handed { variable, secret })
    }
}

/// Says whether a variable's value stands for a setting that the user has left open: it is blank, or the placeholder of a
/// desktop client's bundle as it stands, such as `${user_config.region}`. MCPB's reference launcher, `replaceVariables` of npm
/// `@anthropic-ai/mcpb`, leaves that where there is no value.
pub(super) fn is_left_open(value: &OsStr) -> bool {
    let text = value.to_str().map(str::trim);
    let name = text.and_then(|text| text.strip_prefix("${user_config.")?.strip_suffix('}'));
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    text == Some("") || name.is_some_and(|name| !name.is_empty() && name.chars().all(is_of_name))
}

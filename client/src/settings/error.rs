//! Why settings describe no connection.

use std::path::PathBuf;

use super::authorization::modes_text;
use crate::{AuthorizationError, CaError, EndpointError, Mode, ProxyProblem, SecretProblem, TokenCommandError};

/// Why settings can't be acted on. Every message names the setting, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A variable with our prefix that is none of ours.
    #[error(
        "unknown variable `{name}`{hint}\nUnset it, or correct its name: a setting that is not understood is never ignored."
    )]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The nearest name, if one is near.
        hint: String,
    },
    /// A variable that is no text.
    #[error("the value of `{name}` is not valid Unicode; set it anew")]
    NotUnicode {
        /// The variable.
        name: String,
    },
    /// There is no API to talk to.
    #[error(
        "no endpoint: set `--endpoint` or `APPSYNC_MCP_ENDPOINT` to the API's URL, \
         such as https://example.appsync-api.eu-west-1.amazonaws.com/graphql{or_else}"
    )]
    NoEndpoint {
        /// What else there is to do.
        or_else: &'static str,
    },
    /// The endpoint is none.
    #[error("`{source_name}`: {error}")]
    Endpoint {
        /// The flag or variable.
        source_name: &'static str,
        /// What is wrong with it.
        error: EndpointError,
    },
    /// The secret itself, in place of its file's name.
    #[error(
        "`{source_name}`: this looks like the secret itself, and not like a file's name or a command: \
         write it to a file that only you can read, and name the file"
    )]
    SecretForFile {
        /// The flag or variable.
        source_name: &'static str,
    },
    /// Nobody has put a value in the place of a placeholder.
    #[error(
        "`{source_name}` is still the placeholder (such as `${{NAME}}`): what starts this program has not put a value in its \
         place; put the value itself there"
    )]
    Placeholder {
        /// The flag or variable.
        source_name: &'static str,
    },
    /// There is a line break or its like where there can't be one, or white space that can't be taken off.
    #[error(
        "`{source_name}` holds white space or control characters that are none of its value; write it anew without them"
    )]
    ControlCharacter {
        /// The flag or variable.
        source_name: &'static str,
    },
    /// What was handed over can't be a secret.
    #[error("`{variable}` {problem}")]
    Handed {
        /// The variable.
        variable: &'static str,
        /// What is wrong with its value.
        problem: SecretProblem,
    },
    /// There is nothing to authorize requests with.
    #[error(
        "no credential: set `--api-key-file` (or `APPSYNC_MCP_API_KEY_FILE`) to a file that holds an API key, \
         `--bearer-file` (or `APPSYNC_MCP_BEARER_FILE`) to a file that holds a token, \
         `--token-command` (or `APPSYNC_MCP_TOKEN_COMMAND`) to a command that prints one, \
         or `--auth iam` (or `APPSYNC_MCP_AUTH`) to sign with the credentials of the AWS environment or profile"
    )]
    NoCredential,
    /// There are two credentials, and it is not for a program to choose.
    #[error("both `{first}` and `{second}` are set: keep the one that the API is to see")]
    TwoCredentials {
        /// One of them.
        first: &'static str,
        /// The other one.
        second: &'static str,
    },
    /// There is no credential that could be sent.
    #[error("`{source_name}`: {error}{}", causes(error))]
    Credential {
        /// The flag or variable.
        source_name: &'static str,
        /// What is wrong with it.
        error: AuthorizationError,
    },
    /// The command line is none.
    #[error("`{source_name}`: {error}")]
    TokenCommand {
        /// The flag or variable.
        source_name: &'static str,
        /// What is wrong with it.
        error: TokenCommandError,
    },
    /// The mode is none of the five.
    #[error(
        "`{source_name}`: unknown authorization mode `{value}`{hint}; write one of {}",
        modes_text()
    )]
    UnknownMode {
        /// The flag or variable.
        source_name: &'static str,
        /// What it says.
        value: String,
        /// The nearest name, if one is near.
        hint: String,
    },
    /// The mode does not go with the credential.
    #[error("`{mode_source}` says `{mode}`, but `{credential_source}` is {credential}: change one of them")]
    ModeMismatch {
        /// The flag or variable that names the mode.
        mode_source: &'static str,
        /// The mode.
        mode: Mode,
        /// The flag or variable that names the credential.
        credential_source: &'static str,
        /// What the credential is, as in "for a token".
        credential: &'static str,
    },
    /// The setting means nothing in this mode.
    #[error("`{source_name}` is for {modes}, and the authorization mode is `{mode}`: take it out, or change the mode")]
    NotInMode {
        /// The flag or variable.
        source_name: &'static str,
        /// The modes that it is for.
        modes: &'static str,
        /// The mode.
        mode: Mode,
    },
    /// The endpoint does not tell the region, and nothing else does.
    #[cfg(feature = "iam")]
    #[error(
        "`{mode_source}` says `iam`, and the endpoint's host does not tell its region: \
         set `--region` or `APPSYNC_MCP_REGION`, such as `eu-west-1`"
    )]
    NoRegion {
        /// The flag or variable that names the mode.
        mode_source: &'static str,
    },
    /// The region is none, or another one than the endpoint's.
    #[cfg(feature = "iam")]
    #[error("`{source_name}`: {problem}")]
    Region {
        /// The flag or variable.
        source_name: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The program can't sign.
    #[cfg(not(feature = "iam"))]
    #[error("`{mode_source}` says `iam`, and this program was built without it; build it with the feature `iam`")]
    NoIam {
        /// The flag or variable that names the mode.
        mode_source: &'static str,
    },
    /// The name of a file that the AWS chain would not find.
    #[error("`{variable}`: there is no file `{}`{tried}", path.display())]
    NoFile {
        /// The variable.
        variable: &'static str,
        /// What it says.
        path: PathBuf,
        /// Which file was tried, and why.
        tried: String,
    },
    /// A variable of AWS that can't be meant.
    #[error("`{variable}` {problem}")]
    Aws {
        /// The variable.
        variable: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The name of a file is empty.
    #[error("`{source_name}` is empty; name a file that holds the credential")]
    NoFileName {
        /// The flag or variable.
        source_name: &'static str,
    },
    /// A drive that is gone, for instance.
    #[error("the file system did not answer in {seconds} s about what these variables name: `{variables}`")]
    NoFileSystem {
        /// The variables.
        variables: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The proxy is none that can be used.
    #[error("`{variable}` {problem}")]
    Proxy {
        /// The variable.
        variable: &'static str,
        /// What is wrong with it.
        problem: ProxyProblem,
    },
    /// What is named in place of this machine's CA certificates are none.
    #[error("{error}{}", causes(error))]
    Ca {
        /// What is wrong with it, by the variable's name.
        #[from]
        error: CaError,
    },
    /// Yes or no, and it is neither.
    #[error("`{source_name}`: write `true` or `false`")]
    NotABoolean {
        /// The flag or variable.
        source_name: &'static str,
    },
}

/// Returns what lies behind an error, as far as it does not say it itself.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let (mut text, mut next) = (String::new(), error.source());
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

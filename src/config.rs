//! Flags and `APPSYNC_MCP_*` variables become a configuration that can be acted on, or an error that says what to change.
//!
//! A flag wins over the variable of the same setting. An empty variable counts as not set: launchers write that for
//! what their user left open.
//!
//! Invariant: the environment comes in as data; the only input or output is a look at the credential.
//! Invariant: a variable or a value that is not understood stops the start, whatever the command is for, since a slip must
//! not silently drop a guard.
//! Invariant: no secret is a value here; there are names of files, and a command, which is never shown.

use std::collections::BTreeMap;
use std::ffi::OsString;

use appsync_mcp_client::{
    Authorization, AuthorizationError, Endpoint, EndpointError, InsecureHttp, Mode, SecretFileError, TokenCommandError,
};

use crate::permit::{Mutations, MutationsError};
use crate::quote;
use crate::suggest::nearest;
use crate::tool::Contract;

mod authorization;

use authorization::modes_text;

/// A run of letters and digits of this length is no word.
const RANDOM_BYTES_MIN: usize = 20;

/// What every variable begins with.
const PREFIX: &str = "APPSYNC_MCP_";

/// One setting: a flag and a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// The API's URL.
    Endpoint,
    /// Whether `http` may lead to another machine.
    InsecureHttp,
    /// The authorization mode.
    Auth,
    /// A file with an API key.
    ApiKeyFile,
    /// A file with a token.
    BearerFile,
    /// A command that prints a token.
    TokenCommand,
    /// Whether `Bearer ` stands before a token.
    BearerPrefix,
    /// The region that signatures are for.
    Region,
    /// The writes that are allowed.
    AllowMutations,
    /// What is logged.
    Log,
}

impl Key {
    const ALL: [Self; 10] = [
        Self::Endpoint,
        Self::InsecureHttp,
        Self::Auth,
        Self::ApiKeyFile,
        Self::BearerFile,
        Self::TokenCommand,
        Self::BearerPrefix,
        Self::Region,
        Self::AllowMutations,
        Self::Log,
    ];

    /// What the sandbox brings itself.
    const OF_CONNECTION: [Self; 8] = [
        Self::Endpoint,
        Self::InsecureHttp,
        Self::Auth,
        Self::ApiKeyFile,
        Self::BearerFile,
        Self::TokenCommand,
        Self::BearerPrefix,
        Self::Region,
    ];

    /// The flag, with its dashes.
    const fn flag(self) -> &'static str {
        match self {
            Self::Endpoint => "--endpoint",
            Self::InsecureHttp => "--insecure-http",
            Self::Auth => "--auth",
            Self::ApiKeyFile => "--api-key-file",
            Self::BearerFile => "--bearer-file",
            Self::TokenCommand => "--token-command",
            Self::BearerPrefix => "--bearer-prefix",
            Self::Region => "--region",
            Self::AllowMutations => "--allow-mutations",
            Self::Log => "--log",
        }
    }

    /// The variable.
    pub(crate) const fn variable(self) -> &'static str {
        match self {
            Self::Endpoint => "APPSYNC_MCP_ENDPOINT",
            Self::InsecureHttp => "APPSYNC_MCP_INSECURE_HTTP",
            Self::Auth => "APPSYNC_MCP_AUTH",
            Self::ApiKeyFile => "APPSYNC_MCP_API_KEY_FILE",
            Self::BearerFile => "APPSYNC_MCP_BEARER_FILE",
            Self::TokenCommand => "APPSYNC_MCP_TOKEN_COMMAND",
            Self::BearerPrefix => "APPSYNC_MCP_BEARER_PREFIX",
            Self::Region => "APPSYNC_MCP_REGION",
            Self::AllowMutations => "APPSYNC_MCP_ALLOW_MUTATIONS",
            Self::Log => "APPSYNC_MCP_LOG",
        }
    }
}

/// Why the server does not start. Every message names the setting, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// A variable with our prefix that is none of ours.
    #[error(
        "unknown variable `{name}`{hint}\nUnset it, or correct its name: a setting that is not understood is never ignored."
    )]
    UnknownVariable { name: String, hint: String },
    /// A variable that is no text.
    #[error("the value of `{name}` is not valid Unicode; set it anew")]
    NotUnicode { name: String },
    /// There is no API to talk to.
    #[error(
        "no endpoint: set `--endpoint` or `APPSYNC_MCP_ENDPOINT` to the API's URL, \
         such as https://example.appsync-api.eu-west-1.amazonaws.com/graphql{sandbox}"
    )]
    NoEndpoint { sandbox: &'static str },
    /// The endpoint is none.
    #[error("`{source_name}`: {error}")]
    Endpoint {
        source_name: &'static str,
        error: EndpointError,
    },
    /// The secret itself, in place of its file's name.
    #[error(
        "`{source_name}`: this looks like the secret itself, and not like a file's name or a command: \
         write it to a file that only you can read, and name the file"
    )]
    SecretForFile { source_name: &'static str },
    /// There is nothing to authorize requests with.
    #[error(
        "no credential: set `--api-key-file` (or `APPSYNC_MCP_API_KEY_FILE`) to a file that holds an API key, \
         `--bearer-file` (or `APPSYNC_MCP_BEARER_FILE`) to a file that holds a token, \
         `--token-command` (or `APPSYNC_MCP_TOKEN_COMMAND`) to a command that prints one, \
         or `--auth iam` (or `APPSYNC_MCP_AUTH`) to sign with the credentials of the AWS environment or profile"
    )]
    NoCredential,
    /// There are two credentials, and it is not for the server to choose.
    #[error("both `{first}` and `{second}` are set: keep the one that the API is to see")]
    TwoCredentials { first: &'static str, second: &'static str },
    /// The API key's file can't be used.
    #[error("`{source_name}`: {error}{}", causes(error))]
    Secret {
        source_name: &'static str,
        error: SecretFileError,
    },
    /// There is no credential that could be sent.
    #[error("`{source_name}`: {error}{}", causes(error))]
    Credential {
        source_name: &'static str,
        error: AuthorizationError,
    },
    /// The command line is none.
    #[error("`{source_name}`: {error}")]
    TokenCommand {
        source_name: &'static str,
        error: TokenCommandError,
    },
    /// The mode is none that the server has.
    #[error(
        "`{source_name}`: unknown authorization mode `{value}`{hint}; write one of {}",
        modes_text()
    )]
    UnknownMode {
        source_name: &'static str,
        value: String,
        hint: String,
    },
    /// The mode does not go with the credential.
    #[error("`{mode_source}` says `{mode}`, but `{credential_source}` is {credential}: change one of them")]
    ModeMismatch {
        mode_source: &'static str,
        mode: Mode,
        credential_source: &'static str,
        credential: &'static str,
    },
    /// The setting means nothing in this mode.
    #[error("`{source_name}` is for {modes}, and the authorization mode is `{mode}`: take it out, or change the mode")]
    NotInMode {
        source_name: &'static str,
        modes: &'static str,
        mode: Mode,
    },
    /// The endpoint does not tell the region, and nothing else does.
    #[cfg(feature = "iam")]
    #[error(
        "`{mode_source}` says `iam`, and the endpoint's host does not tell its region: \
         set `--region` or `APPSYNC_MCP_REGION`, such as `eu-west-1`"
    )]
    NoRegion { mode_source: &'static str },
    /// The region is none, or another one than the endpoint's.
    #[cfg(feature = "iam")]
    #[error("`{source_name}`: {problem}")]
    Region { source_name: &'static str, problem: String },
    /// The program can't sign.
    #[cfg(not(feature = "iam"))]
    #[error("`{mode_source}` says `iam`, and this program was built without it; build it with the feature `iam`")]
    NoIam { mode_source: &'static str },
    /// Yes or no, and it is neither.
    #[error("`{source_name}`: write `true` or `false`")]
    NotABoolean { source_name: &'static str },
    /// The log's filter is none.
    #[error(
        "`{source_name}`: {error}\nWrite off, error, warn, info, debug or trace, or filters such as `info,hyper=debug`."
    )]
    Log {
        source_name: &'static str,
        error: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The list of writes is none.
    #[error("`{source_name}`: {error}")]
    Mutations {
        source_name: &'static str,
        error: MutationsError,
    },
    /// The sandbox and an API, both asked for.
    #[error("`--sandbox` and `{flag}` exclude each other: the sandbox brings its own endpoint and credential")]
    SandboxAnd { flag: &'static str },
}

/// Where a value comes from, by the name that its user knows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Setting {
    source_name: &'static str,
    from_flag: bool,
    value: OsString,
}

/// Flags and variables, put together and not yet looked at.
#[derive(Debug)]
pub(crate) struct Settings {
    values: BTreeMap<Key, Setting>,
}

/// Where requests go, and how they are authorized.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Where requests go.
    pub(crate) endpoint: Endpoint,
    /// How they are authorized.
    pub(crate) authorization: Authorization,
    /// The setting that says what the credential is.
    credential_source: &'static str,
}

impl Connection {
    /// Looks whether there is a credential, so that a slip shows at the start and not in the middle of a conversation. Where
    /// only somebody's doing is missing, it is worth a warning: whoever signs in or renews a token may be late.
    pub(crate) async fn check(&self) -> Result<(), ConfigError> {
        if self.endpoint.is_readable_on_the_way() {
            tracing::warn!("`http` shows the credential and all data to everybody on the way to the API");
        }
        match self.authorization.check().await {
            Ok(()) => Ok(()),
            Err(error) if error.is_for_a_person() => {
                tracing::warn!("{error}{}", causes(&error));
                Ok(())
            }
            Err(error) => Err(ConfigError::Credential {
                source_name: self.credential_source,
                error,
            }),
        }
    }
}

impl Settings {
    /// Puts flags and variables together. `variables` may be the whole environment.
    pub(crate) fn new(
        flags: impl IntoIterator<Item = (Key, OsString)>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let mut values = BTreeMap::new();
        for (name, value) in variables {
            // Windows does not tell upper from lower case in a variable's name.
            let name = name.to_string_lossy();
            if !name.to_ascii_uppercase().starts_with(PREFIX) {
                continue;
            }
            let Some(key) = Key::ALL.into_iter().find(|key| key.variable() == name) else {
                return Err(unknown_variable(&name));
            };
            if !value.is_empty() {
                let setting = Setting {
                    source_name: key.variable(),
                    from_flag: false,
                    value,
                };
                values.insert(key, setting);
            }
        }
        for (key, value) in flags {
            let setting = Setting {
                source_name: key.flag(),
                from_flag: true,
                value,
            };
            values.insert(key, setting);
        }
        let settings = Self { values };
        settings.check()?;
        Ok(settings)
    }

    /// Looks whether each value by itself can be understood. The list of writes and the log's filter are looked at by
    /// every command anyway.
    fn check(&self) -> Result<(), ConfigError> {
        // Before anything that would show the value.
        for (key, setting) in &self.values {
            if *key != Key::Endpoint && looks_like_secret(&setting.value.to_string_lossy()) {
                return Err(ConfigError::SecretForFile {
                    source_name: setting.source_name,
                });
            }
        }
        self.endpoint()?;
        self.mode()?;
        self.is_on(Key::BearerPrefix)?;
        self.token_command()?;
        Ok(())
    }

    /// Returns what is logged, if anybody said so, behind the setting's name.
    pub(crate) fn log(&self) -> Result<Option<(&'static str, &str)>, ConfigError> {
        self.text(Key::Log)
    }

    /// Returns which of the contract's writes are allowed.
    pub(crate) fn mutations(&self, contract: &'static Contract) -> Result<Mutations, ConfigError> {
        let Some((source_name, text)) = self.text(Key::AllowMutations)? else {
            return Ok(Mutations::off());
        };
        Mutations::parse(text, contract).map_err(|error| ConfigError::Mutations { source_name, error })
    }

    /// Returns the API to talk to. `has_sandbox`: whether the binary could do without one.
    pub(crate) fn connection(&self, has_sandbox: bool) -> Result<Connection, ConfigError> {
        let sandbox = if has_sandbox {
            ",\nor try the built-in one with `--sandbox`"
        } else {
            ""
        };
        let endpoint = self.endpoint()?.ok_or(ConfigError::NoEndpoint { sandbox })?;
        let (authorization, credential_source) = self.authorization(&endpoint)?;
        Ok(Connection {
            endpoint,
            authorization,
            credential_source,
        })
    }

    /// Says whether the sandbox may stand in for the API: not if a flag names one. Variables give way to the flag
    /// `--sandbox`, so that one can try something quickly in a shell that is set up for the real API.
    pub(crate) fn check_sandbox(&self) -> Result<(), ConfigError> {
        for key in Key::OF_CONNECTION {
            if self.values.get(&key).is_some_and(|setting| setting.from_flag) {
                return Err(ConfigError::SandboxAnd { flag: key.flag() });
            }
        }
        Ok(())
    }

    fn endpoint(&self) -> Result<Option<Endpoint>, ConfigError> {
        let insecure_http = if self.is_on(Key::InsecureHttp)? {
            InsecureHttp::Anywhere
        } else {
            InsecureHttp::OnLoopback
        };
        let Some((source_name, text)) = self.text(Key::Endpoint)? else {
            return Ok(None);
        };
        match Endpoint::parse(text, insecure_http) {
            Ok(endpoint) => Ok(Some(endpoint)),
            Err(error) => Err(ConfigError::Endpoint { source_name, error }),
        }
    }

    /// Says whether a setting that is yes or no is yes. Nothing is no.
    fn is_on(&self, key: Key) -> Result<bool, ConfigError> {
        match self.text(key)? {
            None | Some((_, "false")) => Ok(false),
            Some((_, "true")) => Ok(true),
            Some((source_name, _)) => Err(ConfigError::NotABoolean { source_name }),
        }
    }

    fn text(&self, key: Key) -> Result<Option<(&'static str, &str)>, ConfigError> {
        let Some(setting) = self.values.get(&key) else {
            return Ok(None);
        };
        match setting.value.to_str() {
            Some(text) => Ok(Some((setting.source_name, text))),
            None => Err(ConfigError::NotUnicode {
                name: setting.source_name.to_owned(),
            }),
        }
    }
}

fn unknown_variable(name: &str) -> ConfigError {
    // What all have in common would make any name look near.
    let end = |name: &'static str| name.strip_prefix(PREFIX).unwrap_or(name);
    let nearest = nearest(
        name.get(PREFIX.len()..).unwrap_or_default(),
        Key::ALL.map(|key| end(key.variable())),
    );
    let hint = nearest
        .map(|end| format!("; did you mean `{PREFIX}{end}`?"))
        .unwrap_or_default();
    ConfigError::UnknownVariable {
        name: quote::name(name),
        hint,
    }
}

/// Says whether a name is a token or an API key. A file of such a name can still be named by its path: `./da2-x`.
pub(crate) fn looks_like_secret(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_prefix("Bearer ").unwrap_or(text);
    let is_base64url = |part: &str| {
        part.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'='))
    };
    // `eyJ` is how `{"` begins in Base64.
    let is_token = text.starts_with("eyJ") && text.split('.').count() >= 3 && text.split('.').all(is_base64url);
    let is_key = text
        .strip_prefix("da2-")
        .is_some_and(|key| !key.is_empty() && is_base64url(key));
    is_token || is_key || is_random(text)
}

/// Says whether a text is one long run of letters of both cases and digits, as keys and opaque tokens are, and names are not.
fn is_random(text: &str) -> bool {
    let has = |is_kind: fn(&u8) -> bool| text.bytes().any(|byte| is_kind(&byte));
    let is_mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "-_+/=.~".contains(c);
    let is_path = text.starts_with(['/', '.', '~']);
    // The folders of a path, and the words of a name, are shorter.
    let has_run = text
        .split(['/', '.', '-', '_'])
        .any(|part| part.len() >= RANDOM_BYTES_MIN);
    is_mixed && has_run && !is_path && text.chars().all(is_of_token)
}

/// Returns what lies behind an error, as far as it does not say it itself.
fn causes(error: &dyn std::error::Error) -> String {
    let (mut text, mut next) = (String::new(), error.source());
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests;

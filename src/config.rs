//! Flags and `APPSYNC_MCP_*` variables become a configuration that can be acted on, or an error that says what to change.
//!
//! A flag wins over the variable of the same setting. An empty variable counts as not set: launchers write that for
//! what their user left open.
//!
//! Invariant: the environment comes in as data; the only input or output is a look at the credential's file.
//! Invariant: a variable or a value that is not understood stops the start, whatever the command is for, since a slip must
//! not silently drop a guard.
//! Invariant: no secret is a value here; there are only names of files.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use appsync_mcp_client::{
    ApiKey, Authorization, AuthorizationError, Bearer, Endpoint, EndpointError, InsecureHttp, Mode, Secret,
    SecretFileError,
};

use crate::permit::{Mutations, MutationsError};
use crate::quote;
use crate::suggest::{did_you_mean, nearest};
use crate::tool::Contract;

/// What every variable begins with.
const PREFIX: &str = "APPSYNC_MCP_";

/// One setting: a flag and a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// The API's URL.
    Endpoint,
    /// A file with an API key.
    ApiKeyFile,
    /// A file with a token.
    BearerFile,
    /// The authorization mode.
    Auth,
    /// The writes that are allowed.
    AllowMutations,
    /// What is logged.
    Log,
}

impl Key {
    const ALL: [Self; 6] = [
        Self::Endpoint,
        Self::ApiKeyFile,
        Self::BearerFile,
        Self::Auth,
        Self::AllowMutations,
        Self::Log,
    ];

    /// The flag, with its dashes.
    const fn flag(self) -> &'static str {
        match self {
            Self::Endpoint => "--endpoint",
            Self::ApiKeyFile => "--api-key-file",
            Self::BearerFile => "--bearer-file",
            Self::Auth => "--auth",
            Self::AllowMutations => "--allow-mutations",
            Self::Log => "--log",
        }
    }

    /// The variable.
    pub(crate) const fn variable(self) -> &'static str {
        match self {
            Self::Endpoint => "APPSYNC_MCP_ENDPOINT",
            Self::ApiKeyFile => "APPSYNC_MCP_API_KEY_FILE",
            Self::BearerFile => "APPSYNC_MCP_BEARER_FILE",
            Self::Auth => "APPSYNC_MCP_AUTH",
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
        "`{source_name}`: this looks like the secret itself, and not like a file's name: \
         write it to a file that only you can read, and name the file"
    )]
    SecretForFile { source_name: &'static str },
    /// There is nothing to authorize requests with.
    #[error(
        "no credential: set `--api-key-file` or `APPSYNC_MCP_API_KEY_FILE` to a file that holds an API key, \
         or `--bearer-file` or `APPSYNC_MCP_BEARER_FILE` to a file that holds a token"
    )]
    NoCredential,
    /// There are two credentials, and it is not for the server to choose.
    #[error("both `{first}` and `{second}` are set: keep the one that the API is to see")]
    TwoCredentials { first: &'static str, second: &'static str },
    /// The API key's file can't be used.
    #[error("`{source_name}`: {error}{}", cause(error))]
    Secret {
        source_name: &'static str,
        error: SecretFileError,
    },
    /// The token's file can't be used.
    #[error("`{source_name}`: {error}{}", cause(error))]
    Token {
        source_name: &'static str,
        error: AuthorizationError,
    },
    /// The mode is none that the server has.
    #[error(
        "`{source_name}`: unknown authorization mode `{value}`{hint}; write `api-key`, `oidc` or `cognito-user-pools`"
    )]
    UnknownMode {
        source_name: &'static str,
        value: String,
        hint: String,
    },
    /// The mode does not go with the credential.
    #[error("`{mode_source}` says `{mode}`, but `{credential_source}` holds {credential}: change one of them")]
    ModeMismatch {
        mode_source: &'static str,
        mode: Mode,
        credential_source: &'static str,
        credential: &'static str,
    },
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

/// The flags as they were given; the command line fills it.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    /// `--endpoint`.
    pub(crate) endpoint: Option<String>,
    /// `--api-key-file`.
    pub(crate) api_key_file: Option<PathBuf>,
    /// `--bearer-file`.
    pub(crate) bearer_file: Option<PathBuf>,
    /// `--auth`.
    pub(crate) auth: Option<String>,
    /// `--allow-mutations`; without a value, `true`.
    pub(crate) allow_mutations: Option<String>,
    /// `--log`.
    pub(crate) log: Option<String>,
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
    /// The setting that names the credential's file.
    credential_source: &'static str,
}

impl Connection {
    /// Looks whether there is a token, so that a slip in the file's name shows at the start and not in the middle of a
    /// conversation. One that has expired is only worth a warning, since whoever renews it may be late.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let file = match &self.authorization {
            // The settings have been read with the key.
            Authorization::ApiKey(_) => return Ok(()),
            Authorization::Oidc(file) | Authorization::CognitoUserPools(file) => file,
        };
        match file.check() {
            Err(error @ AuthorizationError::Expired { .. }) => tracing::warn!("{error}"),
            Err(error) => {
                return Err(ConfigError::Token {
                    source_name: self.credential_source,
                    error,
                });
            }
            Ok(()) => {}
        }
        Ok(())
    }
}

impl Settings {
    /// Puts flags and variables together. `variables` may be the whole environment.
    pub(crate) fn new(
        flags: Flags,
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
                values.insert(
                    key,
                    Setting {
                        source_name: key.variable(),
                        from_flag: false,
                        value,
                    },
                );
            }
        }
        let Flags {
            endpoint,
            api_key_file,
            bearer_file,
            auth,
            allow_mutations,
            log,
        } = flags;
        for (key, value) in [
            (Key::Endpoint, endpoint.map(OsString::from)),
            (Key::ApiKeyFile, api_key_file.map(OsString::from)),
            (Key::BearerFile, bearer_file.map(OsString::from)),
            (Key::Auth, auth.map(OsString::from)),
            (Key::AllowMutations, allow_mutations.map(OsString::from)),
            (Key::Log, log.map(OsString::from)),
        ] {
            if let Some(value) = value {
                values.insert(
                    key,
                    Setting {
                        source_name: key.flag(),
                        from_flag: true,
                        value,
                    },
                );
            }
        }
        let settings = Self { values };
        settings.check()?;
        Ok(settings)
    }

    /// Looks whether each value by itself can be understood. The list of writes and the log's filter are looked at by
    /// every command anyway.
    fn check(&self) -> Result<(), ConfigError> {
        self.endpoint()?;
        self.mode()?;
        for key in [Key::ApiKeyFile, Key::BearerFile] {
            if let Some(setting) = self.values.get(&key)
                && looks_like_secret(&setting.value.to_string_lossy())
            {
                return Err(ConfigError::SecretForFile {
                    source_name: setting.source_name,
                });
            }
        }
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
        let (authorization, credential_source) = self.authorization()?;
        Ok(Connection {
            endpoint,
            authorization,
            credential_source,
        })
    }

    /// Says whether the sandbox may stand in for the API: not if a flag names one. Variables give way to the flag
    /// `--sandbox`, so that one can try something quickly in a shell that is set up for the real API.
    pub(crate) fn check_sandbox(&self) -> Result<(), ConfigError> {
        for key in [Key::Endpoint, Key::ApiKeyFile, Key::BearerFile, Key::Auth] {
            if self.values.get(&key).is_some_and(|setting| setting.from_flag) {
                return Err(ConfigError::SandboxAnd { flag: key.flag() });
            }
        }
        Ok(())
    }

    /// Returns the authorization, and the setting that names its file.
    fn authorization(&self) -> Result<(Authorization, &'static str), ConfigError> {
        let mode = self.mode()?;
        let (file, credential, default) = match (self.values.get(&Key::ApiKeyFile), self.values.get(&Key::BearerFile)) {
            (Some(first), Some(second)) => {
                return Err(ConfigError::TwoCredentials {
                    first: first.source_name,
                    second: second.source_name,
                });
            }
            (None, None) => return Err(ConfigError::NoCredential),
            (Some(file), None) => (file, "an API key", Mode::ApiKey),
            (None, Some(file)) => (file, "a token", Mode::Oidc),
        };
        let (mode_source, mode) = mode.unwrap_or((Key::Auth.variable(), default));
        let path = PathBuf::from(&file.value);
        let source_name = file.source_name;
        let authorization = match (mode, default) {
            (Mode::ApiKey, Mode::ApiKey) => {
                Authorization::ApiKey(api_key(path).map_err(|error| ConfigError::Secret { source_name, error })?)
            }
            (Mode::Oidc, Mode::Oidc) => Authorization::Oidc(Bearer::File(path)),
            (Mode::CognitoUserPools, Mode::Oidc) => Authorization::CognitoUserPools(Bearer::File(path)),
            _ => {
                return Err(ConfigError::ModeMismatch {
                    mode_source,
                    mode,
                    credential_source: source_name,
                    credential,
                });
            }
        };
        Ok((authorization, source_name))
    }

    /// Returns the authorization mode, if it is said or follows from the credential that is named.
    pub(crate) fn authorization_mode(&self) -> Result<Option<Mode>, ConfigError> {
        let has = |key| self.values.contains_key(&key);
        let of_credential = match (has(Key::ApiKeyFile), has(Key::BearerFile)) {
            (true, false) => Some(Mode::ApiKey),
            (false, true) => Some(Mode::Oidc),
            _ => None,
        };
        Ok(self.mode()?.map(|(_, mode)| mode).or(of_credential))
    }

    fn endpoint(&self) -> Result<Option<Endpoint>, ConfigError> {
        self.text(Key::Endpoint)?
            .map(|(source_name, text)| {
                Endpoint::parse(text, InsecureHttp::OnLoopback)
                    .map_err(|error| ConfigError::Endpoint { source_name, error })
            })
            .transpose()
    }

    fn mode(&self) -> Result<Option<(&'static str, Mode)>, ConfigError> {
        const MODES: [(&str, Mode); 3] = [
            ("api-key", Mode::ApiKey),
            ("oidc", Mode::Oidc),
            ("cognito-user-pools", Mode::CognitoUserPools),
        ];
        let Some((source_name, value)) = self.text(Key::Auth)? else {
            return Ok(None);
        };
        match MODES.into_iter().find(|(name, _)| *name == value) {
            Some((_, mode)) => Ok(Some((source_name, mode))),
            None => Err(ConfigError::UnknownMode {
                source_name,
                value: quote::name(value),
                hint: did_you_mean(value, MODES.map(|(name, _)| name)),
            }),
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

/// Says whether a file's name is a token or an API key. A file of such a name can still be named by its path: `./da2-x`.
fn looks_like_secret(text: &str) -> bool {
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
    is_token || is_key
}

/// Reads the key, which shows a slip in the file's name. A regular file is read again for each request, since a key may
/// be rotated; a pipe gives it once.
fn api_key(path: PathBuf) -> Result<ApiKey, SecretFileError> {
    let secret = Secret::from_file(&path)?;
    let is_regular = std::fs::metadata(&path).is_ok_and(|metadata| metadata.is_file());
    Ok(if is_regular {
        ApiKey::File(path)
    } else {
        ApiKey::Value(secret)
    })
}

/// Returns what lies behind an error that does not say it itself.
fn cause(error: &dyn std::error::Error) -> String {
    error.source().map(|source| format!(": {source}")).unwrap_or_default()
}

#[cfg(test)]
mod tests;

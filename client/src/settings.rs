//! Flags and `APPSYNC_MCP_*` variables become a connection that can be used, or an error that says what to change.
//!
//! A flag wins over the variable of the same setting. White space around a value is none of it. A blank variable counts as
//! not set, and so does the placeholder that launchers leave for what their user left open; any other placeholder is refused.
//!
//! Invariant: the environment comes in as data; the only input or output is a look at the credential, and at what files of CA
//! certificates and of AWS are named. A look never holds up the thread.
//! Invariant: a variable or a value that is not understood is refused, whatever it would be for, since a slip must
//! not silently drop a guard.
//! Invariant: no secret is a value here, but for those that a desktop client hands over, which are secrets at once; there are
//! names of files, and a command, which is never shown.

mod authorization;
#[cfg(feature = "iam")]
mod aws;
mod error;
mod handed;
mod named;
mod others;

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::auth::{Authorization, AuthorizationError, Mode};
use crate::endpoint::{Endpoint, InsecureHttp};
use crate::http_client::Limits;
use crate::placeholder::is_placeholder;
use crate::proxy::Proxies;
use crate::quote;
use crate::suggest::nearest;
use crate::transport::Client;

use handed::Handed;
use named::NamedFiles;
use others::Others;

pub use error::SettingsError;
pub use handed::SECRET_VARIABLES;

/// A run of letters and digits of this length is no word.
const RANDOM_BYTES_MIN: usize = 20;

/// What every variable begins with.
const PREFIX: &str = "APPSYNC_MCP_";

/// A variable that begins so too, and is the build's: a program may be built and started in one environment.
const OF_THE_BUILD: &str = "APPSYNC_MCP_REQUIRE_VERIFIED";

/// One setting: a flag and a variable. A program may have others than a connection's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The flag, with its dashes.
    pub flag: &'static str,
    /// The variable.
    pub variable: &'static str,
    /// What a command line's help says of it.
    ///
    /// The variable stands in it by hand: clap's own reading of variables would take what is empty for something, and would
    /// not tell which of the two was given.
    pub help: &'static str,
}

impl Key {
    /// The API's URL.
    pub const ENDPOINT: Key = Key {
        flag: "--endpoint",
        variable: "APPSYNC_MCP_ENDPOINT",
        help: "The API's URL [env: APPSYNC_MCP_ENDPOINT]",
    };

    /// Whether `http` may lead to another machine.
    pub const INSECURE_HTTP: Key = Key {
        flag: "--insecure-http",
        variable: "APPSYNC_MCP_INSECURE_HTTP",
        help: "Take `http` to another machine, where everybody on the way can read along [env: APPSYNC_MCP_INSECURE_HTTP, `true`]",
    };

    /// The authorization mode.
    pub const AUTH: Key = Key {
        flag: "--auth",
        variable: "APPSYNC_MCP_AUTH",
        help: "api-key, iam, oidc (a token's default), cognito-user-pools or lambda [env: APPSYNC_MCP_AUTH]",
    };

    /// A file with an API key.
    pub const API_KEY_FILE: Key = Key {
        flag: "--api-key-file",
        variable: "APPSYNC_MCP_API_KEY_FILE",
        help: "A file with an API key [env: APPSYNC_MCP_API_KEY_FILE]",
    };

    /// A file with a token.
    pub const BEARER_FILE: Key = Key {
        flag: "--bearer-file",
        variable: "APPSYNC_MCP_BEARER_FILE",
        help: "A file with a token [env: APPSYNC_MCP_BEARER_FILE]",
    };

    /// A command that prints a token.
    pub const TOKEN_COMMAND: Key = Key {
        flag: "--token-command",
        variable: "APPSYNC_MCP_TOKEN_COMMAND",
        help: "A command that prints a token, split as a shell would, run without one [env: APPSYNC_MCP_TOKEN_COMMAND]",
    };

    /// Whether `Bearer ` stands before a token.
    pub const BEARER_PREFIX: Key = Key {
        flag: "--bearer-prefix",
        variable: "APPSYNC_MCP_BEARER_PREFIX",
        help: "Write `Bearer ` before the token, for a gateway that wants it; AppSync does not [env: APPSYNC_MCP_BEARER_PREFIX, `true`]",
    };

    /// The region that signatures are for.
    pub const REGION: Key = Key {
        flag: "--region",
        variable: "APPSYNC_MCP_REGION",
        help: "The AWS region that `iam` signs for, where the endpoint's host does not tell it [env: APPSYNC_MCP_REGION]",
    };

    /// The settings of a connection.
    pub const OF_CONNECTION: [Key; 8] = [
        Key::ENDPOINT,
        Key::INSECURE_HTTP,
        Key::AUTH,
        Key::API_KEY_FILE,
        Key::BEARER_FILE,
        Key::TOKEN_COMMAND,
        Key::BEARER_PREFIX,
        Key::REGION,
    ];
}

/// Where a value comes from, by the name that its user knows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Setting {
    key: Key,
    source_name: &'static str,
    value: OsString,
}

/// Flags and variables, put together; each value by itself can be understood.
#[derive(Debug)]
pub struct Settings {
    /// In the order of the settings.
    values: Vec<Setting>,
    /// The secrets that were in the environment.
    handed: Vec<Handed>,
    /// What is not this program's own.
    others: Others,
}

/// Where requests go, and how they are authorized.
#[derive(Debug)]
pub struct Connection {
    /// Where requests go.
    pub endpoint: Endpoint,
    /// How they are authorized.
    pub authorization: Authorization,
    /// The setting that says what the credential is.
    credential_source: &'static str,
    /// What leads there.
    proxies: Proxies,
    /// What others' variables name.
    files: NamedFiles,
    /// What is worth a warning.
    warnings: Vec<String>,
}

impl Connection {
    /// Looks whether there is a credential, so that a slip shows at the start and not in the middle of a conversation. Returns
    /// what is worth a warning: also where only somebody's doing is missing, since whoever signs in or renews a token may
    /// be late.
    pub async fn check(&self) -> Result<Vec<String>, SettingsError> {
        self.files.check().await?;
        self.with_warnings(self.authorization.check().await)
    }

    /// Does what [`Connection::check`] does, but a command is only started ([`Authorization::is_coming`] says whether it runs):
    /// whether that is possible shows at once, what it prints may take a person.
    pub async fn begin(&self) -> Result<Vec<String>, SettingsError> {
        self.files.check().await?;
        self.with_warnings(self.authorization.begin().await)
    }

    /// Looks at the files that other variables than this program's name.
    pub async fn check_files(&self) -> Result<(), SettingsError> {
        self.files.check().await
    }

    /// Returns what is worth a warning whatever the credential is.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    fn with_warnings(&self, credential: Result<(), AuthorizationError>) -> Result<Vec<String>, SettingsError> {
        let mut warnings = self.warnings.clone();
        if self.endpoint.is_readable_on_the_way() {
            warnings.push("`http` shows the credential and all data to everybody on the way to the API".to_owned());
        }
        match credential {
            Ok(()) => {}
            Err(error) if error.is_for_a_person() => warnings.push(format!("{error}{}", error::causes(&error))),
            Err(error) => {
                return Err(SettingsError::Credential {
                    source_name: self.credential_source,
                    error,
                });
            }
        }
        Ok(warnings)
    }

    /// Returns what sends requests over it.
    pub fn client(self, limits: Limits) -> Client {
        Client::new(self.endpoint, self.authorization, limits).through(self.proxies)
    }
}

impl Settings {
    /// Puts flags and variables together. `own` are the settings that a program has besides a connection's; `variables` may be
    /// the whole environment.
    pub fn new(
        flags: impl IntoIterator<Item = (Key, OsString)>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
        own: &[Key],
    ) -> Result<Settings, SettingsError> {
        let all: Vec<Key> = Key::OF_CONNECTION.iter().chain(own).copied().collect();
        let (mut given, mut handed, mut others) = (BTreeMap::new(), Vec::new(), Others::default());
        for (name, value) in variables {
            // Windows does not tell upper from lower case in a variable's name.
            let name = name.to_string_lossy();
            if !name.to_ascii_uppercase().starts_with(PREFIX) {
                others.keep(&name, value);
                continue;
            }
            if name == OF_THE_BUILD {
                continue;
            }
            if let Some(variable) = SECRET_VARIABLES.into_iter().find(|variable| *variable == name) {
                if !handed::is_left_open(&value) {
                    handed.push(
                        Handed::new(variable, value).map_err(|problem| SettingsError::Handed { variable, problem })?,
                    );
                }
                continue;
            }
            let Some(key) = all.iter().find(|key| key.variable == name) else {
                return Err(unknown_variable(&name, &all));
            };
            if !handed::is_left_open(&value) {
                given.insert(key.variable, (key.variable, trimmed(value)));
            }
        }
        for (key, value) in flags {
            given.insert(key.variable, (key.flag, trimmed(value)));
        }
        let setting = |key: Key| {
            let (source_name, value) = given.remove(key.variable)?;
            Some(Setting {
                key,
                source_name,
                value,
            })
        };
        let settings = Settings {
            values: all.into_iter().filter_map(setting).collect(),
            handed,
            others,
        };
        settings.check()?;
        Ok(settings)
    }

    /// Looks whether each value by itself can be understood. What a program's own settings say is for the program to look at.
    fn check(&self) -> Result<(), SettingsError> {
        // Before anything that would show the value.
        for Setting {
            key,
            source_name,
            value,
        } in &self.values
        {
            let (text, source_name) = (value.to_string_lossy(), *source_name);
            if *key != Key::ENDPOINT && looks_like_secret(&text) {
                return Err(SettingsError::SecretForFile { source_name });
            }
            if is_placeholder(&text) {
                return Err(SettingsError::Placeholder { source_name });
            }
            if [Key::API_KEY_FILE, Key::BEARER_FILE].contains(key) {
                if text.is_empty() {
                    return Err(SettingsError::NoFileName { source_name });
                }
                if text.contains(char::is_control) {
                    return Err(SettingsError::ControlCharacter { source_name });
                }
            }
        }
        self.endpoint()?;
        self.mode()?;
        self.is_on(Key::BEARER_PREFIX)?;
        self.token_command()?;
        Ok(())
    }

    /// Returns the API to talk to. `or_else`: what the error says that there is to do besides naming one.
    pub fn connection(&self, or_else: &'static str) -> Result<Connection, SettingsError> {
        let endpoint = self.endpoint()?.ok_or(SettingsError::NoEndpoint { or_else })?;
        let is_iam = matches!(self.mode()?, Some((_, Mode::Iam)));
        let asks_aws = is_iam && !self.others.have_aws_key()?;
        let files = NamedFiles {
            ca: if endpoint.is_https() || asks_aws {
                self.others.ca()?
            } else {
                None
            },
            #[cfg(feature = "iam")]
            of_aws: if is_iam { self.files_of_aws()? } else { Vec::new() },
            #[cfg(not(feature = "iam"))]
            of_aws: Vec::new(),
        };
        let proxies = self.others.proxies(Some(&endpoint), asks_aws)?;
        let (authorization, credential_source) = self.authorization(&endpoint)?;
        Ok(Connection {
            endpoint,
            authorization,
            credential_source,
            warnings: self
                .others
                .warning()
                .filter(|_| proxies.are_named())
                .into_iter()
                .collect(),
            proxies,
            files,
        })
    }

    /// Returns the first of a connection's settings that is given as a flag.
    pub fn flag_of_connection(&self) -> Option<&'static str> {
        let is_of_connection = |setting: &&Setting| Key::OF_CONNECTION.contains(&setting.key);
        let mut flags = self.values.iter().filter(is_of_connection);
        flags.find_map(|setting| (setting.source_name == setting.key.flag).then_some(setting.key.flag))
    }

    fn endpoint(&self) -> Result<Option<Endpoint>, SettingsError> {
        let insecure_http = if self.is_on(Key::INSECURE_HTTP)? {
            InsecureHttp::Anywhere
        } else {
            InsecureHttp::OnLoopback
        };
        let Some((source_name, text)) = self.text(Key::ENDPOINT)? else {
            return Ok(None);
        };
        match Endpoint::parse(text, insecure_http) {
            Ok(endpoint) => Ok(Some(endpoint)),
            Err(error) => Err(SettingsError::Endpoint { source_name, error }),
        }
    }

    /// Says whether a setting that is yes or no is yes. Nothing is no.
    pub fn is_on(&self, key: Key) -> Result<bool, SettingsError> {
        match self.text(key)? {
            None | Some((_, "false")) => Ok(false),
            Some((_, "true")) => Ok(true),
            Some((source_name, _)) => Err(SettingsError::NotABoolean { source_name }),
        }
    }

    /// Returns what a setting says, behind the name of the flag or variable.
    pub fn text(&self, key: Key) -> Result<Option<(&'static str, &str)>, SettingsError> {
        let Some(setting) = self.setting(key) else {
            return Ok(None);
        };
        match setting.value.to_str() {
            Some(text) => Ok(Some((setting.source_name, text))),
            None => Err(SettingsError::NotUnicode {
                name: setting.source_name.to_owned(),
            }),
        }
    }

    fn setting(&self, key: Key) -> Option<&Setting> {
        self.values.iter().find(|setting| setting.key == key)
    }
}

/// Takes off what stands around a value, such as the carriage return of a file from Windows.
fn trimmed(value: OsString) -> OsString {
    value.to_str().map(|text| OsString::from(text.trim())).unwrap_or(value)
}

fn unknown_variable(name: &str, all: &[Key]) -> SettingsError {
    // What all have in common would make any name look near.
    let end = |name: &'static str| name.strip_prefix(PREFIX).unwrap_or(name);
    let nearest = nearest(
        name.get(PREFIX.len()..).unwrap_or_default(),
        all.iter().map(|key| key.variable).chain(SECRET_VARIABLES).map(end),
    );
    let hint = nearest
        .map(|end| format!("; did you mean `{PREFIX}{end}`?"))
        .unwrap_or_default();
    SettingsError::UnknownVariable {
        name: quote::name(name),
        hint,
    }
}

/// Says whether a name is a token or an API key. A file of such a name can still be named by its path: `./da2-x`.
pub fn looks_like_secret(text: &str) -> bool {
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

#[cfg(test)]
mod tests;

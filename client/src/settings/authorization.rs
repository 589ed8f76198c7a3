//! Finds the one authorization that the settings describe, or says what is missing or too much.
//!
//! Invariant: one mode and one credential, both named by somebody; AWS credentials that merely happen to be in the environment
//! are not used unless the mode is `iam`.

use std::path::PathBuf;

use super::{Key, Setting, Settings, SettingsError};
#[cfg(feature = "iam")]
use crate::auth::Iam;
use crate::auth::{ApiKey, Authorization, Bearer, Mode, TokenCommand, TokenSource};
use crate::endpoint::Endpoint;
use crate::quote;
use crate::secret::{Secret, SecretFileError};
use crate::suggest::did_you_mean;

/// The modes by the names that they are chosen by.
const MODES: [Mode; 5] = [
    Mode::ApiKey,
    Mode::Iam,
    Mode::Oidc,
    Mode::CognitoUserPools,
    Mode::Lambda,
];

/// The settings of which each is a credential.
const CREDENTIALS: [Key; 3] = [Key::API_KEY_FILE, Key::BEARER_FILE, Key::TOKEN_COMMAND];

impl Settings {
    /// Returns the authorization, and the setting that says what its credential is.
    pub(super) fn authorization(&self, endpoint: &Endpoint) -> Result<(Authorization, &'static str), SettingsError> {
        let credential = self.credential()?;
        let default = credential.map(|(key, _)| default_mode(key));
        let (mode_source, mode) = match (self.mode()?, default) {
            (Some(named), _) => named,
            (None, Some(default)) => (Key::AUTH.variable, default),
            (None, None) => return Err(SettingsError::NoCredential),
        };
        self.check_extras(mode)?;
        if mode == Mode::Iam && credential.is_none() {
            return Ok((self.iam(mode_source, endpoint)?, mode_source));
        }
        let (key, setting) = credential.ok_or(SettingsError::NoCredential)?;
        let source_name = setting.source_name;
        let authorization = match (mode, default_mode(key)) {
            (Mode::ApiKey, Mode::ApiKey) => Authorization::ApiKey(
                api_key(PathBuf::from(&setting.value)).map_err(|error| SettingsError::Secret { source_name, error })?,
            ),
            (Mode::Oidc, Mode::Oidc) => Authorization::Oidc(self.bearer(setting)?),
            (Mode::CognitoUserPools, Mode::Oidc) => Authorization::CognitoUserPools(self.bearer(setting)?),
            (Mode::Lambda, Mode::Oidc) => Authorization::Lambda(self.token(setting)?),
            _ => {
                return Err(SettingsError::ModeMismatch {
                    mode_source,
                    mode,
                    credential_source: source_name,
                    credential: match key {
                        Key::API_KEY_FILE => "for an API key",
                        _ => "for a token",
                    },
                });
            }
        };
        Ok((authorization, source_name))
    }

    /// Returns the authorization mode, if it is said or follows from the credential that is named.
    pub fn authorization_mode(&self) -> Result<Option<Mode>, SettingsError> {
        let named = self.mode()?.map(|(_, mode)| mode);
        // Two credentials are a matter of whoever needs one.
        let of_credential = self.credential().ok().flatten().map(|(key, _)| default_mode(key));
        Ok(named.or(of_credential))
    }

    /// Returns the mode that is named, behind the setting's name.
    pub(super) fn mode(&self) -> Result<Option<(&'static str, Mode)>, SettingsError> {
        let Some((source_name, value)) = self.text(Key::AUTH)? else {
            return Ok(None);
        };
        match MODES.into_iter().find(|mode| mode.name() == value) {
            Some(mode) => Ok(Some((source_name, mode))),
            None => Err(SettingsError::UnknownMode {
                source_name,
                value: quote::name(value),
                hint: did_you_mean(value, MODES.map(Mode::name)),
            }),
        }
    }

    /// Returns the command that prints a token.
    pub(super) fn token_command(&self) -> Result<Option<TokenCommand>, SettingsError> {
        let Some((source_name, text)) = self.text(Key::TOKEN_COMMAND)? else {
            return Ok(None);
        };
        match TokenCommand::parse(text) {
            Ok(command) => Ok(Some(command)),
            Err(error) => Err(SettingsError::TokenCommand { source_name, error }),
        }
    }

    /// Returns the one setting that is a credential.
    fn credential(&self) -> Result<Option<(Key, &Setting)>, SettingsError> {
        let mut given = CREDENTIALS
            .into_iter()
            .filter_map(|key| self.setting(key).map(|setting| (key, setting)));
        match (given.next(), given.next()) {
            (Some((_, first)), Some((_, second))) => Err(SettingsError::TwoCredentials {
                first: first.source_name,
                second: second.source_name,
            }),
            (first, _) => Ok(first),
        }
    }

    /// Refuses what would have no effect, since whoever wrote it meant something.
    fn check_extras(&self, mode: Mode) -> Result<(), SettingsError> {
        let is_bearer = matches!(mode, Mode::Oidc | Mode::CognitoUserPools);
        for (key, is_used, modes) in [
            (Key::BEARER_PREFIX, is_bearer, "`oidc` and `cognito-user-pools`"),
            (Key::REGION, mode == Mode::Iam, "`iam`"),
        ] {
            if let Some(setting) = self.setting(key).filter(|_| !is_used) {
                return Err(SettingsError::NotInMode {
                    source_name: setting.source_name,
                    modes,
                    mode,
                });
            }
        }
        Ok(())
    }

    fn bearer(&self, setting: &Setting) -> Result<Bearer, SettingsError> {
        Ok(Bearer {
            token: self.token(setting)?,
            prefix: self.is_on(Key::BEARER_PREFIX)?,
        })
    }

    fn token(&self, setting: &Setting) -> Result<TokenSource, SettingsError> {
        Ok(match self.token_command()? {
            Some(command) => command.into(),
            None => TokenSource::File(PathBuf::from(&setting.value)),
        })
    }

    #[cfg(feature = "iam")]
    fn iam(&self, mode_source: &'static str, endpoint: &Endpoint) -> Result<Authorization, SettingsError> {
        let region = match (self.text(Key::REGION)?, endpoint.region()) {
            (None, None) => return Err(SettingsError::NoRegion { mode_source }),
            (None, Some(region)) => region,
            (Some((source_name, region)), of_host) => {
                let is_region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
                let problem = match of_host {
                    _ if region.is_empty() || !region.bytes().all(is_region) => {
                        format!("`{}` is no region; write it like `eu-west-1`", quote::name(region))
                    }
                    Some(of_host) if of_host != region => {
                        format!("it says `{region}`, and the endpoint is in `{of_host}`: take it out")
                    }
                    _ => return Ok(Authorization::Iam(Iam::new(region))),
                };
                return Err(SettingsError::Region { source_name, problem });
            }
        };
        Ok(Authorization::Iam(Iam::new(region)))
    }

    #[cfg(not(feature = "iam"))]
    #[allow(clippy::unused_self, reason = "the same as with the feature")]
    fn iam(&self, mode_source: &'static str, _: &Endpoint) -> Result<Authorization, SettingsError> {
        Err(SettingsError::NoIam { mode_source })
    }
}

/// Names the modes.
pub(super) fn modes_text() -> String {
    MODES.map(|mode| format!("`{mode}`")).join(", ")
}

/// The mode that a credential is for if nobody names one.
fn default_mode(credential: Key) -> Mode {
    match credential {
        Key::API_KEY_FILE => Mode::ApiKey,
        _ => Mode::Oidc,
    }
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

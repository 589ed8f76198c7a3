//! Finds the one authorization that the settings describe, or says what is missing or too much.
//!
//! Invariant: one mode and one credential, both named by somebody; AWS credentials that merely happen to be in the environment
//! are not used unless the mode is `iam`.

use std::path::PathBuf;

use super::handed::{API_KEY, Handed};
use super::{Key, Setting, Settings, SettingsError};
#[cfg(feature = "iam")]
use crate::auth::Iam;
use crate::auth::{ApiKey, Authorization, Bearer, Mode, SecretFile, TokenCommand, TokenSource};
use crate::endpoint::Endpoint;
use crate::quote;
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

/// The one credential that there is.
#[derive(Clone, Copy)]
enum Credential<'a> {
    /// Where it is, or what prints it.
    Named(&'a Setting),
    /// It itself.
    Handed(&'a Handed),
}

impl Credential<'_> {
    fn source_name(self) -> &'static str {
        match self {
            Self::Named(setting) => setting.source_name,
            Self::Handed(handed) => handed.variable,
        }
    }

    /// The mode that it is for if nobody names one.
    fn default_mode(self) -> Mode {
        match self {
            Self::Named(setting) if setting.key == Key::API_KEY_FILE => Mode::ApiKey,
            Self::Handed(handed) if handed.variable == API_KEY => Mode::ApiKey,
            Self::Named(_) | Self::Handed(_) => Mode::Oidc,
        }
    }
}

impl Settings {
    /// Returns the authorization, and the setting that says what its credential is.
    pub(super) fn authorization(&self, endpoint: &Endpoint) -> Result<(Authorization, &'static str), SettingsError> {
        let credential = self.credential()?;
        let default = credential.map(Credential::default_mode);
        let (mode_source, mode) = match (self.mode()?, default) {
            (Some(named), _) => named,
            (None, Some(default)) => (Key::AUTH.variable, default),
            (None, None) => return Err(SettingsError::NoCredential),
        };
        self.check_extras(mode)?;
        if mode == Mode::Iam && credential.is_none() {
            return Ok((self.iam(mode_source, endpoint)?, mode_source));
        }
        let credential = credential.ok_or(SettingsError::NoCredential)?;
        let source_name = credential.source_name();
        let authorization = match (mode, credential.default_mode()) {
            (Mode::ApiKey, Mode::ApiKey) => Authorization::ApiKey(api_key(credential)),
            (Mode::Oidc, Mode::Oidc) => Authorization::Oidc(self.bearer(credential)?),
            (Mode::CognitoUserPools, Mode::Oidc) => Authorization::CognitoUserPools(self.bearer(credential)?),
            (Mode::Lambda, Mode::Oidc) => Authorization::Lambda(self.token(credential)?),
            (_, default) => {
                return Err(SettingsError::ModeMismatch {
                    mode_source,
                    mode,
                    credential_source: source_name,
                    credential: match default {
                        Mode::ApiKey => "for an API key",
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
        let of_credential = self.credential().ok().flatten().map(Credential::default_mode);
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

    /// Returns the one credential.
    fn credential(&self) -> Result<Option<Credential<'_>>, SettingsError> {
        let named = CREDENTIALS.into_iter().filter_map(|key| self.setting(key));
        let handed = self.handed.iter().map(Credential::Handed);
        let mut given = named.map(Credential::Named).chain(handed);
        match (given.next(), given.next()) {
            (Some(first), Some(second)) => Err(SettingsError::TwoCredentials {
                first: first.source_name(),
                second: second.source_name(),
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

    fn bearer(&self, credential: Credential<'_>) -> Result<Bearer, SettingsError> {
        Ok(Bearer {
            token: self.token(credential)?,
            prefix: self.is_on(Key::BEARER_PREFIX)?,
        })
    }

    fn token(&self, credential: Credential<'_>) -> Result<TokenSource, SettingsError> {
        Ok(match (self.token_command()?, credential) {
            (Some(command), _) => command.into(),
            (None, Credential::Named(setting)) => TokenSource::File(PathBuf::from(&setting.value).into()),
            (None, Credential::Handed(handed)) => TokenSource::Value(handed.secret.clone()),
        })
    }

    #[cfg(feature = "iam")]
    fn iam(&self, mode_source: &'static str, endpoint: &Endpoint) -> Result<Authorization, SettingsError> {
        let region = match (self.region()?, endpoint.region()) {
            (None, None) => return Err(SettingsError::NoRegion { mode_source }),
            (Some((source_name, region)), Some(of_host)) if of_host != region => {
                let problem = format!("it says `{region}`, and the endpoint is in `{of_host}`: take it out");
                return Err(SettingsError::Region { source_name, problem });
            }
            (Some((_, region)), _) | (None, Some(region)) => region,
        };
        Ok(Authorization::Iam(Iam::new(
            region,
            self.aws_environment(Some(endpoint))?,
        )))
    }

    /// Returns the region that signatures are for, if it is said, behind the setting's name.
    #[cfg(feature = "iam")]
    pub fn region(&self) -> Result<Option<(&'static str, &str)>, SettingsError> {
        let Some((source_name, region)) = self.text(Key::REGION)? else {
            return Ok(None);
        };
        let is_of_region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if region.is_empty() || !region.bytes().all(is_of_region) {
            let problem = format!("`{}` is no region; write it like `eu-west-1`", quote::name(region));
            return Err(SettingsError::Region { source_name, problem });
        }
        Ok(Some((source_name, region)))
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

/// A regular file is read again for each request, since a key may be rotated; a pipe gives it once, and so does the environment.
fn api_key(credential: Credential<'_>) -> ApiKey {
    match credential {
        Credential::Named(setting) => ApiKey::File(SecretFile::or_pipe(PathBuf::from(&setting.value))),
        Credential::Handed(handed) => ApiKey::Value(handed.secret.clone()),
    }
}

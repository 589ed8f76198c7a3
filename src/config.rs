//! Flags and `APPSYNC_MCP_*` variables become a configuration that can be acted on, or an error that says what to change.
//!
//! What a connection is made of is the client's business, with the rules for all settings; here are those that only a server
//! has.
//!
//! Invariant: a variable or a value that is not understood stops the start, whatever the command is for, since a slip must
//! not silently drop a guard.

use std::ffi::OsString;

use appsync_mcp_client::Mode;
use appsync_mcp_client::settings::{self, Connection, SettingsError};

use crate::permit::{Mutations, MutationsError};
use crate::tool::Contract;

pub(crate) use appsync_mcp_client::settings::{Key, looks_like_secret};

/// The writes that are allowed.
pub(crate) const ALLOW_MUTATIONS: Key = Key {
    flag: "--allow-mutations",
    variable: "APPSYNC_MCP_ALLOW_MUTATIONS",
    help: "Allow all writes, or some by name, with commas [env: APPSYNC_MCP_ALLOW_MUTATIONS, `true` for all]",
};

/// What is logged.
pub(crate) const LOG: Key = Key {
    flag: "--log",
    variable: "APPSYNC_MCP_LOG",
    help: "off, error, warn, info (default), debug, trace, or filters such as `info,hyper=debug` [env: APPSYNC_MCP_LOG]",
};

/// Whether the API's schema is compared at start.
pub(crate) const CHECK_SCHEMA: Key = Key {
    flag: "--check-schema",
    variable: "APPSYNC_MCP_CHECK_SCHEMA",
    help: "Compare the API's schema at start, and do not serve the tools that would fail [env: APPSYNC_MCP_CHECK_SCHEMA, `true`]",
};

/// The settings that are no connection's.
const OWN: [Key; 3] = [ALLOW_MUTATIONS, CHECK_SCHEMA, LOG];

/// Why the server does not start. Every message names the setting, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// What is wrong with a connection's settings, or with any.
    #[error(transparent)]
    Setting(#[from] SettingsError),
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

/// Flags and variables, put together. The list of writes and the log's filter are not yet looked at; every
/// command does so.
#[derive(Debug)]
pub(crate) struct Settings(settings::Settings);

impl Settings {
    /// Puts flags and variables together. `variables` may be the whole environment.
    pub(crate) fn new(
        flags: impl IntoIterator<Item = (Key, OsString)>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let settings = Self(settings::Settings::new(flags, variables, &OWN)?);
        settings.check_schema()?;
        Ok(settings)
    }

    /// Returns what is logged, if anybody said so, behind the setting's name.
    pub(crate) fn log(&self) -> Result<Option<(&'static str, &str)>, ConfigError> {
        Ok(self.0.text(LOG)?)
    }

    /// Returns which of the contract's writes are allowed.
    pub(crate) fn mutations(&self, contract: &'static Contract) -> Result<Mutations, ConfigError> {
        let Some((source_name, text)) = self.0.text(ALLOW_MUTATIONS)? else {
            return Ok(Mutations::off());
        };
        Mutations::parse(text, contract).map_err(|error| ConfigError::Mutations { source_name, error })
    }

    /// Says whether the API's schema is compared at start.
    pub(crate) fn check_schema(&self) -> Result<bool, ConfigError> {
        Ok(self.0.is_on(CHECK_SCHEMA)?)
    }

    /// Returns the API to talk to. `has_sandbox`: whether the binary could do without one.
    pub(crate) fn connection(&self, has_sandbox: bool) -> Result<Connection, ConfigError> {
        let or_else = if has_sandbox {
            ",\nor try the built-in one with `--sandbox`"
        } else {
            ""
        };
        Ok(self.0.connection(or_else)?)
    }

    /// Returns the authorization mode, if it is said or follows from the credential that is named.
    pub(crate) fn authorization_mode(&self) -> Result<Option<Mode>, ConfigError> {
        Ok(self.0.authorization_mode()?)
    }

    /// Says whether the sandbox may stand in for the API: not if a flag names one. Variables give way to the flag
    /// `--sandbox`, so that one can try something quickly in a shell that is set up for the real API.
    pub(crate) fn check_sandbox(&self) -> Result<(), ConfigError> {
        match self.0.flag_of_connection() {
            Some(flag) => Err(ConfigError::SandboxAnd { flag }),
            None => Ok(()),
        }
    }
}

/// How far a start looks for the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Until there is one.
    Through,
    /// As far as it goes without the command that prints a token having to end.
    PastCommands,
}

/// Looks whether there is a credential, and logs what is worth a warning.
pub(crate) async fn check(connection: &Connection, look: Look) -> Result<(), ConfigError> {
    let warnings = match look {
        Look::Through => connection.check().await?,
        Look::PastCommands => connection.begin().await?,
    };
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    Ok(())
}

#[cfg(test)]
mod tests;

//! The flags and variables of a connection, as the server has them → its settings.
//!
//! Invariant: only here is the environment read.

use std::ffi::OsString;

use appsync_mcp_client::settings::{Key, Settings, SettingsError};

/// The flags that mean an endpoint, by clap's names.
pub(super) const OF_ENDPOINT: [&str; 6] = [
    "endpoint",
    "auth",
    "api_key_file",
    "bearer_file",
    "token_command",
    "bearer_prefix",
];

/// All of them.
pub(super) const ALL: [&str; 8] = [
    "endpoint",
    "auth",
    "api_key_file",
    "bearer_file",
    "token_command",
    "bearer_prefix",
    "region",
    "insecure_http",
];

/// What the server and the build read beside a connection's settings, and what means nothing here.
const OF_OTHERS: [&str; 4] = [
    "APPSYNC_MCP_ALLOW_MUTATIONS",
    "APPSYNC_MCP_CHECK_SCHEMA",
    "APPSYNC_MCP_LOG",
    "APPSYNC_MCP_REQUIRE_VERIFIED",
];

// No doc comment: clap would show it as the command's description.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(super) struct ConnectionFlags {
    #[arg(long, value_name = "URL", help = Key::ENDPOINT.help)]
    endpoint: Option<OsString>,
    #[arg(long, value_name = "MODE", help = Key::AUTH.help)]
    auth: Option<OsString>,
    #[arg(long, value_name = "FILE", help = Key::API_KEY_FILE.help)]
    api_key_file: Option<OsString>,
    #[arg(long, value_name = "FILE", help = Key::BEARER_FILE.help)]
    bearer_file: Option<OsString>,
    #[arg(long, value_name = "COMMAND", help = Key::TOKEN_COMMAND.help)]
    token_command: Option<OsString>,
    #[arg(long, help = Key::BEARER_PREFIX.help)]
    bearer_prefix: bool,
    #[arg(
        long,
        value_name = "REGION",
        help = "The AWS region: of an API id, where the environment or profile does not tell it, or that `iam` signs for, \
                where the endpoint's host does not [env: APPSYNC_MCP_REGION]"
    )]
    region: Option<OsString>,
    #[arg(long, help = Key::INSECURE_HTTP.help)]
    insecure_http: bool,
}

impl ConnectionFlags {
    /// Puts the flags and the environment's variables together.
    pub(super) fn settings(self) -> Result<Settings, SettingsError> {
        let is_for_others = |name: &OsString| OF_OTHERS.iter().any(|other| name == other);
        let variables = std::env::vars_os().filter(|(name, _)| !is_for_others(name));
        Settings::new(self.given(), variables, &[])
    }

    fn given(self) -> Vec<(Key, OsString)> {
        let yes = |is_on: bool| is_on.then(|| OsString::from("true"));
        let all = [
            (Key::ENDPOINT, self.endpoint),
            (Key::AUTH, self.auth),
            (Key::API_KEY_FILE, self.api_key_file),
            (Key::BEARER_FILE, self.bearer_file),
            (Key::TOKEN_COMMAND, self.token_command),
            (Key::BEARER_PREFIX, yes(self.bearer_prefix)),
            (Key::REGION, self.region),
            (Key::INSECURE_HTTP, yes(self.insecure_http)),
        ];
        let given = all.into_iter().filter_map(|(key, value)| Some((key, value?)));
        given.collect()
    }
}

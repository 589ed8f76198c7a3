//! The program: command line and environment in, an exit code out.
//!
//! Exit codes: 0, all went well; 1, a call or the session failed; 2, the command line or the configuration is wrong.
//!
//! Invariant: the only user of the environment, of signals and of the log's set-up.
//! Invariant: standard output is for MCP, or for what a subcommand prints; everything else goes to standard error.

mod doctor;
mod failure;
mod log;
mod verify;

use std::any::Any;
use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::io::IsTerminal as _;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use appsync_mcp_client::{Authorization, Client, Endpoint, Limits, Mode, SendError};

use crate::call::Ctx;
use crate::cli::call::Show;
use crate::cli::{self, Command, Invocation, SandboxOptions, VerifyFlags};
use crate::config::{self, ConfigError, Key, Look, Settings};
use crate::dispatch::Dispatcher;
use crate::drift::{self, CheckError, Drift};
use crate::error::Denied;
use crate::offer::Offer;
use crate::panic_report;
use crate::permit::Mutations;
use crate::resource::{self, RESOURCES};
use crate::server::{self, Server};
use crate::table;
use crate::tool::{Contract, Verified};

use failure::Failure;

/// The longest that a start waits for the API's schema, once there is a credential. A client waits for the start.
const CHECK_SCHEMA_TIMEOUT: Duration = Duration::from_secs(10);

/// A server program: what [`server!`](crate::server) puts together.
#[derive(Debug, Clone, Copy)]
pub struct App {
    /// The program's name, for clients, for the help and for the log.
    pub name: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// What the build made of the schema and the operations.
    pub contract: &'static Contract,
    /// Starts a sandbox, if the program brings one.
    pub sandbox: Option<SandboxStarter>,
}

/// Starts a sandbox on this machine. Called inside a Tokio runtime, and only under `--sandbox`.
///
/// The error's message is shown to the user as it is, so a fault that does not exist should list those that do.
pub type SandboxStarter = fn(SandboxOptions) -> SandboxFuture;

/// A sandbox that is starting.
pub type SandboxFuture = Pin<Box<dyn Future<Output = Result<Sandbox, Box<dyn Error + Send + Sync>>> + Send>>;

/// A sandbox that answers.
pub struct Sandbox {
    /// Where it answers.
    pub endpoint: Endpoint,
    /// How requests to it are authorized.
    pub authorization: Authorization,
    /// Whatever has to live as long as the sandbox; it is dropped last.
    pub guard: Box<dyn Any + Send>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("endpoint", &self.endpoint)
            .field("authorization", &self.authorization)
            .finish_non_exhaustive()
    }
}

/// Runs a server program; the process's own command line and environment say what it does.
pub fn run(app: &App) -> ExitCode {
    panic_report::report_panics();
    match try_run(app, std::env::args_os(), std::env::vars_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn try_run(
    app: &App,
    line: impl IntoIterator<Item = OsString>,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<(), Failure> {
    let Invocation {
        flags,
        sandbox,
        command,
    } = cli::parse(app.name, version(app), app.sandbox.is_some(), line)?;
    let (settings, mutations) = match (configure(app, flags, variables), &command) {
        (Err(error), Command::Doctor { json, .. }) => return doctor::unconfigured(app, &error.into(), *json),
        (configured, _) => configured?,
    };
    match command {
        Command::Tools { json } => {
            // They need no API, but what is said of one is not passed over.
            let mut mode = settings.authorization_mode()?;
            if sandbox.is_some() {
                block_on(async {
                    let sandbox = start_sandbox(app, &settings, sandbox).await?;
                    mode = sandbox.map(|sandbox| sandbox.authorization.mode());
                    Ok(())
                })?;
            }
            let offer = Offer::new(app.contract, mutations, mode);
            print(&if json {
                table::json(&resource::catalogue(&offer))
            } else {
                cli::tools::table(&offer)
            })
        }
        Command::Serve => block_on(serve(app, &settings, sandbox, mutations)),
        Command::Doctor { json, no_calls } => {
            block_on(doctor::doctor(app, &settings, sandbox, mutations, !no_calls, json))
        }
        Command::Call {
            name,
            arguments,
            json,
            dry_run,
        } => {
            let show = match (dry_run, json) {
                (true, _) => Show::Request,
                (false, true) => Show::Json,
                (false, false) => Show::Table,
            };
            block_on(async {
                let (dispatcher, _guard) = connect(app, &settings, sandbox, mutations, Look::Through).await?;
                print(&cli::call::run(&dispatcher, &name, &arguments, show).await?)
            })
        }
        Command::Verify(VerifyFlags {
            replay: Some(folder), ..
        }) => block_on(verify::replay(app, &folder)),
        Command::Verify(flags) => block_on(verify::verify(app, &settings, sandbox, flags)),
    }
}

/// Reads what the flags and the variables say, and begins to log.
fn configure(
    app: &App,
    flags: Vec<(Key, OsString)>,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<(Settings, Mutations), ConfigError> {
    let settings = Settings::new(flags, variables)?;
    log::start_log(&settings)?;
    let mutations = settings.mutations(app.contract)?;
    Ok((settings, mutations))
}

/// Returns the program's version with the beginning of the tools' digest, enough to find it in a lock and to read aloud, and
/// how many of the tools are verified, and by what.
fn version(app: &App) -> String {
    let digest = app.contract.digest;
    let short = digest.get(.."sha256:".len() + 12).unwrap_or(digest);
    format!("{} (tools {short}, {})", app.version, verified_text(app.contract))
}

/// Says how many of the tools are verified. What only a sandbox has answered is not counted with what an API has.
fn verified_text(contract: &Contract) -> String {
    let [by_api, in_sandbox] = [Verified::Api, Verified::Sandbox].map(|by| contract.verified(by));
    let all = contract.tools.len();
    match (by_api, in_sandbox) {
        (_, 0) => format!("{by_api} of {all} verified"),
        (0, _) => format!("{in_sandbox} of {all} verified in the sandbox only"),
        _ => format!("{by_api} of {all} verified, {in_sandbox} more in the sandbox only"),
    }
}

async fn serve(
    app: &App,
    settings: &Settings,
    sandbox: Option<SandboxOptions>,
    mutations: Mutations,
) -> Result<(), Failure> {
    let mut stop = Box::pin(stop_signal().map_err(Failure::Runtime)?);
    keep_input().map_err(Failure::Runtime)?;
    // A client waits for the start, and whoever has to sign in for a token may take longer than it does.
    let (mut dispatcher, _guard) = tokio::select! {
        connected = connect(app, settings, sandbox, mutations, Look::PastCommands) => connected?,
        () = &mut stop => return Ok(()),
    };
    let mut withdrawn = None;
    if settings.check_schema()? {
        let drift = tokio::select! {
            drift = compare(&dispatcher, app.contract) => drift,
            () = &mut stop => return Ok(()),
        };
        let drift = drift.map_err(Failure::CheckSchema)?;
        for tool in drift.tools() {
            let reason = drift.of(tool).unwrap_or_default();
            tracing::warn!(%tool, %reason, "withdrawn: it does not fit the API's schema any more; refresh the schema");
        }
        withdrawn = Some(drift.tools().count());
        dispatcher = dispatcher.without(&drift);
    }
    let dispatcher = Arc::new(dispatcher);
    let server = Server::new(Arc::clone(&dispatcher), app.name, app.version)?;
    let offer = dispatcher.offer();
    let contract = offer.contract();
    let in_sandbox = Some(contract.verified(Verified::Sandbox)).filter(|some| *some > 0);
    let is_told = |denied: &Denied| denied.is_of_mutations() || matches!(denied, Denied::Drift { .. });
    for (spec, denied) in offer.denials().filter(|(_, denied)| !is_told(denied)) {
        tracing::warn!("`{}` is not offered: {denied}", spec.name);
    }
    tracing::info!(
        auth = %dispatcher.client().mode(),
        mutations = %offer.mutations(),
        tools = offer.tools().count(),
        withdrawn,
        resources = RESOURCES.len(),
        prompts = contract.prompts.len(),
        verified = %format_args!("{}/{}", contract.verified(Verified::Api), contract.tools.len()),
        sandbox_only = in_sandbox,
        tools_digest = %contract.digest,
        "starting {}", app.name
    );
    tokio::spawn(prepare(Arc::clone(&dispatcher)));
    tokio::spawn(await_credential(dispatcher));
    if std::io::stdin().is_terminal() {
        tracing::info!(
            "standard input is a terminal, and MCP is not for typing: a client starts this; try `tools`, `call`"
        );
    }
    Ok(server.serve(server::stdio(), stop).await?)
}

/// Compares the API's schema. The credential, without which it can't be asked for, has its own time before that.
async fn compare(dispatcher: &Dispatcher, contract: &'static Contract) -> Result<Drift, CheckError> {
    dispatcher.client().check().await.map_err(SendError::from)?;
    drift::check(dispatcher.client(), contract, CHECK_SCHEMA_TIMEOUT).await
}

/// Loads the CA certificates, which cost the first call some milliseconds; while the client and its model think, they are free.
async fn prepare(dispatcher: Arc<Dispatcher>) {
    if let Err(error) = dispatcher.client().prepare().await {
        tracing::warn!(error = &error as &dyn Error, "failed to prepare connections");
    }
}

/// Says what comes of a credential that was not there yet when the start looked. Calls wait for it, and say the same.
async fn await_credential(dispatcher: Arc<Dispatcher>) {
    let client = dispatcher.client();
    if !client.is_credential_coming() {
        return;
    }
    match client.check().await {
        Ok(()) => warn_of_other_modes(dispatcher.offer().contract(), client.is_lambda_with_jwt()).await,
        Err(error) => tracing::error!(
            "no credential, and no call can succeed: {}",
            crate::error::in_full(&error)
        ),
    }
}

/// Returns what calls go through, and what has to live as long.
async fn connect(
    app: &App,
    settings: &Settings,
    sandbox: Option<SandboxOptions>,
    mutations: Mutations,
    look: Look,
) -> Result<(Dispatcher, Option<Box<dyn Any + Send>>), Failure> {
    let (client, _, guard) = reach(app, settings, sandbox, look).await?;
    let offer = Offer::new(app.contract, mutations, Some(client.mode()));
    let ctx = Ctx::new(client, app.contract);
    Ok((Dispatcher::new(offer, ctx), guard))
}

/// Returns what sends requests, where they go, and what has to live as long.
async fn reach(
    app: &App,
    settings: &Settings,
    sandbox: Option<SandboxOptions>,
    look: Look,
) -> Result<(Client, Endpoint, Option<Box<dyn Any + Send>>), Failure> {
    if let Some(sandbox) = start_sandbox(app, settings, sandbox).await? {
        let client = Client::new(sandbox.endpoint.clone(), sandbox.authorization, Limits::DEFAULT);
        return Ok((client, sandbox.endpoint, Some(sandbox.guard)));
    }
    let connection = settings.connection(app.sandbox.is_some())?;
    config::check(&connection, look).await?;
    if !connection.authorization.is_coming() {
        warn_of_other_modes(app.contract, connection.authorization.is_lambda_with_jwt()).await;
    }
    let endpoint = connection.endpoint.clone();
    Ok((connection.client(Limits::DEFAULT), endpoint, None))
}

/// Warns where AppSync would take a token for another mode's, and refuse it in words that say nothing of that.
async fn warn_of_other_modes(contract: &Contract, is_lambda_with_jwt: impl Future<Output = bool>) {
    let is_for_jwt = |mode| matches!(mode, Mode::Oidc | Mode::CognitoUserPools);
    let mut access = contract.tools.iter().flat_map(|tool| tool.spec().access);
    if let Some(other) = access.find(|access| is_for_jwt(access.mode))
        && is_lambda_with_jwt.await
    {
        let mode = other.mode;
        tracing::warn!(
            "the token is a JSON Web Token, and the API has the mode `{mode}`, too: AppSync takes it for one of that \
             mode's and does not ask the Lambda function; put something before it, and let the function take that off"
        );
    }
}

/// Starts the sandbox, if one is asked for.
async fn start_sandbox(
    app: &App,
    settings: &Settings,
    sandbox: Option<SandboxOptions>,
) -> Result<Option<Sandbox>, Failure> {
    let (Some(options), Some(start)) = (sandbox, app.sandbox) else {
        return Ok(None);
    };
    settings.check_sandbox()?;
    start(options).await.map(Some).map_err(Failure::Sandbox)
}

fn print(text: &str) -> Result<(), Failure> {
    cli::print(text).map_err(Failure::Print)
}

/// Runs a future on one thread: a conversation has a few calls at a time, each of which waits for the API. Setting up
/// threads that have nothing to do would be the largest part of the start.
fn block_on(future: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    let outcome = runtime.block_on(future);
    // A thread that waits for standard input can't be stopped, and must not hold up the end.
    runtime.shutdown_background();
    outcome
}

/// Keeps standard input, which is the protocol's, from the programs that this one starts: the AWS crates let a profile's
/// `credential_process` inherit it.
#[cfg(unix)]
fn keep_input() -> std::io::Result<()> {
    Ok(rustix::io::fcntl_setfd(std::io::stdin(), rustix::io::FdFlags::CLOEXEC)?)
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the same as elsewhere")]
fn keep_input() -> std::io::Result<()> {
    Ok(())
}

/// Returns a future that is done at the first signal that asks the program to end. Signals count from now on.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Returns a future that is done when the user asks the program to end. Signals count from now on.
#[cfg(windows)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c};
    let (mut interrupt, mut terminate) = (ctrl_c()?, ctrl_break()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::CONTRACT;

    const APP: App = App {
        name: "appsync-mcp",
        version: "1.2.3",
        contract: &CONTRACT,
        sandbox: None,
    };

    /// Runs a command line that comes to nothing, and returns its message.
    fn failure(line: &str, variables: &[(&str, &str)]) -> String {
        let line = std::iter::once("appsync-mcp")
            .chain(line.split_whitespace())
            .map(OsString::from);
        let variables = variables
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        try_run(&APP, line, variables).unwrap_err().to_string()
    }

    #[test]
    fn says_what_is_missing_or_wrong() {
        for (line, variables, expected) in [
            ("", vec![], "no endpoint: set `--endpoint`"),
            (
                "call search_companies keywords=x",
                vec![],
                "no endpoint: set `--endpoint`",
            ),
            (
                "tools",
                vec![("APPSYNC_MCP_ALOW_MUTATIONS", "")],
                "unknown variable `APPSYNC_MCP_ALOW_MUTATIONS`; did you",
            ),
            ("tools --log x=y=z", vec![], "`--log`: "),
            ("tools", vec![("APPSYNC_MCP_LOG", "loud=very")], "`APPSYNC_MCP_LOG`: "),
            (
                "tools --allow-mutations=search_companies",
                vec![],
                "`--allow-mutations`: `search_companies` only reads",
            ),
            ("--sandbox", vec![], "error: unexpected argument '--sandbox' found"),
        ] {
            let message = failure(line, &variables);
            assert!(message.starts_with(expected), "{line}: {message}");
        }
    }
}

//! `doctor`: settings → the checks, printed.
//!
//! Invariant: whatever keeps the program from starting is the first check, and no other end.

use std::any::Any;
use std::process::ExitCode;

use appsync_mcp_client::{Client, Limits};

use super::{App, Failure, print, start_sandbox};
use crate::call::Ctx;
use crate::cli::{self, SandboxOptions};
use crate::config::{ConfigError, Settings};
use crate::dispatch::Dispatcher;
use crate::doctor::{self, Check, Patient, State};
use crate::offer::Offer;
use crate::permit::Mutations;

/// Examines, and prints the checks. `calls` is whether tools are called.
pub(super) async fn doctor(
    app: &App,
    settings: &Settings,
    sandbox: Option<SandboxOptions>,
    mutations: Mutations,
    calls: bool,
    json: bool,
) -> Result<(), Failure> {
    match patient(app, settings, sandbox, mutations, calls).await {
        Ok((patient, _guard)) => told(&doctor::examine(patient).await, json, ExitCode::FAILURE),
        Err(failure) => unconfigured(app, &failure, json),
    }
}

/// Tells what keeps the program from starting as the first of the doctor's checks.
pub(super) fn unconfigured(app: &App, failure: &Failure, json: bool) -> Result<(), Failure> {
    told(
        &doctor::unconfigured(app.contract, failure.in_full()),
        json,
        ExitCode::from(2),
    )
}

/// Prints the doctor's checks; `code` is what the program ends with if one has failed.
fn told(checks: &[Check], json: bool, code: ExitCode) -> Result<(), Failure> {
    print(&cli::doctor::text(checks, json))?;
    if checks.iter().any(|check| check.state == State::Failed) {
        return Err(Failure::Reported(code));
    }
    Ok(())
}

/// Returns what is to be looked at, and what has to live as long. Nothing is known of the credential yet.
async fn patient(
    app: &App,
    settings: &Settings,
    sandbox: Option<SandboxOptions>,
    mutations: Mutations,
    calls: bool,
) -> Result<(Patient, Option<Box<dyn Any + Send>>), Failure> {
    let mut warnings = Vec::new();
    let (client, endpoint, guard) = if let Some(sandbox) = start_sandbox(app, settings, sandbox).await? {
        let client = Client::new(sandbox.endpoint.clone(), sandbox.authorization, Limits::DEFAULT);
        (client, sandbox.endpoint, Some(sandbox.guard))
    } else {
        let connection = settings.connection(app.sandbox.is_some())?;
        connection.check_files().await.map_err(ConfigError::from)?;
        warnings.extend_from_slice(connection.warnings());
        let endpoint = connection.endpoint.clone();
        (connection.client(Limits::DEFAULT), endpoint, None)
    };
    let mode = client.mode();
    let proxy = client.proxy_variable();
    let proxy = proxy.map(|variable| format!(" through the proxy that `{variable}` names"));
    let configuration = format!(
        "{endpoint}{}, authorization `{mode}`, mutations {mutations}",
        proxy.unwrap_or_default()
    );
    let (is_readable_on_the_way, is_https) = (endpoint.is_readable_on_the_way(), endpoint.is_https());
    let offer = Offer::new(app.contract, mutations, Some(mode));
    let patient = Patient {
        configuration,
        is_readable_on_the_way,
        is_https,
        dispatcher: Dispatcher::new(offer, Ctx::new(client, app.contract)),
        warnings,
        calls,
    };
    Ok((patient, guard))
}

//! `verify`: flags and settings → what came of each case, printed, a JSON object a line.
//!
//! Invariant: what needs leave is refused before anything is sent.

use std::path::Path;

use super::{App, Failure, reach};
use crate::call::Ctx;
use crate::cli::{self, SandboxOptions, VerifyFlags};
use crate::config::{Look, Settings};
use crate::offer::Offer;
use crate::permit::Mutations;
use crate::verify::{self, Counts, Line, Recorder, Verification, VerifyError, Wanted};

/// Verifies tools, and prints what came of each case.
pub(super) async fn verify(
    app: &App,
    settings: &Settings,
    sandbox: Option<SandboxOptions>,
    flags: VerifyFlags,
) -> Result<(), Failure> {
    let is_sandbox = sandbox.is_some();
    let needs_staging = [
        (flags.include_writes, "--include-writes"),
        (flags.record.is_some(), "--record"),
    ];
    if let Some((_, flag)) = needs_staging.into_iter().find(|(is_given, _)| *is_given)
        && !flags.staging
        && !is_sandbox
    {
        return Err(Failure::NotStaging(flag));
    }
    let mutations = if flags.include_writes {
        Mutations::all()
    } else {
        Mutations::off()
    };
    let recorder = flags.record.map(Recorder::new).transpose();
    let recorder = recorder.map_err(VerifyError::Record)?;
    let (client, endpoint, _guard) = reach(app, settings, sandbox, Look::Through).await?;
    let verification = Verification {
        offer: &Offer::new(app.contract, mutations, Some(client.mode())),
        // What answers on this machine is made up, too: a sandbox, an emulator, a stand-in.
        endpoint: if is_sandbox || endpoint.is_on_this_machine() {
            "sandbox".to_owned()
        } else {
            verify::fingerprint(&endpoint)
        },
        ctx: &Ctx::for_verification(client, app.contract),
        wanted: &Wanted {
            tools: flags.tool,
            cases: flags.case,
        },
        recorder: recorder.as_ref(),
    };
    let counts = Box::pin(verify::verify(&verification, &mut print_line)).await?;
    outcome(counts)
}

/// Goes through recordings, and prints what came of each.
pub(super) async fn replay(app: &App, folder: &Path) -> Result<(), Failure> {
    let counts = Box::pin(verify::replay_all(app.contract, folder, &mut print_line)).await?;
    if counts == Counts::default() {
        eprintln!(
            "note: there are no recordings in {}, so nothing was replayed",
            folder.display()
        );
    }
    outcome(counts)
}

fn print_line(line: &Line<'_>) -> std::io::Result<()> {
    let line = serde_json::to_string(line).map_err(std::io::Error::other)?;
    cli::print(&format!("{line}\n"))
}

fn outcome(counts: Counts) -> Result<(), Failure> {
    match counts.failed {
        0 => Ok(()),
        failed => Err(Failure::CasesFailed {
            failed,
            cases: counts.passed + failed + counts.skipped,
        }),
    }
}

//! Tools → which of them an API has answered as their contracts say: `cargo xtask verify`.
//!
//! ```text
//! sources ─▶ program ─▶ its lines ─▶ run ─▶ table and failures
//!                                     └────▶ schema/verified.lock
//! ```
//!
//! Invariant: `schema/verified.lock` is written whole after a whole run of the present sources, or not at all.

mod child;
mod event;
mod kept;
mod program;
mod progress;
mod report;
mod run;

use std::{collections::BTreeMap, ffi::OsString, io, path::Path, process::ExitCode};

use appsync_mcp_codegen::{Sources, VERIFIED, Verified, Writes, generate, review, verifications, verified_lock};

use crate::{project, voice};
use child::Stopped;
use kept::kept;
use progress::Progress;
use run::{Broken, Run};

pub(crate) const HELP: &str = "\
Examples:
  cargo xtask verify -- --endpoint https://api.example.com/graphql --bearer-file token
  cargo xtask verify --include-writes --staging -- --endpoint https://staging.example.com/graphql --bearer-file token
  cargo xtask verify --include-writes -- --sandbox
  cargo xtask verify --case create_collection:without-description --include-writes -- --sandbox";

/// What is to be verified, and where.
#[derive(Debug, Clone, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Args {
    /// Call writes, too; that needs `--staging`, or the sandbox
    #[arg(long)]
    include_writes: bool,
    /// Say that the API is not the one that people work with, so that writes do no harm
    #[arg(long)]
    staging: bool,
    /// Verify this tool only; may be repeated
    #[arg(long, value_name = "NAME")]
    tool: Vec<String>,
    /// Try this case only, and write nothing; may be repeated
    #[arg(long, value_name = "TOOL:CASE")]
    case: Vec<String>,
    /// Save the exchanges to a folder, without secrets and personal data; that needs `--staging`, or the sandbox
    #[arg(long, value_name = "DIR")]
    record: Option<OsString>,
    /// Build the program optimised
    #[arg(long)]
    release: bool,
    /// Print the program's lines, JSON objects, instead of a table
    #[arg(long)]
    json: bool,
    /// The program's own flags: which API, and how to be let in. Its variables `APPSYNC_MCP_…` work as well
    #[arg(last = true, value_name = "FLAGS OF THE PROGRAM")]
    flags: Vec<OsString>,
}

impl Args {
    /// Returns the program's command line.
    fn line(&self) -> Vec<OsString> {
        let mut line = self.flags.clone();
        line.push("verify".into());
        let mut add = |flag: &str, value: Option<OsString>| {
            line.push(flag.into());
            line.extend(value);
        };
        if self.include_writes {
            add("--include-writes", None);
        }
        if self.staging {
            add("--staging", None);
        }
        for tool in &self.tool {
            add("--tool", Some(tool.into()));
        }
        for case in &self.case {
            add("--case", Some(case.into()));
        }
        if let Some(folder) = &self.record {
            add("--record", Some(folder.clone()));
        }
        line
    }
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
enum VerifyError {
    /// What is wrong is said.
    #[error("the sources do not build")]
    Sources,
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("{0}; `{VERIFIED}` is as it was")]
    Broken(#[from] Broken),
    /// What is wrong, the program has said.
    #[error("the program did not take its flags or settings; `{VERIFIED}` is as it was")]
    Usage,
    #[error("stopped; `{VERIFIED}` is as it was")]
    Interrupted,
}

/// Verifies the project in the current folder.
pub(crate) fn verify(args: &Args) -> ExitCode {
    match try_verify(args) {
        Ok(code) => code,
        Err(VerifyError::Sources) => ExitCode::FAILURE,
        Err(error) => {
            voice::error(&error);
            match error {
                VerifyError::Usage => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn try_verify(args: &Args) -> Result<ExitCode, VerifyError> {
    let sources = Sources::read(Path::new("."))?;
    let tools = present(&sources).ok_or(VerifyError::Sources)?;
    let before = verifications(&sources).unwrap_or_default();
    let program = program::build(args.release)?;

    let mut run = Run::of(&tools.digests);
    let ended = follow(args, &program, &mut run);
    if let Err(error) = ended {
        // Its lines have told it already.
        if !args.json {
            project::print(&report::created(&run))?;
        }
        return Err(error);
    }
    let now = kept(&run, &tools.by_name, &before);
    if !args.json {
        project::print(&report::report(&run, args, &now))?;
    }
    if args.case.is_empty() {
        if !now.is_empty() || !before.is_empty() {
            project::write(Path::new(VERIFIED), &verified_lock(&now))?;
        }
        let in_sandbox = now.values().filter(|known| known.by() == Verified::Sandbox).count();
        let (by_api, all) = (now.len() - in_sandbox, tools.by_name.len());
        let verified = verified_text(by_api, in_sandbox, all);
        voice::note(format_args!("{VERIFIED}: {verified}"));
    } else {
        voice::note(format_args!("{VERIFIED} is as it was: some cases verify no tool"));
    }
    if run.is_empty() {
        voice::error("no tool was called; the table says why");
        return Ok(ExitCode::FAILURE);
    }
    Ok(if run.has_failed() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Says how many tools are verified, as the program does in `--version`.
fn verified_text(by_api: usize, in_sandbox: usize, all: usize) -> String {
    match (by_api, in_sandbox) {
        (_, 0) => format!("{by_api} of {all} tools are verified"),
        (0, _) => format!("{in_sandbox} of {all} tools are verified in the sandbox only"),
        _ => format!("{by_api} of {all} tools are verified, {in_sandbox} more in the sandbox only"),
    }
}

/// Runs the program to its end, and checks that this is one.
fn follow(args: &Args, program: &Path, run: &mut Run) -> Result<(), VerifyError> {
    let mut progress = Progress::default();
    let taken = child::follow(program, args.line(), |line| {
        let event = run.take(line)?;
        progress.show(&event);
        if args.json {
            project::print(&format!("{line}\n"))?;
        }
        Ok(())
    });
    drop(progress);
    match taken {
        Ok(status) if status.code() == Some(2) => Err(VerifyError::Usage),
        Ok(status) => Ok(run.end(status)?),
        Err(Stopped::Interrupted) => Err(VerifyError::Interrupted),
        Err(Stopped::Io(error)) => Err(error.into()),
        Err(Stopped::Broken(error)) => Err(error.into()),
    }
}

/// The tools of the present sources.
struct Present {
    /// The digests that a program of them may have: with writes, and without.
    digests: [String; 2],
    /// The digest of each tool, by name.
    by_name: BTreeMap<String, String>,
}

/// Reads them, as a build does. What is wrong is said, before Cargo says it at greater length.
fn present(sources: &Sources) -> Option<Present> {
    let generated = generate(sources, Writes::Included).and_then(|generated| {
        review(sources, &generated, Writes::Included)?;
        let reads = generate(sources, Writes::Excluded)?.digest;
        Ok((generated, reads))
    });
    match generated {
        Ok((generated, reads)) => Some(Present {
            digests: [generated.digest, reads],
            by_name: generated
                .tools
                .into_iter()
                .map(|tool| (tool.name, tool.digest))
                .collect(),
        }),
        Err(found) => {
            eprint!("{}", found.render(sources));
            None
        }
    }
}

#[cfg(test)]
mod tests;

//! A folder of recordings → whether the same requests are made and the same comes of the same answers.
//!
//! Invariant: nothing is sent, and no credential is needed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use appsync_mcp_client::{Authorization, Client, Endpoint, InsecureHttp, Limits, Secret, TokenSource};

use super::VerifyError;
use super::line::{Counts, Line, Outcome};
use super::recording::{self, Recorded, Recording};
use super::run::{Callee, replay};
use super::{Print, tool_line};
use crate::call::Ctx;
use crate::offer::{Found, Offer};
use crate::permit::Mutations;
use crate::quote;
use crate::tool::Contract;

/// The recordings of a folder, by tool.
type Files = Vec<(String, Vec<PathBuf>)>;

/// Goes through all recordings of a folder; returns how many came to what. There may be none, but the folder has to be there.
pub(crate) async fn replay_all(
    contract: &'static Contract,
    folder: &Path,
    print: Print<'_>,
) -> Result<Counts, VerifyError> {
    let files = files(folder).map_err(|source| VerifyError::Folder {
        folder: folder.to_owned(),
        source,
    })?;
    let ctx = nowhere(contract).ok_or(VerifyError::Nowhere)?;
    let offer = Offer::new(contract, Mutations::all(), None);
    let begin = Line::Begin {
        digest: contract.digest,
        endpoint: None,
        tools: files.len(),
        cases: files.iter().map(|(_, files)| files.len()).sum(),
    };
    print(&begin)?;
    let mut counts = Counts::default();
    for (tool, files) in &files {
        counts.add(replay_tool(&offer, &ctx, tool, files, print).await?);
    }
    print(&Line::End(counts))?;
    Ok(counts)
}

/// Returns the files of a folder, in the order of their names.
fn files(folder: &Path) -> io::Result<Files> {
    let mut tools = Vec::new();
    for path in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let is_recording = |path: &PathBuf| path.extension().is_some_and(|end| end == "json");
        let files: Vec<_> = entries(&path)?.into_iter().filter(is_recording).collect();
        if !files.is_empty() {
            tools.push((name(&path), files));
        }
    }
    Ok(tools)
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    // What is being written is none yet.
    paths.retain(|path| !name(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Calls that go nowhere: `.invalid` is no host's name (RFC 2606), and answers come from recordings.
fn nowhere(contract: &Contract) -> Option<Ctx> {
    let endpoint = Endpoint::parse("https://replay.invalid/graphql", InsecureHttp::Refuse).ok()?;
    let none = Secret::parse("none").ok()?;
    let authorization = Authorization::Oidc(TokenSource::Value(none).into());
    Some(Ctx::for_verification(
        Client::new(endpoint, authorization, Limits::DEFAULT),
        contract,
    ))
}

async fn replay_tool(offer: &Offer, ctx: &Ctx, tool: &str, files: &[PathBuf], print: Print<'_>) -> io::Result<Counts> {
    let callee = match offer.find(tool) {
        Found::Read(tool) => Ok(Callee::Read(tool)),
        Found::Write(tool, permit) => Ok(Callee::Write(tool, permit)),
        Found::Denied(_, denied) => Err(denied.to_string()),
        Found::Unknown(_) => Err(format!(
            "there is no tool `{}` any more; remove its recordings, or record anew",
            quote::name(tool)
        )),
    };
    let mut counts = Counts::default();
    for file in files {
        let start = Instant::now();
        let problem = match &callee {
            Ok(callee) => replay_file(callee, ctx, file).await.err(),
            Err(why) => Some(why.clone()),
        };
        let outcome = if problem.is_some() {
            Outcome::Failed
        } else {
            Outcome::Passed
        };
        counts.count(outcome);
        print(&Line::Case {
            tool,
            case: &name(file),
            outcome,
            ms: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
            problem,
            request: None,
            response: None,
        })?;
    }
    if let Ok(callee) = &callee {
        print(&tool_line(callee.spec(), counts, None, None, None))?;
    }
    Ok(counts)
}

/// Goes through one recording; the error says what is different.
async fn replay_file(callee: &Callee, ctx: &Ctx, file: &Path) -> Result<(), String> {
    // A pipe would be waited for, and a device may have no end.
    let is_file = fs::metadata(file).is_ok_and(|found| found.is_file());
    if !is_file {
        return Err("the recording is no regular file; remove it, or record anew".to_owned());
    }
    let text = fs::read(file).map_err(|error| format!("the recording can't be read: {error}"))?;
    let recording: Recording =
        serde_json::from_slice(&text).map_err(|error| format!("the recording is none: {error}; record it anew"))?;
    if recording.tool != callee.spec().name || recording.case != name(file) {
        return Err("the recording is of another tool or case than its file's name says".to_owned());
    }
    for recorded in recording.calls {
        replay_call(callee, ctx, recorded).await?;
    }
    Ok(())
}

async fn replay_call(callee: &Callee, ctx: &Ctx, recorded: Recorded) -> Result<(), String> {
    let Recorded {
        arguments,
        request,
        response,
        outcome,
    } = recorded;
    let call = replay(callee, ctx, arguments, Some(response.into())).await;
    let now = recording::Outcome::of(&call);
    let sent = call.exchange.as_ref();
    let sent = sent.and_then(|exchange| recording::request(callee.spec(), &exchange.request));
    match sent {
        None => Err(differs("request", &request, &now)),
        Some(sent) if sent != request => Err(differs("request", &request, &sent)),
        Some(_) if now != outcome => Err(differs("outcome", &outcome, &now)),
        Some(_) => Ok(()),
    }
}

fn differs(what: &str, recorded: &impl serde::Serialize, now: &impl serde::Serialize) -> String {
    let text = |value: Result<String, _>| value.unwrap_or_default();
    format!(
        "the {what} is another one\nrecorded: {}\nnow:      {}",
        text(serde_json::to_string(recorded)),
        text(serde_json::to_string(now))
    )
}

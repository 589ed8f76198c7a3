//! A case → what came of it, through the same pipeline as every call.
//!
//! Invariant: a write is called with a permit for it, and a call that may have been carried out is not repeated.
//! Invariant: what is waited for and followed is bounded.

use std::time::Duration;

use appsync_mcp_client::{DecodeError, DryRun, Envelope};
use serde_json::Value;

use super::case::{Case, Paging, Script};
use crate::call::Ctx;
use crate::decode::{JsonObject, decode};
use crate::error::CallError;
use crate::exchange::{self, Answer, Exchange};
use crate::permit::WritePermit;
use crate::rate::Caller;
use crate::shape::{Shaped, page};
use crate::tool::{ReadTool, ToolSpec, WriteTool};

/// The most pages that are followed.
const PAGES_MAX: usize = 50;

/// How often a call that the API has no time for is made again, and how long that is waited for at most.
const PATIENCE: (usize, Duration) = (1, Duration::from_secs(20));

/// A tool, and the leave to call it if it takes one.
#[derive(Debug)]
pub(crate) enum Callee {
    Read(&'static ReadTool),
    Write(&'static WriteTool, WritePermit),
}

/// One call of a case.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) arguments: JsonObject,
    /// The values that were sent: normalised, capped, with defaults; nothing if they were refused.
    pub(crate) values: Option<JsonObject>,
    /// The last thing that went over the wire.
    pub(crate) exchange: Option<Exchange>,
    pub(crate) outcome: Result<Shaped, CallError>,
}

/// What came of a case.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The last call.
    pub(crate) last: Call,
    /// Those before it, each with a result.
    pub(crate) before: Vec<Call>,
    pub(crate) end: End,
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// There was no more to call.
    Done,
    /// There were more pages than are followed.
    MorePages,
    /// A page's token is the one that led to it.
    TokenLeadsNowhere,
}

impl Callee {
    pub(crate) fn spec(&self) -> &'static ToolSpec {
        match self {
            Self::Read(tool) => tool.codec.spec,
            Self::Write(tool, _) => tool.codec.spec,
        }
    }

    pub(crate) async fn call(&self, ctx: &Ctx, arguments: JsonObject) -> Result<Shaped, CallError> {
        match self {
            Self::Read(tool) => tool.call(ctx, &Caller::Local, arguments).await,
            Self::Write(tool, permit) => tool.call(ctx, &Caller::Local, arguments, permit).await,
        }
    }

    /// Reads an answer by the operation's types.
    pub(crate) fn decoded(&self, body: &[u8]) -> Result<Envelope<Value>, DecodeError> {
        let codec = match self {
            Self::Read(tool) => &tool.codec,
            Self::Write(tool, _) => &tool.codec,
        };
        (codec.response)(body)
    }

    pub(crate) fn dry_run(&self, ctx: &Ctx, arguments: JsonObject) -> Option<DryRun> {
        match self {
            Self::Read(tool) => tool.dry_run(ctx, arguments),
            Self::Write(tool, _) => tool.dry_run(ctx, arguments),
        }
        .ok()
    }
}

/// Runs a case with these arguments.
pub(crate) async fn run(callee: &Callee, ctx: &Ctx, case: &Case, mut arguments: JsonObject) -> Ran {
    let mut before = Vec::new();
    loop {
        let last = call(callee, ctx, arguments.clone()).await;
        let next = next_token(callee.spec(), case.script, &last);
        let end = match next {
            None => End::Done,
            Some((_, token)) if token_of(case.script, &arguments) == Some(token) => End::TokenLeadsNowhere,
            Some(_) if before.len() + 1 >= pages_max(case.script) => {
                if matches!(case.script, Script::LastPage(_)) {
                    End::MorePages
                } else {
                    End::Done
                }
            }
            Some((argument, token)) => {
                arguments.insert(argument.to_owned(), token.into());
                before.push(last);
                continue;
            }
        };
        return Ran { last, before, end };
    }
}

fn pages_max(script: Script) -> usize {
    match script {
        Script::Once => 1,
        Script::SecondPage(_) => 2,
        Script::LastPage(_) => PAGES_MAX,
    }
}

fn paging(script: Script) -> Option<Paging> {
    match script {
        Script::Once => None,
        Script::SecondPage(paging) | Script::LastPage(paging) => Some(paging),
    }
}

fn token_of(script: Script, arguments: &JsonObject) -> Option<&str> {
    arguments.get(paging(script)?.argument)?.as_str()
}

/// Returns the argument that takes the next page's token, and the token, if there is one.
fn next_token<'a>(spec: &ToolSpec, script: Script, call: &'a Call) -> Option<(&'static str, &'a str)> {
    let Paging { argument, list } = paging(script)?;
    let shaped = call.outcome.as_ref().ok()?;
    let (_, token) = page(spec, list, argument, &shaped.structured)?;
    Some((argument, token?))
}

/// Calls once, and again where the API only had no time.
async fn call(callee: &Callee, ctx: &Ctx, arguments: JsonObject) -> Call {
    let (mut left, longest) = PATIENCE;
    loop {
        let (outcome, seen) = exchange::watch(callee.call(ctx, arguments.clone())).await;
        match outcome {
            Err(CallError::Throttled { seconds, .. }) if left > 0 => {
                left -= 1;
                tokio::time::sleep(Duration::from_secs(seconds).min(longest)).await;
            }
            outcome => return made(callee, arguments, outcome, seen),
        }
    }
}

/// Calls with this answer to it, and none to a second request. Nothing is sent.
pub(crate) async fn replay(callee: &Callee, ctx: &Ctx, arguments: JsonObject, answer: Option<Answer>) -> Call {
    let answers = answer.into_iter().collect();
    let (outcome, seen) = exchange::replay(answers, callee.call(ctx, arguments.clone())).await;
    made(callee, arguments, outcome, seen)
}

fn made(callee: &Callee, arguments: JsonObject, outcome: Result<Shaped, CallError>, mut seen: Vec<Exchange>) -> Call {
    let values = decode(callee.spec(), arguments.clone())
        .ok()
        .map(|decoded| decoded.values);
    Call {
        arguments,
        values,
        exchange: seen.pop(),
        outcome,
    }
}

//! Verifies tools against an API, by cases made from their contract.
//!
//! ```text
//! contract ─▶ plan: tool ─▶ cases ─▶ run, through the pipeline of every call ─▶ judge ─▶ because ─▶ lines
//! ```
//!
//! Invariant: no write is called unless the command line says so twice: that writes are wanted, and that they do no harm.
//! Invariant: the cases and their names follow from the contract alone.
//! Invariant: an API that does not answer is not asked for ever: after three such failures in a row the rest of a tool is
//! skipped, and after two such tools in a row the rest of all.

mod because;
mod case;
mod cases;
mod judge;
mod line;
mod name;
mod plan;
mod recording;
mod replay;
mod run;
mod shown;
mod undo;
mod value;

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::time::{Instant, SystemTime};

use appsync_mcp_client::Endpoint;
use futures_util::{StreamExt as _, stream};
use sha2::{Digest as _, Sha256};

use crate::call::Ctx;
use crate::decode::JsonObject;
use crate::error::CallError;
use crate::offer::Offer;
use crate::shape;
use crate::tool::{Kind, ToolSpec};

use because::{Sent, because};
use case::{Case, Expected};
use judge::{Passed, Verdict, is_unanswered, judge, judge_beside};
use line::Outcome;
use name::Names;
use plan::{CASES_MAX, Plan, plan};
use run::{Callee, Ran};

pub(crate) use line::{Counts, Line};
pub(crate) use plan::{UnknownName, Wanted};
pub(crate) use recording::Recorder;
pub(crate) use replay::replay_all;

/// How many cases of a read are under way at a time.
const READS_MAX: usize = 4;

/// After so many failures in a row for want of an answer, a tool's other cases are skipped.
const SILENCE_MAX: usize = 3;

/// After so many tools in a row that the API left without an answer, the others are skipped.
const SILENT_TOOLS_MAX: usize = 2;

/// What is said of a tool none of whose cases was answered: nothing is known of it, neither good nor bad.
const NOT_ANSWERED: &str = "the API did not answer, or not to this credential";

/// What is said of the tools after those.
const NOT_TRIED: &str = "not tried: the API did not answer for the tools before it, or not to this credential";

/// What is said where the examples lead nowhere.
const NOTHING_KNOWN: &str = "no example that the API knows: every case was `not found`";

/// What it takes to verify.
#[derive(Debug)]
pub(crate) struct Verification<'a> {
    pub(crate) offer: &'a Offer,
    pub(crate) ctx: &'a Ctx,
    /// `sandbox`, or a hash of the endpoint.
    pub(crate) endpoint: String,
    pub(crate) wanted: &'a Wanted,
    /// Where exchanges are kept, if they are.
    pub(crate) recorder: Option<&'a Recorder>,
}

/// Why tools can't be verified.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyError {
    /// What was asked for is not there.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
    /// An exchange can't be kept.
    #[error("failed to record an exchange")]
    Record(#[source] io::Error),
    /// The recordings can't be found.
    #[error("failed to read the folder {}", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    /// There is nothing to replay with.
    #[error("failed to set up the replay")]
    Nowhere,
    /// The lines can't be written.
    #[error("failed to write to standard output")]
    Print(#[from] io::Error),
}

/// Prints a line.
type Print<'a> = &'a mut dyn FnMut(&Line<'_>) -> io::Result<()>;

/// What came of one tool.
#[derive(Debug, Default)]
struct Tally {
    counts: Counts,
    /// What was sent, for what failures have in common.
    sent: Vec<Sent>,
    /// What was sent where something was found, by the case's name.
    found: Vec<(String, JsonObject)>,
    /// How many cases in a row had no answer.
    silence: usize,
    /// How many cases had none of those that were to have one.
    unanswered: usize,
    /// Whether any had one.
    is_answered: bool,
    /// Whether the API did what it was asked to, at least once.
    has_result: bool,
}

/// Returns a hash of the endpoint, which tells two apart and says nothing of either.
pub(crate) fn fingerprint(endpoint: &Endpoint) -> String {
    let mut digest = String::from("sha256:");
    for byte in Sha256::digest(endpoint.to_string()) {
        // Writing to a String can't fail.
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

/// Verifies the tools that are wanted; returns how many cases came to what.
pub(crate) async fn verify(verification: &Verification<'_>, print: Print<'_>) -> Result<Counts, VerifyError> {
    let plans = plan(verification.offer, verification.wanted)?;
    let cases = plans.iter().filter_map(|plan| plan.what.as_ref().ok());
    let begin = Line::Begin {
        digest: verification.offer.contract().digest,
        endpoint: Some(verification.endpoint.clone()),
        tools: plans.len(),
        cases: cases.map(|(_, cases)| cases.len()).sum(),
    };
    print(&begin)?;
    let mut names = Names::from(SystemTime::now());
    let mut counts = Counts::default();
    let mut silent = 0;
    for plan in &plans {
        let tally = if silent < SILENT_TOOLS_MAX {
            tool(verification, plan, &mut names, print).await?
        } else {
            left_out(plan, print)?
        };
        if tally.is_silent() {
            silent += 1;
        } else if tally.is_answered {
            silent = 0;
        }
        counts.add(tally.counts);
    }
    print(&Line::End(counts))?;
    Ok(counts)
}

/// Tells of a tool that is not called, since the API answers nothing.
fn left_out(plan: &Plan, print: Print<'_>) -> Result<Tally, VerifyError> {
    let mut tally = Tally::default();
    let why = match &plan.what {
        Ok((_, cases)) => {
            skip(plan.spec, cases, &mut tally.counts, print)?;
            NOT_TRIED.to_owned()
        }
        Err(why) => why.clone(),
    };
    print(&tool_line(plan.spec, tally.counts, None, Some(why), None))?;
    Ok(tally)
}

fn skip(spec: &ToolSpec, cases: &[Case], counts: &mut Counts, print: Print<'_>) -> io::Result<()> {
    for case in cases {
        counts.count(Outcome::Skipped);
        print(&Line::Case {
            tool: spec.name,
            case: &case.name,
            outcome: Outcome::Skipped,
            ms: 0,
            problem: None,
            request: None,
            response: None,
        })?;
    }
    Ok(())
}

/// Runs the cases of one tool and tells what came of them.
async fn tool(
    verification: &Verification<'_>,
    plan: &Plan,
    names: &mut Names,
    print: Print<'_>,
) -> Result<Tally, VerifyError> {
    let (ctx, spec) = (verification.ctx, plan.spec);
    let (callee, cases) = match &plan.what {
        Ok((callee, cases)) => (callee, cases),
        Err(why) => {
            print(&tool_line(spec, Counts::default(), None, Some(why.clone()), None))?;
            return Ok(Tally::default());
        }
    };
    let with_arguments: Vec<_> = cases.iter().map(|case| (case, names.arguments(spec, case))).collect();
    let at_a_time = if spec.kind == Kind::Read { READS_MAX } else { 1 };
    let mut runs = stream::iter(with_arguments)
        .map(|(case, arguments)| async move {
            let start = Instant::now();
            let ran = run::run(callee, ctx, case, arguments).await;
            (case, ran, start.elapsed())
        })
        .buffered(at_a_time);

    let mut tally = Tally::default();
    let mut done = 0;
    while tally.silence < SILENCE_MAX
        && let Some((case, ran, took)) = runs.next().await
    {
        done += 1;
        let mut verdict = judge(spec, case, &ran);
        if spec.kind == Kind::Read {
            verdict = judge_beside(verdict, &ran, &tally.found);
        }
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        print(&case_line(ctx, callee, case, &ran, &verdict, ms))?;
        if let Some(recorder) = verification.recorder {
            recorder
                .save(ctx, callee, case, &ran)
                .await
                .map_err(VerifyError::Record)?;
        }
        // At once, so that whoever stops it knows what is left behind.
        if let Some(created) = created(verification, spec, case, &ran).await {
            print(&created)?;
        }
        tally.count(spec, case, ran, verdict);
    }
    drop(runs);
    skip(spec, cases.get(done..).unwrap_or_default(), &mut tally.counts, print)?;
    let is_known = tally.has_result || tally.counts.failed > 0 || tally.sent.is_empty();
    let not_verified = if tally.is_unknown() {
        Some(NOT_ANSWERED.to_owned())
    } else {
        (!is_known).then(|| NOTHING_KNOWN.to_owned())
    };
    let mut because = because(spec, &tally.sent);
    if done < cases.len() {
        let stopped = format!("; stopped after {SILENCE_MAX} failures in a row without an answer");
        because = because.map(|because| because + &stopped);
    }
    let note = (plan.left_out > 0).then(|| {
        let left_out = plan.left_out;
        format!(
            "{left_out} more cases were not tried, since {CASES_MAX} are enough of a tool; `--case` tries any of them"
        )
    });
    print(&tool_line(spec, tally.counts, because, not_verified, note))?;
    Ok(tally)
}

/// Returns what a write made or may have made, and whether that is gone again.
async fn created<'a>(
    verification: &Verification<'_>,
    spec: &'a ToolSpec,
    case: &Case,
    ran: &'a Ran,
) -> Option<Line<'a>> {
    // What only takes back makes nothing.
    let mut tools = verification.offer.contract().tools.iter();
    let takes_back = spec.undo.is_none() && tools.any(|tool| tool.spec().undo == Some(spec.name));
    if spec.kind == Kind::Read || takes_back {
        return None;
    }
    let (tool, undone_by) = (spec.name, spec.undo);
    let made = |result, undone| Line::Created {
        tool,
        result: Some(result),
        arguments: None,
        maybe: false,
        undone_by,
        undone,
    };
    let result = match &ran.last.outcome {
        Ok(shaped) => &shaped.structured,
        // Nobody knows its id, so nothing takes it back: what was sent helps to find it.
        Err(CallError::OutcomeUnknown { .. }) => {
            return Some(Line::Created {
                tool,
                result: None,
                arguments: ran.last.values.as_ref(),
                maybe: true,
                undone_by,
                undone: false,
            });
        }
        Err(_) => return None,
    };
    let (Some(name), Some(own)) = (spec.undo, &ran.last.values) else {
        return Some(made(result, false));
    };
    let undone = undo::undo(verification.ctx, verification.offer.contract(), name, result, own).await;
    if let Err(why) = &undone {
        tracing::warn!(tool = %spec.name, case = %case.name, undo = %name, %why, "what was made is still there");
    }
    Some(made(result, undone.is_ok()))
}

impl Tally {
    /// Whether all that has failed, has failed for want of an answer, and none came.
    fn is_unknown(&self) -> bool {
        self.unanswered > 0 && !self.is_answered && self.counts.failed == self.unanswered
    }

    /// Whether the API was given up on, or might have been.
    fn is_silent(&self) -> bool {
        self.silence >= SILENCE_MAX || self.is_unknown()
    }

    fn count(&mut self, spec: &ToolSpec, case: &Case, ran: Ran, verdict: Verdict) {
        // What has to be refused and was sent has failed, whatever came back.
        if is_unanswered(&ran) && case.expected != Expected::Refused {
            self.silence += 1;
            self.unanswered += 1;
        } else if ran.last.exchange.is_some() {
            self.silence = 0;
            self.is_answered = true;
        }
        self.counts.count(outcome(&verdict));
        self.has_result |= verdict == Verdict::Passed(Passed::Result);
        let result = ran.last.outcome.as_ref().ok();
        let has_found = result.and_then(|shaped| shape::has_found(spec, &shaped.structured));
        if verdict == Verdict::Passed(Passed::Result)
            && has_found != Some(false)
            && let Some(values) = &ran.last.values
        {
            self.found.push((case.name.clone(), values.clone()));
        }
        let failure = match verdict {
            Verdict::Failed { kind, .. } => Some(kind),
            Verdict::Passed(_) | Verdict::Skipped => None,
        };
        if case.expected != Expected::Refused
            && let Some(values) = ran.last.values
        {
            self.sent.push(Sent {
                name: case.name.clone(),
                about: case.about,
                values,
                script: case.script,
                has_found,
                is_for_nothing: case.name == cases::EMPTY_PAGE,
                failure,
            });
        }
    }
}

fn outcome(verdict: &Verdict) -> Outcome {
    match verdict {
        Verdict::Passed(_) => Outcome::Passed,
        Verdict::Failed { .. } => Outcome::Failed,
        Verdict::Skipped => Outcome::Skipped,
    }
}

fn case_line<'a>(ctx: &Ctx, callee: &Callee, case: &'a Case, ran: &Ran, verdict: &Verdict, ms: u64) -> Line<'a> {
    let (problem, request, response) = match verdict {
        Verdict::Failed { problem, .. } => (
            Some(problem.clone()),
            shown::request(callee, ctx, &ran.last),
            shown::response(callee, &ran.last),
        ),
        Verdict::Passed(_) | Verdict::Skipped => (None, None, None),
    };
    Line::Case {
        tool: callee.spec().name,
        case: &case.name,
        outcome: outcome(verdict),
        ms,
        problem,
        request,
        response,
    }
}

fn tool_line(
    spec: &'static ToolSpec,
    counts: Counts,
    because: Option<String>,
    not_verified: Option<String>,
    note: Option<String>,
) -> Line<'static> {
    Line::Tool {
        tool: spec.name,
        kind: if spec.kind == Kind::Read { "read" } else { "write" },
        counts,
        because,
        not_verified,
        note,
    }
}

//! Finds the tool that a name stands for and calls it: the one way from a name to the API, for MCP and the command line.
//!
//! Invariant: a write is called with the permit that the offer gave for this tool, or not at all.
//! Invariant: the log has one line for each call, and never arguments, results or a client's own words. Only at the level
//! `debug` there is one more for a failure, with what the API said of it.

use std::time::Instant;

use appsync_mcp_client::{Client, DryRun};

use crate::call::Ctx;
use crate::decode::JsonObject;
use crate::error::CallError;
use crate::offer::{Found, Offer};
use crate::quote;
use crate::rate::Caller;
use crate::shape::Shaped;
use crate::tool::{Kind, Tool};

/// The offer, and what calls need.
#[derive(Debug)]
pub(crate) struct Dispatcher {
    offer: Offer,
    ctx: Ctx,
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// There is no such tool.
    #[error("unknown tool `{name}`{hint}")]
    UnknownTool {
        /// The name, shortened and escaped.
        name: String,
        /// `; did you mean …?`, or nothing.
        hint: String,
    },
    /// Whoever called has given up.
    #[error("cancelled")]
    Cancelled,
    /// The call failed.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl Dispatcher {
    /// Puts an offer and a client together.
    pub(crate) fn new(offer: Offer, ctx: Ctx) -> Self {
        Self { offer, ctx }
    }

    /// Returns which tools there are.
    pub(crate) fn offer(&self) -> &Offer {
        &self.offer
    }

    /// Returns what calls go through.
    pub(crate) fn client(&self) -> &Client {
        self.ctx.client()
    }

    /// Calls a tool.
    pub(crate) async fn call(&self, name: &str, caller: &Caller, arguments: JsonObject) -> Result<Shaped, Refused> {
        match self.offer.find(name) {
            Found::Read(tool) => Ok(tool.call(&self.ctx, caller, arguments).await?),
            Found::Write(tool, permit) => Ok(tool.call(&self.ctx, caller, arguments, &permit).await?),
            Found::Denied(_, denied) => Err(CallError::from(denied).into()),
            Found::Unknown(suggestion) => Err(unknown(name, suggestion)),
        }
    }

    /// Returns the request that [`Dispatcher::call`] would send. Nothing is sent, so a write needs no leave for this.
    pub(crate) fn dry_run(&self, name: &str, arguments: JsonObject) -> Result<DryRun, Refused> {
        match self.offer.find(name) {
            Found::Read(tool) | Found::Denied(Tool::Read(tool), _) => Ok(tool.dry_run(&self.ctx, arguments)?),
            Found::Write(tool, _) | Found::Denied(Tool::Write(tool), _) => Ok(tool.dry_run(&self.ctx, arguments)?),
            Found::Unknown(suggestion) => Err(unknown(name, suggestion)),
        }
    }

    /// Calls a tool until `cancelled` is done, and logs what came of it.
    pub(crate) async fn call_logged(
        &self,
        name: &str,
        caller: &Caller,
        arguments: JsonObject,
        cancelled: impl Future<Output = ()>,
    ) -> Result<Shaped, Refused> {
        let start = Instant::now();
        let outcome = tokio::select! {
            outcome = self.call(name, caller, arguments) => outcome,
            () = cancelled => Err(Refused::Cancelled),
        };
        self.log(name, start, &outcome);
        outcome
    }

    fn log(&self, name: &str, start: Instant, outcome: &Result<Shaped, Refused>) {
        let ms = start.elapsed().as_millis();
        // A name that is no tool's is the client's own words.
        let spec = self.offer.spec(name);
        let tool = spec.map_or("-", |spec| spec.name);
        let kind = spec.map_or("-", |spec| if spec.kind == Kind::Read { "read" } else { "write" });
        let (outcome, request_id) = match outcome {
            Ok(shaped) => ("ok", shaped.request_id.as_deref()),
            // What was sent before the call was given up may have been carried out.
            Err(Refused::Cancelled) if kind == "write" => ("outcome_unknown", None),
            Err(Refused::Cancelled) => ("cancelled", None),
            Err(Refused::UnknownTool { .. }) => ("unknown_tool", None),
            Err(Refused::Call(error)) => {
                tracing::debug!(%tool, reason = chain(error), "call failed");
                (error.kind(), error.request_id())
            }
        };
        let request_id = request_id.unwrap_or("-");
        if outcome == "ok" {
            tracing::info!(%tool, %kind, %outcome, %ms, %request_id, "call");
        } else {
            tracing::warn!(%tool, %kind, %outcome, %ms, %request_id, "call");
        }
    }
}

fn unknown(name: &str, suggestion: Option<&'static str>) -> Refused {
    let hint = suggestion
        .map(|tool| format!("; did you mean `{tool}`?"))
        .unwrap_or_default();
    Refused::UnknownTool {
        name: quote::name(name),
        hint,
    }
}

/// Returns what lies behind an error, outermost first.
fn chain(error: &CallError) -> String {
    let mut text = error.kind().to_owned();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

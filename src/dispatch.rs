//! Finds the tool that a name stands for and calls it: the one way from a name to the API, for MCP and the command line.
//!
//! Invariant: a write is called with the permit that the offer gave for this tool, or not at all.
//! Invariant: the log has one line for each call, and never arguments, results or a client's own words. Only at the level
//! `debug` there is one more for a failure, with what the API said of it, unless the tool's results hold personal data.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use appsync_mcp_client::{Client, DryRun};
use futures_util::FutureExt as _;

use crate::call::Ctx;
use crate::decode::JsonObject;
use crate::drift::Drift;
use crate::error::{CallError, Reason};
use crate::offer::{Found, Offer};
use crate::quote;
use crate::rate::Caller;
use crate::retry;
use crate::shape::Shaped;
use crate::tool::{Kind, MarkKind, Tool, ToolSpec};

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
    /// Whoever called has given up. If it was a write, nothing was sent.
    #[error("cancelled before {}; nothing was changed", if *is_write { "anything was sent" } else { "the API answered" })]
    Cancelled {
        /// Whether the tool is a write.
        is_write: bool,
    },
    /// The call failed.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl Dispatcher {
    /// Puts an offer and a client together.
    pub(crate) fn new(offer: Offer, ctx: Ctx) -> Self {
        Self { offer, ctx }
    }

    /// Withdraws the tools that would fail.
    pub(crate) fn without(self, drift: &Drift) -> Self {
        Self {
            offer: self.offer.without(drift),
            ..self
        }
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

    /// Calls a tool until `cancelled` is done, and logs what came of it. A panic ends this call alone, with an error: it has
    /// been reported, and what calls share is whole between two steps.
    pub(crate) async fn call_logged(
        &self,
        name: &str,
        caller: &Caller,
        arguments: JsonObject,
        cancelled: impl Future<Output = ()>,
    ) -> Result<Shaped, Refused> {
        let start = Instant::now();
        let is_write = self.offer.spec(name).is_some_and(|spec| spec.kind != Kind::Read);
        // On the heap, since it is large and each future around it would hold it once more.
        let call = AssertUnwindSafe(Box::pin(self.call(name, caller, arguments))).catch_unwind();
        let (outcome, attempts) = retry::count(async {
            // What ends one call may let another one go, which must not begin if it is given up itself.
            tokio::select! {
                biased;
                () = cancelled => Ok(Err(Refused::Cancelled { is_write })),
                outcome = call => outcome,
            }
        })
        .await;
        // What was sent before the call ended may have been carried out.
        let may_have_taken_effect = is_write && attempts > 0;
        let outcome = match outcome {
            Ok(Err(Refused::Cancelled { .. })) if may_have_taken_effect => Err(CallError::not_waited_for().into()),
            Ok(outcome) => outcome,
            Err(_) => Err(CallError::panicked(may_have_taken_effect).into()),
        };
        self.log(name, start, attempts, &outcome);
        outcome
    }

    fn log(&self, name: &str, start: Instant, attempts: u32, outcome: &Result<Shaped, Refused>) {
        let ms = start.elapsed().as_millis();
        // A name that is no tool's is the client's own words.
        let spec = self.offer.spec(name);
        let tool = spec.map_or("-", |spec| spec.name);
        let kind = spec.map_or("-", |spec| if spec.kind == Kind::Read { "read" } else { "write" });
        let (outcome, request_id) = match outcome {
            Ok(shaped) => ("ok", shaped.request_id.as_deref()),
            Err(Refused::Cancelled { .. }) => ("cancelled", None),
            Err(Refused::UnknownTool { .. }) => ("unknown_tool", None),
            Err(Refused::Call(error)) => {
                let reason = chain(error, spec.is_some_and(holds_personal_data));
                // Of these, no word is the API's, and only whoever runs the server can do something about them.
                if matches!(error, CallError::NoCredential(_) | CallError::Unreachable(_)) {
                    tracing::warn!(%tool, %reason, "call failed");
                } else {
                    tracing::debug!(%tool, %reason, "call failed");
                }
                (error.kind(), error.request_id())
            }
        };
        let request_id = request_id.unwrap_or("-");
        // Only what is out of the ordinary.
        let attempts = (attempts > 1).then_some(attempts);
        if outcome == "ok" {
            tracing::info!(%tool, %kind, %outcome, %ms, attempts, %request_id, "call");
        } else {
            tracing::warn!(%tool, %kind, %outcome, %ms, attempts, %request_id, "call");
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

/// Whether the tool's results have personal data, which an API may repeat in its words about a failure.
pub(crate) fn holds_personal_data(spec: &ToolSpec) -> bool {
    spec.marks
        .iter()
        .any(|mark| matches!(mark.kind, MarkKind::Mask | MarkKind::Omit))
}

/// Returns what lies behind an error, outermost first; where it is personal, without the API's own words.
pub(crate) fn chain(error: &CallError, is_personal: bool) -> String {
    let mut text = error.kind().to_owned();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text.push_str(": ");
        match error.downcast_ref::<Reason>() {
            Some(reason) if is_personal => text.push_str(reason.what()),
            Some(reason) => text.push_str(&reason.in_full()),
            None => text.push_str(&error.to_string()),
        }
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use appsync_mcp_client::{ErrorTypes, GraphQlError};
    use serde_json::json;

    use super::*;
    use crate::specimen::{FIND_THINGS_SPEC, spec};
    use crate::tool::Mark;

    #[test]
    fn an_api_s_words_are_in_the_reason_only_where_nothing_is_personal() {
        let told = json!({
            "message": "no such user ada@example.com",
            "errorType": "Lambda:Unhandled",
            "errorInfo": {"user": "ada@example.com"},
            "path": ["user", 0],
            "locations": [{"line": 2, "column": 3, "sourceName": null}],
        });
        let told: GraphQlError = serde_json::from_value(told).unwrap();
        let types = ErrorTypes {
            not_found: &[],
            conflict: &[],
            throttled: &[],
            stale_token: &[],
            showable: &[],
            not_carried_out: &[],
        };
        for (kind, name) in [
            (Kind::Read, "upstream"),
            (
                Kind::Write {
                    destructive: false,
                    idempotent: false,
                },
                "outcome_unknown",
            ),
        ] {
            let error = CallError::from_graphql(&told, &spec("t", "T", kind), &types, None, None);
            let what = format!("{name}: the API answered Lambda:Unhandled");
            assert_eq!(chain(&error, true), what);
            let beside = r#"path user.0; line 2:3; info {"user":"ada@example.com"}"#;
            assert_eq!(
                chain(&error, false),
                format!("{what}: no such user ada@example.com ({beside})")
            );
        }
    }

    #[test]
    fn a_mark_tells_whether_a_tool_s_results_are_personal() {
        static MARKS: [Mark; 3] = [mark(MarkKind::Untrusted), mark(MarkKind::Mask), mark(MarkKind::Omit)];
        const fn mark(kind: MarkKind) -> Mark {
            Mark { path: &["a"], kind }
        }
        let [untrusted, mask, omit] = &MARKS;
        assert!(!holds_personal_data(&FIND_THINGS_SPEC));
        for (mark, expected) in [(untrusted, false), (mask, true), (omit, true)] {
            let spec = ToolSpec {
                marks: std::slice::from_ref(mark),
                ..spec("t", "T", Kind::Read)
            };
            assert_eq!(holds_personal_data(&spec), expected, "{mark:?}");
        }
    }
}

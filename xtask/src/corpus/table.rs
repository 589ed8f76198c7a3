//! What became of all APIs → a table for people, or JSON for other judges.

use std::{collections::BTreeMap, fmt::Write as _};

use appsync_mcp_codegen::{Adoption, Refusal, Verdict};
use serde_json::{Value, json};

use super::api::{Api, Outcome};

/// Counts of one API's operations, or of all.
#[derive(Default)]
struct Counts {
    operations: usize,
    adopted: usize,
    subscriptions: usize,
    invalid: usize,
    unsupported: usize,
}

impl Counts {
    fn of(adoption: &Adoption) -> Self {
        let mut counts = Self::default();
        for outcome in &adoption.outcomes {
            counts.operations += 1;
            match outcome.verdict {
                Verdict::Adopted(_) => counts.adopted += 1,
                Verdict::Subscription => counts.subscriptions += 1,
                Verdict::Invalid(_) => counts.invalid += 1,
                Verdict::Unsupported(_) | Verdict::Present(_) => counts.unsupported += 1,
            }
        }
        counts
    }

    fn add(&mut self, other: &Self) {
        self.operations += other.operations;
        self.adopted += other.adopted;
        self.subscriptions += other.subscriptions;
        self.invalid += other.invalid;
        self.unsupported += other.unsupported;
    }

    fn row(&self, name: &str, width: usize, status: &str) -> String {
        format!(
            "{name:width$}  {:>10}  {:>8}  {:>13}  {:>7}  {:>11}  {status}\n",
            self.operations, self.adopted, self.subscriptions, self.invalid, self.unsupported
        )
    }
}

/// Renders the table, and below it what was refused.
pub(super) fn render(apis: &[Api]) -> String {
    let width = apis.iter().map(|api| api.name.len()).max().unwrap_or(0).max(5);
    let mut out = format!(
        "{:width$}  {:>10}  {:>8}  {:>13}  {:>7}  {:>11}  outcome\n",
        "API", "operations", "compiled", "subscriptions", "invalid", "unsupported"
    );
    let mut all = Counts::default();
    let mut refused: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let mut failures = String::new();
    for api in apis {
        let counts = api.adoption().map(Counts::of).unwrap_or_default();
        all.add(&counts);
        let status = match &api.outcome {
            Outcome::Failed(why) => {
                let _ = writeln!(failures, "\n{}: {why}", api.name);
                "DOES NOT LOAD"
            }
            Outcome::Broken(_) => "DOES NOT COMPILE",
            _ if counts.unsupported > 0 => "REFUSES VALID OPERATIONS",
            _ if counts.operations == 0 => "the schema loads",
            _ => "ok",
        };
        out.push_str(&counts.row(&api.name, width, status));
        for (what, refusal) in refusals(api) {
            let fact = refusal
                .messages
                .first()
                .map(|message| anonymous(message))
                .unwrap_or_default();
            *refused.entry((what, fact)).or_default() += 1;
        }
        for (_, refusal) in refusals(api).filter(|(what, _)| *what == "unsupported") {
            let _ = writeln!(failures, "\n{}: {}", api.name, refusal.report);
        }
    }
    out.push_str(&all.row("all", width, ""));
    if !refused.is_empty() {
        out.push_str("\nrefused:\n");
    }
    for ((what, fact), count) in refused {
        let _ = writeln!(out, "{count:>5}  {what}: {fact}");
    }
    out.push_str(&failures);
    out
}

fn refusals(api: &Api) -> impl Iterator<Item = (&'static str, &Refusal)> {
    let outcomes = api.adoption().into_iter().flat_map(|adoption| &adoption.outcomes);
    outcomes.filter_map(|outcome| match &outcome.verdict {
        Verdict::Invalid(refusal) => Some(("invalid", refusal)),
        Verdict::Unsupported(refusal) => Some(("unsupported", refusal)),
        Verdict::Adopted(_) | Verdict::Subscription | Verdict::Present(_) => None,
    })
}

/// Returns a message without the names in it, to count it with others of its kind.
fn anonymous(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let parts: Vec<_> = parts.map(|(at, part)| if at % 2 == 1 { "…" } else { part }).collect();
    parts.join("`")
}

/// Says of each operation what was decided.
pub(super) fn json(apis: &[Api]) -> String {
    let apis: Vec<_> = apis.iter().map(api_json).collect();
    format!("{:#}\n", json!({ "apis": apis }))
}

fn api_json(api: &Api) -> Value {
    let failure = match &api.outcome {
        Outcome::Failed(why) => Some(why),
        _ => None,
    };
    let outcomes = api.adoption().map_or(&[][..], |adoption| &adoption.outcomes);
    let operations: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
            let (verdict, messages): (_, &[String]) = match &outcome.verdict {
                Verdict::Adopted(_) => ("adopted", &[]),
                Verdict::Subscription => ("subscription", &[]),
                Verdict::Present(_) => ("present", &[]),
                Verdict::Invalid(refusal) => ("invalid", &refusal.messages),
                Verdict::Unsupported(refusal) => ("unsupported", &refusal.messages),
            };
            json!({
                "path": outcome.path,
                "position": outcome.position,
                "name": outcome.name,
                "verdict": verdict,
                "messages": messages,
            })
        })
        .collect();
    json!({ "name": api.name, "failure": failure, "operations": operations })
}

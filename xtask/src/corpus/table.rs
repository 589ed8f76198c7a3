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
    let files: Vec<_> = api.foreign.iter().map(|file| &file.path).collect();
    json!({ "name": api.name, "failure": failure, "files": files, "operations": operations })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::*;
    use crate::corpus::api;

    /// Reads and adopts an API of one schema and one file of operations.
    fn api(name: &str, schema: &str, operations: &str) -> Api {
        let folder: PathBuf = std::env::temp_dir().join(format!("appsync-mcp-corpus-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("operations")).unwrap();
        fs::write(
            folder.join(schema.split_once('\n').unwrap().0),
            schema.split_once('\n').unwrap().1,
        )
        .unwrap();
        fs::write(folder.join("operations/all.graphql"), operations).unwrap();
        let mut apis = api::read(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let mut api = apis.pop().unwrap();
        api.adopt();
        api
    }

    #[test]
    fn invalid_operations_are_refused_and_valid_ones_are_not() {
        let schema = "schema.graphql\ntype Query { a: Int gen: Int } type Subscription { b: Int }";
        let taken = api(
            "taken",
            schema,
            "query A { a } query B { b } query C { c } subscription S { b }",
        );
        assert!(taken.is_taken());
        let table = render(&[taken]);
        assert!(table.contains("invalid: `…` has no field `…`"), "{table}");
        let refusing = api("refusing", schema, "query A { a } query Gen { gen }");
        assert!(!refusing.is_taken());
        let table = render(&[refusing]);
        assert!(table.contains("REFUSES VALID OPERATIONS"), "{table}");
        assert!(table.contains("can't hold a field named `gen`"), "{table}");
    }

    #[test]
    fn a_schema_that_does_not_load_is_a_failure() {
        for schema in [
            "schema.graphql\ntype Query {",
            "schema.json\n{}",
            "schema.json\n{ \"data\": null }",
        ] {
            let api = api("broken", schema, "query A { a }");
            assert!(!api.is_taken(), "{schema}");
            let table = render(&[api]);
            assert!(table.contains("DOES NOT LOAD"), "{table}");
        }
    }
}

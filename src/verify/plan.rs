//! The contract and what was asked for → which tools are verified by which cases, and why others are not.

use super::case::Case;
use super::cases::cases;
use super::run::Callee;
use crate::offer::{Found, Offer};
use crate::quote;
use crate::tool::{Tool, ToolSpec};
use appsync_mcp_client::suggest;

/// What is said of a write that is not called.
const A_WRITE: &str = "a write; verify with --include-writes --staging against a staging endpoint";

/// The most cases of one tool, but for those that are asked for by name: an input object may have more fields than anybody
/// waits for.
pub(super) const CASES_MAX: usize = 600;

/// Which tools and cases are asked for; nothing is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Tools, by name.
    pub(crate) tools: Vec<String>,
    /// Cases, as `TOOL:CASE`.
    pub(crate) cases: Vec<String>,
}

/// One tool, and what is done with it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) spec: &'static ToolSpec,
    /// How it is called and with what, or why it is not.
    pub(crate) what: Result<(Callee, Vec<Case>), String>,
    /// How many of its cases are left out, since there are too many.
    pub(crate) left_out: usize,
}

/// A name that nothing has.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnknownName {
    /// No tool has it.
    #[error("`{flag}`: there is no tool `{name}`{hint}; `tools` lists what there is")]
    Tool {
        flag: &'static str,
        name: String,
        hint: String,
    },
    /// No case has it.
    #[error("`--case`: `{tool}` has no case `{name}`{hint}")]
    Case {
        tool: &'static str,
        name: String,
        hint: String,
    },
    /// It is no pair of names.
    #[error("`--case`: write it as `TOOL:CASE`, such as `TOOL:only-required`")]
    NoPair,
}

/// Plans the tools that are wanted, in the contract's order.
pub(crate) fn plan(offer: &Offer, wanted: &Wanted) -> Result<Vec<Plan>, UnknownName> {
    for name in &wanted.tools {
        known(offer, name, "--tool")?;
    }
    let mut pairs = Vec::new();
    for pair in &wanted.cases {
        let (tool, case) = pair.split_once(':').ok_or(UnknownName::NoPair)?;
        known(offer, tool, "--case")?;
        pairs.push((tool, case));
    }
    let is_all = wanted.tools.is_empty() && pairs.is_empty();
    let mut plans = Vec::new();
    for spec in offer.contract().tools.iter().map(Tool::spec) {
        let is_whole = is_all || wanted.tools.iter().any(|name| name == spec.name);
        let some: Vec<_> = pairs
            .iter()
            .filter(|(tool, _)| *tool == spec.name)
            .map(|(_, case)| *case)
            .collect();
        if !is_whole && some.is_empty() {
            continue;
        }
        let mut what = planned(offer, spec);
        let mut left_out = 0;
        if let Ok((_, cases)) = &mut what {
            check(spec, &some, cases)?;
            left_out = choose(cases, is_whole, &some);
        }
        plans.push(Plan { spec, what, left_out });
    }
    Ok(plans)
}

/// Leaves the cases that are asked for by name and, if the whole tool is asked for, the first ones. Returns how many of the
/// whole tool's that leaves out.
fn choose(cases: &mut Vec<Case>, is_whole: bool, names: &[&str]) -> usize {
    let all = cases.len();
    let mut room = if is_whole { CASES_MAX } else { 0 };
    cases.retain(|case| {
        let is_among_first = room > 0;
        room = room.saturating_sub(1);
        is_among_first || names.contains(&case.name.as_str())
    });
    if is_whole { all - cases.len() } else { 0 }
}

fn planned(offer: &Offer, spec: &'static ToolSpec) -> Result<(Callee, Vec<Case>), String> {
    let callee = match offer.find(spec.name) {
        Found::Read(tool) => Callee::Read(tool),
        Found::Write(tool, permit) => Callee::Write(tool, permit),
        Found::Denied(_, denied) if denied.is_of_mutations() => return Err(A_WRITE.to_owned()),
        Found::Denied(_, denied) => return Err(denied.to_string()),
        Found::Unknown(_) => return Err("no such tool".to_owned()),
    };
    let cases = cases(spec).map_err(|argument| {
        format!("no value can be made up for `{argument}`: give it an `@example` that its own bounds admit")
    })?;
    Ok((callee, cases))
}

fn known(offer: &Offer, name: &str, flag: &'static str) -> Result<(), UnknownName> {
    if offer.spec(name).is_some() {
        return Ok(());
    }
    let names = offer.contract().tools.iter().map(|tool| tool.spec().name);
    Err(UnknownName::Tool {
        flag,
        name: quote::name(name),
        hint: suggest::did_you_mean(name, names),
    })
}

fn check(spec: &'static ToolSpec, wanted: &[&str], cases: &[Case]) -> Result<(), UnknownName> {
    match wanted.iter().find(|name| !cases.iter().any(|case| case.name == **name)) {
        None => Ok(()),
        Some(name) => Err(UnknownName::Case {
            tool: spec.name,
            name: quote::name(name),
            hint: nearest(name, cases),
        }),
    }
}

fn nearest(name: &str, cases: &[Case]) -> String {
    let nearest = cases
        .iter()
        .min_by_key(|case| strsim::damerau_levenshtein(&case.name, name));
    nearest
        .map(|case| format!("; did you mean `{}`?", case.name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::cases::cases;

    #[test]
    fn what_is_too_much_is_left_out_and_counted_unless_it_is_named() {
        let all = |count: usize| -> Vec<Case> {
            let Some(case) = cases(&crate::specimen::FIND_THINGS_SPEC).unwrap().into_iter().next() else {
                return Vec::new();
            };
            let named = |number| Case {
                name: format!("case-{number}"),
                ..case.clone()
            };
            (0..count).map(named).collect()
        };
        let last = format!("case-{}", CASES_MAX + 6);
        for (count, is_whole, names, kept, left_out) in [
            (CASES_MAX, true, vec![], CASES_MAX, 0),
            (CASES_MAX + 7, true, vec![], CASES_MAX, 7),
            (CASES_MAX + 7, true, vec![&*last], CASES_MAX + 1, 6),
            (CASES_MAX + 7, true, vec!["case-0"], CASES_MAX, 7),
            (CASES_MAX + 7, false, vec![&*last], 1, 0),
        ] {
            let mut cases = all(count);
            assert_eq!(choose(&mut cases, is_whole, &names), left_out, "{count} {names:?}");
            assert_eq!(cases.len(), kept, "{count} {names:?}");
            for name in names {
                assert!(cases.iter().any(|case| case.name == name), "{name}");
            }
        }
    }
}

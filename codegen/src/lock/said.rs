//! A tool's cost, callers, bindings, rewritings and marks → words for the lock.

use crate::model::{
    Access, Binding, BindingSource, Cost, Mark, MarkKind, Normalization, Resolvers, Rule, Tool, Variable,
};

/// Returns what a call can cost at most.
pub(super) fn cost(cost: Cost) -> String {
    let Cost {
        nodes,
        list_items,
        depth,
        resolvers,
    } = cost;
    let resolvers = match resolvers {
        Resolvers::Exact(calls) => format!("{calls} resolver calls"),
        Resolvers::Estimate(calls) => format!("about {calls} resolver calls"),
    };
    format!("{nodes} objects, {list_items} list items, {depth} levels, {resolvers}")
}

/// Returns a mode that can call a tool, and the groups that a caller has to be in.
pub(super) fn caller(access: &Access) -> String {
    let one_of = |groups: &std::collections::BTreeSet<String>| {
        let groups: Vec<_> = groups.iter().map(String::as_str).collect();
        match groups.as_slice() {
            [group] => format!("group {group}"),
            groups => format!("one of the groups {}", groups.join(", ")),
        }
    };
    let groups: Vec<_> = access.groups.iter().map(one_of).collect();
    match groups.as_slice() {
        [] => access.mode.name().to_owned(),
        groups => format!("{} ({})", access.mode.name(), groups.join("; ")),
    }
}

/// Returns what the server fills in, and with what.
pub(super) fn bindings(tool: &Tool) -> Vec<String> {
    let bound = |variable: &Variable| {
        let Binding { source, name } = &variable.binding.as_ref()?.value;
        let from = match source {
            BindingSource::Claim => "CLAIM",
            BindingSource::Config => "CONFIG",
            BindingSource::IdempotencyKey => "IDEMPOTENCY_KEY",
        };
        let name = name.as_ref().map(|name| format!(" {}", name.value)).unwrap_or_default();
        Some(format!("{}: {from}{name}", variable.name))
    };
    tool.variables.iter().filter_map(bound).collect()
}

/// Returns how texts are rewritten before they are sent.
pub(super) fn rewritings(tool: &Tool) -> Vec<String> {
    let mut found = Vec::new();
    for variable in &tool.variables {
        for constraint in &variable.constraints {
            let Rule::Normalize(how) = constraint.rule else {
                continue;
            };
            let how = match how {
                Normalization::Trim => "TRIM",
                Normalization::Lowercase => "LOWERCASE",
                Normalization::Uppercase => "UPPERCASE",
                Normalization::CountryCode => "COUNTRY_CODE",
            };
            let at = constraint
                .at
                .as_ref()
                .map(|at| format!(".{}", at.value))
                .unwrap_or_default();
            found.push(format!("{}{at}: {how}", variable.name));
        }
    }
    found
}

/// Returns the arguments whose null is sent.
pub(super) fn nullable(tool: &Tool) -> Vec<&str> {
    let nullable = tool.variables.iter().filter(|variable| variable.nullable.is_some());
    nullable.map(|variable| variable.name.as_str()).collect()
}

/// Returns the fields of one kind, as response keys with dots between.
pub(super) fn marked(tool: &Tool, kind: MarkKind) -> Vec<String> {
    let mut paths: Vec<_> = tool
        .marks
        .iter()
        .filter(|mark: &&Mark| mark.kind == kind)
        .map(|mark| mark.path.join("."))
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

//! A tool's bindings, rewritings and marks → words for the lock.

use crate::model::{Binding, BindingSource, Mark, MarkKind, Normalization, Rule, Tool, Variable};

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

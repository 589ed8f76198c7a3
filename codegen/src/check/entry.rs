//! Rules on a tool's entry in the list of tools: what a model reads before it has called anything.

use crate::{
    bounds,
    diagnostic::Diagnostic,
    entry::{entry, tokens},
    model::{Model, Tool},
};

/// Every conversation pays for every tool, called or not.
pub(super) fn over_token_budget(tool: &Tool, model: &Model) -> Vec<Diagnostic> {
    let Some(contract) = &tool.contract else {
        return Vec::new();
    };
    let entry = entry(tool, contract, model);
    if entry.tokens() <= bounds::TOKENS_MAX {
        return Vec::new();
    }
    let parts = [
        (
            "input schema",
            entry.input_schema.to_string().len(),
            "take fewer arguments, or shorten their descriptions",
        ),
        (
            "output schema",
            entry.output_schema.to_string().len(),
            "select fewer fields, or make two tools of it",
        ),
        ("description", tool.description.len(), "shorten it"),
    ];
    let Some((part, bytes, help)) = parts.into_iter().max_by_key(|(_, bytes, _)| *bytes) else {
        return Vec::new();
    };
    let message = format!(
        "models read about {} tokens of `{}` in the list of tools; more than {} is much for one",
        entry.tokens(),
        tool.operation,
        bounds::TOKENS_MAX
    );
    let help = format!("the largest part is the {part}, about {} tokens: {help}", tokens(bytes));
    vec![Diagnostic::warning(tool.head.clone(), message, "a long definition").help(help)]
}

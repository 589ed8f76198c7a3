//! Rules on variables that the server fills in.

use crate::{
    diagnostic::{Diagnostic, Span},
    model::{Binding, BindingSource, Folder, Input, Spanned, Tool, Variable},
};

fn bindings(tool: &Tool) -> impl Iterator<Item = (&Variable, &Spanned<Binding>)> {
    let variables = tool.variables.iter();
    variables.filter_map(|variable| Some((variable, variable.binding.as_ref()?)))
}

pub(super) fn binding_without_a_name(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (variable, binding) in bindings(tool) {
        let from = binding.value.source.name();
        let wants_name = binding.value.source != BindingSource::IdempotencyKey;
        let is_empty = |name: &Spanned<String>| name.value.trim().is_empty();
        if wants_name && binding.value.name.as_ref().is_none_or(is_empty) {
            let message = format!(
                "the binding of `${}` does not say which {}",
                variable.name,
                from.to_lowercase()
            );
            found.push(
                Diagnostic::error(binding.span.clone(), message, "name missing")
                    .help(format!("add its name: `@bind(to: {from}, name: \"…\")`")),
            );
        }
    }
    found
}

pub(super) fn needless_binding_name(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, binding) in bindings(tool) {
        let Some(name) = &binding.value.name else { continue };
        if binding.value.source == BindingSource::IdempotencyKey {
            let message = "an idempotency key has no name: the server makes one for each call";
            found.push(Diagnostic::error(name.span.clone(), message, "no name here").help("remove `name`"));
        }
    }
    found
}

/// A read changes nothing, so that repeating it can do no harm.
pub(super) fn idempotency_key_of_a_read(tool: &Tool) -> Vec<Diagnostic> {
    let keys = bindings(tool).filter(|(_, binding)| binding.value.source == BindingSource::IdempotencyKey);
    let on_reads = keys.filter(|_| tool.folder == Folder::Read);
    on_reads
        .map(|(_, binding)| {
            let message = format!("`{}` only reads, and an idempotency key is for writes", tool.operation);
            Diagnostic::error(binding.span.clone(), message, "on a read")
                .help("remove it; if the operation does change something, move the file to `operations/write/`")
        })
        .collect()
}

/// A key is a text; a claim or a setting is one value, or a list of them.
pub(super) fn misfitting_binding(tool: &Tool) -> Vec<Diagnostic> {
    let misfits = bindings(tool).filter(|(variable, binding)| {
        let is_leaf = |input: &Input| !matches!(input, Input::Object { .. } | Input::List { .. });
        match (&variable.value.input, binding.value.source) {
            (Input::Text { scalar, .. }, BindingSource::IdempotencyKey) => !matches!(scalar.as_str(), "ID" | "String"),
            (_, BindingSource::IdempotencyKey) => true,
            (Input::List { item, .. }, _) => !is_leaf(&item.input),
            (input, _) => !is_leaf(input),
        }
    });
    misfits
        .map(|(variable, binding)| {
            let from = binding.value.source.name();
            let message = format!(
                "`${}` is of type `{}`, which no {} fits",
                variable.name, variable.ty, from
            );
            let help = match binding.value.source {
                BindingSource::IdempotencyKey => "declare it as `ID!` or `String!`",
                _ => "bind a variable for each scalar in it, and write the object as a literal",
            };
            Diagnostic::error(binding.span.clone(), message, "does not fit").help(help)
        })
        .collect()
}

/// What the model can't set has no default, no example, and no null of its own.
pub(super) fn said_of_a_bound_variable(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (variable, _) in bindings(tool) {
        let said: [(&str, Option<&Span>); 3] = [
            ("a default", variable.default.as_ref().map(|default| &default.span)),
            ("an example", variable.example.as_ref().map(|example| &example.span)),
            ("`@nullable`", variable.nullable.as_ref()),
        ];
        for (what, span) in said {
            let Some(span) = span else { continue };
            let message = format!("`${}` is filled in by the server and has {what}", variable.name);
            found.push(Diagnostic::error(span.clone(), message, "of no use").help("remove it"));
        }
    }
    found
}

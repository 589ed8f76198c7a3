//! Rules on an operation as a whole.

use apollo_compiler::ast::OperationType;

use crate::{
    bounds,
    diagnostic::{Diagnostic, Span},
    duration,
    model::{Folder, Model, Tool},
    name,
    source::{SourceKind, Sources},
};

/// The folder and the operation's type are two independent statements; they have to agree.
pub(super) fn wrong_folder(tool: &Tool) -> Vec<Diagnostic> {
    if tool.folder == Folder::Read && tool.operation_type == OperationType::Mutation {
        let message = format!("the mutation `{}` stands in `operations/read/`", tool.operation);
        let to = tool.path.replace("operations/read/", "operations/write/");
        return vec![
            Diagnostic::error(tool.head.clone(), message, "a mutation").help(format!("move the file to `{to}`")),
        ];
    }
    Vec::new()
}

pub(super) fn subscription(tool: &Tool) -> Vec<Diagnostic> {
    if tool.operation_type == OperationType::Subscription {
        let message = format!("`{}` is a subscription, which can't be a tool", tool.operation);
        let help = "a tool answers once: write a query for the same data";
        return vec![Diagnostic::error(tool.head.clone(), message, "a subscription").help(help)];
    }
    Vec::new()
}

/// File name, operation name and tool name are one name.
pub(super) fn misnamed(tool: &Tool) -> Vec<Diagnostic> {
    if name::tool(&tool.operation) == tool.name {
        return Vec::new();
    }
    let message = format!("the operation `{}` does not have its file's name", tool.operation);
    let file = tool.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = format!("`{file}/{}.graphql`", name::tool(&tool.operation));
    let operation = name::operation(&tool.name);
    // No operation has the name of a file that can't be a tool's.
    let help = if name::tool(&operation) == tool.name {
        format!("name it `{operation}`, or the file {file}")
    } else {
        format!("name the file {file}")
    };
    vec![Diagnostic::error(tool.head.clone(), message, "another name").help(help)]
}

pub(super) fn bad_tool_name(tool: &Tool) -> Vec<Diagnostic> {
    if name::is_public(&tool.name) {
        return Vec::new();
    }
    let message = format!("`{}` can't be the name of a tool", tool.name);
    vec![
        Diagnostic::error(tool.head.clone(), message, "from the file's name")
            .help("name the file with 1 to 64 lower-case letters, digits and `_`"),
    ]
}

pub(super) fn missing_tool_directive(tool: &Tool) -> Vec<Diagnostic> {
    if tool.contract.is_some() {
        return Vec::new();
    }
    let message = format!("the operation `{}` has no `@tool`", tool.operation);
    vec![
        Diagnostic::error(tool.head.clone(), message, "`@tool` missing")
            .help("add `@tool(title: \"…\")` after the variables: the tool's name for people"),
    ]
}

pub(super) fn missing_description(tool: &Tool) -> Vec<Diagnostic> {
    if !tool.description.is_empty() {
        return Vec::new();
    }
    let message = format!("the operation `{}` has no description", tool.operation);
    vec![
        Diagnostic::error(tool.head.clone(), message, "description missing")
            .help("write `\"\"\"What the tool does, and when to use it.\"\"\"` above it: the model reads this"),
    ]
}

pub(super) fn empty_title(tool: &Tool) -> Vec<Diagnostic> {
    let title = tool
        .contract
        .as_ref()
        .map(|contract| &contract.title)
        .filter(|title| title.value.trim().is_empty());
    title
        .map(|title| {
            Diagnostic::error(title.span.clone(), "the title is empty", "empty").help("say the tool's name for people")
        })
        .into_iter()
        .collect()
}

/// Whoever looks for the tool is told why it is not there.
pub(super) fn disabled_without_a_reason(tool: &Tool) -> Vec<Diagnostic> {
    let reason = tool.contract.as_ref().and_then(|contract| contract.disabled.as_ref());
    let empty = reason.filter(|reason| reason.value.trim().is_empty());
    empty
        .map(|reason| {
            let message = format!("`{}` is disabled without a reason", tool.operation);
            Diagnostic::error(reason.span.clone(), message, "empty").help("say why, or remove `disabled`")
        })
        .into_iter()
        .collect()
}

/// What a token can hold of a scope (<https://datatracker.ietf.org/doc/html/rfc6749#section-3.3>).
pub(super) fn impossible_scope(tool: &Tool) -> Vec<Diagnostic> {
    let legal = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    let impossible = |scope: &str| scope.is_empty() || !scope.bytes().all(legal);
    let scopes = tool.contract.iter().flat_map(|contract| &contract.scopes);
    scopes
        .filter(|scope| impossible(&scope.value))
        .map(|scope| {
            let message = match scope.value.as_str() {
                "" => "a scope is empty".to_owned(),
                scope => format!("`{scope}` can't be a scope"),
            };
            Diagnostic::error(scope.span.clone(), message, "not a scope")
                .help("write each scope as a text of its own, without white space: `scopes: [\"a\", \"b\"]`")
        })
        .collect()
}

pub(super) fn unreadable_rate(tool: &Tool) -> Vec<Diagnostic> {
    let rate = tool.contract.as_ref().and_then(|contract| contract.rate.as_ref());
    rate.filter(|rate| duration::rate(&rate.value).is_none())
        .map(|rate| {
            let message = format!("`{}` is not a rate", rate.value);
            Diagnostic::error(rate.span.clone(), message, "not a rate")
                .help("write a number of calls and a unit of time, such as `5/min`; the units are `s`, `min` and `h`")
        })
        .into_iter()
        .collect()
}

pub(super) fn unreadable_timeout(tool: &Tool) -> Vec<Diagnostic> {
    let timeout = tool.contract.as_ref().and_then(|contract| contract.timeout.as_ref());
    timeout
        .filter(|timeout| duration::seconds(&timeout.value).is_none_or(|seconds| seconds > bounds::TIMEOUT_SECONDS_MAX))
        .map(|timeout| {
            let message = format!("`{}` is not a timeout", timeout.value);
            let help = format!("write whole seconds, from `1s` to `{}s`", bounds::TIMEOUT_SECONDS_MAX);
            Diagnostic::error(timeout.span.clone(), message, "not a timeout").help(help)
        })
        .into_iter()
        .collect()
}

pub(super) fn result_bytes_out_of_range(tool: &Tool) -> Vec<Diagnostic> {
    let bytes = tool.contract.as_ref().and_then(|contract| contract.bytes_max.as_ref());
    bytes
        .filter(|bytes| !(1024..=bounds::RESULT_BYTES_MAX).contains(&bytes.value))
        .map(|bytes| {
            let message = format!("`maxBytes` can't be {}", bytes.value);
            let help = format!("choose a number from 1024 to {}", bounds::RESULT_BYTES_MAX);
            Diagnostic::error(bytes.span.clone(), message, "out of range").help(help)
        })
        .into_iter()
        .collect()
}

/// A read is read-only, whatever anybody writes.
pub(super) fn hint_on_a_read(tool: &Tool) -> Vec<Diagnostic> {
    let Some(contract) = tool.contract.as_ref().filter(|_| tool.folder == Folder::Read) else {
        return Vec::new();
    };
    let hints = [
        ("destructive", &contract.destructive),
        ("idempotent", &contract.idempotent),
    ];
    hints
        .into_iter()
        .filter_map(|(name, hint)| {
            let hint = hint.as_ref()?;
            let message = format!("`{name}` is for writes, and `{}` is a read", tool.operation);
            let help = "remove it; if the operation does change something, move the file to `operations/write/`";
            Some(Diagnostic::error(hint.span.clone(), message, "on a read").help(help))
        })
        .collect()
}

pub(super) fn duplicate_tool_names(model: &Model, sources: &Sources) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (at, tool) in model.tools.iter().enumerate() {
        if let Some(first) = model.tools.iter().take(at).find(|first| first.name == tool.name) {
            let message = format!("there is more than one tool `{}`", tool.name);
            let other = sources.files.get(first.head.file).map_or("", |file| file.path.as_str());
            found.push(
                Diagnostic::error(tool.head.clone(), message, "same name")
                    .help(format!("rename this one or `{other}`")),
            );
        }
    }
    found
}

pub(super) fn no_tools(model: &Model, sources: &Sources) -> Vec<Diagnostic> {
    if !model.tools.is_empty() {
        return Vec::new();
    }
    let file = sources.of(SourceKind::Schema).next().map_or(0, |(index, _)| index);
    vec![
        Diagnostic::error(
            Span { file, bytes: 0..0 },
            "there is no operation",
            "no tool for this schema",
        )
        .help("write one to `operations/read/NAME.graphql`"),
    ]
}

/// Every client sends the whole list to its model. The first tool beyond the limit has the message.
pub(super) fn too_many_tools(model: &Model) -> Vec<Diagnostic> {
    let beyond = model.tools.get(bounds::TOOLS_MAX).into_iter();
    beyond
        .map(|tool| {
            let (count, most) = (model.tools.len(), bounds::TOOLS_MAX);
            let message = format!("there are {count} tools; models do well with up to {most}");
            Diagnostic::warning(tool.head.clone(), message, "many tools")
                .help("leave some out, or serve them by two programs")
        })
        .collect()
}

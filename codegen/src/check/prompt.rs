//! Rules on prompts.

use crate::{
    diagnostic::Diagnostic,
    model::{Model, Piece, Prompt},
    suggest,
};

/// What a prompt names has to be there.
pub(super) fn unknown_reference(prompt: &Prompt, model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut tell = |span: &crate::diagnostic::Span, message: String, help: Option<String>| {
        found.push(Diagnostic::error(span.clone(), message, "unknown").help_opt(help));
    };
    let tools = || model.tools.iter().map(|tool| tool.name.as_str());
    for piece in &prompt.body {
        match &piece.value {
            Piece::Text(_) => {}
            Piece::Argument(name) => {
                let names = || prompt.arguments.iter().map(|argument| argument.name.as_str());
                if !names().any(|known| known == name) {
                    let help = suggest::did_you_mean(name, names()).unwrap_or_else(|| {
                        format!("declare it in the head: `[arguments.{name}]`; a tool is `{{{{tool:{name}}}}}`")
                    });
                    tell(&piece.span, format!("the prompt has no argument `{name}`"), Some(help));
                }
            }
            Piece::Tool(name) => {
                if !tools().any(|known| known == name) {
                    tell(
                        &piece.span,
                        format!("there is no tool `{name}`"),
                        Some(tool_help(name, model)),
                    );
                }
            }
            Piece::ToolArgument(name, argument) => match model.tools.iter().find(|tool| tool.name == *name) {
                None => tell(
                    &piece.span,
                    format!("there is no tool `{name}`"),
                    Some(tool_help(name, model)),
                ),
                Some(tool) => {
                    let names = || tool.variables.iter().map(|variable| variable.name.as_str());
                    if !names().any(|known| known == argument) {
                        let help = suggest::did_you_mean(argument, names());
                        tell(
                            &piece.span,
                            format!("the tool `{name}` has no argument `{argument}`"),
                            help,
                        );
                    }
                }
            },
            Piece::Unknown(inside) => {
                let help = "write `{{argument}}`, `{{tool:name}}` or `{{tool:name.argument}}`".to_owned();
                tell(&piece.span, format!("`{{{{{inside}}}}}` refers to nothing"), Some(help));
            }
        }
    }
    found
}

fn tool_help(name: &str, model: &Model) -> String {
    let tools = || model.tools.iter().map(|tool| tool.name.as_str());
    suggest::did_you_mean(name, tools()).unwrap_or_else(|| {
        let names: Vec<_> = tools().map(|name| format!("`{name}`")).collect();
        format!("the tools are {}", names.join(", "))
    })
}

/// An argument that the text never uses asks people for nothing.
pub(super) fn unused_argument(prompt: &Prompt) -> Vec<Diagnostic> {
    let used = |name: &str| {
        prompt
            .body
            .iter()
            .any(|piece| matches!(&piece.value, Piece::Argument(used) if used == name))
    };
    let unused = prompt.arguments.iter().filter(|argument| !used(&argument.name));
    unused
        .map(|argument| {
            let message = format!("the prompt never uses its argument `{}`", argument.name);
            Diagnostic::error(argument.span.clone(), message, "never used")
                .help(format!("use it as `{{{{{}}}}}`, or remove it", argument.name))
        })
        .collect()
}

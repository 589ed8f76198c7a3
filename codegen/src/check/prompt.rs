//! Rules on prompts.

use crate::{
    diagnostic::{Diagnostic, Span},
    model::{Model, Piece, Prompt, Spanned},
    name,
    prompt::{self, Passage},
    suggest,
};

/// Clients take the names that they take of tools.
pub(super) fn bad_prompt_name(prompt: &Prompt) -> Vec<Diagnostic> {
    if name::is_public(&prompt.name) {
        return Vec::new();
    }
    let message = format!("`{}` can't be the name of a prompt", prompt.name);
    vec![
        Diagnostic::error(prompt.start.clone(), message, "from the file's name")
            .help("name the file with 1 to 64 lower-case letters, digits and `_`"),
    ]
}

/// A name ends at the first dot of the file's name.
pub(super) fn duplicate_prompt_names(model: &Model) -> Vec<Diagnostic> {
    let pairs = model.prompts.iter().zip(model.prompts.iter().skip(1));
    pairs
        .filter(|(first, second)| first.name == second.name)
        .map(|(_, second)| {
            let message = format!("there is more than one prompt `{}`", second.name);
            Diagnostic::error(second.start.clone(), message, "same name").help("rename one of the files")
        })
        .collect()
}

/// Clients that make tools of prompts would have two of one name.
pub(super) fn prompt_named_like_a_tool(prompt: &Prompt, model: &Model) -> Vec<Diagnostic> {
    if model.tools.iter().all(|tool| tool.name != prompt.name) {
        return Vec::new();
    }
    let message = format!("`{}` is the name of a tool too", prompt.name);
    vec![
        Diagnostic::error(prompt.start.clone(), message, "from the file's name")
            .help("rename the file: some clients offer prompts and tools to the model by their names alone"),
    ]
}

/// A line goes with its optional argument, and would take another one along.
pub(super) fn optional_argument_beside_another(prompt: &Prompt) -> Vec<Diagnostic> {
    let of_line = |line: Vec<Spanned<Piece>>| {
        let (optional, name) = line
            .iter()
            .find_map(|piece| Some((piece, prompt::optional(prompt, &piece.value)?)))?;
        let is_other = |piece: &Spanned<Piece>| matches!(&piece.value, Piece::Argument(other) if other != name);
        line.iter().any(is_other).then(|| {
            let message = format!("`{name}` is optional, and shares its line with another argument");
            let label = "without it, the whole line is left out";
            Diagnostic::error(optional.span.clone(), message, label)
                .help(format!("give `{{{{{name}}}}}` a line without other arguments"))
        })
    };
    prompt::lines(&prompt.body).into_iter().filter_map(of_line).collect()
}

/// A prompt that says nothing is none.
pub(super) fn nothing_without_optional_arguments(prompt: &Prompt) -> Vec<Diagnostic> {
    let passages = prompt::passages(prompt);
    let stands = |passage: &Passage| {
        let is_said = |piece: &Piece| !matches!(piece, Piece::Text(text) if text.trim().is_empty());
        passage.argument.is_none() && passage.pieces.iter().any(is_said)
    };
    let Some(first) = prompt.body.first().filter(|_| !passages.iter().any(stands)) else {
        return Vec::new();
    };
    let message = "nothing of the prompt's text stands without its optional arguments";
    vec![
        Diagnostic::error(first.span.clone(), message, "may be left out")
            .help("add a line without an optional argument, or make one of them `required`"),
    ]
}

/// People choose a prompt by these words.
pub(super) fn empty_prompt_text(prompt: &Prompt) -> Vec<Diagnostic> {
    let own = [
        ("the prompt's title", &prompt.title.value, &prompt.title.span),
        (
            "the prompt's description",
            &prompt.description.value,
            &prompt.description.span,
        ),
    ];
    let arguments = prompt
        .arguments
        .iter()
        .map(|argument| ("the argument's description", &argument.description, &argument.span));
    let empty = own
        .into_iter()
        .chain(arguments)
        .filter(|(_, text, _)| text.trim().is_empty());
    empty
        .map(|(what, _, span)| {
            Diagnostic::error(span.clone(), format!("{what} is empty"), "empty").help("say in a few words what it is")
        })
        .collect()
}

/// No braces in the text can name such an argument.
pub(super) fn unreferable_argument(prompt: &Prompt) -> Vec<Diagnostic> {
    let unreferable = prompt
        .arguments
        .iter()
        .filter(|argument| !prompt::is_name(&argument.name));
    unreferable
        .map(|argument| {
            let message = format!("`{}` can't be the name of an argument", argument.name);
            Diagnostic::error(argument.span.clone(), message, "not a name").help("name it with letters, digits and `_`")
        })
        .collect()
}

/// What a prompt names has to be there.
pub(super) fn unknown_reference(prompt: &Prompt, model: &Model) -> Vec<Diagnostic> {
    let problems = prompt.body.iter().filter_map(|piece| match &piece.value {
        Piece::Text(_) => None,
        Piece::Argument(name) => unknown_argument(name, piece, prompt),
        Piece::Tool(name) => unknown_tool(name, &piece.span, model),
        Piece::ToolArgument(name, argument) => {
            unknown_tool(name, &piece.span, model).or_else(|| unknown_tool_argument(name, argument, piece, model))
        }
        Piece::Unknown(inside) => Some(
            unknown(&piece.span, format!("`{{{{{inside}}}}}` refers to nothing"))
                .help("write `{{argument}}`, `{{tool:name}}` or `{{tool:name.argument}}`"),
        ),
        Piece::Unclosed => Some(
            Diagnostic::error(piece.span.clone(), "a `{{` is not closed in its line", "not closed")
                .help("close it with `}}`: two braces refer to something"),
        ),
    });
    problems.collect()
}

fn unknown(span: &Span, message: String) -> Diagnostic {
    Diagnostic::error(span.clone(), message, "unknown")
}

fn unknown_argument(name: &str, piece: &Spanned<Piece>, prompt: &Prompt) -> Option<Diagnostic> {
    let names = || prompt.arguments.iter().map(|argument| argument.name.as_str());
    if names().any(|known| known == name) {
        return None;
    }
    let help = suggest::did_you_mean(name, names())
        .unwrap_or_else(|| format!("declare it in the head: `[arguments.{name}]`; a tool is `{{{{tool:{name}}}}}`"));
    Some(unknown(&piece.span, format!("the prompt has no argument `{name}`")).help(help))
}

fn unknown_tool(name: &str, span: &Span, model: &Model) -> Option<Diagnostic> {
    let tools = || model.tools.iter().map(|tool| tool.name.as_str());
    if tools().any(|known| known == name) {
        return None;
    }
    let known = || {
        let names: Vec<_> = tools().map(|name| format!("`{name}`")).collect();
        (!names.is_empty()).then(|| format!("the tools are {}", names.join(", ")))
    };
    let help = suggest::did_you_mean(name, tools()).or_else(known);
    Some(unknown(span, format!("there is no tool `{name}`")).help_opt(help))
}

fn unknown_tool_argument(name: &str, argument: &str, piece: &Spanned<Piece>, model: &Model) -> Option<Diagnostic> {
    let tool = model.tools.iter().find(|tool| tool.name == name)?;
    let names = || tool.variables.iter().map(|variable| variable.name.as_str());
    if names().any(|known| known == argument) {
        return None;
    }
    let help = suggest::did_you_mean(argument, names());
    Some(unknown(&piece.span, format!("the tool `{name}` has no argument `{argument}`")).help_opt(help))
}

/// An argument that the text never uses asks people for nothing.
pub(super) fn unused_argument(prompt: &Prompt) -> Vec<Diagnostic> {
    let used = |name: &str| {
        prompt
            .body
            .iter()
            .any(|piece| matches!(&piece.value, Piece::Argument(used) if used == name))
    };
    let unused = prompt
        .arguments
        .iter()
        .filter(|argument| prompt::is_name(&argument.name) && !used(&argument.name));
    unused
        .map(|argument| {
            let message = format!("the prompt never uses its argument `{}`", argument.name);
            Diagnostic::error(argument.span.clone(), message, "never used")
                .help(format!("use it as `{{{{{}}}}}`, or remove it", argument.name))
        })
        .collect()
}

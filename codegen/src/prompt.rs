//! `operations/prompts/NAME.md` → prompts.
//!
//! A file begins with its head between two lines of `+++`, in TOML: `title`, `description` and a table
//! `[arguments.NAME]` with `description` and `required` for each argument. The rest is the text. `{{name}}` stands for an
//! argument's value, `{{tool:name}}` for a tool's name, `{{tool:name.argument}}` for the name of one of its arguments.

use std::{collections::BTreeMap, ops::Range};

use serde::Deserialize;

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Span},
    model::{Piece, Prompt, PromptArgument, Spanned},
    source::{SourceFile, SourceKind, Sources},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    title: String,
    description: String,
    #[serde(default)]
    arguments: BTreeMap<String, Argument>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Argument {
    description: String,
    #[serde(default)]
    required: bool,
}

/// Reads all prompts, sorted by name.
pub(crate) fn parse(sources: &Sources, diagnostics: &mut Diagnostics) -> Vec<Prompt> {
    let mut prompts = Vec::new();
    for (index, source) in sources.of(SourceKind::Prompt) {
        match prompt(index, source) {
            Ok(prompt) => prompts.push(prompt),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    prompts.sort_by(|a: &Prompt, b| a.name.cmp(&b.name));
    prompts
}

const FENCE: &str = "+++";

fn prompt(file: usize, source: &SourceFile) -> Result<Prompt, Diagnostic> {
    let at = |bytes| Span { file, bytes };
    let text = source.text.replace("\r\n", "\n");
    let parts = text.strip_prefix(FENCE).and_then(|rest| rest.split_once("\n+++\n"));
    let Some((head, body)) = parts else {
        let missing = Diagnostic::error(at(0..0), "the prompt has no head", "head missing");
        return Err(
            missing.help("begin with a line `+++`, then `title = \"…\"` and `description = \"…\"`, then a line `+++`")
        );
    };
    let head_start = FENCE.len();
    let body_start = head_start + head.len() + "\n+++\n".len();
    let head: Head = toml::from_str(head).map_err(|error| {
        let bytes = error
            .span()
            .map_or(0..0, |span| span.start + head_start..span.end + head_start);
        Diagnostic::error(at(bytes), error.message().to_owned(), "in the head")
    })?;
    let pieces = pieces(body.trim_end(), body_start);
    Ok(Prompt {
        name: source.stem().to_owned(),
        title: head.title,
        description: head.description,
        arguments: head
            .arguments
            .into_iter()
            .map(|(name, argument)| PromptArgument {
                name,
                description: argument.description,
                required: argument.required,
            })
            .collect(),
        body: pieces
            .into_iter()
            .map(|(value, bytes)| Spanned { value, span: at(bytes) })
            .collect(),
        span: at(0..head_start),
    })
}

fn pieces(body: &str, start: usize) -> Vec<(Piece, Range<usize>)> {
    let mut pieces = Vec::new();
    let mut rest = body;
    let mut at = start;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((inside, remaining)) = after.split_once("}}") else {
            break;
        };
        if !before.is_empty() {
            pieces.push((Piece::Text(before.to_owned()), at..at + before.len()));
        }
        let begin = at + before.len();
        let end = begin + inside.len() + 4;
        pieces.push((reference(inside), begin..end));
        at = end;
        rest = remaining;
    }
    if !rest.is_empty() {
        pieces.push((Piece::Text(rest.to_owned()), at..at + rest.len()));
    }
    pieces
}

fn reference(inside: &str) -> Piece {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    match inside.strip_prefix("tool:") {
        Some(reference) => match reference.split_once('.') {
            Some((tool, argument)) => Piece::ToolArgument(tool.to_owned(), argument.to_owned()),
            None => Piece::Tool(reference.to_owned()),
        },
        None if is_name(inside) => Piece::Argument(inside.to_owned()),
        None => Piece::Unknown(inside.to_owned()),
    }
}

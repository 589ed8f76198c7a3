//! `operations/prompts/NAME.md` → prompts.
//!
//! A file begins with its head between two lines of `+++`, in TOML: `title`, `description` and a table
//! `[arguments.NAME]` with `description` and `required` for each argument. The rest is the text. `{{name}}` stands for an
//! argument's value, `{{tool:name}}` for a tool's name, `{{tool:name.argument}}` for the name of one of its arguments. A line
//! with an optional argument stands there only if that is given.

use std::{collections::BTreeMap, ops::Range};

use serde::Deserialize;

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Span},
    help::serde_help,
    model::{Piece, Prompt, PromptArgument, Spanned},
    source::{SourceFile, SourceKind, Sources},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct Head {
    title: toml::Spanned<String>,
    description: toml::Spanned<String>,
    #[serde(default)]
    arguments: BTreeMap<String, toml::Spanned<Argument>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
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
const BOM: char = '\u{feff}';

/// Returns what stands between the fences, and what comes after. Line ends stay as they are: places are told in them.
fn head_and_body(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(FENCE)?;
    let (head, rest) = rest.split_once("\n+++")?;
    let body = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    Some((head.strip_suffix('\r').unwrap_or(head), body))
}

fn prompt(file: usize, source: &SourceFile) -> Result<Prompt, Diagnostic> {
    let at = |bytes| Span { file, bytes };
    let start = if source.text.starts_with(BOM) {
        BOM.len_utf8()
    } else {
        0
    };
    let Some((head, body)) = source.text.get(start..).and_then(head_and_body) else {
        let missing = Diagnostic::error(at(0..0), "the prompt has no head", "head missing");
        return Err(
            missing.help("begin with a line `+++`, then `title = \"…\"` and `description = \"…\"`, then a line `+++`")
        );
    };
    let head_start = start + FENCE.len();
    let body_start = source.text.len() - body.len();
    let head: Head = toml::from_str(head).map_err(|error| {
        // What is missing is missing from the whole head, which begins at the fence.
        let span = error.span().filter(|span| span.start > 0);
        let bytes = span.map_or(start..head_start, |span| span.start + head_start..span.end + head_start);
        let (label, help) = serde_help(error.message(), |key| format!("add `{key} = \"…\"` to the head"));
        Diagnostic::error(at(bytes), error.message().to_owned(), label).help_opt(help)
    })?;
    let inside = |bytes: Range<usize>| at(bytes.start + head_start..bytes.end + head_start);
    let spanned = |text: toml::Spanned<String>| Spanned {
        span: inside(text.span()),
        value: text.into_inner(),
    };
    let mut arguments: Vec<_> = head.arguments.into_iter().collect();
    arguments.sort_by_key(|(_, argument)| argument.span().start);
    let arguments = arguments.into_iter().map(|(name, argument)| PromptArgument {
        name,
        span: inside(argument.span()),
        description: argument.get_ref().description.clone(),
        required: argument.get_ref().required,
    });
    let body = pieces(body.trim_end(), body_start)
        .into_iter()
        .map(|(value, bytes)| Spanned { value, span: at(bytes) });
    Ok(Prompt {
        name: source.stem().to_owned(),
        start: at(start..start),
        title: spanned(head.title),
        description: spanned(head.description),
        arguments: arguments.collect(),
        body: body.collect(),
    })
}

fn pieces(body: &str, start: usize) -> Vec<(Piece, Range<usize>)> {
    let mut pieces = Vec::new();
    let mut rest = body;
    let mut at = start;
    while let Some((before, after)) = rest.split_once("{{") {
        if !before.is_empty() {
            pieces.push((text(before), at..at + before.len()));
        }
        let begin = at + before.len();
        let closed = after
            .split_once("}}")
            .filter(|(inside, _)| !inside.contains("{{") && !inside.contains('\n'));
        let (piece, end, remaining) = match closed {
            Some((inside, remaining)) => (reference(inside), begin + inside.len() + 4, remaining),
            None => (Piece::Unclosed, begin + 2, after),
        };
        pieces.push((piece, begin..end));
        at = end;
        rest = remaining;
    }
    if !rest.is_empty() {
        pieces.push((text(rest), at..at + rest.len()));
    }
    pieces
}

/// A part of a prompt's text.
pub(crate) struct Passage {
    /// The optional argument that the part, which is one line then, stands there for.
    pub(crate) argument: Option<String>,
    pub(crate) pieces: Vec<Piece>,
}

/// Returns a prompt's text as what always stands there, and the lines that may be left out.
pub(crate) fn passages(prompt: &Prompt) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    for line in lines(&prompt.body) {
        let pieces = line.into_iter().map(|piece| piece.value);
        let pieces: Vec<_> = pieces.collect();
        let argument = pieces
            .iter()
            .find_map(|piece| optional(prompt, piece))
            .map(str::to_owned);
        match passages.last_mut() {
            Some(last) if last.argument.is_none() && argument.is_none() => last.pieces.extend(pieces),
            _ => passages.push(Passage { argument, pieces }),
        }
    }
    for passage in &mut passages {
        let parts = std::mem::take(&mut passage.pieces);
        for piece in parts {
            match (passage.pieces.last_mut(), piece) {
                (Some(Piece::Text(text)), Piece::Text(more)) => text.push_str(&more),
                (_, piece) => passage.pieces.push(piece),
            }
        }
    }
    passages
}

/// Returns the argument that a piece stands for, if it is an optional one.
pub(crate) fn optional<'a>(prompt: &Prompt, piece: &'a Piece) -> Option<&'a str> {
    let Piece::Argument(name) = piece else { return None };
    let mut arguments = prompt.arguments.iter();
    arguments
        .any(|argument| argument.name == *name && !argument.required)
        .then_some(name)
}

/// Cuts a text after the end of each line. A piece of text keeps the place of the whole.
pub(crate) fn lines(body: &[Spanned<Piece>]) -> Vec<Vec<Spanned<Piece>>> {
    let mut lines = vec![Vec::new()];
    for piece in body {
        let span = &piece.span;
        let parts = match &piece.value {
            Piece::Text(text) => text
                .split_inclusive('\n')
                .map(|text| Piece::Text(text.to_owned()))
                .collect(),
            piece => vec![piece.clone()],
        };
        for value in parts {
            let is_end = matches!(&value, Piece::Text(text) if text.ends_with('\n'));
            let span = span.clone();
            if let Some(line) = lines.last_mut() {
                line.push(Spanned { value, span });
            }
            if is_end {
                lines.push(Vec::new());
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

fn text(text: &str) -> Piece {
    Piece::Text(text.replace("\r\n", "\n"))
}

/// Whether braces around a name refer to an argument.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn reference(inside: &str) -> Piece {
    match inside.strip_prefix("tool:") {
        Some(reference) => match reference.split_once('.') {
            Some((tool, argument)) => Piece::ToolArgument(tool.to_owned(), argument.to_owned()),
            None => Piece::Tool(reference.to_owned()),
        },
        None if is_name(inside) => Piece::Argument(inside.to_owned()),
        None => Piece::Unknown(inside.to_owned()),
    }
}

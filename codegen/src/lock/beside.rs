//! What is locked besides the tools: the classes of errors, and the prompts.

use serde_json::json;

use super::{Facts, Subject, is_word, sha256};
use crate::model::{Model, Piece, Prompt};
use crate::prompt::{Passage, passages};

/// A part of the lock that stands before the tools.
pub(super) struct Part {
    /// What its lines begin with.
    pub(super) name: String,
    /// SHA-256 over its facts.
    pub(super) digest: String,
    /// All its lines, the digest's first, and an empty one.
    pub(super) text: String,
}

/// No tool can have this name.
const ERRORS: &str = "errorTypes";
const PROMPTS: &str = "prompts.";

/// Returns the classes of errors, if there are any, and each prompt.
pub(super) fn parts(model: &Model) -> Vec<Part> {
    let prompts = model.prompts.iter().map(prompt);
    errors(model).into_iter().chain(prompts).collect()
}

/// Returns what a part is about whose lines begin with this.
pub(super) fn subject(name: &str) -> Option<Subject> {
    if name == ERRORS {
        return Some(Subject::Errors);
    }
    let prompt = name.strip_prefix(PROMPTS).filter(|name| is_word(name))?;
    Some(Subject::Prompt(prompt.to_owned()))
}

fn errors(model: &Model) -> Option<Part> {
    let types = &model.errors;
    let mut facts = Facts::of(ERRORS);
    facts.some("notFound", types.not_found.clone());
    facts.some("conflict", types.conflict.clone());
    facts.some("throttled", types.throttled.clone());
    facts.some("staleToken", types.stale_token.clone());
    facts.some("showable", types.showable.clone());
    facts.some("notCarriedOut", types.not_carried_out.clone());
    (!facts.lines.is_empty()).then(|| part(ERRORS.to_owned(), &facts.lines))
}

fn prompt(prompt: &Prompt) -> Part {
    let name = format!("{PROMPTS}{}", prompt.name);
    let arguments = prompt.arguments.iter().map(
        |argument| json!({ "name": argument.name, "required": argument.required, "description": argument.description }),
    );
    let mut facts = Facts::of(&name);
    facts.text("title", &prompt.title.value);
    facts.text("description", &prompt.description.value);
    facts.lined("arguments", &arguments.collect::<Vec<_>>());
    facts.text("text", &passages(prompt).iter().map(passage).collect::<String>());
    let lines = facts.lines;
    part(name, &lines)
}

/// Returns a passage as the author has written it; a line that may be left out stands in `<…>`.
fn passage(passage: &Passage) -> String {
    let text: String = passage.pieces.iter().map(written).collect();
    match (&passage.argument, text.strip_suffix('\n')) {
        (None, _) => text,
        (Some(_), Some(line)) => format!("<{line}>\n"),
        (Some(_), None) => format!("<{text}>"),
    }
}

fn written(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => text.clone(),
        Piece::Argument(name) | Piece::Unknown(name) => format!("{{{{{name}}}}}"),
        Piece::Tool(name) => format!("{{{{tool:{name}}}}}"),
        Piece::ToolArgument(name, argument) => format!("{{{{tool:{name}.{argument}}}}}"),
        Piece::Unclosed => "{{".to_owned(),
    }
}

fn part(name: String, facts: &str) -> Part {
    let digest = sha256(facts);
    let text = format!("{name}.digest = \"{digest}\"\n{facts}\n");
    Part { name, digest, text }
}

//! What apollo-compiler found → our words.

use apollo_compiler::{
    diagnostic::{Diagnostic as Found, ToCliReport as _},
    validation::{DiagnosticData, DiagnosticList},
};
use apollo_parser::{Lexer, TokenKind};

use super::Places;
use crate::{
    diagnostic::{Diagnostic, Span},
    help,
    source::Sources,
};

/// For so many mistakes the nearest name is looked for: each time all names are gone through.
const SUGGESTIONS_MAX: usize = 50;

pub(super) fn translate_all(
    errors: &DiagnosticList,
    places: &Places,
    known: &help::Known<'_>,
    file: usize,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let quiet = help::Known {
        suggests: false,
        ..*known
    };
    let known = |at: usize| if at < SUGGESTIONS_MAX { known } else { &quiet };
    let found = errors.iter().filter(|found| !follows(found, errors)).enumerate();
    let mut told: Vec<_> = found
        .filter_map(|(at, found)| translate(&found, places, known(at), file, sources))
        .collect();
    if told.is_empty() {
        // Each of them was taken to follow from another one. What is not valid is never passed over in silence.
        told.extend(errors.iter().map(|found| {
            let span = places.span(found.error.location());
            let span = span.unwrap_or(Span { file, bytes: 0..0 });
            Diagnostic::error(span, found.error.to_string(), "not valid")
        }));
    }
    told
}

/// Whether something is missed only because it has another name: of a renamed argument or input field, the wrong name is
/// told, and not the right one as well.
fn follows(found: &Found<'_, DiagnosticData>, all: &DiagnosticList) -> bool {
    let misnamed = match found.error.unstable_error_name() {
        Some("RequiredArgument") => "UndefinedArgument",
        Some("RequiredField") => "UndefinedInputValue",
        _ => return false,
    };
    let Some(whole) = found.error.location() else {
        return false;
    };
    all.iter().any(|other| {
        let is_inside = other.error.location().is_some_and(|part| {
            part.file_id() == whole.file_id() && (whole.offset()..whole.end_offset()).contains(&part.offset())
        });
        is_inside && other.error.unstable_error_name() == Some(misnamed)
    })
}

/// Puts what apollo-compiler found into our words.
pub(super) fn translate(
    found: &Found<'_, DiagnosticData>,
    places: &Places,
    known: &help::Known<'_>,
    file: usize,
    sources: &Sources,
) -> Option<Diagnostic> {
    let span = places
        .span(found.error.location())
        .unwrap_or(Span { file, bytes: 0..0 });
    let text = sources.files.get(span.file).map_or("", |file| &file.text);
    let span = without_description(span, text);
    let message = found.error.to_string();
    let broken = help::Broken::new(
        found.error.unstable_error_name().unwrap_or_default(),
        &message,
        text.get(span.bytes.clone()).unwrap_or_default(),
    );
    let help::Words { message, label, help } = help::words(&broken, known)?;
    Some(Diagnostic::error(span, message, label).help_opt(help))
}

/// A definition's place begins with its description; what is wrong with it is told where it begins itself.
fn without_description(span: Span, text: &str) -> Span {
    let definition = text.get(span.bytes.clone()).unwrap_or_default();
    if !definition.starts_with('"') {
        return span;
    }
    let (tokens, _) = Lexer::new(definition).lex();
    let mut tokens = tokens.iter().filter(|token| {
        !matches!(
            token.kind(),
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma | TokenKind::Eof
        )
    });
    match tokens.nth(1) {
        Some(token) => Span {
            bytes: span.bytes.start + token.index()..span.bytes.end,
            ..span
        },
        None => span,
    }
}

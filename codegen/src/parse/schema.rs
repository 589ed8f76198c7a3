//! `schema/schema.graphql` → a valid schema, with what AppSync leaves undeclared and the contract's directives.

use std::{collections::BTreeSet, ops::Range};

use apollo_compiler::{
    Schema,
    ast::{Definition, Document},
    diagnostic::ToCliReport as _,
    validation::{DiagnosticList, Valid},
};
use apollo_parser::{Lexer, Token, TokenKind};

use super::{
    PRELUDE, Places,
    file::{is_empty, syntax_error},
    translate::translate_all,
};
use crate::{
    description,
    diagnostic::{Diagnostic, Diagnostics, Span},
    help,
    source::{SourceKind, Sources},
    suggest,
};

/// Parses and validates the schema; of one that is not valid there is nothing but what is wrong with it.
pub(super) fn parse(sources: &Sources, places: &mut Places, diagnostics: &mut Diagnostics) -> Option<Valid<Schema>> {
    let (index, source) = sources.of(SourceKind::Schema).next()?;
    if is_empty(&source.text) {
        let span = Span {
            file: index,
            bytes: 0..0,
        };
        let help = "put the API's SDL here, as AppSync exports it";
        diagnostics.push(Diagnostic::error(span, "the schema is empty", "nothing here").help(help));
        return None;
    }
    let (mut text, strays) = without_semicolons(without_namesakes(with_ampersands(&source.text)), index);
    diagnostics.extend(strays);
    loop {
        let document = match Document::parse(text.as_str(), &source.path) {
            Ok(document) => document,
            Err(failed) => {
                places.register(&failed.partial.sources, index);
                diagnostics.extend(syntax_error(&failed.errors, places, index, sources));
                return None;
            }
        };
        places.register(&document.sources, index);
        let prelude = prelude_without(&document);
        let schema = Schema::builder()
            .add_ast(&without_known_directives(document))
            .add_ast(&prelude)
            .build();
        let (partial, errors) = match schema.map(Schema::validate) {
            Ok(Ok(schema)) => return Some(schema),
            Ok(Err(failed)) | Err(failed) => (failed.partial, failed.errors),
        };
        let known = help::Known {
            schema: &partial,
            fragments: &[],
            variables: &[],
            suggests: true,
        };
        let mut unknown = unknown_directives(&errors, places);
        // Each time there is less of the text, so that this ends.
        unknown.retain(|bytes| {
            text.get(bytes.clone())
                .is_some_and(|directive| directive.starts_with('@'))
        });
        if unknown.is_empty() {
            diagnostics.extend(translate_all(&errors, places, &known, index, sources));
            return None;
        }
        for bytes in unknown {
            diagnostics.push(passed_over(&bytes, index, &text, &known));
            let blanked = description::spaces(text.get(bytes.clone()).unwrap_or_default());
            text.replace_range(bytes, &blanked);
        }
    }
}

/// Returns where directives stand that nobody declares. Samples of AWS's own hold some: the build passes over them and says
/// so. They let nobody in, since they say nothing.
fn unknown_directives(errors: &DiagnosticList, places: &Places) -> Vec<Range<usize>> {
    let unknown = errors
        .iter()
        .filter(|found| found.error.unstable_error_name() == Some("UndefinedDirective"));
    unknown
        .filter_map(|found| Some(places.span(found.error.location())?.bytes))
        .collect()
}

fn passed_over(bytes: &Range<usize>, file: usize, text: &str, known: &help::Known<'_>) -> Diagnostic {
    let directive = text.get(bytes.clone()).unwrap_or_default();
    let name = directive
        .split(|c: char| c == '(' || c.is_whitespace())
        .next()
        .unwrap_or_default();
    let names = known
        .schema
        .directive_definitions
        .keys()
        .map(apollo_compiler::Name::as_str);
    let near = suggest::nearest(name.trim_start_matches('@'), names).map(|near| format!("did you mean `@{near}`?"));
    let span = Span {
        file,
        bytes: bytes.start..bytes.start + name.len(),
    };
    Diagnostic::warning(
        span,
        format!("there is no directive `{name}`; it is passed over"),
        "unknown directive",
    )
    .help(near.unwrap_or_else(|| format!("declare it: `directive {name} on …`")))
}

/// A schema may have directives of its own that are named like the contract's. They mean nothing to AppSync and to the
/// build: what they are put on is as if they were not there.
fn without_namesakes(mut sdl: String) -> String {
    let (tokens, _) = Lexer::new(&sdl).lex();
    let is_told = |token: &&Token<'_>| {
        !matches!(
            token.kind(),
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma
        )
    };
    let tokens: Vec<_> = tokens.iter().filter(is_told).collect();
    let contract = help::contract_directives();
    let mut uses = Vec::new();
    let (mut declared, mut at) = (BTreeSet::new(), 0);
    while let Some(token) = tokens.get(at) {
        at += 1;
        let Some(name) = tokens
            .get(at)
            .filter(|_| token.kind() == TokenKind::At)
            .map(|name| name.data())
        else {
            continue;
        };
        if !contract.contains(&name) {
            continue;
        }
        if at > 1 && tokens.get(at - 2).is_some_and(|before| before.data() == "directive") {
            declared.insert(name);
            continue;
        }
        let mut end = at;
        let mut open = 0_usize;
        while let Some(next) = tokens
            .get(end + 1)
            .filter(|next| open > 0 || next.kind() == TokenKind::LParen)
        {
            end += 1;
            match next.kind() {
                TokenKind::LParen => open += 1,
                TokenKind::RParen => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                break;
            }
        }
        let last = tokens
            .get(end)
            .map_or(token.index(), |last| last.index() + last.data().len());
        uses.push((name, token.index()..last));
    }
    let blanked: Vec<_> = uses
        .into_iter()
        .filter(|(name, _)| declared.contains(name))
        .map(|(_, bytes)| bytes)
        .collect();
    for bytes in blanked {
        let spaces = description::spaces(sdl.get(bytes.clone()).unwrap_or_default());
        sdl.replace_range(bytes, &spaces);
    }
    sdl
}

/// Samples of AWS's own hold semicolons between fields, where commas may stand. A space is as long as a semicolon.
pub(super) fn without_semicolons(mut sdl: String, file: usize) -> (String, Vec<Diagnostic>) {
    let (_, errors) = Lexer::new(&sdl).lex();
    let strays: Vec<_> = errors
        .iter()
        .filter(|error| error.data() == ";")
        .map(apollo_parser::Error::index)
        .collect();
    let mut found = Vec::new();
    for at in strays {
        sdl.replace_range(at..=at, " ");
        let span = Span {
            file,
            bytes: at..at + 1,
        };
        found.push(
            Diagnostic::warning(
                span,
                "a semicolon means nothing in GraphQL; it is passed over",
                "not GraphQL",
            )
            .help("remove it"),
        );
    }
    (sdl, found)
}

/// Old schemas separate interfaces by commas, which GraphQL no longer knows. An ampersand is as long as a comma.
pub(super) fn with_ampersands(sdl: &str) -> String {
    let (tokens, _) = Lexer::new(sdl).lex();
    let mut text = sdl.to_owned();
    let (mut in_braces, mut implements) = (false, false);
    for token in &tokens {
        match token.kind() {
            TokenKind::LCurly => (in_braces, implements) = (true, false),
            TokenKind::RCurly => in_braces = false,
            TokenKind::Name if token.data() == "implements" => implements = !in_braces,
            TokenKind::Name | TokenKind::Amp | TokenKind::Whitespace | TokenKind::Comment => {}
            TokenKind::Comma if implements => text.replace_range(token.index()..=token.index(), "&"),
            _ => implements = false,
        }
    }
    text
}

/// AppSync's exports declare its directives in fewer places than AppSync takes them: the prelude's declarations stand.
fn without_known_directives(mut document: Document) -> Document {
    let known: BTreeSet<String> = names(&prelude()).collect();
    document.definitions.retain(|definition| match definition {
        Definition::DirectiveDefinition(directive) => !known.contains(directive.name.as_str()),
        _ => true,
    });
    document
}

fn prelude() -> Document {
    match Document::parse(PRELUDE, "prelude.graphql") {
        Ok(document) => document,
        Err(failed) => unreachable!("the prelude parses: {failed}"),
    }
}

/// Returns the prelude without the types that the schema declares itself.
fn prelude_without(document: &Document) -> Document {
    let mut declared = document.clone();
    declared.definitions.retain(|definition| !is_directive(definition));
    let declared: BTreeSet<String> = names(&declared).collect();
    let mut prelude = prelude();
    prelude.definitions.retain(|definition| {
        is_directive(definition) || definition.name().is_none_or(|name| !declared.contains(name.as_str()))
    });
    prelude
}

fn is_directive(definition: &Definition) -> bool {
    matches!(definition, Definition::DirectiveDefinition(_))
}

pub(super) fn names(document: &Document) -> impl Iterator<Item = String> {
    let names = document.definitions.iter().filter_map(Definition::name);
    names.map(ToString::to_string)
}

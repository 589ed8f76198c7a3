//! `schema/schema.graphql` → a valid schema, with what AppSync leaves undeclared and the contract's directives.

use std::collections::BTreeSet;

use apollo_compiler::{
    Schema,
    ast::{Definition, Document},
    validation::{DiagnosticList, Valid},
};
use apollo_parser::{Lexer, TokenKind};

use super::{
    PRELUDE, Places,
    file::{is_empty, syntax_error},
    translate::translate_all,
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Span},
    help,
    source::{SourceKind, Sources},
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
    let document = match Document::parse(with_ampersands(&source.text), &source.path) {
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
    let mut tell = |schema: &Schema, errors: &DiagnosticList| {
        let known = help::Known {
            schema,
            fragments: &[],
            variables: &[],
            suggests: true,
        };
        diagnostics.extend(translate_all(errors, places, &known, index, sources));
    };
    match schema.map(Schema::validate) {
        Ok(Ok(schema)) => Some(schema),
        Ok(Err(failed)) | Err(failed) => {
            tell(&failed.partial, &failed.errors);
            None
        }
    }
}

/// Old schemas separate interfaces by commas, which GraphQL no longer knows. An ampersand is as long as a comma.
fn with_ampersands(sdl: &str) -> String {
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

fn names(document: &Document) -> impl Iterator<Item = String> {
    let names = document.definitions.iter().filter_map(Definition::name);
    names.map(ToString::to_string)
}

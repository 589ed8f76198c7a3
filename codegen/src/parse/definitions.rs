//! `schema/schema.graphql` → what it defines, with all directives that it applies.
//!
//! Unlike what [`schema::parse`] returns, this holds nothing of the prelude, and the directives that the build passes over:
//! those that nobody declares, and the contract's namesakes.

use std::collections::BTreeSet;

use apollo_compiler::{
    Schema,
    ast::{Definition, DirectiveDefinition, DirectiveLocation, Document},
};

use super::{PRELUDE, Places, file::syntax_error, schema};
use crate::{
    diagnostic::Diagnostics,
    source::{SourceKind, Sources},
};

/// Returns what a schema defines, extensions merged. What AppSync and GraphQL define themselves is not in it.
///
/// # Errors
/// What the build finds, and what can't be read of directives that it passes over; nothing, if there is no schema.
pub(crate) fn definitions(sources: &Sources) -> Result<Schema, Diagnostics> {
    let mut found = Diagnostics::default();
    let mut places = Places::default();
    let valid = schema::parse(sources, &mut places, &mut found);
    let Some((index, source)) = sources.of(SourceKind::Schema).next().filter(|_| valid.is_some()) else {
        return Err(found);
    };
    let (text, _) = schema::without_semicolons(schema::with_ampersands(&source.text), index);
    let mut document = match Document::parse(text, &source.path) {
        Ok(document) => document,
        // The build does not read the arguments of the contract's namesakes.
        Err(failed) => {
            places.register(&failed.partial.sources, index);
            found.extend(syntax_error(&failed.errors, &places, index, sources));
            return Err(found);
        }
    };
    let appsync: BTreeSet<String> = schema::names(&appsync()).collect();
    let graphql = Schema::new();
    document.definitions.retain(|definition| match definition {
        Definition::DirectiveDefinition(directive) => {
            !appsync.contains(directive.name.as_str()) && !is_of(directive, &graphql)
        }
        Definition::ScalarTypeDefinition(scalar) => !appsync.contains(scalar.name.as_str()),
        Definition::ScalarTypeExtension(scalar) => !appsync.contains(scalar.name.as_str()),
        _ => true,
    });
    // All that can be wrong is that one of the contract's namesakes is declared twice: the first declaration stands.
    let built = Schema::builder().add_ast(&document).build();
    Ok(built.unwrap_or_else(|failed| failed.partial))
}

/// Returns the declarations of what AppSync defines: the prelude, but for the contract.
pub(crate) fn appsync() -> Document {
    let (appsync, _) = PRELUDE.split_once("# --- The contract").unwrap_or((PRELUDE, ""));
    match Document::parse(appsync, "prelude.graphql") {
        Ok(document) => document,
        Err(failed) => unreachable!("the prelude parses: {failed}"),
    }
}

/// Whether a directive is GraphQL's own. A declaration that allows more than GraphQL's is the schema's.
fn is_of(directive: &DirectiveDefinition, graphql: &Schema) -> bool {
    // AppSync tells this one by introspection; it can't be applied in a schema.
    if directive.name == "defer" {
        return directive.locations == [DirectiveLocation::Field];
    }
    graphql.directive_definitions.get(&directive.name).is_some_and(|known| {
        let mut locations = directive.locations.iter();
        let mut arguments = directive.arguments.iter();
        locations.all(|location| known.locations.contains(location))
            && arguments.all(|argument| known.argument_by_name(&argument.name).is_some())
    })
}

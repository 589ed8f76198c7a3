//! [`Sources`] → [`Parsed`]: everything read, and valid by the GraphQL specification.
//!
//! The specification's validation is apollo-compiler's. The AppSync directives and scalars that an SDL may leave
//! undeclared, and the contract's directives, are declared in `prelude.graphql`, so that their names, places and
//! arguments are validated as well.

mod definitions;
mod file;
mod fragment;
mod literal;
pub(crate) mod loose;
mod operation;
mod places;
pub(crate) mod plain;
mod schema;
mod size;
mod translate;
mod unused;
mod valueless;

use std::collections::BTreeSet;

use apollo_compiler::{Schema, validation::Valid};

use crate::{
    api::{self, Api},
    diagnostic::{Diagnostics, Span},
    source::{SourceKind, Sources},
};

pub(crate) use definitions::{appsync, definitions};
pub(crate) use operation::ParsedOperation;
pub(crate) use places::Places;

/// The contract's directives and what AppSync leaves undeclared. The build has it; editors need a copy of it.
pub const PRELUDE: &str = include_str!("prelude.graphql");

/// All inputs, valid by the GraphQL specification.
pub(crate) struct Parsed {
    pub(crate) schema: Valid<Schema>,
    pub(crate) api: Api,
    pub(crate) operations: Vec<ParsedOperation>,
    /// Fragments of `operations/fragments/` that no operation uses: their names and places.
    pub(crate) unused_fragments: Vec<(String, Span)>,
    pub(crate) places: Places,
}

/// Parses and validates all inputs.
///
/// # Errors
/// All that is wrong in the schema; or, if nothing is, all that is wrong in the operations.
pub(crate) fn parse(sources: &Sources) -> Result<(Parsed, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut places = Places::default();
    let api = api::parse(sources, &mut diagnostics);
    let schema = schema::parse(sources, &mut places, &mut diagnostics);
    let Some(schema) = schema else {
        return Err(diagnostics);
    };
    diagnostics.extend(api::unknown_scalars(&api.local, &schema, sources));
    diagnostics.extend(api::unknown_personal_data(&api.local, &schema, sources));
    diagnostics.extend(api::unknown_resolvers(&api, &schema, sources));
    diagnostics.extend(api::ambiguous_error_types(&api.local.errors, sources));
    let ((schema, api), mut diagnostics) = diagnostics.barrier((schema, api))?;
    let mut files = Vec::new();
    for (index, source) in sources.files.iter().enumerate() {
        if matches!(
            source.kind,
            SourceKind::Read | SourceKind::Write | SourceKind::Fragments
        ) {
            files.extend(file::document(index, sources, &mut places, &mut diagnostics));
        }
    }
    // A file that does not parse may hold fragments that others use: stop here rather than report those as missing.
    let (files, mut diagnostics) = diagnostics.barrier(files)?;
    for file in &files {
        diagnostics.extend(literal::duplicate_fields(&file.document, &places));
    }
    let fragments = fragment::shared_fragments(&files, sources, &places, &mut diagnostics);
    let mut used = BTreeSet::new();
    let mut operations = Vec::new();
    for file in &files {
        if sources
            .files
            .get(file.index)
            .is_some_and(|source| source.kind != SourceKind::Fragments)
        {
            operations.extend(operation::operation(
                file,
                &schema,
                &fragments,
                &mut used,
                &places,
                sources,
                &mut diagnostics,
            ));
        }
    }
    let unused = || fragments.iter().filter(|(name, _)| !used.contains(*name));
    for (name, fragment) in unused() {
        diagnostics.extend(unused::problems(name, fragment, &fragments, &schema, &places, sources));
    }
    let unused_fragments = unused()
        .filter_map(|(name, fragment)| Some((name.clone(), places.span(fragment.definition.name()?.location())?)))
        .collect();
    diagnostics.barrier(Parsed {
        schema,
        api,
        operations,
        unused_fragments,
        places,
    })
}

//! `operations/fragments/` → the fragments that operations share, and documents with those that they spread.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use apollo_compiler::{
    Name,
    ast::{Definition, Document, Selection},
    parser::SourceMap,
};

use super::{Places, file::File};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Span},
    source::{SourceKind, Sources},
};

/// A fragment that operations may share.
pub(super) struct SharedFragment {
    pub(super) definition: Definition,
    sources: SourceMap,
}

pub(super) fn shared_fragments(
    files: &[File],
    sources: &Sources,
    places: &Places,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, SharedFragment> {
    let mut fragments: BTreeMap<String, SharedFragment> = BTreeMap::new();
    let shared = |file: &&File| {
        sources
            .files
            .get(file.index)
            .is_some_and(|source| source.kind == SourceKind::Fragments)
    };
    for file in files.iter().filter(shared) {
        for definition in &file.document.definitions {
            let Some(name) = definition.name() else { continue };
            let Some(span) = places.span(name.location()) else {
                continue;
            };
            if !matches!(definition, Definition::FragmentDefinition(_)) {
                diagnostics.push(
                    Diagnostic::error(span, format!("`{name}` is not a fragment"), "not a fragment")
                        .help("move it to `operations/read/` or `operations/write/`, in a file of its own"),
                );
            } else if fragments.contains_key(name.as_str()) {
                diagnostics.push(duplicate_fragment(name, span));
            } else {
                let shared = SharedFragment {
                    definition: definition.clone(),
                    sources: file.document.sources.clone(),
                };
                fragments.insert(name.to_string(), shared);
            }
        }
    }
    fragments
}

pub(super) fn duplicate_fragment(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("there is more than one fragment `{name}`"),
        "defined again",
    )
    .help("give one of them another name, or share it: fragments in `operations/fragments/` are open to all operations")
}

/// Adds the shared fragments that a document spreads, and those that they spread. Returns their names.
pub(super) fn add_shared(
    document: &mut Document,
    fragments: &BTreeMap<String, SharedFragment>,
    own: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut wanted: Vec<String> = document.definitions.iter().flat_map(spreads).collect();
    let mut taken = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        let Some(fragment) = fragments.get(&name).filter(|_| !own.contains(&name)) else {
            continue;
        };
        if taken.insert(name) {
            wanted.extend(spreads(&fragment.definition));
        }
    }
    for fragment in taken.iter().filter_map(|name| fragments.get(name)) {
        document.definitions.push(fragment.definition.clone());
        add_sources(document, &fragment.sources);
    }
    taken
}

pub(super) fn add_sources(document: &mut Document, more: &SourceMap) {
    let sources = Arc::make_mut(&mut document.sources);
    sources.extend(more.iter().map(|(id, file)| (*id, file.clone())));
}

pub(super) fn names_of_fragments(document: &Document) -> impl Iterator<Item = &Name> {
    document.definitions.iter().filter_map(|definition| match definition {
        Definition::FragmentDefinition(fragment) => Some(&fragment.name),
        _ => None,
    })
}

/// Returns the names of the fragments that a definition spreads.
pub(super) fn spreads(definition: &Definition) -> Vec<String> {
    let mut sets = match definition {
        Definition::OperationDefinition(operation) => vec![&operation.selection_set],
        Definition::FragmentDefinition(fragment) => vec![&fragment.selection_set],
        _ => Vec::new(),
    };
    let mut names = Vec::new();
    while let Some(set) = sets.pop() {
        for selection in set {
            match selection {
                Selection::Field(field) => sets.push(&field.selection_set),
                Selection::InlineFragment(fragment) => sets.push(&fragment.selection_set),
                Selection::FragmentSpread(spread) => names.push(spread.fragment_name.to_string()),
            }
        }
    }
    names
}

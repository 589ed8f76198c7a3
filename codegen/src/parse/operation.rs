//! One file's document and the shared fragments → an operation that is valid by the GraphQL specification.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{
    ExecutableDocument, Name, Schema,
    ast::{self, Definition, Document},
    validation::Valid,
};

use super::{
    Places,
    file::File,
    fragment::{SharedFragment, add_shared, duplicate_fragment, names_of_fragments},
    size,
    translate::translate_all,
};
use crate::{
    description::Description,
    diagnostic::{Diagnostic, Diagnostics, Span},
    help,
    source::Sources,
};

/// One operation file with the shared fragments that it uses.
pub(crate) struct ParsedOperation {
    /// The file's index.
    pub(crate) file: usize,
    /// The document: one operation, and the fragments that it uses.
    pub(crate) document: Valid<ExecutableDocument>,
    /// The operation's own place: its keyword and name.
    pub(crate) head: Span,
    /// The file's descriptions, by the byte where the described thing begins.
    pub(crate) descriptions: BTreeMap<usize, Description>,
}

pub(super) fn operation(
    file: &File,
    schema: &Valid<Schema>,
    fragments: &BTreeMap<String, SharedFragment>,
    used: &mut BTreeSet<String>,
    places: &Places,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<ParsedOperation> {
    let head = one_operation(file, places, diagnostics)?;
    let mut document = file.document.clone();
    let own: BTreeSet<String> = names_of_fragments(&document).map(ToString::to_string).collect();
    for name in names_of_fragments(&file.document).filter(|name| fragments.contains_key(name.as_str())) {
        diagnostics.extend(places.span(name.location()).map(|span| duplicate_fragment(name, span)));
    }
    let taken = add_shared(&mut document, fragments, &own);
    used.extend(taken);
    if let Some(diagnostic) = size::too_large(&document, &head) {
        diagnostics.push(diagnostic);
        return None;
    }
    match document.to_executable_validate(schema) {
        Ok(document) => Some(ParsedOperation {
            file: file.index,
            document,
            head,
            descriptions: file.descriptions.clone(),
        }),
        Err(failed) => {
            let names: Vec<&str> = fragments.keys().chain(&own).map(String::as_str).collect();
            let known = help::Known {
                schema,
                fragments: &names,
                variables: &variables(&document),
                suggests: true,
            };
            diagnostics.extend(translate_all(&failed.errors, places, &known, file.index, sources));
            None
        }
    }
}

/// Returns the place of the file's one named operation.
fn one_operation(file: &File, places: &Places, diagnostics: &mut Diagnostics) -> Option<Span> {
    let operations: Vec<_> = file
        .document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(operation),
            _ => None,
        })
        .collect();
    let start = Span {
        file: file.index,
        bytes: 0..0,
    };
    match operations.as_slice() {
        [] => {
            diagnostics.push(
                Diagnostic::error(start, "the file holds no operation", "no operation here").help(
                    "write one named query or mutation; fragments that operations share go to `operations/fragments/`",
                ),
            );
            None
        }
        [operation] => {
            let name = operation.name.as_ref();
            let whole = places.span(operation.location()).unwrap_or(start);
            let Some(name) = name.and_then(|name| places.span(name.location())) else {
                let head = Span {
                    bytes: whole.bytes.start..whole.bytes.start + 1,
                    ..whole
                };
                diagnostics.push(
                    Diagnostic::error(head, "the operation has no name", "name missing")
                        .help("name it after the file: the operation's name makes the tool's name"),
                );
                return None;
            };
            Some(Span {
                bytes: whole.bytes.start..name.bytes.end,
                ..name
            })
        }
        [_, more @ ..] => {
            for operation in more {
                let span = operation.name.as_ref().map_or(operation.location(), Name::location);
                diagnostics.push(
                    Diagnostic::error(
                        places.span(span).unwrap_or(start.clone()),
                        "the file holds more than one operation",
                        "one too many",
                    )
                    .help("one file is one tool: move it to a file of its own"),
                );
            }
            None
        }
    }
}

pub(super) fn variables(document: &Document) -> Vec<(&str, &ast::Type)> {
    let operations = document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) => Some(&operation.variables),
        _ => None,
    });
    operations
        .flatten()
        .map(|variable| (variable.name.as_str(), variable.ty.as_ref()))
        .collect()
}

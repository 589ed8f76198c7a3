//! Operations as people keep them elsewhere → each a valid document of its own, or what is wrong with it.
//!
//! A file may hold several operations, with or without a name, and fragments that other files use; the same fragment may
//! stand in several files. The schema is parsed once, whatever there is of operations.

use std::collections::BTreeMap;

use apollo_compiler::{
    ExecutableDocument, Node, Schema,
    ast::{Definition, Document, OperationDefinition, Selection},
    validation::Valid,
};

use super::{
    Places,
    file::{File, document},
    fragment::{add_sources, spreads},
    literal,
    operation::variables,
    schema, size,
    translate::translate_all,
};
use crate::{
    api::{self, Api},
    diagnostic::{Diagnostic, Diagnostics, Span},
    help,
    source::{SourceKind, Sources},
};

/// The schema, and what the files hold.
pub(crate) struct Plain {
    pub(crate) schema: Valid<Schema>,
    pub(crate) api: Api,
    pub(crate) places: Places,
    pub(crate) files: Vec<PlainFile>,
    /// All fragments; those that are the same once.
    pub(crate) fragments: Vec<Fragment>,
}

/// What is in a file.
pub(crate) struct PlainFile {
    /// Its index in the sources.
    pub(crate) index: usize,
    /// Its operations; or nothing but why it can't be read.
    pub(crate) operations: Result<Vec<PlainOperation>, Diagnostics>,
    /// The file's descriptions, by the byte where the described thing begins.
    pub(crate) descriptions: BTreeMap<usize, String>,
}

/// An operation, or something else that is no fragment.
pub(crate) struct PlainOperation {
    /// Which of the file's definitions it is, counted from 0.
    pub(crate) position: usize,
    pub(crate) name: Option<String>,
    pub(crate) outcome: Result<ValidOperation, Problem>,
}

/// Why an operation is no candidate for a tool.
pub(crate) enum Problem {
    /// It is not valid by the GraphQL specification.
    Invalid(Diagnostics),
    /// It selects more than anybody goes through.
    TooLarge(Diagnostics),
}

impl From<Diagnostics> for Problem {
    fn from(found: Diagnostics) -> Self {
        Self::Invalid(found)
    }
}

/// An operation that is valid by the GraphQL specification, as far as the parser's validation goes.
pub(crate) struct ValidOperation {
    pub(crate) definition: Node<OperationDefinition>,
    /// The operation with the fragments that it uses.
    pub(crate) document: Valid<ExecutableDocument>,
    /// Those fragments, by their index in [`Plain::fragments`].
    pub(crate) fragments: Vec<usize>,
}

/// A fragment.
pub(crate) struct Fragment {
    pub(crate) name: String,
    pub(crate) definition: Definition,
    sources: apollo_compiler::parser::SourceMap,
    /// The files that it stands in; it is taken from the first.
    pub(crate) files: Vec<usize>,
    /// Whether it stands in `operations/fragments/` already.
    pub(crate) is_shared: bool,
    /// What is compared: the definition, printed.
    text: String,
}

/// Reads the schema, the shared fragments and the plain files: those of `sources` whose index is `from` or above.
///
/// # Errors
/// What is wrong with the schema, or with a shared fragment's file.
pub(crate) fn parse(sources: &Sources, from: usize) -> Result<Plain, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut places = Places::default();
    let api = api::parse(sources, &mut diagnostics);
    let Some(schema) = schema::parse(sources, &mut places, &mut diagnostics) else {
        return Err(diagnostics);
    };
    diagnostics.extend(api::unknown_scalars(&api.local, &schema, sources));
    diagnostics.extend(api::ambiguous_error_types(&api.local.errors, sources));
    let mut fragments = Vec::new();
    let shared = sources.of(SourceKind::Fragments).filter(|(index, _)| *index < from);
    for (index, _) in shared {
        let file = document(index, sources, &mut places, &mut diagnostics);
        if let Some(file) = &file {
            collect(file, true, &mut fragments);
        }
    }
    let (mut fragments, _) = diagnostics.barrier(fragments)?;
    let mut read = Vec::new();
    for index in from..sources.files.len() {
        let mut found = Diagnostics::default();
        let file = document(index, sources, &mut places, &mut found);
        if let Some(file) = &file {
            collect(file, false, &mut fragments);
        }
        read.push((index, file.ok_or(found)));
    }
    let mut validator = Validator {
        schema: &schema,
        fragments: &fragments,
        places: &places,
        sources,
    };
    let files = read
        .into_iter()
        .map(|(index, file)| validator.file(index, file))
        .collect();
    Ok(Plain {
        schema,
        api,
        places,
        files,
        fragments,
    })
}

/// Adds the fragments of a file. The same one in another file is no other fragment.
fn collect(file: &File, is_shared: bool, fragments: &mut Vec<Fragment>) {
    for definition in &file.document.definitions {
        let Definition::FragmentDefinition(fragment) = definition else {
            continue;
        };
        let text = comparable(definition);
        let same = |known: &&mut Fragment| known.text == text && !known.files.contains(&file.index);
        match fragments.iter_mut().find(same) {
            Some(known) => known.files.push(file.index),
            None => fragments.push(Fragment {
                name: fragment.name.to_string(),
                definition: definition.clone(),
                sources: file.document.sources.clone(),
                files: vec![file.index],
                is_shared,
                text,
            }),
        }
    }
}

/// Prints a fragment without what adopting it adds.
fn comparable(definition: &Definition) -> String {
    let mut definition = definition.clone();
    if let Definition::FragmentDefinition(fragment) = &mut definition {
        plain_selections(&mut fragment.make_mut().selection_set);
    }
    definition.serialize().no_indent().to_string()
}

fn plain_selections(selections: &mut Vec<Selection>) {
    selections.retain(|selection| {
        !matches!(selection, Selection::Field(field) if field.name == "__typename" && field.alias.is_none())
    });
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let field = field.make_mut();
                field.directives.retain(|directive| directive.name != "list");
                plain_selections(&mut field.selection_set);
            }
            Selection::InlineFragment(fragment) => plain_selections(&mut fragment.make_mut().selection_set),
            Selection::FragmentSpread(_) => {}
        }
    }
}

struct Validator<'a> {
    schema: &'a Valid<Schema>,
    fragments: &'a [Fragment],
    places: &'a Places,
    sources: &'a Sources,
}

impl Validator<'_> {
    fn file(&mut self, index: usize, file: Result<File, Diagnostics>) -> PlainFile {
        let descriptions = file.iter().flat_map(|file| &file.descriptions);
        let descriptions = descriptions.map(|(at, found)| (*at, found.text.clone())).collect();
        let operations = file.map(|file| {
            let definitions = file.document.definitions.iter().enumerate();
            definitions
                .filter(|(_, definition)| !matches!(definition, Definition::FragmentDefinition(_)))
                .map(|(position, definition)| PlainOperation {
                    position,
                    name: definition.name().map(ToString::to_string),
                    outcome: self.operation(&file, definition),
                })
                .collect()
        });
        PlainFile {
            index,
            operations,
            descriptions,
        }
    }

    fn operation(&self, file: &File, definition: &Definition) -> Result<ValidOperation, Problem> {
        let mut diagnostics = Diagnostics::default();
        let start = Span {
            file: file.index,
            bytes: 0..0,
        };
        let place = self.places.span(definition.location()).unwrap_or(start);
        let head = Span {
            bytes: place.bytes.start..place.bytes.start + 1,
            ..place
        };
        let Definition::OperationDefinition(operation) = definition else {
            let message = "something stands here that is neither an operation nor a fragment";
            diagnostics.push(Diagnostic::error(head, message, "not an operation").help("remove it"));
            return Err(diagnostics.into());
        };
        let mut document = Document::new();
        document.sources = file.document.sources.clone();
        document.definitions.push(definition.clone());
        let used = self.used(file.index, definition, &mut diagnostics);
        let used = diagnostics.barrier(used)?.0;
        for fragment in used.iter().filter_map(|at| self.fragments.get(*at)) {
            document.definitions.push(fragment.definition.clone());
            add_sources(&mut document, &fragment.sources);
        }
        let mut diagnostics = Diagnostics::default();
        if let Some(found) = size::too_large(&document, &head) {
            diagnostics.push(found);
            return Err(Problem::TooLarge(diagnostics));
        }
        diagnostics.extend(literal::duplicate_fields(&document, self.places));
        let document = diagnostics.barrier(document)?.0;
        match document.to_executable_validate(self.schema) {
            Ok(valid) => Ok(ValidOperation {
                definition: operation.clone(),
                document: valid,
                fragments: used,
            }),
            Err(failed) => {
                let names: Vec<_> = self.fragments.iter().map(|fragment| fragment.name.as_str()).collect();
                let known = help::Known {
                    schema: self.schema,
                    fragments: &names,
                    variables: &variables(&document),
                    suggests: true,
                };
                let mut found = Diagnostics::default();
                found.extend(translate_all(
                    &failed.errors,
                    self.places,
                    &known,
                    file.index,
                    self.sources,
                ));
                Err(found.into())
            }
        }
    }

    /// Returns the fragments that a definition uses, by way of others too. A name that is unknown is told by validation.
    fn used(&self, file: usize, definition: &Definition, diagnostics: &mut Diagnostics) -> Vec<usize> {
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        let mut wanted: Vec<_> = spreads(definition).into_iter().map(|name| (name, file)).collect();
        while let Some((name, from)) = wanted.pop() {
            let found = match self.named(&name, file) {
                found if found.is_empty() => self.named(&name, from),
                found => found,
            };
            let found = if found.is_empty() {
                self.everywhere(&name)
            } else {
                found
            };
            let Some(first) = found.first().copied() else { continue };
            let other = used.get(&name).is_some_and(|known| *known != first);
            if other || found.len() > 1 {
                diagnostics.extend(self.ambiguous(&name, &found));
            } else if used.insert(name, first).is_none()
                && let Some(fragment) = self.fragments.get(first)
            {
                let from = fragment.files.first().copied().unwrap_or(file);
                wanted.extend(spreads(&fragment.definition).into_iter().map(|name| (name, from)));
            }
        }
        used.into_values().collect()
    }

    fn named(&self, name: &str, file: usize) -> Vec<usize> {
        let fragments = self.fragments.iter().enumerate();
        let named = fragments.filter(|(_, fragment)| fragment.name == name && fragment.files.contains(&file));
        named.map(|(at, _)| at).collect()
    }

    fn everywhere(&self, name: &str) -> Vec<usize> {
        let fragments = self.fragments.iter().enumerate();
        fragments
            .filter(|(_, fragment)| fragment.name == name)
            .map(|(at, _)| at)
            .collect()
    }

    fn ambiguous(&self, name: &str, found: &[usize]) -> Option<Diagnostic> {
        let last = self.fragments.get(*found.last()?)?;
        let span = self.places.span(last.definition.name()?.location())?;
        let message = format!("there is more than one fragment `{name}`, and they differ");
        Some(Diagnostic::error(span, message, "another one").help("give each a name of its own"))
    }
}

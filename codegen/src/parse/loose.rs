//! Schemas and operations → what can be read of them, where one need not be valid by the other.

use std::collections::{BTreeSet, HashMap};

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Definition, Document, FragmentDefinition, OperationDefinition},
    validation::Valid,
};

use super::{Places, file, fragment::spreads, schema, size};
use crate::{
    api::{self, Facts},
    diagnostic::{Diagnostics, Span},
    source::{SourceKind, Sources},
};

/// What the files of operations and fragments hold, as far as they parse.
pub(crate) struct Loose {
    /// Each with its file's index.
    pub(crate) operations: Vec<(usize, Node<OperationDefinition>)>,
    /// Each with its file's index.
    pub(crate) fragments: Vec<(usize, Node<FragmentDefinition>)>,
    /// The indexes of the files that do not parse: nobody knows what is in them.
    pub(crate) unread: Vec<usize>,
}

impl Loose {
    /// Returns the fragments that a file's operations mean, by name: its own before those that are shared.
    pub(crate) fn fragments_for(&self, file: usize) -> HashMap<&Name, &Node<FragmentDefinition>> {
        let mut fragments: HashMap<_, _> = self.fragments.iter().map(|(_, one)| (&one.name, one)).collect();
        let own = self.fragments.iter().filter(|(of, _)| *of == file);
        fragments.extend(own.map(|(_, one)| (&one.name, one)));
        fragments
    }

    /// Returns why a file's operation is not valid by a schema, if it is not.
    pub(crate) fn refusal(
        &self,
        file: usize,
        operation: &Node<OperationDefinition>,
        schema: &Valid<Schema>,
    ) -> Option<String> {
        let fragments = self.fragments_for(file);
        let mut document = Document::new();
        let definition = Definition::OperationDefinition(operation.clone());
        let mut wanted = spreads(&definition);
        document.definitions.push(definition);
        let mut used = BTreeSet::new();
        while let Some(name) = wanted.pop() {
            let found = fragments.iter().find(|(known, _)| known.as_str() == name);
            let Some((_, fragment)) = found.filter(|_| used.insert(name.clone())) else {
                continue;
            };
            let definition = Definition::FragmentDefinition((*fragment).clone());
            wanted.extend(spreads(&definition));
            document.definitions.push(definition);
        }
        let head = Span { file, bytes: 0..0 };
        if let Some(found) = size::too_large(&document, &head) {
            return Some(found.message().to_owned());
        }
        let failed = document.to_executable_validate(schema).err()?;
        let first = failed.errors.iter().next().map(|found| found.error.to_string());
        Some(first.unwrap_or_default())
    }
}

/// Reads a schema and `schema/api.json`, and nothing else.
///
/// # Errors
/// All that is wrong with them.
pub(crate) fn api(sources: &Sources) -> Result<(Valid<Schema>, Option<Facts>), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let facts = api::facts(sources, &mut diagnostics);
    let Some(schema) = schema::parse(sources, &mut Places::default(), &mut diagnostics) else {
        return Err(diagnostics);
    };
    Ok(diagnostics.barrier((schema, facts))?.0)
}

/// Reads operations and fragments; a file that does not parse is passed over, and listed.
pub(crate) fn operations(sources: &Sources) -> Loose {
    let mut loose = Loose {
        operations: Vec::new(),
        fragments: Vec::new(),
        unread: Vec::new(),
    };
    for (index, source) in sources.files.iter().enumerate() {
        if !matches!(
            source.kind,
            SourceKind::Read | SourceKind::Write | SourceKind::Fragments
        ) {
            continue;
        }
        let found = file::document(index, sources, &mut Places::default(), &mut Diagnostics::default());
        let Some(found) = found else {
            loose.unread.push(index);
            continue;
        };
        for definition in &found.document.definitions {
            match definition {
                Definition::OperationDefinition(operation) if source.kind != SourceKind::Fragments => {
                    loose.operations.push((index, operation.clone()));
                }
                Definition::FragmentDefinition(fragment) => loose.fragments.push((index, fragment.clone())),
                _ => {}
            }
        }
    }
    loose
}

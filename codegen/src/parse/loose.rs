//! Schemas and operations → what can be read of them, where one need not be valid by the other.

use apollo_compiler::{
    Node, Schema,
    ast::{Definition, FragmentDefinition, OperationDefinition},
    validation::Valid,
};

use super::{Places, file, schema};
use crate::{
    api::{self, Facts},
    diagnostic::Diagnostics,
    source::{SourceKind, Sources},
};

/// What the files of operations and fragments hold, as far as they parse.
pub(crate) struct Loose {
    /// Each with its file's index.
    pub(crate) operations: Vec<(usize, Node<OperationDefinition>)>,
    /// Each with its file's index.
    pub(crate) fragments: Vec<(usize, Node<FragmentDefinition>)>,
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

/// Reads operations and fragments; a file that does not parse is passed over.
pub(crate) fn operations(sources: &Sources) -> Loose {
    let mut loose = Loose {
        operations: Vec::new(),
        fragments: Vec::new(),
    };
    for (index, source) in sources.files.iter().enumerate() {
        if !matches!(
            source.kind,
            SourceKind::Read | SourceKind::Write | SourceKind::Fragments
        ) {
            continue;
        }
        let found = file::document(index, sources, &mut Places::default(), &mut Diagnostics::default());
        for definition in found.iter().flat_map(|file| &file.document.definitions) {
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

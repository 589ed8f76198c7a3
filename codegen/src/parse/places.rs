//! The parser's places → places in the input files.

use std::collections::HashMap;

use apollo_compiler::parser::{FileId, SourceMap, SourceSpan};

use crate::diagnostic::Span;

/// The parser's places → places in the input files.
#[derive(Debug, Default)]
pub(crate) struct Places {
    files: HashMap<FileId, usize>,
}

impl Places {
    /// Returns the input file's place; of something that stands in no input file, nothing.
    pub(crate) fn span(&self, location: Option<SourceSpan>) -> Option<Span> {
        let location = location?;
        let file = *self.files.get(&location.file_id())?;
        Some(Span {
            file,
            bytes: location.offset()..location.end_offset(),
        })
    }

    /// Makes the places of what was parsed from an input file known.
    pub(super) fn register(&mut self, sources: &SourceMap, file: usize) {
        for id in sources.keys() {
            self.files.entry(*id).or_insert(file);
        }
    }
}

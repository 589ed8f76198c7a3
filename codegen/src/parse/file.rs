//! One file of operations or fragments → its document, as far as syntax goes.

use std::collections::BTreeMap;

use apollo_compiler::{Schema, ast::Document, validation::DiagnosticList};

use super::{Places, translate::translate, valueless};
use crate::{
    description::{self, Description},
    diagnostic::{Diagnostic, Diagnostics, Span},
    help,
    source::Sources,
};

/// A parsed file of operations or fragments.
pub(super) struct File {
    pub(super) index: usize,
    pub(super) document: Document,
    pub(super) descriptions: BTreeMap<usize, Description>,
}

pub(super) fn document(
    index: usize,
    sources: &Sources,
    places: &mut Places,
    diagnostics: &mut Diagnostics,
) -> Option<File> {
    let source = sources.files.get(index)?;
    let described = match description::blank(&source.text) {
        Ok(described) => described,
        Err(error) => {
            let bytes = error.index()..error.index() + error.data().len().max(1);
            let message = help::lexical(error.message(), error.data());
            diagnostics.push(Diagnostic::error(Span { file: index, bytes }, message, "not a token"));
            return None;
        }
    };
    if is_empty(&described.blanked) {
        let span = Span {
            file: index,
            bytes: 0..0,
        };
        let help = "write one named operation, or, in `operations/fragments/`, fragments; or remove the file";
        diagnostics.push(Diagnostic::error(span, "the file is empty", "nothing here").help(help));
        return None;
    }
    let valueless = valueless::arguments(&described.blanked, index);
    if !valueless.is_empty() {
        diagnostics.extend(valueless);
        return None;
    }
    let parsed = Document::parse(described.blanked, &source.path);
    let document = match &parsed {
        Ok(document) => document,
        Err(failed) => &failed.partial,
    };
    places.register(&document.sources, index);
    match parsed {
        Ok(document) => Some(File {
            index,
            document,
            descriptions: described.descriptions,
        }),
        Err(failed) => {
            diagnostics.extend(syntax_error(&failed.errors, places, index, sources));
            None
        }
    }
}

/// Whether a text holds nothing but white space and comments.
pub(super) fn is_empty(text: &str) -> bool {
    let lines = text.trim_start_matches('\u{feff}').split(['\n', '\r']);
    lines
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#'))
}

/// One syntax error makes many; only the first says something.
pub(super) fn syntax_error(
    errors: &DiagnosticList,
    places: &Places,
    file: usize,
    sources: &Sources,
) -> Option<Diagnostic> {
    let known = help::Known {
        schema: &Schema::new(),
        fragments: &[],
        variables: &[],
        suggests: true,
    };
    translate(&errors.iter().next()?, places, &known, file, sources)
}

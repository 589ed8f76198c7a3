//! What the build says of adopted files → which operations it refuses.

use std::collections::BTreeMap;

use super::{Adoption, Candidate, Refusal, scalar};
use crate::{
    Diagnostics, Severity, SourceFile, SourceKind, Sources,
    diagnostic::{Diagnostic, Span},
    name,
    parse::plain::Plain,
};

/// Returns why an operation is refused.
pub(super) fn of(found: &Diagnostics, sources: &Sources) -> Refusal {
    Refusal {
        messages: found.iter().map(|found| found.message().to_owned()).collect(),
        report: found.render(sources),
    }
}

/// Returns the sources of a project that has nothing but what is adopted.
pub(super) fn together(base: &[SourceFile], adoption: &Adoption) -> Sources {
    let is_replaced = |file: &&SourceFile| file.kind == SourceKind::ApiLocal && adoption.local.is_some();
    let base = base.iter().filter(|file| !is_replaced(file));
    let adopted = adoption
        .files
        .iter()
        .chain(&adoption.local)
        .map(|adopted| &adopted.file);
    Sources {
        files: base.chain(adopted).cloned().collect(),
    }
}

/// Returns the candidates that the errors are about, by their index.
pub(super) fn attribute(
    found: &Diagnostics,
    plain: &Plain,
    candidates: &[Candidate<'_>],
    base: &[SourceFile],
    adoption: &Adoption,
) -> BTreeMap<usize, Refusal> {
    let sources = together(base, adoption);
    let mut refused: BTreeMap<usize, Diagnostics> = BTreeMap::new();
    for diagnostic in found.iter().filter(|found| found.severity() == Severity::Error) {
        for at in concerned(diagnostic, plain, candidates, adoption, &sources) {
            refused.entry(at).or_default().push(diagnostic.clone());
        }
    }
    let told = unwritten(sources, adoption);
    refused.into_iter().map(|(at, found)| (at, of(&found, &told))).collect()
}

/// Returns the sources with the names of what is adopted: their texts are in no file.
fn unwritten(mut sources: Sources, adoption: &Adoption) -> Sources {
    for file in &mut sources.files {
        if let Some(adopted) = adoption.files.iter().find(|adopted| adopted.file.path == file.path) {
            file.path = format!("{}, as it would be adopted", adopted.from);
        }
    }
    sources
}

/// Whether a message names a tool's operation.
fn names(message: &str, tool: &str) -> bool {
    message
        .split('`')
        .skip(1)
        .step_by(2)
        .any(|word| name::tool(word) == tool)
}

fn concerned(
    diagnostic: &Diagnostic,
    plain: &Plain,
    candidates: &[Candidate<'_>],
    adoption: &Adoption,
    sources: &Sources,
) -> Vec<usize> {
    let span = diagnostic.span();
    let Some(source) = sources.files.get(span.file) else {
        return Vec::new();
    };
    let all = candidates.iter().enumerate();
    let concerned: Vec<_> = match source.kind {
        SourceKind::Read | SourceKind::Write => {
            let at = adoption
                .files
                .iter()
                .position(|adopted| adopted.file.path == source.path);
            at.into_iter().collect()
        }
        SourceKind::Fragments => {
            let uses = |candidate: &Candidate<'_>| {
                let mut used = candidate
                    .valid
                    .fragments
                    .iter()
                    .filter_map(|at| plain.fragments.get(*at));
                used.any(|fragment| source.text.contains(&format!("fragment {} on", fragment.name)))
            };
            let all_users: Vec<_> = all.filter(|(_, candidate)| uses(candidate)).map(|(at, _)| at).collect();
            // What one operation makes of a fragment is told there too; the others get their chance without it.
            let is_named = |at: &usize| {
                let adopted = adoption.files.get(*at);
                adopted.is_some_and(|adopted| names(diagnostic.message(), adopted.file.stem()))
            };
            let named: Vec<_> = all_users.iter().copied().filter(is_named).collect();
            if named.is_empty() { all_users } else { named }
        }
        // What an argument takes is told where the schema declares it.
        SourceKind::Schema => {
            let Some(ty) = input_type(span, plain) else {
                return Vec::new();
            };
            all.filter(|(_, candidate)| scalar::input_types(candidate, plain).contains(&ty))
                .map(|(at, _)| at)
                .collect()
        }
        _ => Vec::new(),
    };
    concerned
}

/// Returns the input object that is declared around a place.
fn input_type(span: &Span, plain: &Plain) -> Option<String> {
    let is_around = |name: &str| {
        let object = plain.schema.get_input_object(name)?;
        let whole = plain.places.span(object.location())?;
        let extended = object
            .fields
            .values()
            .filter_map(|field| plain.places.span(field.location()));
        let mut places = std::iter::once(whole).chain(extended);
        places
            .any(|place| place.bytes.contains(&span.bytes.start))
            .then_some(())
    };
    let mut names = plain.schema.types.keys();
    names.find(|name| is_around(name).is_some()).map(ToString::to_string)
}

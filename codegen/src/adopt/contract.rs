//! Candidates → the text of their files.

use std::{collections::BTreeMap, fmt::Write as _};

use apollo_compiler::{
    ExecutableDocument,
    ast::OperationType,
    executable::{Operation, SelectionSet},
};

use super::{
    AdoptedFile, Adoption, Candidate,
    bounds::{Lists, Scope},
    head::{self, Written},
    name::{Named, Names},
    scalar,
    selection::{self, Added},
    text::Text,
    tools,
};
use crate::{
    SourceFile, SourceKind, Sources, block_string, name as rust_name,
    parse::plain::{Fragment, Plain},
};

/// Writes the files of all candidates: one for each, in their order, and one for each fragment that several use.
pub(super) fn write(plain: &Plain, project: &Sources, sources: &Sources, candidates: &[Candidate<'_>]) -> Adoption {
    let mut lists = Lists::default();
    for candidate in candidates {
        let own = plain.places.span(candidate.valid.definition.location());
        if let (Some(operation), Some(own)) = (candidate.executable(), own) {
            lists.add(&Scope {
                schema: &plain.schema,
                places: &plain.places,
                document: &candidate.valid.document,
                operation,
                own,
            });
        }
    }
    lists.shrink();
    let mut names = Names::with(tools(project).map(|file| file.stem().to_owned()));
    let mut writer = Writer {
        plain,
        sources,
        lists: &lists,
        texts: BTreeMap::new(),
    };
    let is_shared = shared(plain, candidates);
    let mut files: Vec<_> = candidates
        .iter()
        .filter_map(|candidate| writer.file(candidate, &is_shared, &mut names))
        .collect();
    files.extend(writer.fragment_files(candidates, &is_shared));
    Adoption {
        files,
        local: scalar::mapping(candidates, plain, project),
        outcomes: Vec::new(),
    }
}

/// Says of each fragment whether it stands in `operations/fragments/`: several operations use it, and no other one has
/// its name.
fn shared(plain: &Plain, candidates: &[Candidate<'_>]) -> Vec<bool> {
    let users = |at: usize| {
        candidates
            .iter()
            .filter(|candidate| candidate.valid.fragments.contains(&at))
            .count()
    };
    let users: Vec<_> = (0..plain.fragments.len()).map(users).collect();
    let is_only = |fragment: &Fragment| {
        let others = plain.fragments.iter().zip(&users);
        others
            .filter(|(other, users)| other.name == fragment.name && (**users > 0 || other.is_shared))
            .count()
            <= 1
    };
    let fragments = plain.fragments.iter().zip(&users);
    fragments
        .map(|(fragment, users)| fragment.is_shared || (*users > 1 && is_only(fragment)))
        .collect()
}

struct Writer<'a> {
    plain: &'a Plain,
    sources: &'a Sources,
    lists: &'a Lists,
    texts: BTreeMap<usize, Text<'a>>,
}

impl<'a> Writer<'a> {
    fn text(&mut self, file: usize) -> &Text<'a> {
        let text = self.sources.files.get(file).map_or("", |file| file.text.as_str());
        self.texts.entry(file).or_insert_with(|| Text::new(text))
    }

    fn added(&mut self, set: &SelectionSet, document: &ExecutableDocument, file: usize) -> Added {
        let (plain, lists) = (self.plain, self.lists);
        selection::added(set, document, plain, lists, self.text(file))
    }

    fn file(&mut self, candidate: &Candidate<'_>, is_shared: &[bool], names: &mut Names) -> Option<AdoptedFile> {
        let operation = candidate.executable()?;
        let name = names.take(operation, candidate.stem.as_deref());
        let mut written = self.operation(candidate, operation, &name)?;
        let fragments = candidate.valid.fragments.iter().copied();
        let mut own: Vec<_> = fragments.filter(|at| !is_set(is_shared, *at)).collect();
        own.sort_unstable();
        for at in own {
            let fragment = self.fragment(self.plain.fragments.get(at)?, candidate)?;
            written.text.push('\n');
            written.text.push_str(&fragment.text);
            written.assumptions.extend(fragment.assumptions);
        }
        let (folder, kind) = match operation.operation_type {
            OperationType::Mutation => ("write", SourceKind::Write),
            _ => ("read", SourceKind::Read),
        };
        let source = self.sources.files.get(candidate.file.index);
        let path = source.map_or("", |file| file.path.as_str());
        let called = candidate
            .operation
            .name
            .as_deref()
            .unwrap_or("an operation without a name");
        Some(AdoptedFile {
            file: SourceFile {
                path: format!("operations/{folder}/{}.graphql", name.tool),
                text: written.text,
                kind,
            },
            from: format!("{path}: {called}"),
            assumptions: name.assumption.into_iter().chain(written.assumptions).collect(),
        })
    }

    fn operation(&mut self, candidate: &Candidate<'_>, operation: &Operation, named: &Named) -> Option<Written> {
        let mut written = head::head(candidate, operation, named, self.plain, self.lists);
        let whole = self.plain.places.span(candidate.valid.definition.location())?;
        let set = &operation.selection_set;
        let added = self.added(set, &candidate.valid.document, whole.file);
        let first = selection::place(set.selections.first()?, &self.plain.places)?;
        let text = self.text(whole.file);
        let (brace, end) = (text.brace(first.bytes.start), text.end_before(whole.bytes.end));
        let _ = writeln!(written.text, " {}", text.with(brace..end, &added.insertions));
        written.assumptions.extend(added.assumptions);
        Some(written)
    }

    fn fragment(&mut self, fragment: &Fragment, candidate: &Candidate<'_>) -> Option<Written> {
        let whole = self.plain.places.span(fragment.definition.location())?;
        let valid = candidate.valid.document.fragments.get(fragment.name.as_str())?;
        let document = &candidate.valid.document;
        let Added {
            insertions,
            assumptions,
        } = self.added(&valid.selection_set, document, whole.file);
        let file = self.plain.files.iter().find(|file| file.index == whole.file);
        let described = file.and_then(|file| head::described(&file.descriptions, whole.bytes.start));
        let text = self.text(whole.file);
        let end = text.end_before(whole.bytes.end);
        let description = described.map(|text| block_string::description(text, ""));
        Some(Written {
            text: format!(
                "{}{}\n",
                description.unwrap_or_default(),
                text.with(whole.bytes.start..end, &insertions)
            ),
            assumptions,
        })
    }

    /// Writes the fragments that several operations use and that the project does not have.
    fn fragment_files(&mut self, candidates: &[Candidate<'_>], is_shared: &[bool]) -> Vec<AdoptedFile> {
        let plain = self.plain;
        let existing = self
            .sources
            .of(SourceKind::Fragments)
            .map(|(_, file)| file.stem().to_owned());
        let mut stems = rust_name::Scope::default();
        existing.for_each(|stem| {
            stems.take(&stem);
        });
        let mut files = Vec::new();
        for (at, fragment) in plain.fragments.iter().enumerate() {
            let user = candidates
                .iter()
                .find(|candidate| candidate.valid.fragments.contains(&at));
            let Some(user) = user.filter(|_| !fragment.is_shared && is_set(is_shared, at)) else {
                continue;
            };
            let Some(written) = self.fragment(fragment, user) else {
                continue;
            };
            let stem = stems.take(&rust_name::tool(&fragment.name));
            let from = fragment.files.first().and_then(|file| self.sources.files.get(*file));
            files.push(AdoptedFile {
                file: SourceFile {
                    path: format!("operations/fragments/{stem}.graphql"),
                    text: written.text,
                    kind: SourceKind::Fragments,
                },
                from: format!("{}: {}", from.map_or("", |file| file.path.as_str()), fragment.name),
                assumptions: written.assumptions,
            });
        }
        files
    }
}

fn is_set(flags: &[bool], at: usize) -> bool {
    flags.get(at).copied().unwrap_or_default()
}

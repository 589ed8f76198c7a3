//! Operations as people keep them elsewhere → files of this project, with the least contract that its rules demand.
//!
//! What is assumed is cautious, and told: every list is bounded, every mutation is a write. The author's text stays as it
//! is written, but for an operation's head, which is written anew.
//!
//! Invariant: what is handed out passes [`generate`](crate::generate); an operation that does not is refused, with what the build says.

mod bounds;
mod clearing;
mod contract;
mod head;
mod name;
mod refusal;
mod scalar;
mod selection;
mod text;
mod variable;

use std::collections::BTreeMap;

use apollo_compiler::ast::OperationType;

use crate::{
    Diagnostics, SourceFile, SourceKind, Sources, check,
    parse::{
        self,
        plain::{self, Plain, PlainFile, PlainOperation, Problem, ValidOperation},
    },
    resolve,
};

/// A file of operations or fragments that follows no rule of this project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignFile {
    /// Its path, for messages.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// What adopting makes of foreign files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adoption {
    /// The new files: operations by path, then shared fragments.
    pub files: Vec<AdoptedFile>,
    /// `schema/api.local.json`, if scalars are added to it.
    pub local: Option<AdoptedFile>,
    /// What became of each operation, and of each file that can't be read, in the order of the input.
    pub outcomes: Vec<Outcome>,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedFile {
    /// The file.
    pub file: SourceFile,
    /// What it was made of: a path, and a name.
    pub from: String,
    /// What was assumed, a sentence each.
    pub assumptions: Vec<String>,
}

/// What became of one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The file that it stands in.
    pub path: String,
    /// Which definition of the file it is, counted from 0; of a file that can't be read, nothing.
    pub position: Option<usize>,
    /// Its name there.
    pub name: Option<String>,
    /// What was decided.
    pub verdict: Verdict,
}

/// What was decided about an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is a tool now: the path of its file.
    Adopted(String),
    /// It is valid, and a subscription can't be a tool.
    Subscription,
    /// The project has a tool of the name: the path of its file, which is left alone.
    Present(String),
    /// It is not valid by the GraphQL specification.
    Invalid(Refusal),
    /// It is valid, and holds something that a tool can't have.
    Unsupported(Refusal),
}

/// Why an operation is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The facts, one a diagnostic.
    pub messages: Vec<String>,
    /// All of it, for people.
    pub report: String,
}

/// Turns foreign operations into files of a project.
///
/// Of the project's own sources those of its operations only keep their names taken.
///
/// # Errors
/// What is wrong with the project's schema, with the files beside it, or with its shared fragments.
///
/// ```
/// use appsync_mcp_codegen::{ForeignFile, SourceFile, SourceKind, Sources, adopt};
///
/// let sdl = "type Query { listNotes(limit: Int): Notes } type Notes { items: [Note] } type Note { text: String }";
/// let schema = SourceFile { path: "schema/schema.graphql".to_owned(), kind: SourceKind::Schema, text: sdl.to_owned() };
/// let text = "query ListNotes($limit: Int) {\n  listNotes(limit: $limit) { items { text } }\n}\n".to_owned();
/// let adoption = adopt(&Sources { files: vec![schema] }, &[ForeignFile { path: "queries.graphql".to_owned(), text }]).unwrap();
/// assert_eq!(adoption.files[0].file.path, "operations/read/list_notes.graphql");
/// assert!(adoption.files[0].file.text.contains("items @list(maxFrom: \"limit\") { text }"));
/// ```
pub fn adopt(project: &Sources, foreign: &[ForeignFile]) -> Result<Adoption, Diagnostics> {
    let is_base = |file: &&SourceFile| {
        matches!(
            file.kind,
            SourceKind::Schema | SourceKind::Api | SourceKind::ApiLocal | SourceKind::Fragments
        )
    };
    let base: Vec<_> = project.files.iter().filter(is_base).cloned().collect();
    let mut sources = Sources { files: base.clone() };
    sources.files.extend(foreign.iter().map(|file| SourceFile {
        path: file.path.clone(),
        text: file.text.clone(),
        kind: SourceKind::Read,
    }));
    let plain = plain::parse(&sources, base.len())?;
    let mut outcomes = BTreeMap::new();
    let mut candidates = candidates(&plain, project, &sources, &mut outcomes);
    let adoption = loop {
        let adoption = contract::write(&plain, project, &sources, &candidates);
        let Err(found) = passes(&base, &adoption, candidates.is_empty()) else {
            break adoption;
        };
        let refused = refusal::attribute(&found, &plain, &candidates, &base, &adoption);
        if refused.is_empty() {
            return Err(found);
        }
        for (at, refusal) in &refused {
            let Some(candidate) = candidates.get(*at) else { continue };
            let verdict = if candidate.fits(&plain) {
                Verdict::Unsupported(refusal.clone())
            } else {
                Verdict::Invalid(refusal.clone())
            };
            outcomes.insert(candidate.key(), verdict);
        }
        let mut at = 0;
        candidates.retain(|_| {
            at += 1;
            !refused.contains_key(&(at - 1))
        });
    };
    Ok(finish(adoption, &plain, &candidates, &sources, outcomes))
}

/// An operation that may be adopted.
struct Candidate<'a> {
    file: &'a PlainFile,
    operation: &'a PlainOperation,
    valid: &'a ValidOperation,
    /// The file's stem, if the file holds no other operation.
    stem: Option<String>,
}

/// The file's index and the operation's position; a file that can't be read has its own place.
type Key = (usize, Option<usize>);

impl Candidate<'_> {
    fn key(&self) -> Key {
        (self.file.index, Some(self.operation.position))
    }

    fn executable(&self) -> Option<&apollo_compiler::executable::Operation> {
        self.valid.document.operations.iter().next().map(AsRef::as_ref)
    }

    /// Whether its variables fit where they stand.
    fn fits(&self, plain: &Plain) -> bool {
        let Some(operation) = self.executable() else {
            return false;
        };
        let uses = variable::uses(operation, &self.valid.document, &plain.schema);
        let mut variables = operation.variables.iter();
        variables.all(|one| variable::fits(one, uses.get(one.name.as_str()).map_or(&[], Vec::as_slice)))
    }
}

/// Sorts out what is no candidate, with the reason.
fn candidates<'a>(
    plain: &'a Plain,
    project: &Sources,
    sources: &Sources,
    outcomes: &mut BTreeMap<Key, Verdict>,
) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::new();
    for file in &plain.files {
        let operations = match &file.operations {
            Ok(operations) => operations,
            Err(found) => {
                outcomes.insert((file.index, None), Verdict::Invalid(refusal::of(found, sources)));
                continue;
            }
        };
        let stem = sources.files.get(file.index).map(|source| source.stem().to_owned());
        for operation in operations {
            let key = (file.index, Some(operation.position));
            match &operation.outcome {
                Err(Problem::Invalid(found)) => {
                    outcomes.insert(key, Verdict::Invalid(refusal::of(found, sources)));
                }
                Err(Problem::TooLarge(found)) => {
                    outcomes.insert(key, Verdict::Unsupported(refusal::of(found, sources)));
                }
                Ok(valid) if valid.definition.operation_type == OperationType::Subscription => {
                    outcomes.insert(key, Verdict::Subscription);
                }
                Ok(valid) => {
                    let candidate = Candidate {
                        file,
                        operation,
                        valid,
                        stem: stem.clone().filter(|_| operations.len() == 1),
                    };
                    // A name that is made for an operation says nothing of which one it is.
                    let named = candidate.executable().and_then(name::given);
                    match named.and_then(|named| present(project, &named)) {
                        Some(path) => {
                            outcomes.insert(key, Verdict::Present(path));
                        }
                        None => candidates.push(candidate),
                    }
                }
            }
        }
    }
    candidates
}

fn tools(project: &Sources) -> impl Iterator<Item = &SourceFile> {
    let files = project.files.iter();
    files.filter(|file| matches!(file.kind, SourceKind::Read | SourceKind::Write))
}

/// Returns the project's own file for a tool.
fn present(project: &Sources, tool: &str) -> Option<String> {
    tools(project)
        .find(|file| file.stem() == tool)
        .map(|file| file.path.clone())
}

/// Whether the build takes what is to be handed out.
fn passes(base: &[SourceFile], adoption: &Adoption, is_empty: bool) -> Result<(), Diagnostics> {
    if is_empty {
        return Ok(());
    }
    let sources = refusal::together(base, adoption);
    let (parsed, _) = parse::parse(&sources)?;
    let (model, _) = resolve::resolve(&parsed, &sources)?;
    check::check(model, &sources).map(|_| ())
}

/// Adds what became of each operation.
fn finish(
    adoption: Adoption,
    plain: &Plain,
    candidates: &[Candidate<'_>],
    sources: &Sources,
    mut outcomes: BTreeMap<Key, Verdict>,
) -> Adoption {
    for (candidate, file) in candidates.iter().zip(&adoption.files) {
        outcomes.insert(candidate.key(), Verdict::Adopted(file.file.path.clone()));
    }
    let name = |(file, position): Key| {
        let file = plain.files.iter().find(|known| known.index == file)?;
        let operation = file
            .operations
            .iter()
            .flatten()
            .find(|one| Some(one.position) == position)?;
        operation.name.clone()
    };
    let outcomes = outcomes.into_iter().map(|(key, verdict)| Outcome {
        path: sources
            .files
            .get(key.0)
            .map(|file| file.path.clone())
            .unwrap_or_default(),
        position: key.1,
        name: name(key),
        verdict,
    });
    Adoption {
        outcomes: outcomes.collect(),
        ..adoption
    }
}

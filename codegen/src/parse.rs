//! [`Sources`] → [`Parsed`]: everything read, and valid by the GraphQL specification.
//!
//! The specification's validation is apollo-compiler's. The AppSync directives and scalars that an SDL may leave
//! undeclared, and the contract's directives, are declared in `prelude.graphql`, so that their names, places and
//! arguments are validated as well.

mod literal;
pub(crate) mod plain;
mod schema;
mod size;
mod unused;
mod valueless;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use apollo_compiler::{
    ExecutableDocument, Schema,
    ast::{self, Definition, Document},
    diagnostic::{Diagnostic as Found, ToCliReport as _},
    parser::{FileId, SourceSpan},
    validation::{DiagnosticData, DiagnosticList, Valid},
};

use apollo_parser::{Lexer, TokenKind};

use crate::{
    api::{self, Api},
    description::{self, Description},
    diagnostic::{Diagnostic, Diagnostics, Span},
    help,
    source::{SourceKind, Sources},
};

/// The contract's directives and what AppSync leaves undeclared.
pub(crate) const PRELUDE: &str = include_str!("prelude.graphql");

/// All inputs, valid by the GraphQL specification.
pub(crate) struct Parsed {
    pub(crate) schema: Valid<Schema>,
    pub(crate) api: Api,
    pub(crate) operations: Vec<ParsedOperation>,
    /// Fragments of `operations/fragments/` that no operation uses: their names and places.
    pub(crate) unused_fragments: Vec<(String, Span)>,
    pub(crate) places: Places,
}

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
}

/// Parses and validates all inputs.
///
/// # Errors
/// All that is wrong in the schema; or, if nothing is, all that is wrong in the operations.
pub(crate) fn parse(sources: &Sources) -> Result<(Parsed, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut places = Places::default();
    let api = api::parse(sources, &mut diagnostics);
    let schema = schema::parse(sources, &mut places, &mut diagnostics);
    let Some(schema) = schema else {
        return Err(diagnostics);
    };
    diagnostics.extend(api::unknown_scalars(&api.local, &schema, sources));
    diagnostics.extend(api::ambiguous_error_types(&api.local.errors, sources));
    let ((schema, api), mut diagnostics) = diagnostics.barrier((schema, api))?;
    let mut files = Vec::new();
    for (index, source) in sources.files.iter().enumerate() {
        if matches!(
            source.kind,
            SourceKind::Read | SourceKind::Write | SourceKind::Fragments
        ) {
            files.extend(document(index, sources, &mut places, &mut diagnostics));
        }
    }
    // A file that does not parse may hold fragments that others use: stop here rather than report those as missing.
    let (files, mut diagnostics) = diagnostics.barrier(files)?;
    for file in &files {
        diagnostics.extend(literal::duplicate_fields(&file.document, &places));
    }
    let fragments = shared_fragments(&files, sources, &places, &mut diagnostics);
    let mut used = BTreeSet::new();
    let mut operations = Vec::new();
    for file in &files {
        if sources
            .files
            .get(file.index)
            .is_some_and(|source| source.kind != SourceKind::Fragments)
        {
            operations.extend(operation(
                file,
                &schema,
                &fragments,
                &mut used,
                &places,
                sources,
                &mut diagnostics,
            ));
        }
    }
    let unused = || fragments.iter().filter(|(name, _)| !used.contains(*name));
    for (name, fragment) in unused() {
        diagnostics.extend(unused::problems(name, fragment, &fragments, &schema, &places, sources));
    }
    let unused_fragments = unused()
        .filter_map(|(name, fragment)| Some((name.clone(), places.span(fragment.definition.name()?.location())?)))
        .collect();
    diagnostics.barrier(Parsed {
        schema,
        api,
        operations,
        unused_fragments,
        places,
    })
}

/// A parsed file of operations or fragments.
struct File {
    index: usize,
    document: Document,
    descriptions: BTreeMap<usize, Description>,
}

fn document(index: usize, sources: &Sources, places: &mut Places, diagnostics: &mut Diagnostics) -> Option<File> {
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
    register(&document.sources, index, places);
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
fn is_empty(text: &str) -> bool {
    let lines = text.trim_start_matches('\u{feff}').split(['\n', '\r']);
    lines
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#'))
}

/// One syntax error makes many; only the first says something.
fn syntax_error(errors: &DiagnosticList, places: &Places, file: usize, sources: &Sources) -> Option<Diagnostic> {
    let known = help::Known {
        schema: &Schema::new(),
        fragments: &[],
        variables: &[],
        suggests: true,
    };
    translate(&errors.iter().next()?, places, &known, file, sources)
}

fn register(sources: &apollo_compiler::parser::SourceMap, index: usize, places: &mut Places) {
    for id in sources.keys() {
        places.files.entry(*id).or_insert(index);
    }
}

/// A fragment that operations may share.
struct SharedFragment {
    definition: Definition,
    sources: apollo_compiler::parser::SourceMap,
}

fn shared_fragments(
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

fn duplicate_fragment(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("there is more than one fragment `{name}`"),
        "defined again",
    )
    .help("give one of them another name, or share it: fragments in `operations/fragments/` are open to all operations")
}

fn operation(
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

/// Adds the shared fragments that a document spreads, and those that they spread. Returns their names.
fn add_shared(
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

fn add_sources(document: &mut Document, more: &apollo_compiler::parser::SourceMap) {
    let sources = std::sync::Arc::make_mut(&mut document.sources);
    sources.extend(more.iter().map(|(id, file)| (*id, file.clone())));
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
                let span = operation
                    .name
                    .as_ref()
                    .map_or(operation.location(), apollo_compiler::Name::location);
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

fn variables(document: &Document) -> Vec<(&str, &ast::Type)> {
    let operations = document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) => Some(&operation.variables),
        _ => None,
    });
    operations
        .flatten()
        .map(|variable| (variable.name.as_str(), variable.ty.as_ref()))
        .collect()
}

fn names_of_fragments(document: &Document) -> impl Iterator<Item = &apollo_compiler::Name> {
    document.definitions.iter().filter_map(|definition| match definition {
        Definition::FragmentDefinition(fragment) => Some(&fragment.name),
        _ => None,
    })
}

/// Returns the names of the fragments that a definition spreads.
fn spreads(definition: &Definition) -> Vec<String> {
    let mut sets = match definition {
        Definition::OperationDefinition(operation) => vec![&operation.selection_set],
        Definition::FragmentDefinition(fragment) => vec![&fragment.selection_set],
        _ => Vec::new(),
    };
    let mut names = Vec::new();
    while let Some(set) = sets.pop() {
        for selection in set {
            match selection {
                ast::Selection::Field(field) => sets.push(&field.selection_set),
                ast::Selection::InlineFragment(fragment) => sets.push(&fragment.selection_set),
                ast::Selection::FragmentSpread(spread) => names.push(spread.fragment_name.to_string()),
            }
        }
    }
    names
}

/// For so many mistakes the nearest name is looked for: each time all names are gone through.
const SUGGESTIONS_MAX: usize = 50;

fn translate_all(
    errors: &DiagnosticList,
    places: &Places,
    known: &help::Known<'_>,
    file: usize,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let quiet = help::Known {
        suggests: false,
        ..*known
    };
    let known = |at: usize| if at < SUGGESTIONS_MAX { known } else { &quiet };
    let found = errors.iter().enumerate();
    let mut told: Vec<_> = found
        .filter_map(|(at, found)| translate(&found, places, known(at), file, sources))
        .collect();
    if told.is_empty() {
        // Each of them was taken to follow from another one. What is not valid is never passed over in silence.
        told.extend(errors.iter().map(|found| {
            let span = places.span(found.error.location());
            let span = span.unwrap_or(Span { file, bytes: 0..0 });
            Diagnostic::error(span, found.error.to_string(), "not valid")
        }));
    }
    told
}

/// Puts what apollo-compiler found into our words.
fn translate(
    found: &Found<'_, DiagnosticData>,
    places: &Places,
    known: &help::Known<'_>,
    file: usize,
    sources: &Sources,
) -> Option<Diagnostic> {
    let span = places
        .span(found.error.location())
        .unwrap_or(Span { file, bytes: 0..0 });
    let text = sources.files.get(span.file).map_or("", |file| &file.text);
    let span = without_description(span, text);
    let message = found.error.to_string();
    let broken = help::Broken::new(
        found.error.unstable_error_name().unwrap_or_default(),
        &message,
        text.get(span.bytes.clone()).unwrap_or_default(),
    );
    let help::Words { message, label, help } = help::words(&broken, known)?;
    Some(Diagnostic::error(span, message, label).help_opt(help))
}

/// A definition's place begins with its description; what is wrong with it is told where it begins itself.
fn without_description(span: Span, text: &str) -> Span {
    let definition = text.get(span.bytes.clone()).unwrap_or_default();
    if !definition.starts_with('"') {
        return span;
    }
    let (tokens, _) = Lexer::new(definition).lex();
    let mut tokens = tokens.iter().filter(|token| {
        !matches!(
            token.kind(),
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma | TokenKind::Eof
        )
    });
    match tokens.nth(1) {
        Some(token) => Span {
            bytes: span.bytes.start + token.index()..span.bytes.end,
            ..span
        },
        None => span,
    }
}

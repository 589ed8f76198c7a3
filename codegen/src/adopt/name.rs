//! What an operation is called elsewhere → what it is called here: file name, operation name and tool name are one name.

use std::collections::BTreeSet;

use apollo_compiler::executable::{Operation, Selection};

use crate::name;

/// Names that consoles and generators give, and that say nothing.
const GENERIC: &[&str] = &["query", "mutation", "my_query", "my_mutation", "anonymous", "unnamed"];

/// The most characters of a tool's name, less those of a number behind it.
const LENGTH_MAX: usize = 60;

/// Hands out the names of tools, each once.
pub(super) struct Names {
    taken: BTreeSet<String>,
}

/// An operation's new name.
pub(super) struct Named {
    pub(super) operation: String,
    /// The tool's name, which is its file's.
    pub(super) tool: String,
    /// Why it is not the one that it had.
    pub(super) assumption: Option<String>,
}

impl Names {
    /// Begins with the names of tools that there are.
    pub(super) fn with(taken: impl Iterator<Item = String>) -> Self {
        Self { taken: taken.collect() }
    }

    /// Whether a tool has the name already.
    fn has(&self, operation: &str) -> bool {
        self.taken.contains(&name::tool(operation))
    }

    /// Names an operation: as it is called, or after its root field, or after its file; with a number if need be.
    /// `file` is the file's stem, where the file holds nothing but this operation.
    pub(super) fn take(&mut self, operation: &Operation, file: Option<&str>) -> Named {
        let own = operation.name.as_ref().map(ToString::to_string);
        let candidates = candidates(operation, file);
        let free = candidates.iter().find(|candidate| !self.has(candidate)).cloned();
        let named = free.unwrap_or_else(|| self.numbered(candidates.first().map_or("Operation", String::as_str)));
        let tool = name::tool(&named);
        self.taken.insert(tool.clone());
        let assumption = match own {
            Some(own) if own == named => None,
            Some(own) if shortened(&own) == named => {
                Some(format!("named `{named}`: `{own}` is too long for a tool's name"))
            }
            Some(own) if !is_usable(&shortened(&own)) => Some(format!(
                "named `{named}`: `{own}` says nothing, or can't be a tool's name"
            )),
            Some(own) => Some(format!("named `{named}`: another operation has the name `{own}`")),
            None => Some(format!("named `{named}`: it had no name")),
        };
        Named {
            operation: named,
            tool,
            assumption,
        }
    }

    fn numbered(&self, stem: &str) -> String {
        let numbered = (2_u32..).map(|number| format!("{stem}{number}"));
        let mut free = numbered.filter(|name| !self.has(name));
        free.next().unwrap_or_else(|| stem.to_owned())
    }
}

/// Returns the name of the tool that an operation makes by the author's own name for it, if that says something.
pub(super) fn given(operation: &Operation) -> Option<String> {
    let own = own(operation)?;
    is_usable(&own).then(|| name::tool(&own))
}

/// Returns the author's name for an operation, shortened if it is too long for a tool's.
fn own(operation: &Operation) -> Option<String> {
    operation.name.as_ref().map(|own| shortened(own))
}

fn candidates(operation: &Operation, file: Option<&str>) -> Vec<String> {
    let roots: Vec<_> = operation
        .selection_set
        .selections
        .iter()
        .filter_map(root_field)
        .filter(|name| *name != "__typename")
        .collect();
    let only = roots.first().filter(|_| roots.len() == 1).copied();
    let all = [
        own(operation),
        only.map(pascal),
        file.map(pascal),
        Some(pascal(&roots.join("_"))),
    ];
    all.into_iter().flatten().filter(|name| is_usable(name)).collect()
}

/// Returns a name with as many of its words as a tool's name has room for.
fn shortened(operation: &str) -> String {
    let tool = name::tool(operation);
    if tool.len() <= LENGTH_MAX {
        return operation.to_owned();
    }
    let start: String = tool.chars().take(LENGTH_MAX + 1).collect();
    let words = start.rsplit_once('_').map_or(start.as_str(), |(words, _)| words);
    name::operation(&words.chars().take(LENGTH_MAX).collect::<String>())
}

/// Whether a name can be a tool's, with room for a number behind it.
fn is_usable(operation: &str) -> bool {
    let tool = name::tool(operation);
    name::is_public(&tool)
        && tool.len() <= LENGTH_MAX
        && !GENERIC.contains(&tool.as_str())
        && !operation.starts_with("__")
}

fn root_field(selection: &Selection) -> Option<&str> {
    match selection {
        Selection::Field(field) => Some(field.name.as_str()),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    }
}

fn pascal(text: &str) -> String {
    let named = name::operation(text);
    // GraphQL's names don't begin with a digit.
    if named.starts_with(|first: char| first.is_ascii_digit()) {
        return shortened(&format!("Q{named}"));
    }
    shortened(&named)
}

/// Returns a tool's name for people: `list_blogs` → `List blogs`.
pub(super) fn title(tool: &str) -> String {
    let text = tool.replace('_', " ");
    let text = text.trim();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => tool.to_owned(),
    }
}

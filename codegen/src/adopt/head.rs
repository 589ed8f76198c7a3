//! An operation's head, written anew: its description, its name, its variables and its directives.

use std::{collections::BTreeMap, fmt::Write as _};

use apollo_compiler::{
    ast::OperationType,
    executable::{Operation, Selection},
};

use super::{
    Candidate,
    bounds::Lists,
    clearing,
    name::{self, Named},
    variable,
};
use crate::{block_string, parse::plain::Plain};

/// A text, and what is assumed in it.
#[derive(Default)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) assumptions: Vec<String>,
}

/// Writes all of an operation that stands in front of its selection. What the author has written of the contract stays.
pub(super) fn head(
    candidate: &Candidate<'_>,
    operation: &Operation,
    named: &Named,
    plain: &Plain,
    lists: &Lists,
) -> Written {
    let mut written = Written::default();
    let start = plain.places.span(candidate.valid.definition.location());
    let described = |at: usize| described(&candidate.file.descriptions, at);
    let text = start.and_then(|start| described(start.bytes.start));
    let text = text.map_or_else(
        || description(operation, named, &mut written.assumptions),
        ToOwned::to_owned,
    );
    written.text = block_string::description(&text, "");
    let _ = write!(written.text, "{} {}", operation.operation_type, named.operation);
    let uses = variable::uses(operation, &candidate.valid.document, &plain.schema);
    let updates = clearing::written(operation);
    let mut variables = String::new();
    for one in &operation.variables {
        let place = plain.places.span(one.name.location());
        let place = place.map(|place| (place.file, place.bytes.start));
        let uses = uses.get(one.name.as_str()).map_or(&[][..], Vec::as_slice);
        // A variable begins with the `$` before its name.
        let text = place.and_then(|(_, at)| described(at.saturating_sub(1)));
        let most = place.and_then(|place| lists.most(place));
        let adopted = variable::adopt(one, uses, &plain.schema, text, most);
        variables.push_str(&adopted.text);
        written.assumptions.extend(adopted.assumptions);
        if updates.contains(&one.name) {
            written.assumptions.extend(clearing::candidate(one, &plain.schema));
        }
    }
    if !variables.is_empty() {
        let _ = write!(written.text, "(\n{variables})");
    }
    for directive in &operation.directives {
        let _ = write!(written.text, " {}", directive.serialize().no_indent());
    }
    if !operation.directives.has("tool") {
        let title = name::title(&named.tool);
        let _ = write!(written.text, " @tool(title: {})", block_string::quoted(&title));
        written.assumptions.push(format!("its title is \"{title}\""));
        if operation.operation_type == OperationType::Mutation {
            let assumption = "it may destroy something, and calling it twice does more than once";
            written.assumptions.push(assumption.to_owned());
        }
    }
    written
}

/// Returns the author's own description of what begins at a byte.
pub(super) fn described(descriptions: &BTreeMap<usize, String>, at: usize) -> Option<&str> {
    let description = descriptions.get(&at).map(String::as_str);
    description.filter(|text| !text.is_empty())
}

/// Makes a description of what the schema says of the root field, or else of names.
fn description(operation: &Operation, named: &Named, assumptions: &mut Vec<String>) -> String {
    let roots = operation
        .selection_set
        .selections
        .iter()
        .filter_map(Selection::as_field)
        .filter(|field| field.name != "__typename");
    let roots: Vec<_> = roots.collect();
    if let [root] = roots.as_slice()
        && let Some(text) = root.definition.description.as_deref()
        && !text.trim().is_empty()
    {
        assumptions.push(format!("its description is the schema's of `{}`", root.name));
        return text.trim().to_owned();
    }
    assumptions.push("its description is made of names: say what it is for".to_owned());
    let fields: Vec<_> = roots.iter().map(|root| format!("`{}`", root.name)).collect();
    let (title, kind) = (name::title(&named.tool), operation.operation_type);
    match fields.as_slice() {
        [] => format!("{title}: a {kind} of the API."),
        [field] => format!("{title}: the API's {kind} {field}."),
        [others @ .., last] => format!("{title}: the API's {kind} of {} and {last}.", others.join(", ")),
    }
}

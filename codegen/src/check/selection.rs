//! Rules on what an operation selects.

use crate::{
    bounds::LIST_MAX,
    diagnostic::Diagnostic,
    model::{Field, Input, List, ListMax, Selection, Shape, Spanned, Tool},
    suggest,
};

/// Nothing is unbounded: a list of objects says how long it can be.
pub(super) fn list_without_a_bound(tool: &Tool) -> Vec<Diagnostic> {
    let unbounded = tool
        .lists
        .iter()
        .filter(|list| list.is_one && !list.of_leaves && list.bounds.is_empty());
    unbounded
        .map(|list| {
            let message = format!("the list `{}` has no bound", list.path.join("."));
            let limit = tool.arguments().find(|variable| variable.name == "limit");
            let help = match limit {
                Some(_) => "add `@list(maxFrom: \"limit\")` or `@list(max: …)` behind it",
                None => "add `@list(max: …)` behind it: the most items that the tool returns",
            };
            Diagnostic::error(list.span.clone(), message, "unbounded list").help(help)
        })
        .collect()
}

pub(super) fn misplaced_list_bound(tool: &Tool) -> Vec<Diagnostic> {
    let misplaced = tool.lists.iter().filter(|list| !list.is_one);
    misplaced
        .map(|list| {
            let message = format!("the field `{}` has a `@list` and is not a list", list.path.join("."));
            Diagnostic::error(list.span.clone(), message, "not a list").help("remove `@list`, or move it to the list")
        })
        .collect()
}

fn bounds(tool: &Tool) -> impl Iterator<Item = (&List, &Spanned<ListMax>)> {
    tool.lists
        .iter()
        .filter(|list| list.is_one)
        .filter_map(|list| Some((list, list.bound()?)))
}

pub(super) fn unclear_list_bound(tool: &Tool) -> Vec<Diagnostic> {
    let unclear = bounds(tool).filter(|(_, bound)| bound.value == ListMax::Unclear);
    unclear
        .map(|(_, bound)| {
            Diagnostic::error(
                bound.span.clone(),
                "`@list` takes one of `max` and `maxFrom`",
                "which one?",
            )
            .help("write `@list(max: 10)`, or `@list(maxFrom: \"limit\")` for the value of `$limit`")
        })
        .collect()
}

/// `maxFrom` names a variable that always has a bounded whole number: at 0 the run time would know no bound.
pub(super) fn list_bound_from_nowhere(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, bound) in bounds(tool) {
        let ListMax::Variable(name) = &bound.value else {
            continue;
        };
        let names = tool.arguments().map(|variable| variable.name.as_str());
        match tool.variables.iter().find(|variable| variable.name == *name) {
            Some(variable) if variable.binding.is_some() => {
                let message = format!("`${name}` is filled in by the server, and does not bound a list");
                let help = format!("write the bound itself: `@list(max: …)`, at most {LIST_MAX}");
                found.push(Diagnostic::error(bound.span.clone(), message, "no bound").help(help));
            }
            None => {
                let message = format!("the operation `{}` has no variable `${name}`", tool.operation);
                let help = suggest::did_you_mean(name, names)
                    .unwrap_or_else(|| "name one of the operation's variables".to_owned());
                found.push(Diagnostic::error(bound.span.clone(), message, "unknown variable").help(help));
            }
            Some(variable) => {
                let bounded = matches!(
                    variable.value.input,
                    Input::Integer { min, max, .. } if min >= 1 && (1..=LIST_MAX).contains(&max)
                );
                if !bounded || variable.can_be_absent() || variable.nullable.is_some() {
                    let message = format!("`${name}` does not bound a list");
                    let help = format!(
                        "declare it as `Int!` with `@range(min: 1, max: …)`, at most {LIST_MAX}, and a default if it may be left out; without `@nullable`"
                    );
                    found.push(Diagnostic::error(bound.span.clone(), message, "no bound").help(help));
                }
            }
        }
    }
    found
}

pub(super) fn misplaced_inner_bound(tool: &Tool) -> Vec<Diagnostic> {
    let flat = tool.lists.iter().filter(|list| list.is_one && !list.of_lists);
    flat.flat_map(|list| list.inner_bounds.iter().map(move |bound| (list, bound)))
        .map(|(list, bound)| {
            let message = format!("there are no lists inside of `{}`", list.path.join("."));
            Diagnostic::error(bound.span.clone(), message, "no inner list").help("remove `inner`")
        })
        .collect()
}

pub(super) fn inner_bound_out_of_range(tool: &Tool) -> Vec<Diagnostic> {
    let inner = tool.lists.iter().flat_map(|list| &list.inner_bounds);
    inner
        .filter(|bound| !(1..=LIST_MAX).contains(&bound.value))
        .map(|bound| {
            let message = format!("an inner list can't be bounded by {}", bound.value);
            Diagnostic::error(bound.span.clone(), message, "out of range")
                .help(format!("choose a number from 1 to {LIST_MAX}"))
        })
        .collect()
}

/// A list that is selected twice, in two fragments say, has one bound.
pub(super) fn conflicting_list_bounds(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for list in &tool.lists {
        let other = list
            .bounds
            .iter()
            .find(|other| list.bound().is_some_and(|bound| bound.value != other.value));
        let inner = list.inner_bounds.iter().find(|bound| bound.value != list.inner_max());
        let spans = other
            .map(|other| &other.span)
            .into_iter()
            .chain(inner.map(|inner| &inner.span));
        found.extend(spans.map(|span| {
            let message = format!("the list `{}` has more than one bound", list.path.join("."));
            Diagnostic::error(span.clone(), message, "another bound").help("write the same `@list` in both places")
        }));
    }
    found
}

pub(super) fn list_bound_out_of_range(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, bound) in bounds(tool) {
        if let ListMax::Items(max) = bound.value
            && !(1..=LIST_MAX).contains(&max)
        {
            let message = format!("a list can't be bounded by {max}");
            found.push(
                Diagnostic::error(bound.span.clone(), message, "out of range")
                    .help(format!("choose a number from 1 to {LIST_MAX}")),
            );
        }
    }
    found
}

/// Without `__typename` nobody can tell which fragment's fields came back.
pub(super) fn missing_typename(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_selection(&tool.data, &mut |selection| {
        if let Shape::ByType {
            typename: false, span, ..
        } = &selection.shape
        {
            let message = format!(
                "a `{}` can be of several types, and `__typename` is not selected",
                selection.graphql_type
            );
            found.push(
                Diagnostic::error(span.clone(), message, "`__typename` missing")
                    .help("add `__typename` to its selection"),
            );
        }
    });
    found
}

/// Of a union's type that nobody asks more of, generated Rust keeps the name and no other key for it.
pub(super) fn aliased_typename(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_selection(&tool.data, &mut |selection| {
        if let Shape::ByType {
            aliased: Some(span), ..
        } = &selection.shape
        {
            let message = format!("`__typename` of the union `{}` has an alias", selection.graphql_type);
            found.push(
                Diagnostic::error(span.clone(), message, "not supported").help("select `__typename` without an alias"),
            );
        }
    });
    found
}

/// What the API says of itself is known to the build; many APIs don't tell it at all.
pub(super) fn introspection(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_field(&tool.data, &mut |field| {
        if field.name.starts_with("__") && field.name != "__typename" {
            let message = format!("`{}` asks for the schema, not for data", field.name);
            found.push(Diagnostic::error(field.span.clone(), message, "introspection").help("remove it"));
        }
    });
    found
}

/// The specification keeps names that begin with two underscores for itself; results have one of their own.
pub(super) fn reserved_alias(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_field(&tool.data, &mut |field| {
        if field.key.starts_with("__") && field.key != field.name {
            let message = format!("the alias `{}` is reserved", field.key);
            found.push(
                Diagnostic::error(field.key_span.clone(), message, "reserved")
                    .help("choose one without `__` at its beginning"),
            );
        }
    });
    found
}

pub(super) fn deprecated_field(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_field(&tool.data, &mut |field| {
        if let Some(reason) = &field.deprecated {
            let message = format!("the field `{}` is deprecated", field.name);
            found.push(Diagnostic::warning(field.span.clone(), message, "deprecated").help(reason.clone()));
        }
    });
    found
}

pub(super) fn each_selection<'a>(selection: &'a Selection, visit: &mut dyn FnMut(&'a Selection)) {
    visit(selection);
    match &selection.shape {
        Shape::Fields(fields) => {
            for field in fields {
                if let Some(selection) = field.ty.nested() {
                    each_selection(selection, visit);
                }
            }
        }
        Shape::ByType { variants, other, .. } => {
            for selection in variants.iter().chain(other.as_deref()) {
                each_selection(selection, visit);
            }
        }
    }
}

pub(super) fn each_field<'a>(selection: &'a Selection, visit: &mut dyn FnMut(&'a Field)) {
    each_selection(selection, &mut |selection| {
        if let Shape::Fields(fields) = &selection.shape {
            fields.iter().for_each(&mut *visit);
        }
    });
}

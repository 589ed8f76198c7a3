//! Rules on names that generated Rust can't hold, whatever they are renamed to.
//!
//! cynic makes a Rust item of every type and field of the schema that is in use and escapes Rust's keywords, but not all.

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Diagnostic, Span},
    model::{Model, OutputType, Shape, Tool},
    name,
};

use super::selection::{each_field, each_selection};

/// A selected field, or the type that it returns, has no possible name.
pub(super) fn impossible_name(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_field(&tool.data, &mut |field| {
        if !name::has_marker(&field.name) {
            found.push(problem(&field.span, "field", &field.name).help("leave it out of the selection"));
        } else if let Some(ty) = types(&field.ty).into_iter().find(|ty| !name::has_type_marker(ty)) {
            found.push(problem(&field.span, "type", ty).help("leave the field out of the selection"));
        }
    });
    found
}

/// Returns the types that a selected field's values can have, as far as they are named.
fn types(ty: &OutputType) -> Vec<&str> {
    match ty {
        OutputType::Nullable(inner) | OutputType::List(inner) => types(inner),
        OutputType::Scalar(name) | OutputType::Enum(name) => vec![name],
        OutputType::Selection(selection) => {
            let variants = match &selection.shape {
                Shape::ByType { variants, .. } => variants.as_slice(),
                Shape::Fields(_) => &[],
            };
            let all = std::iter::once(selection.as_ref()).chain(variants);
            all.map(|selection| selection.graphql_type.as_str()).collect()
        }
        OutputType::Boolean | OutputType::Int | OutputType::Float | OutputType::String => Vec::new(),
    }
}

/// The same in what arguments take: an enum, a scalar or an input object, or a field of one.
pub(super) fn impossible_input_name(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for variable in model.tools.iter().flat_map(|tool| &tool.variables) {
        let ty = variable.ty.inner_named_type();
        if !name::has_type_marker(ty) {
            found.push(problem(&variable.span, "type", ty).help("use another type, or write the value as a literal"));
        }
    }
    for field in model.input_objects.iter().flat_map(|object| &object.fields) {
        let ty = field.ty.inner_named_type();
        let help = "write the input object as a literal in the operation, with a variable for each field";
        if !name::has_marker(&field.name) {
            found.push(problem(&field.span, "field", &field.name).help(help));
        } else if !name::has_type_marker(ty) {
            found.push(problem(&field.span, "type", ty).help(help));
        }
    }
    found
}

/// Of a type's fields `self` and `self_`, cynic makes one and the same.
pub(super) fn twin_names(model: &Model) -> Vec<Diagnostic> {
    let mut selected: BTreeMap<(&str, &str), &Span> = BTreeMap::new();
    for tool in &model.tools {
        each_selection(&tool.data, &mut |selection| {
            let Shape::Fields(fields) = &selection.shape else {
                return;
            };
            for field in fields {
                selected
                    .entry((&selection.graphql_type, &field.name))
                    .or_insert(&field.span);
            }
        });
    }
    let taken = model.input_objects.iter().flat_map(|object| {
        let fields = object.fields.iter();
        fields.map(|field| ((object.name.as_str(), field.name.as_str()), &field.span))
    });
    selected.extend(taken);
    let mut found = Vec::new();
    for ((ty, name), span) in &selected {
        if let Some(twin) = name::twin(name).filter(|twin| selected.contains_key(&(*ty, twin))) {
            let message = format!("the generated Rust can't hold both `{ty}.{twin}` and `{ty}.{name}`");
            let help =
                "leave one of them out of all operations; of an input object, write a literal with variables in it";
            found.push(Diagnostic::error((*span).clone(), message, "impossible in Rust").help(help));
        }
    }
    found
}

fn problem(span: &Span, what: &str, name: &str) -> Diagnostic {
    let message = format!("the generated Rust can't hold a {what} named `{name}`");
    Diagnostic::error(span.clone(), message, "impossible in Rust")
}

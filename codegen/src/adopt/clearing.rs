//! An `update…` mutation → which of its variables, and which fields in them, null may be meant to clear.
//!
//! Null means the same as leaving something out until the contract says `@nullable`, which only the author can decide.
//!
//! Invariant: bounded, whatever holds whatever.

use std::collections::BTreeSet;

use apollo_compiler::{
    Name, Schema,
    ast::{Type, Value, VariableDefinition},
    executable::{Operation, Selection},
};

/// The most fields that are named of one variable.
const NAMED_MAX: usize = 10;

/// Arguments that say when to update, and not what.
const CONDITIONS: &[&str] = &["condition", "filter", "where"];

/// Returns the variables whose values, or parts of them, an update writes.
pub(super) fn written(operation: &Operation) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    if !operation.is_mutation() {
        return names;
    }
    let roots = operation
        .selection_set
        .selections
        .iter()
        .filter_map(Selection::as_field);
    for root in roots.filter(|root| root.name.starts_with("update")) {
        let written = root.arguments.iter();
        for argument in written.filter(|argument| !CONDITIONS.contains(&argument.name.as_str())) {
            add(&argument.value, &mut names);
        }
    }
    names
}

fn add(value: &Value, names: &mut BTreeSet<Name>) {
    match value {
        Value::Variable(name) => {
            names.insert(name.clone());
        }
        Value::Object(fields) => fields.iter().for_each(|(_, value)| add(value, names)),
        _ => {}
    }
}

/// Says what of a variable null may be meant to clear, if the author has not said so.
pub(super) fn candidate(variable: &VariableDefinition, schema: &Schema) -> Option<String> {
    if variable.directives.has("nullable") {
        return None;
    }
    let (name, ty) = (&variable.name, &variable.ty);
    if schema.get_input_object(ty.inner_named_type()).is_none() {
        return is_clearable(name, ty)
            .then(|| format!("null for `${name}` is taken as not given: add `@nullable` if it is to clear something"));
    }
    let mut fields = Vec::new();
    add_fields(ty, "", schema, &mut BTreeSet::new(), &mut fields);
    let named: Vec<_> = fields
        .iter()
        .take(NAMED_MAX)
        .map(|field| format!("`{field}`"))
        .collect();
    let more = match fields.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| {
        format!(
            "null inside of `${name}` is taken as not given: add `@nullable(at: …)` for each field that it is to clear; candidates are {}{more}",
            named.join(", ")
        )
    })
}

/// Adds the fields that can be null, as an `at` names them; those of an input object in which the walk is already are left out.
fn add_fields<'s>(
    ty: &'s Type,
    at: &str,
    schema: &'s Schema,
    around: &mut BTreeSet<&'s str>,
    fields: &mut Vec<String>,
) {
    let ty = ty.inner_named_type();
    let Some(object) = schema.get_input_object(ty) else {
        return;
    };
    if !around.insert(ty.as_str()) {
        return;
    }
    for field in object.fields.values() {
        let at = format!("{at}{}", field.name);
        if is_clearable(&field.name, &field.ty) {
            fields.push(at.clone());
        }
        add_fields(&field.ty, &format!("{at}."), schema, around, fields);
    }
    around.remove(ty.as_str());
}

/// Whether null can be written there, and may mean something: an id names what is updated, and `_version` says which state.
fn is_clearable(name: &Name, ty: &Type) -> bool {
    !ty.is_non_null() && name != "id" && !name.starts_with('_')
}

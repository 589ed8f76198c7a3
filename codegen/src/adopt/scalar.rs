//! Scalars that nobody mapped → `schema/api.local.json` with a mapping for each.

use std::collections::BTreeSet;

use apollo_compiler::{
    executable::{Selection, SelectionSet},
    schema::ExtendedType,
};
use serde_json::{Map, Value, json};

use super::{AdoptedFile, Candidate};
use crate::{SourceFile, SourceKind, Sources, parse::plain::Plain, scalar};

const PATH: &str = "schema/api.local.json";

/// Maps the scalars of the candidates that have no mapping; if there are none, nothing.
pub(super) fn mapping(candidates: &[Candidate<'_>], plain: &Plain, project: &Sources) -> Option<AdoptedFile> {
    let mut types = BTreeSet::new();
    for candidate in candidates {
        types.extend(input_types(candidate, plain));
        for set in candidate
            .executable()
            .map(|operation| &operation.selection_set)
            .into_iter()
            .chain(
                candidate
                    .valid
                    .document
                    .fragments
                    .values()
                    .map(|fragment| &fragment.selection_set),
            )
        {
            outputs(set, &mut types);
        }
    }
    let is_unknown =
        |name: &&String| plain.schema.get_scalar(name).is_some() && scalar::wire(name, &plain.api.local).is_none();
    let unknown: Vec<_> = types.iter().filter(is_unknown).collect();
    if unknown.is_empty() {
        return None;
    }
    let known = project.of(SourceKind::ApiLocal).next();
    let mut local: Map<String, Value> = known
        .and_then(|(_, file)| serde_json::from_str(&file.text).ok())
        .unwrap_or_default();
    let scalars = local.entry("scalars").or_insert_with(|| json!({}));
    if let Some(scalars) = scalars.as_object_mut() {
        scalars.extend(unknown.iter().map(|name| ((*name).clone(), json!("String"))));
    }
    Some(AdoptedFile {
        file: SourceFile {
            path: PATH.to_owned(),
            text: format!("{:#}\n", Value::Object(local)),
            kind: SourceKind::ApiLocal,
        },
        from: "scalars of the schema".to_owned(),
        assumptions: unknown
            .iter()
            .map(|name| format!("the scalar `{name}` is a String on the wire"))
            .collect(),
    })
}

/// Returns the types that an operation's arguments take: those of its variables, and all that they lead to.
pub(super) fn input_types(candidate: &Candidate<'_>, plain: &Plain) -> BTreeSet<String> {
    let variables = &candidate.valid.definition.variables;
    let mut wanted: Vec<_> = variables
        .iter()
        .map(|variable| variable.ty.inner_named_type().to_string())
        .collect();
    let mut types = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        if let Some(ExtendedType::InputObject(object)) = plain.schema.types.get(name.as_str())
            && !types.contains(&name)
        {
            let fields = object.fields.values();
            wanted.extend(fields.map(|field| field.ty.inner_named_type().to_string()));
        }
        types.insert(name);
    }
    types
}

fn outputs(set: &SelectionSet, types: &mut BTreeSet<String>) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                types.insert(field.definition.ty.inner_named_type().to_string());
                outputs(&field.selection_set, types);
            }
            Selection::InlineFragment(fragment) => outputs(&fragment.selection_set, types),
            Selection::FragmentSpread(_) => {}
        }
    }
}

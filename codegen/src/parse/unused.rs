//! A shared fragment that no operation uses → what is wrong in it all the same.
//!
//! The parser's validation begins at operations. So one is made up that selects nothing but the fragment, for a schema whose
//! query type is the fragment's type.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{
    Schema,
    ast::{Definition, Document},
    diagnostic::ToCliReport as _,
    schema::ComponentName,
    validation::Valid,
};

use super::{
    Places,
    fragment::{SharedFragment, add_shared},
    size,
    translate::translate,
};
use crate::{diagnostic::Diagnostic, help, source::Sources};

pub(super) fn problems(
    name: &str,
    fragment: &SharedFragment,
    fragments: &BTreeMap<String, SharedFragment>,
    schema: &Valid<Schema>,
    places: &Places,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let Ok(mut document) = Document::parse(format!("query Unused {{ ...{name} }}"), "unused.graphql") else {
        return Vec::new();
    };
    add_shared(&mut document, fragments, &BTreeSet::new());
    let span = fragment.definition.name().and_then(|name| places.span(name.location()));
    if let Some(diagnostic) = span.and_then(|span| size::too_large(&document, &span)) {
        return vec![diagnostic];
    }
    let Err(failed) = document.to_executable_validate(&rooted(schema, &fragment.definition)) else {
        return Vec::new();
    };
    let names: Vec<&str> = fragments.keys().map(String::as_str).collect();
    let known = help::Known {
        schema,
        fragments: &names,
        variables: &[],
        suggests: true,
    };
    let found = failed.errors.iter().filter(|found| {
        // Which variables there are says the operation; what stands in it has no place.
        found.error.unstable_error_name() != Some("UndefinedVariable") && places.span(found.error.location()).is_some()
    });
    found
        .filter_map(|found| translate(&found, places, &known, 0, sources))
        .collect()
}

/// Returns the schema with a fragment's type for its query type.
fn rooted(schema: &Valid<Schema>, fragment: &Definition) -> Valid<Schema> {
    let mut schema = schema.clone().into_inner();
    if let Definition::FragmentDefinition(fragment) = fragment
        && schema.types.contains_key(&fragment.type_condition)
    {
        let root = ComponentName::from(fragment.type_condition.clone());
        schema.schema_definition.make_mut().query = Some(root);
    }
    Valid::assume_valid(schema)
}

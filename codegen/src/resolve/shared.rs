//! The schema → the Rust names of the types that operations share.
//!
//! Invariant: a name depends on the schema alone, not on what is in use, and none is handed out twice.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{Schema, schema::ExtendedType};

use super::RESERVED;
use crate::name::{self, Scope};

/// The names, by GraphQL name.
pub(super) struct SharedNames {
    /// Input objects, scalars, and enums where they are results.
    types: BTreeMap<String, String>,
    /// Enums where they are arguments.
    input_enums: BTreeMap<String, String>,
    /// What an operation's own types begin with: these names and those that the emitted code uses are taken.
    pub(super) scope: Scope,
}

impl SharedNames {
    pub(super) fn new(schema: &Schema) -> Self {
        let mut scope = Scope::with(RESERVED);
        let mut handed = |kind: fn(&ExtendedType) -> bool, rust_name: fn(&str) -> String| {
            let of_kind = schema.types.iter().filter(|(_, definition)| kind(definition));
            let names: BTreeSet<_> = of_kind
                .map(|(name, _)| name.to_string())
                .filter(|name| !name.starts_with("__"))
                .collect();
            let handed_out = names.into_iter().map(|name| {
                let rust_name = scope.take(&rust_name(&name));
                (name, rust_name)
            });
            handed_out.collect::<BTreeMap<_, _>>()
        };
        let mut types = handed(ExtendedType::is_input_object, name::pascal);
        types.extend(handed(ExtendedType::is_scalar, name::pascal));
        let input_enums = handed(ExtendedType::is_enum, name::input_enum);
        types.extend(handed(ExtendedType::is_enum, name::pascal));
        Self {
            types,
            input_enums,
            scope,
        }
    }

    /// Returns the name of an input object, a scalar, or an enum in a result.
    pub(super) fn of_type(&self, name: &str) -> String {
        self.types.get(name).cloned().unwrap_or_else(|| name::pascal(name))
    }

    /// Returns the name of an enum that is an argument.
    pub(super) fn of_input_enum(&self, name: &str) -> String {
        self.input_enums
            .get(name)
            .cloned()
            .unwrap_or_else(|| name::input_enum(name))
    }
}

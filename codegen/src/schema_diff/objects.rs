//! An abstract type → the object types that its values can have.

use std::collections::{BTreeSet, HashMap};

use apollo_compiler::{
    Name, Schema,
    schema::{ExtendedType, Implementers},
};

/// The object types that a value of an abstract type can have, by its name.
pub(super) struct Objects {
    implementers: HashMap<Name, Implementers>,
}

impl Objects {
    pub(super) fn new(schema: &Schema) -> Self {
        Self {
            implementers: schema.implementers_map().into_iter().collect(),
        }
    }

    pub(super) fn of(&self, schema: &Schema, ty: &Name) -> BTreeSet<Name> {
        match schema.types.get(ty) {
            Some(ExtendedType::Object(_)) => BTreeSet::from([ty.clone()]),
            Some(ExtendedType::Interface(_)) => {
                let found = self.implementers.get(ty);
                found
                    .map(|found| found.objects.iter().cloned().collect())
                    .unwrap_or_default()
            }
            Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.name.clone()).collect(),
            _ => BTreeSet::new(),
        }
    }
}

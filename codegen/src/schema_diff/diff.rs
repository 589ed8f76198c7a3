//! What is compared, and what has been found.

use std::collections::BTreeSet;

use apollo_compiler::{Name, Schema, validation::Valid};

use super::{
    ChangeClass, SchemaChange, access,
    objects::Objects,
    usage::{Tool, Usage},
};
use crate::{api::Facts, parse::loose::Loose, source::Sources};

/// One of the two APIs.
pub(super) struct Side {
    pub(super) schema: Valid<Schema>,
    pub(super) facts: Option<Facts>,
    pub(super) objects: Objects,
}

impl Side {
    pub(super) fn of((schema, facts): (Valid<Schema>, Option<Facts>)) -> Self {
        let objects = Objects::new(&schema);
        Self { schema, facts, objects }
    }

    /// Returns the object types that a value of a type can have.
    pub(super) fn objects(&self, ty: &Name) -> BTreeSet<Name> {
        self.objects.of(&self.schema, ty)
    }
}

/// The comparison.
pub(super) struct Diff<'a> {
    pub(super) old: &'a Side,
    pub(super) new: &'a Side,
    pub(super) usage: Usage,
    found: Vec<SchemaChange>,
}

impl<'a> Diff<'a> {
    pub(super) fn new(old: &'a Side, new: &'a Side, sources: &Sources, operations: &Loose) -> Self {
        let mut usage = Usage::new(operations, sources, &old.schema, &old.objects);
        for tool in &mut usage.tools {
            tool.modes = access::reach(tool, &old.schema, old.facts.as_ref());
        }
        Self {
            old,
            new,
            usage,
            found: Vec::new(),
        }
    }

    /// Adds a change that touches the tools of which `touches` holds.
    pub(super) fn tell(
        &mut self,
        class: ChangeClass,
        kind: &'static str,
        coordinate: impl Into<String>,
        message: String,
        touches: impl Fn(&Tool) -> bool,
    ) {
        self.found.push(SchemaChange {
            class,
            kind,
            coordinate: coordinate.into(),
            message,
            operations: self.usage.tools(touches),
        });
    }

    /// Whether something has been found that may break a tool.
    pub(super) fn breaks(&self, tool: &str) -> bool {
        let mut breaking = self.found.iter().filter(|change| change.class == ChangeClass::Breaking);
        breaking.any(|change| change.operations.iter().any(|name| name == tool))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn sorted(mut self) -> Vec<SchemaChange> {
        self.found.sort_by(|a, b| {
            let key = |one: &SchemaChange| (one.class, one.coordinate.clone(), one.kind, one.message.clone());
            key(a).cmp(&key(b))
        });
        self.found
    }
}

/// A change that touches no tool.
pub(super) fn nobody(_: &Tool) -> bool {
    false
}

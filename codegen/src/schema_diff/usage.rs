//! The operations → what each of them uses of the old schema.
//!
//! Read leniently: what the schema does not have is passed over, down from there.
//! Invariant: what is used by way of a fragment, an abstract type or a variable's input object is used.

mod walk;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Argument, DirectiveLocation, OperationType, Value, VariableDefinition},
};

use super::{
    given::{Given, ObjectGiven},
    objects::Objects,
};
use crate::{api::Mode, parse::loose, source::Sources};

/// What each tool uses.
pub(super) struct Usage {
    pub(super) tools: Vec<Tool>,
}

/// What a tool uses.
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) operation_type: OperationType,
    pub(super) variables: BTreeMap<Name, Node<VariableDefinition>>,
    /// Fields by their types and names: those that are selected, those that a value of a selected interface can be asked
    /// for, and those of the interfaces that say the same.
    pub(super) fields: BTreeMap<(Name, Name), Selected>,
    /// The arguments of each selection of a field, by the same names.
    calls: BTreeMap<(Name, Name), Vec<Vec<Node<Argument>>>>,
    /// Each fragment's type condition, behind the type that it stands in.
    pub(super) spreads: BTreeSet<(Name, Name)>,
    /// How input objects are given.
    pub(super) objects: BTreeMap<Name, Vec<ObjectGiven>>,
    /// Types that are named, and those of what is selected and given. The root types only if they are named.
    types: BTreeSet<Name>,
    /// Enum values that are written.
    values: BTreeSet<(Name, Name)>,
    /// Enums of which any value may be sent.
    sent: BTreeSet<Name>,
    /// Types whose values are selected.
    pub(super) read: BTreeSet<Name>,
    /// The authorization modes that it can be called in; filled in from the rest.
    pub(super) modes: BTreeSet<Mode>,
    /// Directives that are sent.
    pub(super) directives: Vec<(Name, DirectiveLocation, Vec<Node<Argument>>)>,
}

/// How a field is selected.
#[derive(Default)]
pub(super) struct Selected {
    /// The types whose selections name it.
    pub(super) of: BTreeSet<Name>,
    /// Whether it is this type's field that is selected, and not only one of a type that implements it.
    pub(super) is_reached: bool,
}

impl Usage {
    /// Reads all operations.
    pub(super) fn new(sources: &Sources, schema: &Schema, objects: &Objects) -> Self {
        let loose = loose::operations(sources);
        let tools = loose.operations.iter().filter_map(|(file, operation)| {
            // A file's own fragments are meant before those that are shared.
            let mut fragments: HashMap<_, _> = loose.fragments.iter().map(|(_, one)| (&one.name, one)).collect();
            let own = loose.fragments.iter().filter(|(of, _)| of == file);
            fragments.extend(own.map(|(_, one)| (&one.name, one)));
            let name = sources.files.get(*file)?.stem().to_owned();
            Some(walk::tool(name, operation, &fragments, schema, objects))
        });
        Self { tools: tools.collect() }
    }

    /// Returns the names of the tools of which something holds, sorted.
    pub(super) fn tools(&self, holds: impl Fn(&Tool) -> bool) -> Vec<String> {
        let names: BTreeSet<_> = self
            .tools
            .iter()
            .filter(|tool| holds(tool))
            .map(|tool| &tool.name)
            .collect();
        names.into_iter().cloned().collect()
    }
}

impl Tool {
    fn new(name: String, operation_type: OperationType) -> Self {
        Self {
            name,
            operation_type,
            variables: BTreeMap::new(),
            fields: BTreeMap::new(),
            calls: BTreeMap::new(),
            spreads: BTreeSet::new(),
            objects: BTreeMap::new(),
            types: BTreeSet::new(),
            values: BTreeSet::new(),
            sent: BTreeSet::new(),
            read: BTreeSet::new(),
            modes: BTreeSet::new(),
            directives: Vec::new(),
        }
    }

    /// Whether a type is named by the operation, or is that of something that it selects or gives.
    pub(super) fn uses_type(&self, ty: &Name) -> bool {
        self.types.contains(ty)
    }

    /// Whether a field is selected, of this type or of an interface that a value of it has.
    pub(super) fn selects(&self, ty: &Name, field: &Name) -> bool {
        let found = self.fields.get(&(ty.clone(), field.clone()));
        found.is_some_and(|found| found.is_reached)
    }

    /// Whether some field of a type is selected.
    pub(super) fn selects_of(&self, ty: &Name) -> bool {
        self.fields.iter().any(|((of, _), found)| of == ty && found.is_reached)
    }

    /// Whether an argument is given somewhere, in a way of which something holds; left out is a way too.
    pub(super) fn gives(&self, ty: &Name, field: &Name, argument: &Name, holds: impl Fn(&Given) -> bool) -> bool {
        let calls = self.calls.get(&(ty.clone(), field.clone())).into_iter().flatten();
        calls
            .map(|arguments| {
                let found = arguments.iter().find(|one| one.name == *argument);
                Given::of(found.map(|one| &one.value), &self.variables)
            })
            .any(|given| holds(&given))
    }

    /// Whether an input field is given somewhere, in a way of which something holds; left out is a way too.
    pub(super) fn gives_in(&self, ty: &Name, field: &Name, holds: impl Fn(&Given) -> bool) -> bool {
        let objects = self.objects.get(ty).into_iter().flatten();
        objects
            .map(|object| object.field(field, &self.variables))
            .any(|given| holds(&given))
    }

    /// Whether a directive's argument is given somewhere, in a way of which something holds; left out is a way too.
    pub(super) fn gives_to_directive(&self, directive: &Name, argument: &Name, holds: impl Fn(&Given) -> bool) -> bool {
        let uses = self.directives.iter().filter(|(name, ..)| name == directive);
        uses.map(|(_, _, arguments)| {
            let found = arguments.iter().find(|one| one.name == *argument);
            Given::of(found.map(|one| &one.value), &self.variables)
        })
        .any(|given| holds(&given))
    }

    /// Whether an enum's value may be sent.
    pub(super) fn sends(&self, ty: &Name, value: &Name) -> bool {
        self.sent.contains(ty) || self.values.contains(&(ty.clone(), value.clone()))
    }

    fn call(&mut self, ty: &Name, field: &Name, arguments: &[Node<Argument>]) {
        let calls = self.calls.entry((ty.clone(), field.clone())).or_default();
        calls.push(arguments.to_vec());
    }

    fn write(&mut self, ty: &Name, value: &Value) {
        if let Value::Enum(value) = value {
            self.values.insert((ty.clone(), value.clone()));
        }
    }
}

//! One operation → what it uses.

use std::collections::{BTreeSet, HashMap};

use apollo_compiler::{
    Name, Node, Schema,
    ast::{
        Argument, Directive, DirectiveLocation, Field, FragmentDefinition, OperationDefinition, OperationType,
        Selection, Type, Value,
    },
    schema::ExtendedType,
};

use super::{Selected, Tool};
use crate::{
    help,
    schema_diff::{given::ObjectGiven, objects::Objects},
};

pub(super) fn tool(
    name: String,
    operation: &OperationDefinition,
    fragments: &HashMap<&Name, &Node<FragmentDefinition>>,
    schema: &Schema,
    objects: &Objects,
) -> Tool {
    let mut walk = Walk {
        schema,
        objects,
        fragments,
        seen: BTreeSet::new(),
        contract: help::contract_directives(),
        tool: Tool::new(name, operation.operation_type),
    };
    for variable in &operation.variables {
        walk.tool.variables.insert(variable.name.clone(), variable.clone());
        walk.whole(variable.ty.inner_named_type());
        walk.directives(&variable.directives, DirectiveLocation::VariableDefinition);
    }
    walk.directives(
        &operation.directives,
        match operation.operation_type {
            OperationType::Query => DirectiveLocation::Query,
            OperationType::Mutation => DirectiveLocation::Mutation,
            OperationType::Subscription => DirectiveLocation::Subscription,
        },
    );
    if let Some(root) = schema.root_operation(operation.operation_type) {
        walk.selections(&operation.selection_set, root, &BTreeSet::from([root.clone()]));
    }
    walk.tool
}

struct Walk<'a> {
    schema: &'a Schema,
    objects: &'a Objects,
    fragments: &'a HashMap<&'a Name, &'a Node<FragmentDefinition>>,
    /// Fragments that were gone through, with the types that values could have there: once says all.
    seen: BTreeSet<(Name, BTreeSet<Name>)>,
    contract: Vec<&'static str>,
    tool: Tool,
}

impl Walk<'_> {
    /// Goes through what is selected of values whose type is `parent`, and can be any of `possible`.
    fn selections(&mut self, set: &[Selection], parent: &Name, possible: &BTreeSet<Name>) {
        for selection in set {
            match selection {
                Selection::Field(field) => {
                    self.directives(&field.directives, DirectiveLocation::Field);
                    self.field(field, parent, possible);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives, DirectiveLocation::InlineFragment);
                    let condition = fragment.type_condition.as_ref();
                    self.fragment(&fragment.selection_set, condition, parent, possible);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives, DirectiveLocation::FragmentSpread);
                    let Some(fragment) = self.fragments.get(&spread.fragment_name) else {
                        continue;
                    };
                    let condition = &fragment.type_condition;
                    self.tool.spreads.insert((parent.clone(), condition.clone()));
                    if self.seen.insert((fragment.name.clone(), possible.clone())) {
                        self.directives(&fragment.directives, DirectiveLocation::FragmentDefinition);
                        self.fragment(&fragment.selection_set, Some(condition), parent, possible);
                    }
                }
            }
        }
    }

    fn fragment(&mut self, set: &[Selection], condition: Option<&Name>, parent: &Name, possible: &BTreeSet<Name>) {
        let Some(condition) = condition else {
            return self.selections(set, parent, possible);
        };
        self.tool.types.insert(condition.clone());
        self.tool.spreads.insert((parent.clone(), condition.clone()));
        let narrowed = self.objects.of(self.schema, condition);
        let narrowed = narrowed.intersection(possible).cloned().collect();
        self.selections(set, condition, &narrowed);
    }

    fn field(&mut self, field: &Field, parent: &Name, possible: &BTreeSet<Name>) {
        if field.name.starts_with("__") {
            return;
        }
        let reached: BTreeSet<_> = possible.iter().chain([parent]).collect();
        for ty in &reached {
            let key = ((*ty).clone(), field.name.clone());
            let selected: &mut Selected = self.tool.fields.entry(key).or_default();
            selected.is_reached = true;
            selected.of.insert(parent.clone());
            self.tool.call(ty, &field.name, &field.arguments);
        }
        for interface in self.interfaces(parent).into_iter().filter(|one| !reached.contains(one)) {
            if self.schema.type_field(&interface, &field.name).is_ok() {
                let selected = self.tool.fields.entry((interface, field.name.clone())).or_default();
                selected.of.insert(parent.clone());
            }
        }
        let Ok(definition) = self.schema.type_field(parent, &field.name) else {
            return;
        };
        for argument in &field.arguments {
            if let Some(declared) = definition.argument_by_name(&argument.name) {
                self.given(&declared.ty, &argument.value);
            }
        }
        let ty = definition.ty.inner_named_type();
        self.tool.types.insert(ty.clone());
        self.tool.read.insert(ty.clone());
        let possible = self.objects.of(self.schema, ty);
        self.selections(&field.selection_set, ty, &possible);
    }

    fn interfaces(&self, ty: &Name) -> BTreeSet<Name> {
        let interfaces = match self.schema.types.get(ty) {
            Some(ExtendedType::Object(object)) => &object.implements_interfaces,
            Some(ExtendedType::Interface(interface)) => &interface.implements_interfaces,
            _ => return BTreeSet::new(),
        };
        interfaces.iter().map(|interface| interface.name.clone()).collect()
    }

    /// Goes through a value that is written. What a variable gives is told by its own type.
    fn given(&mut self, ty: &Type, value: &Value) {
        let name = ty.inner_named_type();
        match value {
            Value::Variable(_) | Value::Null => {}
            Value::List(items) => items.iter().for_each(|item| self.given(ty, item)),
            Value::Object(given) => {
                self.tool.types.insert(name.clone());
                let Some(object) = self.schema.get_input_object(name) else {
                    return;
                };
                let objects = self.tool.objects.entry(name.clone()).or_default();
                objects.push(ObjectGiven::Literal(given.clone()));
                for (field, value) in given {
                    if let Some(field) = object.fields.get(field) {
                        self.given(&field.ty, value);
                    }
                }
            }
            value => {
                self.tool.types.insert(name.clone());
                self.tool.write(name, value);
            }
        }
    }

    /// A variable gives all that its type lets through.
    fn whole(&mut self, ty: &Name) {
        let mut wanted = vec![ty];
        let mut seen = BTreeSet::new();
        while let Some(ty) = wanted.pop() {
            if !seen.insert(ty) {
                continue;
            }
            self.tool.types.insert(ty.clone());
            self.tool.sent.insert(ty.clone());
            if let Some(object) = self.schema.get_input_object(ty) {
                let objects = self.tool.objects.entry(ty.clone()).or_default();
                objects.push(ObjectGiven::Whole);
                wanted.extend(object.fields.values().map(|field| field.ty.inner_named_type()));
            }
        }
    }

    /// The contract's own directives are not sent.
    fn directives(&mut self, directives: &[Node<Directive>], location: DirectiveLocation) {
        for directive in directives {
            if self.contract.contains(&directive.name.as_str()) {
                continue;
            }
            let arguments: Vec<Node<Argument>> = directive.arguments.clone();
            if let Some(definition) = self.schema.directive_definitions.get(&directive.name) {
                for argument in &arguments {
                    if let Some(declared) = definition.argument_by_name(&argument.name) {
                        self.given(&declared.ty, &argument.value);
                    }
                }
            }
            self.tool.directives.push((directive.name.clone(), location, arguments));
        }
    }
}

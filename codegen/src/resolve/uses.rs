//! An operation → what of the schema it stands on: each field that it selects, each argument that it gives, each condition of
//! its fragments, and what its variables and literals can hold.
//!
//! A run time compares this with the schema that the API has by then. Types of what is given are those of the values, and not
//! those that the schema asks for: a variable's own, and of a literal the strictest that it fits.

use std::collections::BTreeSet;

use apollo_compiler::{
    ExecutableDocument, Node, Schema,
    ast::{Argument, Type, Value, VariableDefinition},
    executable::{Field, Operation, Selection, SelectionSet},
};

use crate::model::{Given, UsedField, Uses};

/// Collects the uses of an operation and its fragments.
pub(super) fn uses(operation: &Operation, document: &ExecutableDocument, schema: &Schema) -> Uses {
    let mut walk = Walk {
        operation,
        document,
        schema,
        fragments: BTreeSet::new(),
        uses: Uses {
            root: operation.object_type().to_string(),
            ..Uses::default()
        },
    };
    walk.selection_set(&operation.selection_set);
    for variable in &operation.variables {
        walk.input(&variable.ty);
    }
    walk.uses
}

struct Walk<'a> {
    operation: &'a Operation,
    document: &'a ExecutableDocument,
    schema: &'a Schema,
    /// Those that were walked.
    fragments: BTreeSet<&'a str>,
    uses: Uses,
}

impl<'a> Walk<'a> {
    fn selection_set(&mut self, set: &'a SelectionSet) {
        self.uses.fields.entry(set.ty.to_string()).or_default();
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => self.field(&set.ty, field),
                Selection::FragmentSpread(spread) => {
                    let name = spread.fragment_name.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else {
                        continue;
                    };
                    self.condition(&set.ty, fragment.type_condition());
                    if self.fragments.insert(name) {
                        self.selection_set(&fragment.selection_set);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    if let Some(condition) = &fragment.type_condition {
                        self.condition(&set.ty, condition);
                    }
                    self.selection_set(&fragment.selection_set);
                }
            }
        }
    }

    fn condition(&mut self, of: &str, on: &str) {
        if of != on {
            self.uses.conditions.insert((of.to_owned(), on.to_owned()));
        }
    }

    fn field(&mut self, of: &str, field: &'a Field) {
        if !field.name.starts_with("__") {
            let used = UsedField {
                name: field.name.to_string(),
                ty: field.definition.ty.to_string(),
                arguments: self.arguments(&field.arguments, field),
            };
            self.uses.fields.entry(of.to_owned()).or_default().insert(used);
        }
        if !field.selection_set.selections.is_empty() {
            self.selection_set(&field.selection_set);
        }
    }

    fn arguments(&mut self, arguments: &[Node<Argument>], field: &Field) -> Vec<Given> {
        let mut given: Vec<_> = arguments
            .iter()
            .filter_map(|argument| {
                let ty = &field.definition.argument_by_name(&argument.name)?.ty;
                self.literal(&argument.value, ty);
                Some(self.given(&argument.name, &argument.value, ty))
            })
            .collect();
        given.sort();
        given
    }

    fn given(&self, name: &str, value: &Value, expected: &Type) -> Given {
        Given {
            name: name.to_owned(),
            ty: self.type_of(value, expected).to_string(),
            is_variable: value.as_variable().is_some(),
        }
    }

    fn variable(&self, name: &str) -> Option<&'a VariableDefinition> {
        let mut variables = self.operation.variables.iter().map(AsRef::as_ref);
        variables.find(|variable| variable.name == name)
    }

    /// Returns the strictest type that a value surely has where `expected` is asked for.
    fn type_of(&self, value: &Value, expected: &Type) -> Type {
        match value {
            Value::Variable(name) => {
                let variable = self.variable(name);
                let ty = variable.map_or(expected, |variable| variable.ty.as_ref()).clone();
                match variable.and_then(|variable| variable.default_value.as_ref()) {
                    Some(default) if !default.is_null() => ty.non_null(),
                    _ => ty,
                }
            }
            Value::Null => expected.clone().nullable(),
            Value::List(items) if expected.is_list() => self.list_of(items.iter().map(AsRef::as_ref), expected),
            // A value stands for a list of its own.
            value if expected.is_list() => self.list_of([value], expected),
            // It goes with the last of its fields.
            value if !expected.is_non_null() && self.can_be_absent(value) => expected.clone(),
            _ => expected.clone().non_null(),
        }
    }

    /// Says whether a call can be without the value. Of an object, all fields can go, and the author wrote some.
    fn can_be_absent(&self, value: &Value) -> bool {
        match value {
            Value::Variable(name) => {
                let variable = self.variable(name);
                variable.is_some_and(|variable| !variable.ty.is_non_null() && variable.default_value.is_none())
            }
            Value::Object(fields) => !fields.is_empty() && fields.iter().all(|(_, value)| self.can_be_absent(value)),
            _ => false,
        }
    }

    fn list_of<'v>(&self, items: impl IntoIterator<Item = &'v Value>, expected: &Type) -> Type {
        let item = expected.item_type();
        let is_sure = |value: &Value| self.type_of(value, item).is_non_null();
        let item = if items.into_iter().all(is_sure) {
            item.clone().non_null()
        } else {
            item.clone().nullable()
        };
        item.list().non_null()
    }

    /// Collects what a literal is made of. Variables in it are collected as variables.
    fn literal(&mut self, value: &Value, expected: &Type) {
        let name = expected.inner_named_type();
        match value {
            Value::Enum(value) if self.schema.get_enum(name).is_some() => {
                let values = self.uses.values.entry(name.to_string()).or_default();
                values.insert(value.to_string());
            }
            Value::List(items) => {
                for item in items {
                    self.literal(item, expected.item_type());
                }
            }
            Value::Object(fields) => {
                let Some(object) = self.schema.get_input_object(name) else {
                    return;
                };
                let mut given = Vec::new();
                for (name, value) in fields {
                    if let Some(field) = object.fields.get(name) {
                        self.literal(value, &field.ty);
                        given.push(self.given(name, value, &field.ty));
                    }
                }
                given.sort();
                self.uses.literals.insert((name.to_string(), given));
            }
            _ => {}
        }
    }

    /// Collects what a value of an input type can hold.
    fn input(&mut self, ty: &Type) {
        let name = ty.inner_named_type();
        if self.schema.get_enum(name).is_some() {
            self.uses.enums.insert(name.to_string());
        }
        let Some(object) = self.schema.get_input_object(name) else {
            return;
        };
        if self.uses.inputs.insert(name.to_string()) {
            for field in object.fields.values() {
                self.input(&field.ty);
            }
        }
    }
}

//! Literals of input objects with variables in them -> the fields that their types do not have, or ask for.
//!
//! async-graphql looks at a literal only if it knows the value of each variable in it, which validation does not.

use std::convert::Infallible;

use async_graphql::parser::types::{
    BaseType, ExecutableDocument, FieldDefinition, InputValueDefinition, OperationType, Selection, SelectionSet, Type,
    TypeKind,
};
use async_graphql::{Name, Pos, Positioned, ServerError, Value};

use crate::schema::Schema;

/// Returns what is wrong, in async-graphql's words.
pub(crate) fn misfits(schema: &Schema, document: &ExecutableDocument) -> Vec<ServerError> {
    let mut misfits = Misfits {
        schema,
        errors: Vec::new(),
    };
    for (_, operation) in document.operations.iter() {
        let root = match operation.node.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        misfits.selection_set(root, &operation.node.selection_set.node);
    }
    for fragment in document.fragments.values() {
        let on = &fragment.node.type_condition.node.on.node;
        misfits.selection_set(on, &fragment.node.selection_set.node);
    }
    misfits.errors
}

struct Misfits<'a> {
    schema: &'a Schema,
    errors: Vec<ServerError>,
}

impl Misfits<'_> {
    fn selection_set(&mut self, ty: &str, set: &SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let Some(definition) = self.field(ty, &field.node.name.node) else {
                        continue;
                    };
                    for (name, value) in &field.node.arguments {
                        let Some(argument) = find(&definition.arguments, &name.node) else {
                            continue;
                        };
                        // What a variable stands for is `coerce`'s business.
                        let unknown = |_| Ok::<_, Infallible>(Value::Null);
                        let Ok(literal) = value.node.clone().into_const_with(unknown);
                        self.value(&literal, &argument.ty.node, (&name.node, value.pos));
                    }
                    self.selection_set(named(&definition.ty.node), &field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let ty = condition.map_or(ty, |condition| condition.node.on.node.as_str());
                    self.selection_set(ty, &fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&self, ty: &str, name: &str) -> Option<FieldDefinition> {
        let fields = match &self.schema.definition(ty)?.kind {
            TypeKind::Object(object) => &object.fields,
            TypeKind::Interface(interface) => &interface.fields,
            _ => return None,
        };
        let field = fields.iter().find(|field| field.node.name.node == name)?;
        Some(field.node.clone())
    }

    fn value(&mut self, value: &Value, ty: &Type, place: (&Name, Pos)) {
        match (value, &ty.base) {
            (Value::List(items), BaseType::List(item)) => {
                for value in items {
                    self.value(value, item, place);
                }
            }
            (Value::Object(given), _) => {
                let Some(TypeKind::InputObject(object)) = self.schema.definition(named(ty)).map(|found| &found.kind)
                else {
                    return;
                };
                let fields = object.fields.clone();
                let (argument, position) = place;
                let ty = named(ty);
                for (name, value) in given {
                    if let Some(field) = find(&fields, name) {
                        self.value(value, &field.ty.node, place);
                    } else {
                        let message = format!(
                            "Invalid value for argument \"{argument}\", unknown field \"{name}\" of type \"{ty}\""
                        );
                        self.errors.push(ServerError::new(message, Some(position)));
                    }
                }
                for field in fields.iter().map(|field| &field.node) {
                    let name = &field.name.node;
                    let is_required = !field.ty.node.nullable && field.default_value.is_none();
                    if is_required && !given.contains_key(name) {
                        let message = format!(
                            "Invalid value for argument \"{argument}\", field \"{name}\" of type \"{ty}\" is required but not provided"
                        );
                        self.errors.push(ServerError::new(message, Some(position)));
                    }
                }
            }
            _ => {}
        }
    }
}

fn find<'d>(definitions: &'d [Positioned<InputValueDefinition>], name: &str) -> Option<&'d InputValueDefinition> {
    let mut definitions = definitions.iter().map(|definition| &definition.node);
    definitions.find(|definition| definition.name.node == name)
}

/// The name inside of a type.
fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}

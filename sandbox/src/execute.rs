//! A document that passed the validation -> data and errors.
//!
//! This is GraphQL's execution (<https://spec.graphql.org/September2025/#sec-Execution>), one field after the other: collect
//! the fields, ask whether the caller may, coerce the arguments, resolve, complete the value.
//! Invariant: where a field fails there is a null, and where the schema allows none the null goes up to the next place that
//! does. Each failure is one error with its path.

use std::collections::HashMap;

use async_graphql::parser::types::{
    BaseType, Directive, ExecutableDocument, Field, FieldDefinition, FragmentDefinition, OperationDefinition,
    OperationType, Selection, SelectionSet, Type, TypeKind,
};
use async_graphql::{Name, Positioned, Value as ConstValue};
use serde_json::{Map, Value};

use crate::coerce;
use crate::envelope::{Answer, null_error, request_error, resolver_error};
use crate::failure::Failure;
use crate::resolver::{Ctx, resolver};
use crate::schema::Schema;

/// A null at a place that allows none: it is on its way up.
struct Null;

struct Execution<'a> {
    schema: &'a Schema,
    ctx: &'a Ctx<'a>,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: Map<String, Value>,
    /// What introspection told, by the key in the answer.
    told: &'a Value,
    errors: Vec<Value>,
}

/// Runs an operation. `told` is what [`Schema::validate`] told of the schema.
pub(crate) fn execute(
    schema: &Schema,
    ctx: &Ctx<'_>,
    fragments: &HashMap<Name, Positioned<FragmentDefinition>>,
    operation: &OperationDefinition,
    variables: &Map<String, Value>,
    told: &Value,
) -> Answer {
    let variables = match coerce::variables(schema, operation, variables) {
        Ok(variables) => variables,
        Err(misfit) => return Answer::refused(vec![request_error(&misfit.message, &[misfit.position])]),
    };
    let root = match operation.ty {
        OperationType::Mutation => "Mutation",
        _ => "Query",
    };
    let mut execution = Execution {
        schema,
        ctx,
        fragments,
        variables,
        told,
        errors: Vec::new(),
    };
    let data = execution.object(root, &Value::Null, &[&operation.selection_set.node], &mut Vec::new());
    Answer {
        data: data.unwrap_or(Value::Null),
        errors: execution.errors,
    }
}

/// The operation that is meant, and its name.
pub(crate) fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<(Option<&'a str>, &'a OperationDefinition), String> {
    let mut operations = document.operations.iter();
    let chosen = match name {
        None if operations.len() > 1 => {
            return Err("Must provide operation name if query contains multiple operations.".to_owned());
        }
        None => operations.next(),
        Some(name) => operations.find(|(own, _)| own.is_some_and(|own| own == name)),
    };
    let (own, operation) = chosen.ok_or_else(|| format!("Unknown operation named '{}'.", name.unwrap_or_default()))?;
    Ok((own.map(Name::as_str), &operation.node))
}

impl<'a> Execution<'a> {
    fn object(
        &mut self,
        type_name: &str,
        source: &Value,
        sets: &[&'a SelectionSet],
        path: &mut Vec<Value>,
    ) -> Result<Value, Null> {
        let mut fields = Vec::new();
        for set in sets {
            self.collect(type_name, set, &mut fields);
        }
        let mut object = Map::new();
        for (key, fields) in fields {
            path.push(Value::from(key));
            let value = self.field(type_name, source, &fields, path);
            path.pop();
            object.insert(key.to_owned(), value?);
        }
        Ok(Value::Object(object))
    }

    /// The fields of a selection set that apply to the type, by their key in the answer and in the order of the document.
    fn collect(&self, type_name: &str, set: &'a SelectionSet, fields: &mut Vec<(&'a str, Vec<&'a Positioned<Field>>)>) {
        for selection in &set.items {
            if self.is_skipped(selection.node.directives()) {
                continue;
            }
            let (condition, set) = match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    match fields.iter_mut().find(|(other, _)| *other == key) {
                        Some((_, same)) => same.push(field),
                        None => fields.push((key, vec![field])),
                    }
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
                }
                Selection::FragmentSpread(spread) => match self.fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => (Some(&fragment.node.type_condition), &fragment.node.selection_set),
                    None => continue,
                },
            };
            if condition.is_none_or(|condition| self.schema.is_possible(&condition.node.on.node, type_name)) {
                self.collect(type_name, &set.node, fields);
            }
        }
    }

    fn is_skipped(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().any(|directive| {
            let Some(condition) = directive.node.get_argument("if") else {
                return false;
            };
            let Ok(condition) = condition.node.clone().into_const_with(coerce::lookup(&self.variables));
            match directive.node.name.node.as_str() {
                "skip" => condition == ConstValue::Boolean(true),
                "include" => condition == ConstValue::Boolean(false),
                _ => false,
            }
        })
    }

    fn field(
        &mut self,
        type_name: &str,
        source: &Value,
        fields: &[&'a Positioned<Field>],
        path: &mut Vec<Value>,
    ) -> Result<Value, Null> {
        let Some(field) = fields.first() else {
            return Ok(Value::Null);
        };
        let name = field.node.name.node.as_str();
        if name == "__typename" {
            return Ok(Value::from(type_name));
        }
        if matches!(name, "__schema" | "__type") {
            let key = field.node.response_key().node.as_str();
            return Ok(self.told.get(key).cloned().unwrap_or_default());
        }
        let schema = self.schema;
        let Some((type_directives, definition)) = schema.field(type_name, name) else {
            return Ok(Value::Null);
        };
        let resolved = if self
            .ctx
            .identity
            .may_access(type_directives, definition, schema.default_mode)
        {
            self.resolve(type_name, source, definition, &field.node)
        } else {
            Err(Failure::new(
                "Unauthorized",
                format!("Not Authorized to access {name} on type {type_name}"),
            ))
        };
        match resolved {
            Ok(value) => self.complete(&definition.ty.node, value, type_name, fields, path),
            Err(failure) => {
                self.errors.push(resolver_error(&failure, path, field.pos));
                if definition.ty.node.nullable {
                    Ok(Value::Null)
                } else {
                    Err(Null)
                }
            }
        }
    }

    fn resolve(
        &self,
        type_name: &str,
        source: &Value,
        definition: &FieldDefinition,
        field: &Field,
    ) -> Result<Value, Failure> {
        let name = definition.name.node.as_str();
        if self.ctx.faults.fails_at(type_name, name) {
            return Err(Failure::new("Lambda:Unhandled", "Task timed out after 3.00 seconds"));
        }
        if self.ctx.faults.lacks(type_name, name, source) {
            return Ok(Value::Null);
        }
        match resolver(type_name, name) {
            Some(resolver) => {
                let arguments = coerce::arguments(self.schema, definition, field, &self.variables)
                    .map_err(|misfit| Failure::bad_request(misfit.message))?;
                if matches!(type_name, "Query" | "Mutation") {
                    self.ctx.journal.carries_out(self.ctx.entry, name);
                }
                resolver(self.ctx, source, &arguments)
            }
            None => Ok(source.get(name).cloned().unwrap_or_default()),
        }
    }

    fn complete(
        &mut self,
        ty: &Type,
        value: Value,
        parent: &str,
        fields: &[&'a Positioned<Field>],
        path: &mut Vec<Value>,
    ) -> Result<Value, Null> {
        if value.is_null() {
            if !ty.nullable {
                self.errors.push(null_error(&ty.base.to_string(), parent, path));
            }
            return if ty.nullable { Ok(value) } else { Err(Null) };
        }
        let completed = match (&ty.base, value) {
            (BaseType::List(item), Value::Array(values)) => self.list(item, values, parent, fields, path),
            (BaseType::List(_), value) => Ok(value),
            (BaseType::Named(type_name), value) => {
                let object_type = match self.schema.definition(type_name).map(|definition| &definition.kind) {
                    Some(TypeKind::Object(_)) => Some(type_name.as_str()),
                    Some(TypeKind::Interface(_) | TypeKind::Union(_)) => {
                        value.get("__typename").and_then(Value::as_str)
                    }
                    _ => None,
                };
                match object_type {
                    Some(object_type) => {
                        let sets: Vec<_> = fields.iter().map(|field| &field.node.selection_set.node).collect();
                        self.object(object_type, &value, &sets, path)
                    }
                    None => Ok(value),
                }
            }
        };
        if ty.nullable {
            Ok(completed.unwrap_or(Value::Null))
        } else {
            completed
        }
    }

    fn list(
        &mut self,
        item: &Type,
        values: Vec<Value>,
        parent: &str,
        fields: &[&'a Positioned<Field>],
        path: &mut Vec<Value>,
    ) -> Result<Value, Null> {
        let mut completed = Vec::with_capacity(values.len());
        for (index, value) in values.into_iter().enumerate() {
            path.push(Value::from(index));
            let value = self.complete(item, value, parent, fields, path);
            path.pop();
            completed.push(value?);
        }
        Ok(Value::Array(completed))
    }
}

//! Variables and literals -> arguments, in AppSync's way.
//!
//! Invariant: a variable that got no value reaches a resolver as an explicit null wherever it is used
//! (<https://github.com/aws/aws-appsync-community/issues/348>).
//! Invariant: the schema's defaults of arguments and input fields are never filled in
//! (<https://github.com/aws/aws-appsync-community/issues/59>). What is left out of the document stays absent.

use std::convert::Infallible;

use async_graphql::parser::types::{BaseType, Field, FieldDefinition, OperationDefinition, Type, TypeKind};
use async_graphql::{Name, Pos, Value as ConstValue};
use serde_json::{Map, Value};

use crate::schema::{Schema, input_type};

/// A value that does not fit its type.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) message: String,
    pub(crate) position: Pos,
}

/// The values of an operation's variables. One that got none, and has no default, is not among them.
pub(crate) fn variables(
    schema: &Schema,
    operation: &OperationDefinition,
    given: &Map<String, Value>,
) -> Result<Map<String, Value>, Misfit> {
    let mut values = Map::new();
    for definition in &operation.variable_definitions {
        let (name, ty) = (definition.node.name.node.as_str(), &definition.node.var_type.node);
        let misfit = |message| Misfit {
            message,
            position: definition.pos,
        };
        let default = definition
            .node
            .default_value
            .as_ref()
            .map(|default| json(default.node.clone()));
        match given.get(name).or(default.as_ref()) {
            Some(value) => {
                let value = coerce(schema, ty, value, name).map_err(misfit)?;
                values.insert(name.to_owned(), value);
            }
            None if ty.nullable => {}
            None => return Err(misfit(null_for_non_null(name, ty))),
        }
    }
    Ok(values)
}

/// A field's arguments, as its resolver gets them.
pub(crate) fn arguments(
    schema: &Schema,
    definition: &FieldDefinition,
    field: &Field,
    variables: &Map<String, Value>,
) -> Result<Map<String, Value>, Misfit> {
    let mut arguments = Map::new();
    for argument in &definition.arguments {
        let (name, ty) = (argument.node.name.node.as_str(), input_type(&argument.node));
        if let Some(given) = field.get_argument(name) {
            let Ok(value) = given.node.clone().into_const_with(lookup(variables));
            let value = coerce(schema, &ty, &json(value), name).map_err(|message| Misfit {
                message,
                position: given.pos,
            })?;
            arguments.insert(name.to_owned(), value);
        }
    }
    Ok(arguments)
}

/// Looks up variables for a literal; null for one without a value.
pub(crate) fn lookup(variables: &Map<String, Value>) -> impl FnMut(Name) -> Result<ConstValue, Infallible> {
    |name| Ok(ConstValue::from_json(variables.get(name.as_str()).cloned().unwrap_or_default()).unwrap_or_default())
}

fn json(value: ConstValue) -> Value {
    value.into_json().unwrap_or_default()
}

fn coerce(schema: &Schema, ty: &Type, value: &Value, name: &str) -> Result<Value, String> {
    if value.is_null() {
        return if ty.nullable {
            Ok(Value::Null)
        } else {
            Err(null_for_non_null(name, ty))
        };
    }
    match (&ty.base, value) {
        (BaseType::List(item), Value::Array(values)) => values
            .iter()
            .map(|value| coerce(schema, item, value, name))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        // GraphQL takes one value for a list of one.
        (BaseType::List(item), value) => Ok(Value::Array(vec![coerce(schema, item, value, name)?])),
        (BaseType::Named(type_name), value) => coerce_named(schema, type_name, value, name),
    }
}

fn coerce_named(schema: &Schema, type_name: &str, value: &Value, name: &str) -> Result<Value, String> {
    let invalid = |why: &str| Err(format!("Variable '{name}' has an invalid value : {why}"));
    match (schema.definition(type_name).map(|definition| &definition.kind), value) {
        (Some(TypeKind::Enum(definition)), Value::String(given)) => {
            if definition.values.iter().any(|value| value.node.value.node == *given) {
                return Ok(value.clone());
            }
            invalid(&format!(
                "Invalid input for Enum '{type_name}'. No value found for name '{given}'"
            ))
        }
        (Some(TypeKind::InputObject(definition)), Value::Object(given)) => {
            if !given
                .keys()
                .all(|key| definition.fields.iter().any(|field| field.node.name.node == *key))
            {
                return Err(format!(
                    "The variables input contains a field that is not defined for input object type '{type_name}' "
                ));
            }
            let mut fields = Map::new();
            for field in &definition.fields {
                let (key, ty) = (field.node.name.node.as_str(), input_type(&field.node));
                match given.get(key) {
                    Some(value) => {
                        let value = coerce(schema, &ty, value, name)?;
                        fields.insert(key.to_owned(), value);
                    }
                    None if ty.nullable => {}
                    None => return Err(null_for_non_null(name, &ty)),
                }
            }
            Ok(Value::Object(fields))
        }
        (None | Some(TypeKind::Scalar), value) => match coerce_scalar(type_name, value) {
            Some(value) => Ok(value),
            None => invalid(&format!("Expected type '{type_name}' but was '{value}'.")),
        },
        (Some(_), value) => invalid(&format!("Expected type '{type_name}' but was '{value}'.")),
    }
}

fn coerce_scalar(type_name: &str, value: &Value) -> Option<Value> {
    let fits = match type_name {
        "Int" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "AWSTimestamp" => value.is_i64() || value.is_u64(),
        "Float" => value.is_number(),
        "Boolean" => value.is_boolean(),
        "ID" if value.is_i64() || value.is_u64() => return Some(Value::String(value.to_string())),
        _ => value.is_string(),
    };
    fits.then(|| value.clone())
}

/// AppSync names the variable, and the type of whatever in it was null
/// (<https://github.com/aws/aws-appsync-community/issues/406>).
fn null_for_non_null(name: &str, ty: &Type) -> String {
    format!("Variable '{name}' has coerced Null value for NonNull type '{ty}'")
}

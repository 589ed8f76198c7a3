//! A constant as it is written → the JSON that a position of its type takes.
//!
//! The same coercions as for literals (<https://spec.graphql.org/September2025/#sec-Input-Coercion>): a whole number stands
//! for an ID, and a single value for a list of one.
//!
//! Invariant: what does not fit stays as it is; `check` tells.

use apollo_compiler::ast::Type;
use serde_json::Value;

use crate::parse::Parsed;

/// Coerces a value to a type.
pub(super) fn value(written: Value, ty: &Type, parsed: &Parsed) -> Value {
    match (written, ty) {
        (Value::Null, _) => Value::Null,
        (Value::Array(items), Type::List(item) | Type::NonNullList(item)) => {
            items.into_iter().map(|written| value(written, item, parsed)).collect()
        }
        (single, Type::List(item) | Type::NonNullList(item)) => Value::Array(vec![value(single, item, parsed)]),
        (Value::Number(number), Type::Named(name) | Type::NonNullNamed(name)) if name == "ID" && !number.is_f64() => {
            Value::String(number.to_string())
        }
        (Value::Object(fields), Type::Named(name) | Type::NonNullNamed(name)) => {
            let object = parsed.schema.get_input_object(name);
            let fields = fields.into_iter().map(|(key, written)| {
                let field = object.and_then(|object| object.fields.get(key.as_str()));
                let written = match field {
                    Some(field) => value(written, &field.ty, parsed),
                    None => written,
                };
                (key, written)
            });
            Value::Object(fields.collect())
        }
        (written, _) => written,
    }
}

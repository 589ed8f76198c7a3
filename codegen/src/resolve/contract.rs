//! The contract's directives → plain values with their places.
//!
//! The prelude's declarations were validated before: an argument that is there has the right type.

use apollo_compiler::{
    Node,
    ast::{Directive, DirectiveList, Value},
};
use serde_json::{Map, Number};

use crate::{
    diagnostic::Span,
    model::{Binding, BindingSource, MarkKind, Normalization, Rule, Spanned, TextPattern, ToolContract},
    parse::Places,
};

/// Reads `@tool`.
pub(super) fn tool(directives: &DirectiveList, places: &Places) -> Option<ToolContract> {
    let directive = directives.get("tool")?;
    let text = |name| spanned(directive, name, places, string);
    Some(ToolContract {
        span: places.span(directive.location())?,
        title: text("title")?,
        scopes: directive
            .specified_argument_by_name("scopes")
            .map(|value| strings(value, places))
            .unwrap_or_default(),
        rate: text("rate"),
        timeout: text("timeout"),
        bytes_max: spanned(directive, "maxBytes", places, integer),
        destructive: spanned(directive, "destructive", places, Value::to_bool),
        idempotent: spanned(directive, "idempotent", places, Value::to_bool),
        open_world: spanned(directive, "openWorld", places, Value::to_bool),
        disabled: text("disabled"),
        undo: text("undo"),
    })
}

/// A constraint directive: what it asks for, where it stands, and its `at`.
pub(super) struct Written {
    pub(super) rule: Rule,
    pub(super) span: Span,
    pub(super) at: Option<Spanned<String>>,
}

/// Reads the constraints of a variable.
pub(super) fn constraints(directives: &DirectiveList, places: &Places) -> Vec<Written> {
    let rule = |directive: &Directive| {
        let value = |name| directive.specified_argument_by_name(name).map(AsRef::as_ref);
        Some(match directive.name.as_str() {
            "range" => Rule::Range {
                min: value("min").and_then(float),
                max: value("max").and_then(float),
                clamp: value("excess").is_some_and(|value| enum_value(value) == "CLAMP"),
            },
            "length" => Rule::Length {
                min: value("min").and_then(integer),
                max: value("max").and_then(integer),
            },
            "items" => Rule::Items {
                min: value("min").and_then(integer),
                max: value("max").and_then(integer),
                unique: value("unique").and_then(Value::to_bool).unwrap_or(false),
            },
            "pattern" => Rule::Pattern(TextPattern {
                regex: format!("^(?:{})$", value("regex")?.as_str()?),
                hint: value("hint")?.as_str()?.to_owned(),
            }),
            "normalize" => Rule::Normalize(match value("as").map(enum_value) {
                Some("TRIM") => Normalization::Trim,
                Some("LOWERCASE") => Normalization::Lowercase,
                Some("UPPERCASE") => Normalization::Uppercase,
                _ => Normalization::CountryCode,
            }),
            "nullable" => Rule::Nullable,
            _ => return None,
        })
    };
    directives
        .iter()
        .filter_map(|directive| {
            Some(Written {
                rule: rule(directive)?,
                span: places.span(directive.location())?,
                at: spanned(directive, "at", places, string),
            })
        })
        .collect()
}

/// Reads `@bind`.
pub(super) fn binding(directives: &DirectiveList, places: &Places) -> Option<Spanned<Binding>> {
    let directive = directives.get("bind")?;
    let source = match enum_value(directive.specified_argument_by_name("to")?) {
        "CLAIM" => BindingSource::Claim,
        "CONFIG" => BindingSource::Config,
        _ => BindingSource::IdempotencyKey,
    };
    Some(Spanned {
        value: Binding {
            source,
            name: spanned(directive, "name", places, string),
        },
        span: places.span(directive.location())?,
    })
}

/// Reads `@untrusted` and `@pii` of a field.
pub(super) fn marks(directives: &DirectiveList, places: &Places) -> Vec<Spanned<MarkKind>> {
    let kind = |directive: &Directive| match directive.name.as_str() {
        "untrusted" => Some(MarkKind::Untrusted),
        "pii" => Some(match enum_value(directive.specified_argument_by_name("rule")?) {
            "MASK" => MarkKind::Mask,
            _ => MarkKind::Omit,
        }),
        _ => None,
    };
    directives
        .iter()
        .filter_map(|directive| {
            Some(Spanned {
                value: kind(directive)?,
                span: places.span(directive.location())?,
            })
        })
        .collect()
}

/// Reads `@example`.
pub(super) fn example(directives: &DirectiveList, places: &Places) -> Option<Spanned<serde_json::Value>> {
    spanned(directives.get("example")?, "value", places, |value| Some(json(value)))
}

/// Returns a constant as JSON; an enum value as a string.
pub(super) fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null | Value::Variable(_) => serde_json::Value::Null,
        Value::Enum(name) => name.as_str().into(),
        Value::String(text) => text.as_str().into(),
        Value::Boolean(value) => (*value).into(),
        Value::Int(number) => self::number(number.as_str()),
        Value::Float(number) => self::number(number.as_str()),
        Value::List(items) => items.iter().map(|item| json(item)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.to_string(), json(value)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// Returns a number; one that is too large for JSON stays a text, which no number's bounds let pass.
fn number(text: &str) -> serde_json::Value {
    text.parse::<i64>()
        .map(Number::from)
        .ok()
        .or_else(|| Number::from_f64(text.parse().ok()?))
        .map_or_else(|| text.into(), serde_json::Value::Number)
}

/// Returns an argument's value with its place.
pub(super) fn spanned<T>(
    directive: &Directive,
    name: &str,
    places: &Places,
    read: impl Fn(&Value) -> Option<T>,
) -> Option<Spanned<T>> {
    let value = directive.specified_argument_by_name(name)?;
    Some(Spanned {
        value: read(value)?,
        span: places.span(value.location())?,
    })
}

pub(super) fn string(value: &Value) -> Option<String> {
    value.as_str().map(ToOwned::to_owned)
}

pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => number.as_str().parse().ok(),
        Value::Float(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

fn enum_value(value: &Value) -> &str {
    match value {
        Value::Enum(name) => name,
        _ => "",
    }
}

fn strings(value: &Node<Value>, places: &Places) -> Vec<Spanned<String>> {
    let items = match value.as_ref() {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let spanned = |item: &Node<Value>| {
        Some(Spanned {
            value: string(item)?,
            span: places.span(item.location())?,
        })
    };
    items.iter().filter_map(spanned).collect()
}

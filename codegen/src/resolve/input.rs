//! A variable or an input object's field → what its value must be, with every bound written out.

use std::collections::BTreeSet;

use apollo_compiler::{
    ast::{Type, VariableDefinition},
    schema::{ExtendedType, InputObjectType},
};

use super::{Used, coerce, contract, description, text, undeclared_scalar};
use crate::{
    api::Wire,
    bounds,
    diagnostic::{Diagnostics, Span},
    model::{Constraint, Input, InputField, NoTarget, Position, Rule, Spanned, Target, Tool, Variable},
    name::{self, Scope},
    parse::{Parsed, ParsedOperation},
    scalar,
};

/// Resolves a variable. Its uses and its Rust name are the caller's to add.
pub(super) fn variable(
    variable: &VariableDefinition,
    operation: &ParsedOperation,
    parsed: &Parsed,
    used: &mut Used,
    diagnostics: &mut Diagnostics,
) -> Variable {
    let places = &parsed.places;
    let name = places.span(variable.name.location());
    let span = name.unwrap_or_else(|| operation.head.clone());
    // The `$` stands right before the name.
    let span = Span {
        bytes: span.bytes.start.saturating_sub(1)..span.bytes.end,
        ..span
    };
    let default = variable.default_value.as_ref();
    let mut value = position(&variable.ty, &span, parsed, used, diagnostics);
    value.nullable = false;
    let constraints = constraints(variable, &mut value, parsed, used, diagnostics);
    let coerced = |written: serde_json::Value| coerce::value(written, &variable.ty, parsed);
    Variable {
        name: variable.name.to_string(),
        rust_name: String::new(),
        description: description(operation, span.bytes.start),
        ty: variable.ty.as_ref().clone(),
        default: default.and_then(|value| {
            Some(Spanned {
                value: coerced(contract::json(value)),
                span: places.span(value.location())?,
            })
        }),
        example: contract::example(&variable.directives, places).map(|example| Spanned {
            value: coerced(example.value),
            ..example
        }),
        nullable: own_nullable(&constraints),
        binding: contract::binding(&variable.directives, places),
        constraints,
        value,
        span,
        uses: Vec::new(),
    }
}

/// Returns where the variable itself is said to be nullable.
fn own_nullable(constraints: &[Constraint]) -> Option<Span> {
    let mut own = constraints.iter().filter(|constraint| constraint.at.is_none());
    own.find(|constraint| matches!(constraint.rule, Rule::Nullable))
        .map(|constraint| constraint.span.clone())
}

/// Puts each constraint where it belongs.
fn constraints(
    variable: &VariableDefinition,
    value: &mut Position,
    parsed: &Parsed,
    used: &mut Used,
    diagnostics: &mut Diagnostics,
) -> Vec<Constraint> {
    let written = contract::constraints(&variable.directives, &parsed.places);
    let constraint = |contract::Written { rule, span, at }| {
        let steps: Vec<_> = at.iter().flat_map(|at| at.value.split('.')).collect();
        let mut fields_of = |name: &str| match parsed.schema.get_input_object(name) {
            Some(object) => fields(object, parsed, used, diagnostics),
            None => Vec::new(),
        };
        let target = place(value, &variable.ty, &steps, &mut fields_of).map(|(position, ty)| {
            constrain(position, &rule);
            Target {
                ty: ty.clone(),
                input: position.input.clone(),
            }
        });
        Constraint { rule, span, at, target }
    };
    written.into_iter().map(constraint).collect()
}

/// Follows the steps of an `at` down a value. The input objects on the way get fields of their own, so that what is
/// bounded here is not bounded elsewhere.
fn place<'v>(
    position: &'v mut Position,
    ty: &Type,
    steps: &[&str],
    fields_of: &mut dyn FnMut(&str) -> Vec<InputField>,
) -> Result<(&'v mut Position, Type), NoTarget> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok((position, ty.clone()));
    };
    let nowhere = |known: &[InputField]| NoTarget {
        step: (*step).to_owned(),
        ty: ty.inner_named_type().to_string(),
        known: known.iter().map(|field| field.name.clone()).collect(),
    };
    match &mut position.input {
        Input::List { item, .. } => place(item, ty.item_type(), steps, fields_of),
        Input::Object { name, own } => {
            let fields = own.get_or_insert_with(|| fields_of(name));
            match fields.iter().position(|field| field.name == *step) {
                Some(at) => match fields.get_mut(at) {
                    Some(InputField { ty, value, .. }) => place(value, &ty.clone(), rest, fields_of),
                    None => Err(nowhere(&[])),
                },
                None => Err(nowhere(fields)),
            }
        }
        _ => Err(nowhere(&[])),
    }
}

/// Resolves the fields of an input object.
pub(super) fn fields(
    object: &InputObjectType,
    parsed: &Parsed,
    used: &mut Used,
    diagnostics: &mut Diagnostics,
) -> Vec<InputField> {
    let mut scope = Scope::default();
    let mut fields = Vec::new();
    for field in object.fields.values() {
        let Some(span) = parsed.places.span(field.name.location()) else {
            continue;
        };
        fields.push(InputField {
            name: field.name.to_string(),
            rust_name: scope.take(&name::snake(&field.name)),
            description: text(field.description.as_deref()),
            ty: field.ty.as_ref().clone(),
            value: Position {
                nullable: false,
                ..position(&field.ty, &span, parsed, used, diagnostics)
            },
            required: field.is_required(),
            span,
        });
    }
    fields
}

/// Returns what a value of a type must be, with the bounds that hold where the contract names none.
fn position(ty: &Type, span: &Span, parsed: &Parsed, used: &mut Used, diagnostics: &mut Diagnostics) -> Position {
    let input = match ty {
        Type::List(item) | Type::NonNullList(item) => Input::List {
            item: Box::new(position(item, span, parsed, used, diagnostics)),
            items_min: 0,
            items_max: bounds::ITEMS_MAX,
            unique: false,
        },
        Type::Named(name) | Type::NonNullNamed(name) => named(name, span, parsed, used, diagnostics),
    };
    Position {
        input,
        nullable: !ty.is_non_null(),
    }
}

fn named(name: &str, span: &Span, parsed: &Parsed, used: &mut Used, diagnostics: &mut Diagnostics) -> Input {
    match parsed.schema.types.get(name) {
        Some(ExtendedType::Enum(_)) => {
            used.input_enums.insert(name.to_owned());
            return Input::Enum { name: name.to_owned() };
        }
        Some(ExtendedType::InputObject(_)) => {
            used.input_objects.insert(name.to_owned());
            return Input::Object {
                name: name.to_owned(),
                own: None,
            };
        }
        _ => {}
    }
    if !matches!(name, "Int" | "Float" | "String" | "Boolean") {
        used.scalars.insert(name.to_owned());
    }
    let wire = scalar::wire(name, &parsed.api.local).unwrap_or_else(|| {
        diagnostics.push(undeclared_scalar(name, span.clone()));
        Wire::String
    });
    match wire {
        Wire::Boolean => Input::Boolean,
        Wire::Float => Input::Float {
            min: f64::MIN,
            max: f64::MAX,
            clamp: false,
        },
        Wire::Int if name == "Int" => Input::Integer {
            min: i64::from(i32::MIN),
            max: i64::from(i32::MAX),
            clamp: false,
        },
        Wire::Int => Input::Integer {
            min: -bounds::INTEGER_MAX,
            max: bounds::INTEGER_MAX,
            clamp: false,
        },
        Wire::String => Input::Text {
            scalar: name.to_owned(),
            normalize: Vec::new(),
            length_min: 0,
            length_max: bounds::LENGTH_MAX,
            pattern: scalar::pattern(name),
            empty: false,
        },
    }
}

/// Puts a rule where it belongs: on the list itself, or on the values in it. One that fits nowhere changes nothing; `check` tells.
fn constrain(position: &mut Position, rule: &Rule) {
    match (&mut position.input, rule) {
        (_, Rule::Nullable) => position.nullable = true,
        (
            Input::List {
                items_min,
                items_max,
                unique,
                ..
            },
            Rule::Items {
                min,
                max,
                unique: wanted,
            },
        ) => {
            *items_min = min.unwrap_or(*items_min);
            *items_max = max.unwrap_or(*items_max);
            *unique = *wanted;
        }
        (Input::List { item, .. }, rule) => constrain(item, rule),
        (
            Input::Integer { min, max, clamp },
            Rule::Range {
                min: least,
                max: most,
                clamp: wanted,
            },
        ) => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "`check` refuses a bound that is no integer in range"
            )]
            let integer = |bound: f64| bound as i64;
            *min = least.map_or(*min, integer);
            *max = most.map_or(*max, integer);
            *clamp = *wanted;
        }
        (
            Input::Float { min, max, clamp },
            Rule::Range {
                min: least,
                max: most,
                clamp: wanted,
            },
        ) => {
            *min = least.unwrap_or(*min);
            *max = most.unwrap_or(*max);
            *clamp = *wanted;
        }
        (
            Input::Text {
                length_min,
                length_max,
                empty,
                ..
            },
            Rule::Length { min, max },
        ) => {
            *length_min = min.unwrap_or(*length_min);
            *length_max = max.unwrap_or(*length_max);
            *empty = *min == Some(0);
        }
        (Input::Text { pattern, .. }, Rule::Pattern(wanted)) => *pattern = Some(wanted.clone()),
        (Input::Text { normalize, .. }, Rule::Normalize(how)) => normalize.push(*how),
        _ => {}
    }
}

/// Returns the input objects' fields for which null is a value of its own in some tool.
pub(super) fn nullable_fields(tools: &[Tool]) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for variable in tools.iter().flat_map(|tool| &tool.variables) {
        add_nullable_fields(&variable.value.input, &mut found);
    }
    found
}

fn add_nullable_fields(input: &Input, found: &mut BTreeSet<(String, String)>) {
    match input {
        Input::List { item, .. } => add_nullable_fields(&item.input, found),
        Input::Object { name, own } => {
            for field in own.iter().flatten() {
                if field.value.nullable {
                    found.insert((name.clone(), field.name.clone()));
                }
                add_nullable_fields(&field.value.input, found);
            }
        }
        _ => {}
    }
}

//! Rules on a variable and its constraints.

use apollo_compiler::ast::Type;

use crate::{
    bounds,
    diagnostic::Diagnostic,
    model::{Input, Inside, Model, Rule, Spanned, Tool, Use, Variable},
};

/// Above this, models begin to mix arguments up.
const VARIABLES_MAX: usize = 8;

pub(super) fn too_many(tool: &Tool) -> Vec<Diagnostic> {
    let count = tool.variables.len();
    if count <= VARIABLES_MAX {
        return Vec::new();
    }
    let message = format!(
        "`{}` has {count} variables; models do well with up to {VARIABLES_MAX}",
        tool.operation
    );
    vec![
        Diagnostic::warning(tool.head.clone(), message, "many variables")
            .help("leave some out, or make two tools of it"),
    ]
}

pub(super) fn missing_description(variable: &Variable) -> Vec<Diagnostic> {
    if !variable.description.is_empty() {
        return Vec::new();
    }
    let message = format!("the variable `${}` has no description", variable.name);
    vec![
        Diagnostic::error(variable.span.clone(), message, "description missing")
            .help("write `\"What it means.\"` above it: the model reads this"),
    ]
}

/// Some models' providers refuse a tool with a longer argument name, and with it every tool of the request.
const NAME_MAX: usize = 64;

/// A variable's name is the argument's name, and some clients take no long ones.
pub(super) fn long_name(variable: &Variable) -> Vec<Diagnostic> {
    let length = variable.name.len();
    if length <= NAME_MAX {
        return Vec::new();
    }
    let message = format!(
        "the name `${}` has {length} characters; some clients take up to {NAME_MAX}",
        variable.name
    );
    vec![Diagnostic::error(variable.span.clone(), message, "too long").help("give the variable a shorter name")]
}

/// Returns what a rule asks for, if the variable's type is not it.
fn misfit(rule: &Rule, input: &Input) -> Option<&'static str> {
    let leaf = leaf(input);
    match rule {
        Rule::Range { .. } => (!matches!(leaf, Input::Integer { .. } | Input::Float { .. })).then_some("numbers"),
        Rule::Length { .. } | Rule::Normalize(_) => (!matches!(leaf, Input::Text { .. })).then_some("strings"),
        Rule::Items { .. } => (!matches!(input, Input::List { .. })).then_some("lists"),
    }
}

fn leaf(input: &Input) -> &Input {
    match input {
        Input::List { item, .. } => leaf(&item.input),
        input => input,
    }
}

pub(super) fn misfitting_rule(variable: &Variable) -> Vec<Diagnostic> {
    let misfits = variable
        .rules
        .iter()
        .filter_map(|rule| Some((rule, misfit(&rule.value, &variable.value.input)?)));
    misfits
        .map(|(rule, wanted)| {
            let directive = rule.value.directive();
            let message = format!(
                "`{directive}` is for {wanted}, and `${}` is of type `{}`",
                variable.name, variable.ty
            );
            let fitting = match leaf(&variable.value.input) {
                Input::Text { .. } if directive == "@range" => "; for the number of characters there is `@length`",
                Input::Integer { .. } | Input::Float { .. } if directive == "@length" => {
                    "; for numbers there is `@range`"
                }
                _ => "",
            };
            Diagnostic::error(rule.span.clone(), message, "does not fit").help(format!("remove it{fitting}"))
        })
        .collect()
}

/// The same text rewriting twice says nothing new. (Other constraints are not repeatable; the prelude says so.)
pub(super) fn repeated_rule(variable: &Variable) -> Vec<Diagnostic> {
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for rule in &variable.rules {
        if let Rule::Normalize(how) = rule.value {
            if seen.contains(&how) {
                found.push(
                    Diagnostic::error(rule.span.clone(), "the same `@normalize` stands here twice", "again")
                        .help("remove it"),
                );
            }
            seen.push(how);
        }
    }
    found
}

pub(super) fn empty_range(variable: &Variable) -> Vec<Diagnostic> {
    let empty = |rule: &&Spanned<Rule>| match rule.value {
        Rule::Range {
            min: Some(min),
            max: Some(max),
            ..
        } => min > max,
        Rule::Length { min: Some(min), max } => min > max.unwrap_or(bounds::LENGTH_MAX),
        Rule::Items {
            min: Some(min), max, ..
        } => min > max.unwrap_or(bounds::ITEMS_MAX),
        _ => false,
    };
    let empty = variable.rules.iter().filter(empty);
    empty
        .map(|rule| {
            let message = format!("no value of `${}` can be within these bounds", variable.name);
            Diagnostic::error(rule.span.clone(), message, "empty range")
                .help("`min` must not be above `max`; write both where the default `max` is too low")
        })
        .collect()
}

pub(super) fn fractional_bound(variable: &Variable) -> Vec<Diagnostic> {
    let Input::Integer { .. } = leaf(&variable.value.input) else {
        return Vec::new();
    };
    // `i32` here whatever the scalar: beyond 2^31 a double-precision bound is still exact, beyond 2^53 it is not.
    #[expect(clippy::cast_precision_loss, reason = "the bound itself is exact")]
    let largest = bounds::INTEGER_MAX as f64;
    let wrong = |bound: Option<f64>| bound.is_some_and(|bound| bound.fract() != 0.0 || bound.abs() > largest);
    let int = variable.ty.inner_named_type() == "Int";
    let beyond = |bound: Option<f64>| {
        int && bound.is_some_and(|bound| bound < f64::from(i32::MIN) || bound > f64::from(i32::MAX))
    };
    let found = variable.rules.iter().filter(|rule| match rule.value {
        Rule::Range { min, max, .. } => [min, max].into_iter().any(|bound| wrong(bound) || beyond(bound)),
        _ => false,
    });
    found
        .map(|rule| {
            let message = format!(
                "a bound of `${}` is no value of `{}`",
                variable.name,
                variable.ty.inner_named_type()
            );
            let range = if int { " from -2147483648 to 2147483647" } else { "" };
            Diagnostic::error(rule.span.clone(), message, "wrong bound").help(format!("write whole numbers{range}"))
        })
        .collect()
}

pub(super) fn negative_bound(variable: &Variable) -> Vec<Diagnostic> {
    let negative = |bound: Option<i64>| bound.is_some_and(|bound| bound < 0);
    let found = variable.rules.iter().filter(|rule| match rule.value {
        Rule::Length { min, max } | Rule::Items { min, max, .. } => negative(min) || negative(max),
        _ => false,
    });
    found
        .map(|rule| {
            let message = format!("a bound of `${}` is negative", variable.name);
            Diagnostic::error(rule.span.clone(), message, "negative").help("write 0 or more")
        })
        .collect()
}

/// A directive without arguments bounds nothing.
pub(super) fn pointless_rule(variable: &Variable) -> Vec<Diagnostic> {
    let pointless = variable.rules.iter().filter(|rule| {
        matches!(
            rule.value,
            Rule::Range {
                min: None,
                max: None,
                ..
            } | Rule::Length { min: None, max: None }
                | Rule::Items {
                    min: None,
                    max: None,
                    unique: false
                }
        )
    });
    pointless
        .map(|rule| {
            let message = format!("this `{}` bounds nothing", rule.value.directive());
            Diagnostic::error(rule.span.clone(), message, "no bound").help("give it a `min` or a `max`, or remove it")
        })
        .collect()
}

/// The parser's validation looks at variables that are a whole argument; those nested in literals are looked at here
/// (<https://spec.graphql.org/September2025/#sec-All-Variable-Usages-Are-Allowed>).
pub(super) fn misfitting_use(variable: &Variable) -> Vec<Diagnostic> {
    let found = variable
        .uses
        .iter()
        .filter(|at| at.inside != Inside::Scalar && !fits(variable, at));
    found
        .map(|at| {
            let message = format!(
                "`${}` is of type `{}` where `{}` is asked for",
                variable.name, variable.ty, at.ty
            );
            Diagnostic::error(at.span.clone(), message, "type does not fit")
                .help(format!("declare it as `${}: {}`", variable.name, at.ty))
        })
        .collect()
}

fn fits(variable: &Variable, at: &Use) -> bool {
    if !at.ty.is_non_null() || variable.ty.is_non_null() {
        return is_compatible(&variable.ty, &at.ty);
    }
    let has_default = variable
        .default
        .as_ref()
        .is_some_and(|default| !default.value.is_null());
    (has_default || at.has_default) && is_compatible(&variable.ty.clone().non_null(), &at.ty)
}

/// <https://spec.graphql.org/September2025/#AreTypesCompatible()>
fn is_compatible(variable: &Type, position: &Type) -> bool {
    match (variable, position) {
        (Type::NonNullNamed(variable), Type::NonNullNamed(position) | Type::Named(position))
        | (Type::Named(variable), Type::Named(position)) => variable == position,
        (Type::NonNullList(variable), Type::NonNullList(position) | Type::List(position))
        | (Type::List(variable), Type::List(position)) => is_compatible(variable, position),
        _ => false,
    }
}

/// Nobody can say of which type a part of a custom scalar is, nor leave it out.
pub(super) fn part_of_a_scalar(variable: &Variable) -> Vec<Diagnostic> {
    let found = variable.uses.iter().filter(|at| at.inside == Inside::Scalar);
    found
        .map(|at| {
            let scalar = at.ty.inner_named_type();
            let message = format!("`${}` is a part of a literal of the scalar `{scalar}`", variable.name);
            Diagnostic::error(at.span.clone(), message, "of no known type")
                .help(format!("make the whole value one variable of type `{scalar}`"))
        })
        .collect()
}

/// A default of null would be sent where the contract says that null means nothing.
pub(super) fn null_default(variable: &Variable) -> Vec<Diagnostic> {
    let default = variable.default.as_ref().filter(|default| default.value.is_null());
    default
        .filter(|_| variable.nullable.is_none())
        .map(|default| {
            let message = format!("the default of `${}` is null", variable.name);
            Diagnostic::error(default.span.clone(), message, "null").help(
                "remove the default: what is left out is not sent; where null means something of its own, add `@nullable`",
            )
        })
        .into_iter()
        .collect()
}

/// In a list there is no way to leave an item out.
pub(super) fn absent_list_item(variable: &Variable) -> Vec<Diagnostic> {
    let found = variable
        .uses
        .iter()
        .filter(|at| at.inside == Inside::List && variable.can_be_absent());
    found
        .map(|at| {
            let message = format!(
                "`${}` can be absent, and an item of a list can't be left out",
                variable.name
            );
            Diagnostic::error(at.span.clone(), message, "can be absent").help(format!(
                "make it required (`{}`), give it a default, or pass the whole list",
                variable.ty.clone().non_null()
            ))
        })
        .collect()
}

/// AppSync does not hand schema defaults to resolvers: the default has to be sent.
pub(super) fn schema_default_at_non_null(variable: &Variable) -> Vec<Diagnostic> {
    let found = variable
        .uses
        .iter()
        .filter(|at| at.ty.is_non_null() && at.has_default && variable.can_be_absent());
    found
        .map(|at| {
            let message = format!("`${}` can be absent where `{}` is asked for", variable.name, at.ty);
            Diagnostic::error(at.span.clone(), message, "can be absent").help(format!(
                "put the schema's default on the variable: `${}: {} = …`; AppSync would not hand it to the resolver",
                variable.name, at.ty
            ))
        })
        .collect()
}

/// Null can only be a value of its own where null is allowed.
pub(super) fn null_at_non_null(variable: &Variable) -> Vec<Diagnostic> {
    let Some(nullable) = &variable.nullable else {
        return Vec::new();
    };
    if variable.ty.is_non_null() || variable.uses.iter().any(|at| at.ty.is_non_null()) {
        let message = format!("`${}` can't be null where it is used", variable.name);
        return vec![
            Diagnostic::error(nullable.clone(), message, "null not allowed")
                .help("remove `@nullable`: null then means the same as leaving the argument out"),
        ];
    }
    Vec::new()
}

/// The decoder does not know yet that such an object takes one field and no more.
pub(super) fn one_of(model: &Model) -> Vec<Diagnostic> {
    let one_of = model
        .input_objects
        .iter()
        .filter_map(|object| Some((object, object.one_of.clone()?)));
    one_of
        .map(|(object, span)| {
            let message = format!("an argument takes the `@oneOf` input object `{}`", object.name);
            Diagnostic::error(span, message, "not supported yet")
                .help("write the object as a literal in the operation, with a variable for the field that is meant")
        })
        .collect()
}

/// The specification keeps names that begin with two underscores for itself.
pub(super) fn reserved_name(variable: &Variable) -> Vec<Diagnostic> {
    if !variable.name.starts_with("__") {
        return Vec::new();
    }
    let message = format!("the name `${}` is reserved", variable.name);
    vec![Diagnostic::error(variable.span.clone(), message, "reserved").help("choose one without `__` at its beginning")]
}

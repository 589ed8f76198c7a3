//! Rules on a variable and its constraints.

use apollo_compiler::ast::Type;

use crate::{
    diagnostic::Diagnostic,
    model::{Constraint, Inside, Model, Rule, Tool, Use, Variable},
};

/// Above this, models begin to mix arguments up.
const VARIABLES_MAX: usize = 8;

pub(super) fn too_many(tool: &Tool) -> Vec<Diagnostic> {
    let count = tool.arguments().count();
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

/// What the server fills in, nobody reads about.
pub(super) fn missing_description(variable: &Variable) -> Vec<Diagnostic> {
    if !variable.description.is_empty() || variable.binding.is_some() {
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
    vec![Diagnostic::warning(variable.span.clone(), message, "too long").help("give the variable a shorter name")]
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
    let nullable = variable.constraints.iter();
    let nullable = nullable.filter(|constraint| matches!(constraint.rule, Rule::Nullable));
    let misfit = |constraint: &Constraint| match (&constraint.at, &constraint.target) {
        (Some(at), Ok(target)) if target.ty.is_non_null() => Some((
            format!(
                "`${}.{}` can't be null: it is of type `{}`",
                variable.name, at.value, target.ty
            ),
            "remove it, or name a field that the schema lets be null",
        )),
        (None, _) if variable.ty.is_non_null() || variable.uses.iter().any(|at| at.ty.is_non_null()) => Some((
            format!("`${}` can't be null where it is used", variable.name),
            "remove `@nullable`: null then means the same as leaving the argument out",
        )),
        _ => None,
    };
    nullable
        .filter_map(|constraint| {
            let (message, help) = misfit(constraint)?;
            Some(Diagnostic::error(constraint.span.clone(), message, "null not allowed").help(help))
        })
        .collect()
}

/// A literal of a `@oneOf` input object has one field, whose value can't be null. (The parser does not know the directive.)
pub(super) fn one_of_literal(tool: &Tool) -> Vec<Diagnostic> {
    let literals = tool.not_one_of.iter();
    literals
        .map(|span| {
            let message = "a `@oneOf` input object takes one field, and no null";
            Diagnostic::error(span.clone(), message, "not one of them")
                .help("write one field; a variable in it is non-null: `$name: Type!`")
        })
        .collect()
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

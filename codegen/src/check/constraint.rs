//! Rules on the constraints of a variable.

use std::collections::BTreeSet;

use crate::{
    bounds,
    diagnostic::Diagnostic,
    model::{Constraint, Input, Model, Normalization, Rule, Target, Variable},
    scalar, suggest,
};

/// Returns the constraints that bound something, and what they bound.
fn placed(variable: &Variable) -> impl Iterator<Item = (&Constraint, &Target)> {
    let constraints = variable.constraints.iter();
    constraints.filter_map(|constraint| Some((constraint, constraint.target.as_ref().ok()?)))
}

/// Returns what a constraint is written for: `$name`, or `$name.field`.
fn place(variable: &Variable, constraint: &Constraint) -> String {
    match &constraint.at {
        None => format!("${}", variable.name),
        Some(at) => format!("${}.{}", variable.name, at.value),
    }
}

fn leaf(input: &Input) -> &Input {
    match input {
        Input::List { item, .. } => leaf(&item.input),
        input => input,
    }
}

/// An `at` leads from input object to input object, and ends at a field.
pub(super) fn unknown_place(variable: &Variable) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Constraint { at, target, .. } in &variable.constraints {
        let (Some(at), Err(nowhere)) = (at, target) else {
            continue;
        };
        let (step, ty) = (&nowhere.step, &nowhere.ty);
        let (message, help) = if nowhere.known.is_empty() {
            let message = format!("`at` goes on to `{step}`, and `{ty}` has no fields");
            (
                message,
                "leave `at` out: the constraint is then the variable's own".to_owned(),
            )
        } else {
            let known = nowhere.known.iter().map(String::as_str);
            let help = suggest::did_you_mean(step, known)
                .unwrap_or_else(|| format!("its fields are {}", nowhere.known.join(", ")));
            (format!("the input object `{ty}` has no field `{step}`"), help)
        };
        found.push(Diagnostic::error(at.span.clone(), message, "no such place").help(help));
    }
    found
}

/// What holds itself can go around a bound on one of its levels.
pub(super) fn bound_of_one_level(variable: &Variable, model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for constraint in &variable.constraints {
        let (Some(at), Ok(_)) = (&constraint.at, &constraint.target) else {
            continue;
        };
        let outer = variable.ty.inner_named_type();
        if holds_itself(outer, model) {
            let (directive, place) = (constraint.rule.directive(), place(variable, constraint));
            let message = format!("`{outer}` can hold itself, and this `{directive}` is for `{place}` alone");
            found.push(Diagnostic::warning(at.span.clone(), message, "one level").help(
                "deeper levels are as they are without it; name the levels that matter with directives of their own, or take a variable for the field instead of the whole object",
            ));
        }
    }
    found
}

fn holds_itself(name: &str, model: &Model) -> bool {
    let (mut wanted, mut seen) = (vec![name], BTreeSet::new());
    while let Some(next) = wanted.pop() {
        for field in model.fields(next, None) {
            let ty = field.ty.inner_named_type().as_str();
            if ty == name {
                return true;
            }
            if seen.insert(ty) {
                wanted.push(ty);
            }
        }
    }
    false
}

/// Returns what a rule asks for, if the type is not it.
fn misfit(rule: &Rule, input: &Input) -> Option<&'static str> {
    let leaf = leaf(input);
    match rule {
        Rule::Range { .. } => (!matches!(leaf, Input::Integer { .. } | Input::Float { .. })).then_some("numbers"),
        Rule::Length { .. } | Rule::Pattern(_) | Rule::Normalize(_) => {
            (!matches!(leaf, Input::Text { .. })).then_some("strings")
        }
        Rule::Items { .. } => (!matches!(input, Input::List { .. })).then_some("lists"),
        // Whether null can stand there is a rule of its own.
        Rule::Nullable => None,
    }
}

pub(super) fn misfitting_rule(variable: &Variable) -> Vec<Diagnostic> {
    let misfits =
        placed(variable).filter_map(|(rule, target)| Some((rule, target, misfit(&rule.rule, &target.input)?)));
    misfits
        .map(|(constraint, target, wanted)| {
            let directive = constraint.rule.directive();
            let message = format!(
                "`{directive}` is for {wanted}, and `{}` is of type `{}`",
                place(variable, constraint),
                target.ty
            );
            let help = match leaf(&target.input) {
                Input::Text { .. } if directive == "@range" => {
                    "remove it; for the number of characters there is `@length`".to_owned()
                }
                Input::Integer { .. } | Input::Float { .. } if directive == "@length" => {
                    "remove it; for numbers there is `@range`".to_owned()
                }
                Input::Object { name, .. } => {
                    format!("say which field of `{name}` is meant: `{directive}(… at: \"field\")`")
                }
                _ => "remove it".to_owned(),
            };
            Diagnostic::error(constraint.span.clone(), message, "does not fit").help(help)
        })
        .collect()
}

/// A date, say, has a form of its own; clients read one pattern a text.
pub(super) fn pattern_on_a_form(variable: &Variable) -> Vec<Diagnostic> {
    let patterns = placed(variable).filter(|(constraint, _)| matches!(constraint.rule, Rule::Pattern(_)));
    let on_a_form = patterns.filter(|(_, target)| scalar::pattern(target.ty.inner_named_type()).is_some());
    on_a_form
        .map(|(constraint, target)| {
            let message = format!(
                "`{}` is of type `{}`, which has a form of its own",
                place(variable, constraint),
                target.ty
            );
            Diagnostic::error(constraint.span.clone(), message, "does not fit").help("remove it")
        })
        .collect()
}

/// Of two that bound the same place, nobody could say which one holds. A text is rewritten in several ways, but not twice in
/// the same one.
pub(super) fn repeated_rule(variable: &Variable) -> Vec<Diagnostic> {
    let at = |constraint: &Constraint| constraint.at.as_ref().map(|at| at.value.clone());
    let same = |one: &Constraint, other: &Constraint| {
        at(one) == at(other)
            && match (&one.rule, &other.rule) {
                (Rule::Normalize(one), Rule::Normalize(other)) => one == other,
                (one, other) => one.directive() == other.directive(),
            }
    };
    let again = variable.constraints.iter().enumerate().filter(|(index, constraint)| {
        let mut before = variable.constraints.iter().take(*index);
        before.any(|before| same(before, constraint))
    });
    again
        .map(|(_, constraint)| {
            let (directive, place) = (constraint.rule.directive(), place(variable, constraint));
            let (message, help) = match constraint.rule {
                Rule::Normalize(_) | Rule::Nullable => (
                    format!("the same `{directive}` stands here twice"),
                    "remove it".to_owned(),
                ),
                _ => (
                    format!("`{place}` has more than one `{directive}`"),
                    "write one with all its bounds; for a field of an input object, add `at: \"…\"`".to_owned(),
                ),
            };
            Diagnostic::error(constraint.span.clone(), message, "again").help(help)
        })
        .collect()
}

/// Of two cases, the later one is all that is left; a country's code has one of its own.
pub(super) fn contradicting_normalizations(variable: &Variable) -> Vec<Diagnostic> {
    let case = |constraint: &Constraint| match constraint.rule {
        Rule::Normalize(how) if how != Normalization::Trim => Some(how),
        _ => None,
    };
    let at = |constraint: &Constraint| constraint.at.as_ref().map(|at| at.value.clone());
    let mut found = Vec::new();
    for (index, constraint) in variable.constraints.iter().enumerate() {
        let Some(how) = case(constraint) else { continue };
        let mut before = variable.constraints.iter().take(index);
        let contradicts = |before: &Constraint| case(before).is_some_and(|other| other != how);
        if before.any(|before| at(before) == at(constraint) && contradicts(before)) {
            let message = format!(
                "`{}` is rewritten in ways that undo each other",
                place(variable, constraint)
            );
            found.push(
                Diagnostic::error(constraint.span.clone(), message, "another case").help("keep the one that is meant"),
            );
        }
    }
    found
}

pub(super) fn empty_range(variable: &Variable) -> Vec<Diagnostic> {
    let empty = |constraint: &&Constraint| match constraint.rule {
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
    let empty = variable.constraints.iter().filter(empty);
    empty
        .map(|constraint| {
            let message = format!(
                "no value of `{}` can be within these bounds",
                place(variable, constraint)
            );
            Diagnostic::error(constraint.span.clone(), message, "empty range")
                .help("`min` must not be above `max`; write both where the default `max` is too low")
        })
        .collect()
}

pub(super) fn fractional_bound(variable: &Variable) -> Vec<Diagnostic> {
    // `i32` here whatever the scalar: beyond 2^31 a double-precision bound is still exact, beyond 2^53 it is not.
    #[expect(clippy::cast_precision_loss, reason = "the bound itself is exact")]
    let largest = bounds::INTEGER_MAX as f64;
    let mut found = Vec::new();
    for (constraint, target) in placed(variable) {
        let (Rule::Range { min, max, .. }, Input::Integer { .. }) = (&constraint.rule, leaf(&target.input)) else {
            continue;
        };
        let ty = target.ty.inner_named_type();
        let is_value = |bound: f64| {
            let range = if ty == "Int" {
                f64::from(i32::MIN)..=f64::from(i32::MAX)
            } else {
                -largest..=largest
            };
            bound.fract() == 0.0 && range.contains(&bound)
        };
        if !min.iter().chain(max).all(|bound| is_value(*bound)) {
            let message = format!("a bound of `{}` is no value of `{ty}`", place(variable, constraint));
            let range = if ty == "Int" {
                " from -2147483648 to 2147483647"
            } else {
                ""
            };
            found.push(
                Diagnostic::error(constraint.span.clone(), message, "wrong bound")
                    .help(format!("write whole numbers{range}")),
            );
        }
    }
    found
}

pub(super) fn negative_bound(variable: &Variable) -> Vec<Diagnostic> {
    let negative = |bound: Option<i64>| bound.is_some_and(|bound| bound < 0);
    let found = variable.constraints.iter().filter(|constraint| match constraint.rule {
        Rule::Length { min, max } | Rule::Items { min, max, .. } => negative(min) || negative(max),
        _ => false,
    });
    found
        .map(|constraint| {
            let message = format!("a bound of `{}` is negative", place(variable, constraint));
            Diagnostic::error(constraint.span.clone(), message, "negative").help("write 0 or more")
        })
        .collect()
}

/// A directive without arguments bounds nothing.
pub(super) fn pointless_rule(variable: &Variable) -> Vec<Diagnostic> {
    let pointless = variable.constraints.iter().filter(|constraint| {
        matches!(
            constraint.rule,
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
        .map(|constraint| {
            let message = format!("this `{}` bounds nothing", constraint.rule.directive());
            Diagnostic::error(constraint.span.clone(), message, "no bound")
                .help("give it a `min` or a `max`, or remove it")
        })
        .collect()
}

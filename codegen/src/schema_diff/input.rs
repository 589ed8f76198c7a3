//! Arguments and input fields, before and after → what changes of them.

use std::collections::BTreeSet;

use apollo_compiler::{
    Node,
    ast::{InputValueDefinition, Value},
    schema::InputObjectType,
};

use super::{
    ChangeClass,
    ChangeClass::{Breaking, Dangerous, Safe},
    applied::{self, Said},
    diff::Diff,
    given::{Given, ObjectGiven, Place},
    type_change::input_is_safe,
    usage::Tool,
};

/// The names of the changes of one sort of places.
pub(super) struct Words {
    noun: &'static str,
    added: &'static str,
    added_class: ChangeClass,
    required_added: &'static str,
    removed: &'static str,
    type_changed: &'static str,
    default_added: &'static str,
    default_removed: &'static str,
    default_changed: &'static str,
}

pub(super) const ARGUMENT: Words = Words {
    noun: "argument",
    added: "argument-added",
    added_class: Dangerous,
    required_added: "required-argument-added",
    removed: "argument-removed",
    type_changed: "argument-type-changed",
    default_added: "argument-default-added",
    default_removed: "argument-default-removed",
    default_changed: "argument-default-changed",
};

const INPUT_FIELD: Words = Words {
    noun: "input field",
    added: "input-field-added",
    added_class: Dangerous,
    required_added: "required-input-field-added",
    removed: "input-field-removed",
    type_changed: "input-field-type-changed",
    default_added: "input-field-default-added",
    default_removed: "input-field-default-removed",
    default_changed: "input-field-default-changed",
};

pub(super) const DIRECTIVE_ARGUMENT: Words = Words {
    noun: "argument",
    added: "directive-argument-added",
    added_class: Safe,
    required_added: "required-directive-argument-added",
    removed: "directive-argument-removed",
    type_changed: "directive-argument-type-changed",
    default_added: "directive-argument-default-added",
    default_removed: "directive-argument-default-removed",
    default_changed: "directive-argument-default-changed",
};

/// A place of input that is compared.
pub(super) struct Spot {
    pub(super) coordinate: String,
    pub(super) words: &'static Words,
}

/// Whether a tool gives a place somewhere in a way of which something holds.
type Gives<'a> = &'a dyn Fn(&Tool, &dyn Fn(&Given) -> bool) -> bool;

/// Compares an input object's fields.
pub(super) fn object(diff: &mut Diff<'_>, old: &InputObjectType, new: &InputObjectType) {
    let ty = &old.name;
    let names: BTreeSet<_> = old.fields.keys().chain(new.fields.keys()).collect();
    for name in names {
        let spot = Spot {
            coordinate: format!("{ty}.{name}"),
            words: &INPUT_FIELD,
        };
        let (old, new) = (old.fields.get(name), new.fields.get(name));
        compare(
            diff,
            &spot,
            old.map(|one| &***one),
            new.map(|one| &***one),
            &|tool, holds| tool.gives_in(ty, name, holds),
        );
    }
    let is_one_of = (old.directives.has("oneOf"), new.directives.has("oneOf"));
    if is_one_of == (false, true) {
        let message = format!("`{ty}` becomes a `@oneOf` input object: exactly one of its fields has to be given");
        diff.tell(Breaking, "one-of-added", ty.as_str(), message, |tool| {
            let given = tool.objects.get(ty).into_iter().flatten();
            given.into_iter().any(|object| !gives_one(object, tool))
        });
    } else if is_one_of == (true, false) {
        let message = format!("`{ty}` is no `@oneOf` input object any more: any of its fields may be given together");
        diff.tell(Safe, "one-of-removed", ty.as_str(), message, |tool| {
            tool.objects.contains_key(ty)
        });
    }
}

/// Whether an object is written with one field that is never null.
fn gives_one(object: &ObjectGiven, tool: &Tool) -> bool {
    let ObjectGiven::Literal(fields) = object else {
        return false;
    };
    match fields.as_slice() {
        [(_, value)] => match value.as_ref() {
            Value::Null => false,
            Value::Variable(name) => tool
                .variables
                .get(name)
                .is_some_and(|variable| variable.ty.is_non_null()),
            _ => true,
        },
        _ => false,
    }
}

/// Compares an argument or an input field.
pub(super) fn compare(
    diff: &mut Diff<'_>,
    spot: &Spot,
    old: Option<&InputValueDefinition>,
    new: Option<&InputValueDefinition>,
    gives: Gives<'_>,
) {
    let Spot { coordinate, words } = spot;
    match (old, new) {
        (Some(old), Some(new)) => {
            changed_type(diff, spot, old, new, gives);
            changed_default(diff, spot, old, new, gives);
            let said = [old, new].map(|one| Said::of(one.description.as_deref(), &one.directives));
            let [old, new] = said;
            applied::compare(diff, coordinate, old, new, |tool| gives(tool, &Given::is_something));
        }
        (Some(_), None) => {
            let message = format!("the {} `{coordinate}` is gone", words.noun);
            diff.tell(Breaking, words.removed, coordinate, message, |tool| {
                gives(tool, &Given::is_something)
            });
        }
        (None, Some(new)) if new.is_required() => {
            let message = format!(
                "the {} `{coordinate}` is new and required, of the type `{}`",
                words.noun, new.ty
            );
            // Who gives it already was written for the new schema.
            let lacks = |given: &Given| !matches!(given, Given::Literal(_) | Given::Variable(_));
            diff.tell(Breaking, words.required_added, coordinate, message, |tool| {
                gives(tool, &lacks)
            });
        }
        (None, Some(new)) => {
            let message = format!(
                "the {} `{coordinate}` is new, of the type `{}`, and may be left out",
                words.noun, new.ty
            );
            diff.tell(words.added_class, words.added, coordinate, message, |tool| {
                gives(tool, &|_| true)
            });
        }
        (None, None) => {}
    }
}

fn changed_type(
    diff: &mut Diff<'_>,
    spot: &Spot,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
    gives: Gives<'_>,
) {
    if old.ty == new.ty {
        return;
    }
    let Spot { coordinate, words } = spot;
    let message = format!("the type of `{coordinate}` changes from `{}` to `{}`", old.ty, new.ty);
    if input_is_safe(&old.ty, &new.ty) {
        diff.tell(Safe, words.type_changed, coordinate, message, |tool| {
            gives(tool, &Given::is_something)
        });
    } else {
        let schema = &diff.new.schema;
        diff.tell(Breaking, words.type_changed, coordinate, message, |tool| {
            gives(tool, &|given| {
                !given.fits(Place::of(old), Place::of(new), schema, &tool.variables)
            })
        });
    }
}

fn changed_default(
    diff: &mut Diff<'_>,
    spot: &Spot,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
    gives: Gives<'_>,
) {
    let Spot { coordinate, words } = spot;
    let (kind, fact) = match (&old.default_value, &new.default_value) {
        (Some(old), Some(new)) if !applied::is_same_value(old, new) => (
            words.default_changed,
            format!("changes from `{}` to `{}`", printed(old), printed(new)),
        ),
        (Some(old), None) => (words.default_removed, format!("is gone: it was `{}`", printed(old))),
        (None, Some(new)) => (words.default_added, format!("is `{}`; there was none", printed(new))),
        _ => return,
    };
    let message = format!("the default of `{coordinate}` {fact}");
    let place = (Place::of(old), Place::of(new));
    // graphql-js takes every change of a default for a dangerous one, but then something has to be given.
    if new.is_required() && !old.is_required() {
        let schema = &diff.new.schema;
        let message = format!("{message}, and so it is required");
        diff.tell(Breaking, kind, coordinate, message, |tool| {
            gives(tool, &|given| !given.fits(place.0, place.1, schema, &tool.variables))
        });
    } else {
        diff.tell(Dangerous, kind, coordinate, message, |tool| {
            gives(tool, &|given| given.may_be_nothing(place.0, &tool.variables))
        });
    }
}

fn printed(value: &Value) -> String {
    value.serialize().no_indent().to_string()
}

/// Whether two lists of arguments take the same.
pub(super) fn are_same(old: &[Node<InputValueDefinition>], new: &[Node<InputValueDefinition>]) -> bool {
    let is_in = |one: &InputValueDefinition| {
        new.iter().any(|other| {
            let is_same_default = match (&one.default_value, &other.default_value) {
                (Some(one), Some(other)) => applied::is_same_value(one, other),
                (one, other) => one.is_none() && other.is_none(),
            };
            one.name == other.name && one.ty == other.ty && is_same_default
        })
    };
    old.len() == new.len() && old.iter().all(|one| is_in(one))
}

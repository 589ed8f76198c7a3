//! The declarations of directives, before and after → what changes of them.
//!
//! Those that AppSync leaves undeclared, and the contract's, are the same in both.

use std::collections::BTreeSet;

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation};

use super::{
    ChangeClass::{Breaking, Safe},
    applied::{self, Said},
    diff::{Diff, nobody},
    input::{self, DIRECTIVE_ARGUMENT, Spot},
    usage::Tool,
};

pub(super) fn compare(diff: &mut Diff<'_>) {
    let (old, new) = (
        &diff.old.schema.directive_definitions,
        &diff.new.schema.directive_definitions,
    );
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for name in names {
        let coordinate = format!("@{name}");
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => compare_definition(diff, &coordinate, old, new),
            (Some(_), None) => {
                let message = format!("the directive `{coordinate}` is gone");
                let touches = |tool: &Tool| tool.directives.iter().any(|(used, ..)| used == name);
                diff.tell(Breaking, "directive-removed", coordinate, message, touches);
            }
            (None, Some(_)) => {
                let message = format!("the directive `{coordinate}` is new");
                diff.tell(Safe, "directive-added", coordinate, message, nobody);
            }
            (None, None) => {}
        }
    }
}

fn compare_definition(diff: &mut Diff<'_>, coordinate: &str, old: &DirectiveDefinition, new: &DirectiveDefinition) {
    let name = &old.name;
    let uses = |tool: &Tool| tool.directives.iter().any(|(used, ..)| used == name);
    let said = [old, new].map(|one| Said::of(one.description.as_deref(), &[]));
    let [before, after] = said;
    applied::compare(diff, coordinate, before, after, uses);
    if old.repeatable && !new.repeatable {
        let message = format!("`{coordinate}` can't be repeated any more");
        let is_repeated = |tool: &Tool| tool.directives.iter().filter(|(used, ..)| used == name).count() > 1;
        diff.tell(
            Breaking,
            "directive-repeatable-removed",
            coordinate,
            message,
            is_repeated,
        );
    } else if !old.repeatable && new.repeatable {
        let message = format!("`{coordinate}` can be repeated now");
        diff.tell(Safe, "directive-repeatable-added", coordinate, message, nobody);
    }
    let without = |from: &[DirectiveLocation], other: &[DirectiveLocation]| -> BTreeSet<String> {
        let gone = from.iter().filter(|location| !other.contains(location));
        gone.map(|location| location.name().to_owned()).collect()
    };
    for location in without(&old.locations, &new.locations) {
        let message = format!("`{coordinate}` can't stand on `{location}` any more");
        let stands = |tool: &Tool| {
            let mut all = tool.directives.iter();
            all.any(|(used, at, _)| used == name && at.name() == location)
        };
        diff.tell(Breaking, "directive-location-removed", coordinate, message, stands);
    }
    for location in without(&new.locations, &old.locations) {
        let message = format!("`{coordinate}` can stand on `{location}` now");
        diff.tell(Safe, "directive-location-added", coordinate, message, nobody);
    }
    let names: BTreeSet<_> = old
        .arguments
        .iter()
        .chain(&new.arguments)
        .map(|one| &one.name)
        .collect();
    for argument in names {
        let spot = Spot {
            coordinate: format!("@{name}({argument}:)"),
            words: &DIRECTIVE_ARGUMENT,
        };
        let pair = (old.argument_by_name(argument), new.argument_by_name(argument));
        input::compare(
            diff,
            &spot,
            pair.0.map(AsRef::as_ref),
            pair.1.map(AsRef::as_ref),
            &|tool, holds| tool.gives_to_directive(name, argument, holds),
        );
    }
}

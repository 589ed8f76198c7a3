//! Descriptions and applied directives, before and after → what changes of them.
//!
//! Whom AppSync's directives let in is another matter, and stands in `access`.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{
    Name, Node,
    ast::{Directive, Value},
    schema::{ExtendedType, SchemaDefinition},
};

use super::{
    ChangeClass::{Dangerous, Safe},
    diff::Diff,
    usage::Tool,
};
use crate::resolve::access;

/// What is said of a member of a schema.
pub(super) struct Said<'a> {
    description: Option<&'a str>,
    directives: Vec<&'a Directive>,
}

impl<'a> Said<'a> {
    pub(super) fn of(description: Option<&'a str>, directives: &'a [Node<Directive>]) -> Self {
        Self {
            description,
            directives: directives.iter().map(AsRef::as_ref).collect(),
        }
    }
}

/// AppSync's own directives that say nothing to who calls: what follows a mutation, and how APIs are merged.
const OF_NO_CONCERN: [&str; 5] = ["aws_subscribe", "aws_publish", "canonical", "hidden", "renamed"];

pub(super) fn schema(diff: &mut Diff<'_>, old: &SchemaDefinition, new: &SchemaDefinition) {
    let said = [old, new].map(|one| Said {
        description: one.description.as_deref(),
        directives: one.directives.iter().map(|directive| &***directive).collect(),
    });
    let [old, new] = said;
    compare(diff, "schema", old, new, |_| true);
}

pub(super) fn ty(diff: &mut Diff<'_>, name: &Name, old: &ExtendedType, new: &ExtendedType) {
    let said = [old, new].map(|one| Said {
        description: one.description().map(|text| &**text),
        directives: one.directives().iter().map(|directive| &***directive).collect(),
    });
    let [old, new] = said;
    compare(diff, name, old, new, |tool| {
        tool.uses_type(name) || tool.selects_of(name)
    });
}

/// Compares what is said of a member of a schema, which some tools use.
pub(super) fn compare(
    diff: &mut Diff<'_>,
    coordinate: &str,
    old: Said<'_>,
    new: Said<'_>,
    uses: impl Fn(&Tool) -> bool,
) {
    let text = |said: &Said<'_>| said.description.unwrap_or_default().trim().to_owned();
    if text(&old) != text(&new) {
        let fact = match (old.description, new.description) {
            (_, None) => "is gone",
            (None, _) => "is new",
            _ => "changes",
        };
        let message = format!("the description of `{coordinate}` {fact}");
        diff.tell(Safe, "description-changed", coordinate, message, &uses);
    }
    let (old, new) = (by_name(old.directives), by_name(new.directives));
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for name in names {
        let (before, after) = (old.get(name), new.get(name));
        if before == after {
            continue;
        }
        match name.as_str() {
            "deprecated" => deprecation(diff, coordinate, before, after, &uses),
            "specifiedBy" => specification(diff, coordinate, before, after, &uses),
            _ => other(diff, coordinate, name, before, after, &uses),
        }
    }
}

/// A directive with its arguments, both in a fixed order.
type Printed = Vec<String>;

fn deprecation(
    diff: &mut Diff<'_>,
    coordinate: &str,
    old: Option<&Printed>,
    new: Option<&Printed>,
    uses: impl Fn(&Tool) -> bool,
) {
    let (kind, message) = match (old, new) {
        (None, Some(new)) => (
            "deprecation-added",
            format!("`{coordinate}` is deprecated now: {}", listed(new)),
        ),
        (Some(old), None) => (
            "deprecation-removed",
            format!("`{coordinate}` is not deprecated any more: it was {}", listed(old)),
        ),
        (old, new) => ("deprecation-changed", from_to("the deprecation", coordinate, old, new)),
    };
    diff.tell(Safe, kind, coordinate, message, uses);
}

/// What a scalar's values look like may be another now: nobody can tell from a URL.
fn specification(
    diff: &mut Diff<'_>,
    coordinate: &str,
    old: Option<&Printed>,
    new: Option<&Printed>,
    uses: impl Fn(&Tool) -> bool,
) {
    let (class, kind, message) = match (old, new) {
        (None, Some(new)) => (
            Safe,
            "specified-by-added",
            format!("`{coordinate}` is specified now: {}", listed(new)),
        ),
        (Some(old), None) => (
            Dangerous,
            "specified-by-removed",
            format!("`{coordinate}` is not specified any more: it was {}", listed(old)),
        ),
        (old, new) => (
            Dangerous,
            "specified-by-changed",
            from_to("the specification", coordinate, old, new),
        ),
    };
    diff.tell(class, kind, coordinate, message, uses);
}

fn other(
    diff: &mut Diff<'_>,
    coordinate: &str,
    name: &str,
    old: Option<&Printed>,
    new: Option<&Printed>,
    uses: impl Fn(&Tool) -> bool,
) {
    let class = if OF_NO_CONCERN.contains(&name) { Safe } else { Dangerous };
    let (kind, message) = match (old, new) {
        (None, Some(new)) => (
            "applied-directive-added",
            format!("`{coordinate}` carries {} now", listed(new)),
        ),
        (Some(old), None) => (
            "applied-directive-removed",
            format!("`{coordinate}` does not carry {} any more", listed(old)),
        ),
        (old, new) => (
            "applied-directive-changed",
            from_to(&format!("`@{name}`"), coordinate, old, new),
        ),
    };
    diff.tell(class, kind, coordinate, message, uses);
}

fn from_to(what: &str, coordinate: &str, old: Option<&Printed>, new: Option<&Printed>) -> String {
    let text = |printed: Option<&Printed>| printed.map(|printed| listed(printed)).unwrap_or_default();
    format!("{what} of `{coordinate}` changes from {} to {}", text(old), text(new))
}

fn listed(printed: &[String]) -> String {
    format!("`{}`", printed.join(" "))
}

/// Returns the directives that are compared here, each name's in a fixed order.
fn by_name(directives: Vec<&Directive>) -> BTreeMap<String, Printed> {
    let mut found: BTreeMap<String, Printed> = BTreeMap::new();
    for directive in directives {
        if access::mode(&directive.name).is_none() && directive.name != "oneOf" {
            found
                .entry(directive.name.to_string())
                .or_default()
                .push(printed(directive));
        }
    }
    found.values_mut().for_each(|printed| printed.sort());
    found
}

/// Prints a directive with its arguments in the order of their names.
pub(super) fn printed(directive: &Directive) -> String {
    let mut directive = directive.clone();
    directive.arguments.sort_by(|a, b| a.name.cmp(&b.name));
    for argument in &mut directive.arguments {
        let argument = argument.make_mut();
        argument.value = Node::new(ordered(&argument.value));
    }
    directive.serialize().no_indent().to_string()
}

/// Whether two values are the same; the order of an object's fields means nothing.
pub(super) fn is_same_value(one: &Value, other: &Value) -> bool {
    ordered(one) == ordered(other)
}

fn ordered(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.iter().map(|item| Node::new(ordered(item))).collect()),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), Node::new(ordered(value))));
            let mut fields: Vec<_> = fields.collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields)
        }
        value => value.clone(),
    }
}

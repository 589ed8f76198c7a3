//! The cases of a tool that passed and that failed → the simplest condition that tells them apart, in words.
//!
//! Invariant: a condition is told only if it holds for all cases that failed and for none that passed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::case::Script;
use crate::decode::JsonObject;
use crate::tool::{Argument, Input};

/// A case that was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The values that were sent.
    pub(crate) values: JsonObject,
    pub(crate) script: Script,
    /// Whether nothing was found, or nothing was to be found and it failed.
    pub(crate) is_empty: bool,
    /// What kind of failure it was; nothing if it passed.
    pub(crate) failure: Option<String>,
}

/// A condition: its words, and whether it holds.
type Condition = (String, Box<dyn Fn(&Sent) -> bool>);

/// Returns what the cases that failed have in common, if that is more than chance.
pub(crate) fn because(arguments: &'static [Argument], sent: &[Sent]) -> Option<String> {
    let (failed, passed): (Vec<&Sent>, Vec<_>) = sent.iter().partition(|case| case.failure.is_some());
    if failed.is_empty() {
        return None;
    }
    if passed.is_empty() {
        let kinds: BTreeSet<_> = failed.iter().filter_map(|case| case.failure.as_deref()).collect();
        return Some(format!("every case fails: {}", Vec::from_iter(kinds).join(", ")));
    }
    conditions(arguments, &failed)
        .into_iter()
        .find(|(_, holds)| failed.iter().all(|case| holds(case)) && !passed.iter().any(|case| holds(case)))
        .map(|(words, _)| format!("fails {words}"))
}

/// All conditions that there are words for, the simplest first.
fn conditions(arguments: &'static [Argument], failed: &[&Sent]) -> Vec<Condition> {
    let names = || arguments.iter().map(|argument| argument.name);
    let mut conditions: Vec<Condition> = Vec::new();
    let mut add = |words: String, holds: Box<dyn Fn(&Sent) -> bool>| conditions.push((words, holds));
    for name in names() {
        add(
            format!("whenever `{name}` is left out"),
            Box::new(move |case| !case.values.contains_key(name)),
        );
        add(
            format!("whenever `{name}` is null"),
            Box::new(move |case| case.values.get(name).is_some_and(Value::is_null)),
        );
        add(
            format!("whenever `{name}` is given"),
            Box::new(move |case| case.values.get(name).is_some_and(|value| !value.is_null())),
        );
    }
    // What is not so of one that failed can't be what all of them have in common.
    let first = failed.first().map(|case| case.values.clone()).unwrap_or_default();
    for argument in arguments {
        let Some(value) = first.get(argument.name).cloned() else {
            continue;
        };
        of_value(argument, value, &mut add);
    }
    add(
        "on the last page".to_owned(),
        Box::new(|case| matches!(case.script, Script::LastPage(_))),
    );
    add(
        "on the second page".to_owned(),
        Box::new(|case| matches!(case.script, Script::SecondPage(_))),
    );
    add(
        "on the pages after the first".to_owned(),
        Box::new(|case| case.script != Script::Once),
    );
    add("whenever nothing is found".to_owned(), Box::new(|case| case.is_empty));
    for name in names() {
        add(
            format!("whenever `{name}` has characters beyond ASCII"),
            Box::new(move |case| case.values.get(name).is_some_and(is_beyond_ascii)),
        );
    }
    add(
        "whenever an argument has characters beyond ASCII".to_owned(),
        Box::new(|case| case.values.values().any(is_beyond_ascii)),
    );
    for name in names() {
        if let Some(least) = failed.iter().map(|case| length(case, name)).min().flatten() {
            add(
                format!("whenever `{name}` has {least} characters or more"),
                Box::new(move |case| length(case, name).is_some_and(|length| length >= least)),
            );
        }
    }
    conditions
}

/// The conditions on one argument's value.
fn of_value(argument: &'static Argument, value: Value, add: &mut impl FnMut(String, Box<dyn Fn(&Sent) -> bool>)) {
    let name = argument.name;
    match value {
        Value::Array(items) => {
            let is_enum =
                matches!(&argument.value.input, Input::List { item, .. } if matches!(item.input, Input::Enum { .. }));
            let count = items.len();
            for item in items.into_iter().filter(|_| is_enum) {
                add(
                    format!("whenever `{name}` has `{}`", item.as_str().unwrap_or_default()),
                    Box::new(move |case| list(case, name).is_some_and(|items| items.contains(&item))),
                );
            }
            add(
                format!("whenever `{name}` has {count} items"),
                Box::new(move |case| list(case, name).is_some_and(|items| items.len() == count)),
            );
        }
        Value::Object(_) | Value::Null => {}
        value => {
            // A long text has better words than itself.
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), |text| format!("`{text}`"));
            if text.chars().count() <= 40 && text.is_ascii() {
                add(
                    format!("whenever `{name}` is {text}"),
                    Box::new(move |case| case.values.get(name) == Some(&value)),
                );
            }
        }
    }
}

fn list<'a>(case: &'a Sent, name: &str) -> Option<&'a Vec<Value>> {
    case.values.get(name)?.as_array()
}

fn length(case: &Sent, name: &str) -> Option<usize> {
    Some(case.values.get(name)?.as_str()?.chars().count())
}

fn is_beyond_ascii(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_ascii(),
        Value::Array(items) => items.iter().any(is_beyond_ascii),
        Value::Object(fields) => fields.values().any(is_beyond_ascii),
        _ => false,
    }
}

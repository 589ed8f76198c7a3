//! The cases of a tool that passed and that failed → the simplest condition that tells them apart, in words.
//!
//! Invariant: a condition is told only if it holds for all cases that failed and for none that passed; and of a single case
//! that failed, only if it is what the case is about. Anything holds of one case.

use std::collections::BTreeSet;

use serde_json::Value;

use super::case::Script;
use super::cases::is_token;
use crate::decode::JsonObject;
use crate::tool::{Argument, ToolSpec};

/// A case that was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The case's name.
    pub(crate) name: String,
    /// The one argument that the case is about, if there is one.
    pub(crate) about: Option<&'static str>,
    /// The values that were sent.
    pub(crate) values: JsonObject,
    pub(crate) script: Script,
    /// Whether something was found, as far as there is a result with lists.
    pub(crate) has_found: Option<bool>,
    /// Whether it is the case that is to find nothing.
    pub(crate) is_for_nothing: bool,
    /// What kind of failure it was; nothing if it passed.
    pub(crate) failure: Option<String>,
}

/// A condition.
struct Condition {
    words: String,
    of: Of,
    /// Whether it holds.
    holds: Holds,
}

type Holds = Box<dyn Fn(&Sent) -> bool>;

type Matches = fn(&Sent) -> bool;

/// What a condition is of.
#[derive(Clone, Copy)]
enum Of {
    /// An argument's value.
    Argument(&'static str),
    /// The pages that are asked for.
    Page,
    /// That nothing is found.
    Nothing,
    /// None that there is a case about.
    Other,
}

impl Of {
    /// Whether this is what a case is about.
    fn is_of(self, case: &Sent) -> bool {
        match self {
            Self::Argument(name) => case.about == Some(name),
            Self::Page => case.script != Script::Once,
            Self::Nothing => case.is_for_nothing,
            Self::Other => false,
        }
    }
}

/// Returns what the cases that failed have in common, if that is more than chance.
pub(crate) fn because(spec: &'static ToolSpec, sent: &[Sent]) -> Option<String> {
    let (failed, passed): (Vec<&Sent>, Vec<_>) = sent.iter().partition(|case| case.failure.is_some());
    if failed.is_empty() {
        return None;
    }
    if passed.is_empty() {
        let kinds: BTreeSet<_> = failed.iter().filter_map(|case| case.failure.as_deref()).collect();
        return Some(format!("every case fails: {}", Vec::from_iter(kinds).join(", ")));
    }
    let tells_apart = |holds: &Holds| failed.iter().all(|case| holds(case)) && !passed.iter().any(|case| holds(case));
    let is_told = |of: Of| failed.len() > 1 || failed.iter().all(|case| of.is_of(case));
    let found = conditions(spec, &failed)
        .into_iter()
        .find(|condition| is_told(condition.of) && tells_apart(&condition.holds))
        .map(|condition| format!("fails {}", condition.words));
    found.or_else(|| match failed.as_slice() {
        [only] => Some(format!("only this case fails: {}", only.name)),
        _ => None,
    })
}

/// All conditions that there are words for, the simplest first.
fn conditions(spec: &'static ToolSpec, failed: &[&Sent]) -> Vec<Condition> {
    // Of a token only the page counts that it leads to.
    let arguments = || spec.arguments.iter().filter(|argument| !is_token(spec, argument));
    let names = || arguments().map(|argument| argument.name);
    let mut conditions: Vec<Condition> = Vec::new();
    let mut add = |of: Of, words: String, holds: Holds| conditions.push(Condition { words, of, holds });
    for name in names() {
        add(
            Of::Argument(name),
            format!("whenever `{name}` is left out"),
            Box::new(move |case| !case.values.contains_key(name)),
        );
        add(
            Of::Argument(name),
            format!("whenever `{name}` is null"),
            Box::new(move |case| case.values.get(name).is_some_and(Value::is_null)),
        );
        add(
            Of::Argument(name),
            format!("whenever `{name}` is given"),
            Box::new(move |case| case.values.get(name).is_some_and(|value| !value.is_null())),
        );
    }
    // What is not so of one that failed can't be what all of them have in common.
    let first = failed.first().map(|case| case.values.clone()).unwrap_or_default();
    for argument in arguments() {
        let Some(value) = first.get(argument.name).cloned() else {
            continue;
        };
        of_value(argument, value, &mut add);
    }
    let pages: [(&str, Matches); 3] = [
        ("on the last page", |case| matches!(case.script, Script::LastPage(_))),
        ("on the second page", |case| {
            matches!(case.script, Script::SecondPage(_))
        }),
        ("on the pages after the first", |case| case.script != Script::Once),
    ];
    for (words, holds) in pages {
        add(Of::Page, words.to_owned(), Box::new(holds));
    }
    if failed.iter().any(|case| case.is_for_nothing) {
        // Of one that failed nobody knows what it would have found.
        add(
            Of::Nothing,
            "whenever nothing is found".to_owned(),
            Box::new(|case| case.has_found.map_or(case.failure.is_some(), |has_found| !has_found)),
        );
    }
    if failed
        .iter()
        .all(|case| case.failure.as_deref().is_some_and(is_of_result))
    {
        add(
            Of::Other,
            "whenever something is found".to_owned(),
            Box::new(|case| case.has_found.unwrap_or(case.failure.is_some())),
        );
    }
    for name in names() {
        add(
            Of::Argument(name),
            format!("whenever `{name}` has characters beyond ASCII"),
            Box::new(move |case| case.values.get(name).is_some_and(is_beyond_ascii)),
        );
    }
    add(
        Of::Other,
        "whenever an argument has characters beyond ASCII".to_owned(),
        Box::new(|case| case.values.values().any(is_beyond_ascii)),
    );
    for name in names() {
        if let Some(least) = failed.iter().map(|case| length(case, name)).min().flatten() {
            add(
                Of::Argument(name),
                format!("whenever `{name}` has {least} characters or more"),
                Box::new(move |case| length(case, name).is_some_and(|length| length >= least)),
            );
        }
    }
    conditions
}

/// The conditions on one argument's value.
fn of_value(argument: &'static Argument, value: Value, add: &mut impl FnMut(Of, String, Holds)) {
    let name = argument.name;
    match value {
        Value::Array(items) => {
            let count = items.len();
            let counted = if count == 1 {
                "1 item".to_owned()
            } else {
                format!("{count} items")
            };
            add(
                Of::Argument(name),
                format!("whenever `{name}` has {counted}"),
                Box::new(move |case| list(case, name).is_some_and(|items| items.len() == count)),
            );
            for item in items {
                let Some(text) = short(&item) else { continue };
                add(
                    Of::Argument(name),
                    format!("whenever `{name}` has {text}"),
                    Box::new(move |case| list(case, name).is_some_and(|items| items.contains(&item))),
                );
            }
        }
        Value::Object(_) | Value::Null => {}
        value => {
            if let Some(text) = short(&value) {
                add(
                    Of::Argument(name),
                    format!("whenever `{name}` is {text}"),
                    Box::new(move |case| case.values.get(name) == Some(&value)),
                );
            }
        }
    }
}

/// Shows a value, if it is short: a long text has better words than itself.
fn short(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => format!("`{text}`"),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (text.len() <= 40 && text.is_ascii()).then_some(text)
}

/// Whether a failure is one of what came back.
fn is_of_result(kind: &str) -> bool {
    ["PARTIAL", "UNEXPECTED_RESPONSE"]
        .iter()
        .any(|of_result| kind.starts_with(of_result))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::specimen::FIND_THINGS_SPEC;
    use crate::verify::case::Paging;

    const PAGING: Paging = Paging {
        argument: "nextToken",
        list: &["findThings", "items"],
    };

    fn sent(values: &Value, failure: Option<&str>) -> Sent {
        Sent {
            name: "limit-at-maximum".to_owned(),
            about: None,
            values: values.as_object().cloned().unwrap_or_default(),
            script: Script::Once,
            has_found: failure.is_none().then_some(true),
            is_for_nothing: false,
            failure: failure.map(str::to_owned),
        }
    }

    fn check(cases: &[Sent], expected: Option<&str>) {
        assert_eq!(because(&FIND_THINGS_SPEC, cases).as_deref(), expected, "{cases:?}");
    }

    /// A contract's `find_things` takes `keywords`, and may take `limit` and `nextToken`.
    #[test]
    fn the_simplest_condition_is_told() {
        let failed = Some("UPSTREAM");
        let all = json!({"keywords": "a", "limit": 20});
        check(&[sent(&all, None)], None);
        check(
            &[sent(&all, failed), sent(&all, Some("THROTTLED"))],
            Some("every case fails: THROTTLED, UPSTREAM"),
        );
        for (bad, good, expected) in [
            (
                json!({"keywords": "a"}),
                json!({"keywords": "a", "limit": 1}),
                "whenever `limit` is left out",
            ),
            (
                json!({"keywords": "a", "limit": null}),
                all.clone(),
                "whenever `limit` is null",
            ),
            (
                json!({"keywords": "a", "limit": 1}),
                json!({"keywords": "a"}),
                "whenever `limit` is given",
            ),
            (
                json!({"keywords": "a", "limit": 100}),
                all.clone(),
                "whenever `limit` is 100",
            ),
            (
                json!({"keywords": "b", "limit": 20}),
                all.clone(),
                "whenever `keywords` is `b`",
            ),
            (
                json!({"keywords": "é", "limit": 20}),
                all.clone(),
                "whenever `keywords` has characters beyond ASCII",
            ),
            (
                json!({"keywords": "a".repeat(60), "limit": 20}),
                all.clone(),
                "whenever `keywords` has 60 characters or more",
            ),
        ] {
            let expected = format!("fails {expected}");
            check(
                &[sent(&bad, failed), sent(&bad, failed), sent(&good, None)],
                Some(&expected),
            );
        }
        // Nothing tells the same from the same.
        check(&[sent(&all, failed), sent(&all, failed), sent(&all, None)], None);
    }

    /// One case has many things that no other has.
    #[test]
    fn of_one_case_only_that_is_told_which_it_is_about() {
        let only = Some("only this case fails: limit-at-maximum");
        let (bad, good) = (
            json!({"keywords": "a", "limit": 100}),
            json!({"keywords": "b", "limit": 20}),
        );
        for (about, expected) in [
            (Some("limit"), Some("fails whenever `limit` is 100")),
            (Some("keywords"), Some("fails whenever `keywords` is `a`")),
            (Some("nextToken"), only),
            (None, only),
        ] {
            let bad = Sent {
                about,
                ..sent(&bad, Some("UPSTREAM"))
            };
            check(&[bad, sent(&good, None)], expected);
        }
        check(&[sent(&good, Some("UPSTREAM")), sent(&good, None)], only);
    }

    #[test]
    fn pages_and_what_is_found_are_conditions() {
        let all = json!({"keywords": "a", "limit": 20, "nextToken": "t"});
        let on = |script| Sent {
            script,
            ..sent(&all, Some("PAGING"))
        };
        check(
            &[on(Script::LastPage(PAGING)), sent(&all, None)],
            Some("fails on the last page"),
        );
        check(
            &[on(Script::SecondPage(PAGING)), sent(&all, None)],
            Some("fails on the second page"),
        );
        check(
            &[
                on(Script::SecondPage(PAGING)),
                on(Script::LastPage(PAGING)),
                sent(&all, None),
            ],
            Some("fails on the pages after the first"),
        );

        let nothing = || Sent {
            is_for_nothing: true,
            ..sent(&all, Some("UPSTREAM"))
        };
        check(&[nothing(), sent(&all, None)], Some("fails whenever nothing is found"));
        let found_nothing = Sent {
            has_found: Some(false),
            ..sent(&all, None)
        };
        check(
            &[nothing(), sent(&all, None), found_nothing],
            Some("only this case fails: limit-at-maximum"),
        );
        let found_nothing = Sent {
            has_found: Some(false),
            ..sent(&all, None)
        };
        check(
            &[sent(&all, Some("PARTIAL")), sent(&all, Some("PARTIAL")), found_nothing],
            Some("fails whenever something is found"),
        );
    }
}

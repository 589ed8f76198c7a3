//! A tool's contract → the cases that verify it.
//!
//! Invariant: pure and deterministic: the same contract has the same cases, by the same names and in the same order.
//! Invariant: what proves most comes first, so that whoever has no time for all leaves out the least.
//! Invariant: no case gives a page token of its own making; AppSync refuses those, and rightly.

use std::collections::BTreeSet;

use serde_json::Value;

use super::case::{Case, Expected, Paging, Script};
use super::value::{NONSENSE, fit, kebab, of_argument, of_field};
use crate::decode::JsonObject;
use crate::shape::token_argument;
use crate::tool::{Absent, Argument, Input, Kind, ListMax, Normalize, ToolSpec};

/// Up to so many optional arguments, every choice among them is a case.
const CHOICES_MAX: usize = 6;

/// The name of the case that finds nothing.
pub(super) const EMPTY_PAGE: &str = "empty-page";

/// An argument and a value for it.
type Given = (&'static Argument, Value);

/// Returns a tool's cases, or the name of an argument that no value can be made up for.
pub(crate) fn cases(spec: &'static ToolSpec) -> Result<Vec<Case>, &'static str> {
    let mut given: Vec<Given> = Vec::new();
    for argument in spec.arguments.iter().filter(|argument| !is_token(spec, argument)) {
        given.push((argument, of_argument(argument).ok_or(argument.name)?));
    }
    let (required, optional): (Vec<Given>, Vec<_>) = given
        .into_iter()
        .partition(|(argument, _)| argument.absent == Absent::Required);
    let base = object(&required);

    let mut cases = choices(&base, &optional);
    if let ([first, ..], [(argument, _)]) = (&mut cases[..], required.as_slice()) {
        first.about = Some(argument.name);
    }
    cases.extend(nulls(spec, &base, &optional));
    cases.extend(missing(&base));
    cases.extend(pages(spec, &base));
    cases.extend(empty_page(spec, &base));
    for (argument, value) in required.iter().chain(&optional) {
        cases.extend(values(&base, argument, value));
    }
    cases.extend(combinations(&base, &optional));

    let mut names = BTreeSet::new();
    cases.retain(|case| names.insert(case.name.clone()));
    Ok(cases)
}

fn object(given: &[Given]) -> JsonObject {
    let entries = given.iter();
    entries
        .map(|(argument, value)| (argument.name.to_owned(), value.clone()))
        .collect()
}

fn case(name: impl Into<String>, arguments: JsonObject) -> Case {
    Case {
        name: name.into(),
        arguments,
        script: Script::Once,
        expected: Expected::Taken,
        about: None,
        exact: None,
    }
}

/// The required arguments with those of the optional ones that are chosen by their index.
fn choice(base: &JsonObject, optional: &[Given], name: String, is_in: impl Fn(usize) -> bool) -> Case {
    let mut arguments = base.clone();
    let chosen = optional.iter().enumerate().filter(|(index, _)| is_in(*index));
    arguments.extend(chosen.map(|(_, (argument, value))| (argument.name.to_owned(), value.clone())));
    case(name, arguments)
}

/// The required arguments with none of the optional ones, all, all but each, and each.
fn choices(base: &JsonObject, optional: &[Given]) -> Vec<Case> {
    let count = optional.len();
    let of = |name: String, is_in: &dyn Fn(usize) -> bool| choice(base, optional, name, is_in);
    let about = |argument: &'static Argument, case| Case {
        about: Some(argument.name),
        ..case
    };
    let arguments = || optional.iter().map(|(argument, _)| *argument).enumerate();
    let mut cases = vec![of("only-required".to_owned(), &|_| false)];
    if count > 0 {
        cases.push(of("everything".to_owned(), &|_| true));
    }
    if count > 1 {
        cases.extend(arguments().map(|(left, argument)| {
            let name = format!("without-{}", kebab(argument.name));
            about(argument, of(name, &|index| index != left))
        }));
    }
    if count > 2 {
        cases.extend(arguments().map(|(only, argument)| {
            let name = format!("only-{}", kebab(argument.name));
            about(argument, of(name, &|index| index == only))
        }));
    }
    cases
}

/// The other choices among the optional arguments; where that is too many, each two.
fn combinations(base: &JsonObject, optional: &[Given]) -> Vec<Case> {
    let count = optional.len();
    let of = |chosen: &[usize]| {
        let names = chosen.iter().filter_map(|index| optional.get(*index));
        let names: Vec<_> = names.map(|(argument, _)| kebab(argument.name)).collect();
        let name = format!("only-{}", names.join("-and-"));
        choice(base, optional, name, |index| chosen.contains(&index))
    };
    if count > CHOICES_MAX {
        let pairs = (0..count).flat_map(|first| (first + 1..count).map(move |second| [first, second]));
        return pairs.map(|pair| of(&pair)).collect();
    }
    let choices = (0_u32..1 << count).map(|choice| (0..count).filter(|index| choice >> index & 1 == 1).collect());
    choices
        .filter(|chosen: &Vec<_>| chosen.len() >= 2 && chosen.len() + 2 <= count)
        .map(|chosen| of(&chosen))
        .collect()
}

/// Each optional argument as null: nothing at all, or a value of its own.
fn nulls(spec: &ToolSpec, base: &JsonObject, optional: &[Given]) -> Vec<Case> {
    let is_optional = |argument: &&Argument| argument.absent != Absent::Required || argument.value.nullable;
    let nulls = spec.arguments.iter().filter(is_optional).map(|argument| {
        let mut arguments = base.clone();
        arguments.extend(object(optional));
        arguments.insert(argument.name.to_owned(), Value::Null);
        Case {
            about: Some(argument.name),
            ..case(format!("null-{}", kebab(argument.name)), arguments)
        }
    });
    nulls.collect()
}

/// Each required argument left out.
fn missing(base: &JsonObject) -> Vec<Case> {
    let without = |name: &String| {
        let mut arguments = base.clone();
        arguments.shift_remove(name);
        Case {
            expected: Expected::Refused,
            ..case(format!("without-{}", kebab(name)), arguments)
        }
    };
    base.keys().map(without).collect()
}

/// Each value of an argument that is worth a case, beside the required ones.
fn values(base: &JsonObject, argument: &'static Argument, value: &Value) -> Vec<Case> {
    let of = |variant: super::value::Variant| {
        let mut arguments = base.clone();
        arguments.insert(argument.name.to_owned(), variant.value);
        Case {
            expected: variant.expected,
            about: Some(argument.name),
            exact: variant.is_exact.then_some(argument.name),
            ..case(format!("{}-{}", kebab(argument.name), variant.name), arguments)
        }
    };
    of_field(argument, value, 0).into_iter().map(of).collect()
}

/// The page after the first one, with the smallest pages, and the last page, with the largest.
fn pages(spec: &'static ToolSpec, base: &JsonObject) -> Vec<Case> {
    let Some(bound) = spec.lists.iter().find(|bound| token_argument(spec, bound).is_some()) else {
        return Vec::new();
    };
    let Some(argument) = token_argument(spec, bound) else {
        return Vec::new();
    };
    let paging = Paging {
        argument,
        list: bound.path,
    };
    let limit = match bound.max {
        ListMax::Argument(name) => spec.arguments.iter().find(|argument| argument.name == name),
        ListMax::Items(_) => None,
    };
    let of = |name: &str, script, take: fn((i64, i64)) -> i64| {
        let mut arguments = base.clone();
        if let Some((limit, Input::Integer { min, max, .. })) = limit.map(|limit| (limit, &limit.value.input)) {
            arguments.insert(limit.name.to_owned(), take((*min, *max)).into());
        }
        Case {
            script,
            ..case(name, arguments)
        }
    };
    vec![
        of("second-page", Script::SecondPage(paging), |(min, _)| min.max(1)),
        of("last-page", Script::LastPage(paging), |(_, max)| max),
    ]
}

/// A search for words that nobody has.
fn empty_page(spec: &ToolSpec, base: &JsonObject) -> Option<Case> {
    if spec.kind != Kind::Read || spec.lists.is_empty() {
        return None;
    }
    let mut arguments = base.clone();
    let mut is_search = false;
    for argument in spec.arguments.iter().filter(|argument| !is_token(spec, argument)) {
        if let Some((min, max)) = free_text(argument)
            && base.contains_key(argument.name)
        {
            arguments.insert(argument.name.to_owned(), fit(NONSENSE, min, max).into());
            is_search = true;
        }
    }
    is_search.then(|| case(EMPTY_PAGE, arguments))
}

/// Returns how long a text of any form may be; nothing if the argument is none.
pub(super) fn free_text(argument: &Argument) -> Option<(usize, usize)> {
    match &argument.value.input {
        Input::Text {
            scalar: "String",
            normalize,
            length_min,
            length_max,
            pattern: None,
            ..
        } if !normalize.contains(&Normalize::CountryCode) => Some((*length_min, *length_max)),
        _ => None,
    }
}

/// Whether an argument takes a page's token.
pub(super) fn is_token(spec: &ToolSpec, argument: &Argument) -> bool {
    let mut tokens = spec.lists.iter().filter_map(|bound| token_argument(spec, bound));
    tokens.any(|token| token == argument.name) || argument.name.eq_ignore_ascii_case("nextToken")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::decode::decode;
    use crate::specimen::FIND_THINGS_SPEC;

    #[test]
    fn a_contract_has_its_cases_by_their_names() {
        let cases = cases(&FIND_THINGS_SPEC).unwrap();
        let names: Vec<_> = cases
            .iter()
            .map(|case| format!("{} ({:?})", case.name, case.expected))
            .collect();
        expect![[r#"
            only-required (Taken)
            everything (Taken)
            null-limit (Taken)
            null-next-token (Taken)
            without-keywords (Refused)
            second-page (Taken)
            last-page (Taken)
            empty-page (Taken)
            keywords-at-minimum (Taken)
            keywords-at-maximum (Taken)
            keywords-below-minimum (Refused)
            keywords-above-maximum (Refused)
            keywords-unicode-scripts (Taken)
            keywords-unicode-right-to-left (Taken)
            keywords-unicode-combining (Taken)
            keywords-unicode-emoji (Taken)
            keywords-quotes-and-backslashes (Taken)
            keywords-lines-and-tabs (Taken)
            keywords-longest-in-bytes (Taken)
            limit-at-minimum (Taken)
            limit-at-maximum (Taken)
            limit-below-minimum (Capped)
            limit-above-maximum (Capped)"#]]
        .assert_eq(&names.join("\n"));
    }

    /// A long contract: eight optional arguments have 28 pairs, which come last.
    #[test]
    fn what_proves_least_comes_last() {
        let argument = &FIND_THINGS_SPEC.arguments[0];
        let base = JsonObject::new();
        for (count, choices_expected, combinations_expected) in [
            (0, 1, 0),
            (1, 2, 0),
            (2, 4, 0),
            (3, 8, 0),
            (4, 10, 6),
            (6, 14, 50),
            (8, 18, 28),
        ] {
            let optional: Vec<Given> = (0..count).map(|_| (argument, Value::Null)).collect();
            let counts = (choices(&base, &optional).len(), combinations(&base, &optional).len());
            assert_eq!(counts, (choices_expected, combinations_expected), "{count}");
        }
    }

    #[test]
    fn what_is_taken_is_admitted_and_what_is_refused_is_not() {
        for case in cases(&FIND_THINGS_SPEC).unwrap() {
            let decoded = decode(&FIND_THINGS_SPEC, case.arguments.clone());
            assert_eq!(decoded.is_ok(), case.expected != Expected::Refused, "{case:?}");
            let notes = decoded.map(|decoded| decoded.notes).unwrap_or_default();
            assert_eq!(!notes.is_empty(), case.expected == Expected::Capped, "{case:?}");
        }
    }
}

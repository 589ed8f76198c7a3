//! A place of the contract → values for it: one that does for any case, and each that is worth a case of its own.
//!
//! Invariant: pure and deterministic.
//! Invariant: what is made up is what `decode` admits there, unless it is to be refused; where nothing can be made up, there
//! is none, and whoever asks has to say so.

use serde_json::{Number, Value};

use super::case::Expected;
use crate::decode::{JsonObject, admits};
use crate::tool::{Absent, Argument, Excess, Input, Normalize, Position};

/// The most input objects within one another whose optional fields are given.
const DEPTH_MAX: usize = 3;

/// A word that nobody has.
pub(super) const NONSENSE: &str = "qzxjvkwq";

/// Texts of free form that are hard on whoever handles them carelessly, each with its name.
const UNICODE: [(&str, &str); 6] = [
    ("unicode-scripts", "Ωμέγα Привет 漢字かな 한글 हिन्दी"),
    ("unicode-right-to-left", "שלום مرحبا 123 abc"),
    ("unicode-combining", "e\u{301}a\u{308}o\u{302}n\u{303}"),
    ("unicode-emoji", "👩\u{200d}💻🇩🇪🎉👍🏽"),
    (
        "quotes-and-backslashes",
        "\"it's\" \\ `a` {\"b\": [1]} $c %d </e> ' \\u0041",
    ),
    ("lines-and-tabs", "one\ntwo\r\n\tthree"),
];

/// Four bytes in UTF-8.
const FOUR_BYTES: &str = "𝒜𠀀😀";

/// A value that is worth a case.
#[derive(Debug)]
pub(crate) struct Variant {
    /// What it is, such as `at-maximum`; kebab-case, but for an enum's values.
    pub(crate) name: String,
    pub(crate) value: Value,
    pub(crate) expected: Expected,
    /// Whether its length is what it is about.
    pub(crate) is_exact: bool,
}

impl Variant {
    fn new(name: impl Into<String>, value: impl Into<Value>, expected: Expected) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            expected,
            is_exact: false,
        }
    }

    fn exact(name: &str, value: impl Into<Value>, expected: Expected) -> Self {
        Self {
            is_exact: true,
            ..Self::new(name, value, expected)
        }
    }
}

/// Turns a GraphQL name into kebab-case: `employeesMin` into `employees-min`.
pub(super) fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for c in name.chars() {
        if c == '_' {
            kebab.push('-');
        } else if c.is_ascii_uppercase() {
            if !kebab.is_empty() && !kebab.ends_with('-') {
                kebab.push('-');
            }
            kebab.push(c.to_ascii_lowercase());
        } else {
            kebab.push(c);
        }
    }
    kebab
}

/// Returns a value for an argument: its example, or one that is made up.
pub(super) fn of_argument(argument: &Argument) -> Option<Value> {
    let example = argument.example.and_then(|text| serde_json::from_str(text).ok());
    example
        .filter(|example: &Value| admits(&argument.value, example.clone()))
        .or_else(|| of_position(&argument.value, 0))
}

/// Makes up a value.
fn of_position(position: &Position, depth: usize) -> Option<Value> {
    let value = match &position.input {
        Input::Boolean => true.into(),
        Input::Integer { min, max, .. } => 1.clamp(*min, *max).into(),
        Input::Float { min, max, .. } => 1_f64.clamp(*min, *max).into(),
        Input::Text { .. } => return text(position),
        Input::Enum { values, .. } => (*values.first()?).into(),
        Input::List {
            item,
            items_min,
            items_max,
            unique,
        } => {
            if *items_max == 0 {
                return Some(Value::Array(Vec::new()));
            }
            // An input object that holds a list of itself has a bottom here.
            let wanted = if depth > DEPTH_MAX {
                *items_min
            } else {
                (*items_min).max(1)
            };
            let first = if wanted == 0 {
                Value::Null
            } else {
                of_position(item, depth + 1)?
            };
            items(item, &first, wanted, *unique)?
        }
        Input::Object { fields, .. } => object(fields, depth, |_| depth < DEPTH_MAX)?.into(),
    };
    admits(position, value.clone()).then_some(value)
}

/// Makes up an input object of its required fields and those that are wanted.
fn object(fields: &[Argument], depth: usize, wanted: impl Fn(&Argument) -> bool) -> Option<JsonObject> {
    let mut object = JsonObject::new();
    for field in fields {
        if field.absent == Absent::Required || wanted(field) {
            let example = field.example.and_then(|text| serde_json::from_str(text).ok());
            let value = match example {
                Some(example) => example,
                None => of_position(&field.value, depth + 1)?,
            };
            object.insert(field.name.to_owned(), value);
        }
    }
    Some(object)
}

/// Makes up a text that the bounds admit.
fn text(position: &Position) -> Option<Value> {
    let Input::Text {
        scalar,
        length_min,
        length_max,
        ..
    } = &position.input
    else {
        return None;
    };
    let sample = match *scalar {
        "AWSDate" => "2026-01-31",
        "AWSTime" => "12:30:00.000Z",
        "AWSDateTime" => "2026-01-31T12:30:00.000Z",
        "AWSEmail" => "someone@example.com",
        "AWSJSON" => "{}",
        "AWSURL" => "https://example.com/",
        "AWSPhone" => "+14155550132",
        "AWSIPAddress" => "192.0.2.1",
        _ => "example",
    };
    let candidates = [
        sample.to_owned(),
        fit(sample, *length_min, *length_max),
        "DE".to_owned(),
    ];
    let candidates = candidates
        .into_iter()
        .chain(["1", "a", "A", "2026-01-31"].map(str::to_owned));
    candidates
        .map(Value::String)
        .find(|candidate| admits(position, candidate.clone()))
}

/// Repeats or cuts a text until it has so many characters.
pub(super) fn fit(text: &str, min: usize, max: usize) -> String {
    let count = text.chars().count();
    if (min..=max).contains(&count) {
        return text.to_owned();
    }
    let length = if count < min { min } else { max };
    text.chars().cycle().take(length).collect()
}

/// Returns so many items, different ones where duplicates are removed; nothing if there are not so many.
fn items(item: &Position, first: &Value, count: usize, unique: bool) -> Option<Value> {
    if !unique {
        return Some(std::iter::repeat_n(first.clone(), count).collect());
    }
    let mut items = Vec::new();
    for index in 0..count {
        items.push(nth(item, first, index)?);
    }
    Some(items.into())
}

/// Returns a value like the first one that no other number has.
fn nth(item: &Position, first: &Value, index: usize) -> Option<Value> {
    if index == 0 {
        return Some(first.clone());
    }
    let value: Value = match (&item.input, first) {
        (Input::Boolean, Value::Bool(first)) if index == 1 => (!first).into(),
        (Input::Integer { min, .. }, _) => {
            let value = min.checked_add(i64::try_from(index).ok()?)?;
            // The first one stands where it would come again.
            if first.as_i64() == Some(value) {
                (*min).into()
            } else {
                value.into()
            }
        }
        (Input::Text { length_max, .. }, Value::String(first)) => {
            let end = format!("-{index}");
            let kept = length_max.checked_sub(end.len())?;
            let first: String = first.chars().take(kept).collect();
            (first + &end).into()
        }
        (Input::Enum { values, .. }, Value::String(first)) => {
            let mut others = values.iter().filter(|value| *value != first);
            (*others.nth(index - 1)?).into()
        }
        _ => return None,
    };
    admits(item, value.clone()).then_some(value)
}

/// Returns the values of an argument, or of an input object's field, that are worth a case each; `base` is a value for it.
///
/// An empty text for what can be absent is no value at all, whatever its bounds say: it has a case of its own.
pub(super) fn of_field(field: &Argument, base: &Value, depth: usize) -> Vec<Variant> {
    let mut variants = variants(&field.value, base, depth);
    if field.absent != Absent::Required && matches!(field.value.input, Input::Text { empty: false, .. }) {
        variants.retain(|variant| variant.value != "");
        variants.push(Variant::new("empty", "", Expected::Taken));
    }
    variants
}

/// Returns the values of a place that are worth a case each; `base` is a value for it.
fn variants(position: &Position, base: &Value, depth: usize) -> Vec<Variant> {
    match &position.input {
        Input::Boolean => [("true", true), ("false", false)]
            .map(|(name, value)| Variant::new(name, value, Expected::Taken))
            .into(),
        Input::Integer { min, max, excess } => {
            let beyond = |value: Option<i64>| value.map(Value::from);
            number(
                (*min).into(),
                (*max).into(),
                beyond(min.checked_sub(1)),
                beyond(max.checked_add(1)),
                *excess,
            )
        }
        Input::Float { min, max, excess } => {
            let beyond = |value: f64, bound: f64| {
                let number = Number::from_f64(value).filter(|_| value.to_bits() != bound.to_bits());
                number.map(Value::Number)
            };
            number(
                (*min).into(),
                (*max).into(),
                beyond(min - 1.0, *min),
                beyond(max + 1.0, *max),
                *excess,
            )
        }
        Input::Text { .. } => texts(position, base),
        Input::Enum { values, .. } => {
            let known = values.iter().map(|value| Variant::new(*value, *value, Expected::Taken));
            let unknown = Variant::new("unknown", "_NO_SUCH_VALUE", Expected::Refused);
            known.chain([unknown]).collect()
        }
        Input::List {
            item,
            items_min,
            items_max,
            unique,
        } => {
            let mut variants = lists(item, (*items_min, *items_max), *unique, base, depth);
            // What an item is rewritten to may stand there already.
            variants.retain(|variant| variant.expected != Expected::Taken || admits(position, variant.value.clone()));
            variants
        }
        Input::Object { fields, .. } => objects(fields, depth),
    }
}

fn number(min: Value, max: Value, below: Option<Value>, above: Option<Value>, excess: Excess) -> Vec<Variant> {
    let beyond = match excess {
        Excess::Clamp => Expected::Capped,
        Excess::Reject => Expected::Refused,
    };
    let mut variants = vec![
        Variant::new("at-minimum", min, Expected::Taken),
        Variant::new("at-maximum", max, Expected::Taken),
    ];
    variants.extend(below.map(|below| Variant::new("below-minimum", below, beyond)));
    variants.extend(above.map(|above| Variant::new("above-maximum", above, beyond)));
    variants
}

fn texts(position: &Position, base: &Value) -> Vec<Variant> {
    let Input::Text {
        scalar,
        normalize,
        length_min,
        length_max,
        pattern,
        ..
    } = &position.input
    else {
        return Vec::new();
    };
    let (min, max) = (*length_min, *length_max);
    let mut variants = Vec::new();
    let base = base.as_str().unwrap_or_default();
    for step in *normalize {
        let (name, value) = match step {
            Normalize::Trim => ("with-spaces", format!("  {base}\t")),
            Normalize::Lowercase => ("upper-case", base.to_uppercase()),
            Normalize::Uppercase => ("lower-case", base.to_lowercase()),
            Normalize::CountryCode => {
                variants.push(Variant::new("code", "DE", Expected::Taken));
                variants.push(Variant::new("no-country", "Nowhereland", Expected::Refused));
                ("name", "Germany".to_owned())
            }
        };
        variants.push(Variant::new(name, value, Expected::Taken));
    }
    let of_length = |length: usize| "a".repeat(length);
    let above = Variant::exact("above-maximum", of_length(max + 1), Expected::Refused);
    // What else a pattern or a table admits is not for us to guess.
    if pattern.is_some() || normalize.contains(&Normalize::CountryCode) || *scalar == "AWSJSON" {
        variants.push(above);
        variants.extend(misfit(position).map(|text| Variant::new("misfit", text, Expected::Refused)));
        return variants;
    }
    variants.push(Variant::exact("at-minimum", of_length(min), Expected::Taken));
    variants.push(Variant::exact("at-maximum", of_length(max), Expected::Taken));
    if let Some(below) = min.checked_sub(1) {
        variants.push(Variant::exact("below-minimum", of_length(below), Expected::Refused));
    }
    variants.push(above);
    if *scalar == "String" {
        for (name, text) in UNICODE {
            variants.push(Variant::new(name, fit(text, min, max), Expected::Taken));
        }
        let longest: String = FOUR_BYTES.chars().cycle().take(max).collect();
        variants.push(Variant::exact("longest-in-bytes", longest, Expected::Taken));
    }
    // Whether a text of other letters is admitted may depend on what it is rewritten to.
    variants.retain(|variant| variant.expected == Expected::Refused || admits(position, variant.value.clone()));
    variants
}

/// Returns a text of a length that is admitted, which is refused all the same, if there is one among a few.
fn misfit(position: &Position) -> Option<String> {
    let Input::Text {
        length_min, length_max, ..
    } = &position.input
    else {
        return None;
    };
    let candidates = ["-", "~", "a", "1", "\u{1f600}", NONSENSE].map(|text| fit(text, *length_min, *length_max));
    let is_misfit = |text: &String| !text.is_empty() && !admits(position, text.as_str().into());
    candidates.into_iter().find(is_misfit)
}

fn lists(item: &Position, (min, max): (usize, usize), unique: bool, base: &Value, depth: usize) -> Vec<Variant> {
    let first = base.as_array().and_then(|items| items.first().cloned());
    let Some(first) = first.or_else(|| of_position(item, depth + 1)) else {
        return Vec::new();
    };
    let mut variants = Vec::new();
    let mut of_count = |name: &str, count: usize, expected| {
        if let Some(items) = items(item, &first, count, unique) {
            variants.push(Variant::exact(name, items, expected));
        }
    };
    of_count("at-minimum", min, Expected::Taken);
    of_count("at-maximum", max, Expected::Taken);
    if let Some(below) = min.checked_sub(1) {
        of_count("below-minimum", below, Expected::Refused);
    }
    of_count("above-maximum", max + 1, Expected::Refused);
    let least = min.max(1);
    let others = items(item, &first, least, unique).and_then(|items| items.as_array().cloned());
    let Some(others) = others.filter(|_| max > 0) else {
        return variants;
    };
    if unique {
        let twice: Vec<_> = others.iter().chain(&others).cloned().collect();
        variants.push(Variant::new("duplicates", twice, Expected::Taken));
    }
    if item.nullable {
        let mut with_null = others.clone();
        with_null.pop();
        with_null.push(Value::Null);
        variants.push(Variant::new("item-null", with_null, Expected::Taken));
    }
    let is_enum = matches!(item.input, Input::Enum { .. });
    for variant in of_items(item, &first, depth) {
        let mut items = others.clone();
        // A value that stands there already would be a duplicate.
        items.retain(|other| !unique || *other != variant.value);
        items.truncate(least - 1);
        items.push(variant.value);
        let has_enough = items.len() >= least;
        let name = if is_enum {
            variant.name
        } else {
            format!("item-{}", variant.name)
        };
        if has_enough {
            variants.push(Variant {
                name,
                value: items.into(),
                ..variant
            });
        }
    }
    variants
}

fn of_items(item: &Position, first: &Value, depth: usize) -> Vec<Variant> {
    if depth < DEPTH_MAX {
        variants(item, first, depth + 1)
    } else {
        Vec::new()
    }
}

fn objects(fields: &[Argument], depth: usize) -> Vec<Variant> {
    let mut variants = Vec::new();
    let made = |wanted: &dyn Fn(&Argument) -> bool| object(fields, depth, wanted);
    let (Some(least), Some(whole)) = (made(&|_| false), made(&|_| depth < DEPTH_MAX)) else {
        return variants;
    };
    variants.push(Variant::new("only-required", least.clone(), Expected::Taken));
    variants.push(Variant::new("everything", whole.clone(), Expected::Taken));
    for field in fields {
        let name = kebab(field.name);
        let is_optional = field.absent != Absent::Required;
        let mut without = whole.clone();
        let value = without.shift_remove(field.name);
        if is_optional {
            let mut with_null = whole.clone();
            with_null.insert(field.name.to_owned(), Value::Null);
            variants.push(Variant::new(format!("without-{name}"), without, Expected::Taken));
            variants.push(Variant::new(format!("null-{name}"), with_null, Expected::Taken));
        } else {
            variants.push(Variant::new(format!("without-{name}"), without, Expected::Refused));
        }
        let Some(value) = value else { continue };
        let with = |value: Value| {
            let mut object = least.clone();
            object.insert(field.name.to_owned(), value);
            object
        };
        if is_optional {
            variants.push(Variant::new(
                format!("only-{name}"),
                with(value.clone()),
                Expected::Taken,
            ));
        }
        if depth == DEPTH_MAX {
            continue;
        }
        for variant in of_field(field, &value, depth + 1) {
            let name = format!("{name}-{}", variant.name);
            variants.push(Variant {
                name,
                value: with(variant.value).into(),
                ..variant
            });
        }
    }
    variants
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::Pattern;

    #[test]
    fn texts_of_a_form_have_cases_that_are_refused() {
        let digits = Some("^[0-9]{4}$");
        let anything = Some("^");
        for (scalar, normalize, regex, expected) in [
            ("String", &[][..], None, &["above-maximum", "below-minimum"][..]),
            ("String", &[], digits, &["above-maximum", "misfit"]),
            ("String", &[], Some("^[^a-z1]*$"), &["above-maximum", "misfit"]),
            // Nothing can be beside it.
            ("String", &[], anything, &["above-maximum"]),
            ("AWSJSON", &[], None, &["above-maximum", "misfit"]),
            (
                "String",
                &[Normalize::CountryCode],
                None,
                &["above-maximum", "misfit", "no-country"],
            ),
        ] {
            let position = Position {
                input: Input::Text {
                    scalar,
                    normalize,
                    length_min: 1,
                    length_max: 9,
                    pattern: regex.map(|regex| Pattern { regex, hint: "it" }),
                    empty: false,
                },
                nullable: false,
            };
            let mut refused = texts(&position, &"1234".into());
            refused.retain(|variant| variant.expected == Expected::Refused);
            for variant in &refused {
                assert!(!admits(&position, variant.value.clone()), "{regex:?} {variant:?}");
            }
            let mut names: Vec<_> = refused.iter().map(|variant| &*variant.name).collect();
            names.sort_unstable();
            assert_eq!(names, expected, "{scalar} {regex:?}");
        }
    }
}

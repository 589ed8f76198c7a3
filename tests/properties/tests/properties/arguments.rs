//! The contract of a tool → random arguments for it.

use appsync_mcp::country;
use appsync_mcp::decode::JsonObject;
use appsync_mcp::tool::{Absent, Argument, Input, Normalize, Position, ToolSpec};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::beyond;

/// How deep input objects go that hold themselves. What is deeper is a matter of `deep` in `agreement`.
const DEPTH: usize = 3;

/// How values are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// Only such as the contract allows.
    Allowed,
    /// Only such as the contract allows, and of texts mostly such as are like the examples.
    Likely,
    /// Now and then others: of the wrong type, beyond a bound, missing, unknown.
    Careless,
}

/// Arguments that a tool accepts.
pub(crate) fn allowed(spec: &'static ToolSpec) -> BoxedStrategy<JsonObject> {
    object(spec.arguments, DEPTH, Care::Allowed)
}

/// Arguments that a tool accepts, and that mostly mean something to the API.
pub(crate) fn likely(spec: &'static ToolSpec) -> BoxedStrategy<JsonObject> {
    object(spec.arguments, DEPTH, Care::Likely)
}

/// Arguments that a tool may accept or not: careless in everything, or in one argument only.
pub(crate) fn tried(spec: &'static ToolSpec) -> BoxedStrategy<JsonObject> {
    let careless = object(spec.arguments, DEPTH, Care::Careless);
    let one = (allowed(spec), careless.clone(), any::<Index>()).prop_map(|(mut given, careless, index)| {
        if let Some(argument) = (!spec.arguments.is_empty()).then(|| &spec.arguments[index.index(spec.arguments.len())])
        {
            given.shift_remove(argument.name);
            if let Some(value) = careless.get(argument.name) {
                given.insert(argument.name.to_owned(), value.clone());
            }
        }
        given
    });
    prop_oneof![1 => careless, 3 => one].boxed()
}

/// The arguments or fields that a call or an object can't do without.
pub(crate) fn smallest(fields: &'static [Argument]) -> JsonObject {
    let mut runner = TestRunner::deterministic();
    let required = fields.iter().filter(|field| field.absent == Absent::Required);
    let values = required.map(|field| {
        let tree = value(&field.value, false, field.example, 0, Care::Allowed).new_tree(&mut runner);
        (field.name.to_owned(), tree.expect("a value that is allowed").current())
    });
    values.collect()
}

/// A value that is allowed at a place, always the same one.
pub(crate) fn some(position: &'static Position) -> Value {
    let mut runner = TestRunner::deterministic();
    let tree = value(position, false, None, 0, Care::Allowed).new_tree(&mut runner);
    tree.expect("a value that is allowed").current()
}

fn object(fields: &'static [Argument], depth: usize, care: Care) -> BoxedStrategy<JsonObject> {
    let names: Vec<&'static str> = fields.iter().map(|field| field.name).collect();
    let values: Vec<_> = fields.iter().map(|given| field(given, depth, care)).collect();
    let unknown = match care {
        Care::Careless => option::weighted(0.05, (unknown_name(&names), json_value())).boxed(),
        Care::Allowed | Care::Likely => Just(None).boxed(),
    };
    (values, unknown)
        .prop_map(move |(values, unknown): (Vec<Option<Value>>, _)| {
            let fields = names.iter().map(|name| (*name).to_owned()).zip(values);
            let given = fields.filter_map(|(name, value)| Some((name, value?)));
            given.chain(unknown).collect()
        })
        .boxed()
}

/// A name that is not there, or differs from one in its case only.
fn unknown_name(names: &[&'static str]) -> BoxedStrategy<String> {
    let others = ["", "__proto__", "$ref", "a/b~c", "\u{0}"].map(str::to_owned).to_vec();
    let close = names.iter().flat_map(|name| [name.to_uppercase(), format!("{name} ")]);
    select(close.chain(others).collect::<Vec<_>>()).boxed()
}

fn field(field: &'static Argument, depth: usize, care: Care) -> BoxedStrategy<Option<Value>> {
    let optional = field.absent != Absent::Required;
    // What holds itself has to end.
    if optional && depth == 0 && nests(&field.value) {
        return Just(None).boxed();
    }
    let there = value(&field.value, field.value.nullable, field.example, depth, care).prop_map(Some);
    let (absent, null) = match care {
        // What a random text means to the API is mostly nothing.
        Care::Likely if optional && field.example.is_none() && is_text(&field.value) => (400, 0),
        // The schema says nothing of a null that means as much as nothing.
        Care::Allowed | Care::Likely if optional => (6, 0),
        Care::Careless if optional => (6, 3),
        Care::Careless => (1, 1),
        Care::Allowed | Care::Likely => return there.boxed(),
    };
    prop_oneof![20 => there, absent => Just(None), null => Just(Some(Value::Null))].boxed()
}

fn is_text(position: &Position) -> bool {
    matches!(position.input, Input::Text { .. })
}

fn nests(position: &Position) -> bool {
    matches!(position.input, Input::List { .. } | Input::Object { .. })
}

/// Values for a place, null among them where it is one of them.
fn value(
    position: &'static Position,
    null: bool,
    example: Option<&str>,
    depth: usize,
    care: Care,
) -> BoxedStrategy<Value> {
    let fitting = match &position.input {
        Input::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Input::Integer { min, max, .. } => integer(*min, *max),
        Input::Float { min, max, .. } => float(*min, *max),
        Input::Text { .. } => text(position, example, care),
        Input::Enum { values, .. } => select(*values).prop_map(Value::from).boxed(),
        Input::List {
            item,
            items_min,
            items_max,
            ..
        } => {
            let example = example.and_then(|text| serde_json::from_str::<Vec<Value>>(text).ok());
            let example = example.and_then(|items| items.first().map(Value::to_string));
            let most = if depth > 0 {
                (*items_max).min(items_min + 4)
            } else {
                *items_min
            };
            if most == 0 {
                return Just(json!([])).boxed();
            }
            // The schema says nothing of a null in a list.
            let null = item.nullable && care == Care::Careless;
            let item = value(item, null, example.as_deref(), depth.saturating_sub(1), care);
            let usual = vec(item.clone(), *items_min..=most);
            let many = vec(item, *items_max..=(*items_max + usize::from(care == Care::Careless)));
            let many_too = u32::from(depth == DEPTH);
            prop_oneof![9 => usual, many_too => many].prop_map(Value::from).boxed()
        }
        Input::Object { fields, .. } => object(fields, depth.saturating_sub(1), care)
            .prop_map(Value::from)
            .boxed(),
    };
    let fitting = if null {
        prop_oneof![9 => fitting, 1 => Just(Value::Null)].boxed()
    } else {
        fitting
    };
    match (care, &position.input) {
        (Care::Careless, input) => prop_oneof![
            20 => fitting.clone(),
            3 => beside(input),
            3 => fitting.prop_map(spelled_otherwise),
            1 => json_value(),
        ]
        .boxed(),
        // The schema of these does not say it all.
        (_, Input::Text { .. } | Input::List { .. }) => fitting
            .prop_filter("the contract says more", |value| beyond::allows(position, value))
            .boxed(),
        _ => fitting,
    }
}

fn integer(min: i64, max: i64) -> BoxedStrategy<Value> {
    let near = select(vec![min, max, min.midpoint(max), 0.clamp(min, max), 1.clamp(min, max)]);
    let whole = prop_oneof![2 => min..=max, 1 => near];
    // `7.0` is an integer as well as `7` is.
    (whole, prop::bool::weighted(0.1))
        .prop_map(|(whole, as_float)| {
            #[expect(clippy::cast_precision_loss, reason = "only what is exact is taken")]
            let float = whole as f64;
            if as_float && whole.abs() < 1 << 53 {
                float.into()
            } else {
                whole.into()
            }
        })
        .boxed()
}

fn float(min: f64, max: f64) -> BoxedStrategy<Value> {
    let near = select(vec![min, max, 0.0_f64.clamp(min, max), 1.0_f64.clamp(min, max)]);
    let wide = any::<f64>().prop_map(move |number| if number.is_nan() { min } else { number.clamp(min, max) });
    let small = (-1e3..1e3).prop_map(move |number: f64| number.clamp(min, max));
    (prop_oneof![near, wide, small], prop::bool::weighted(0.2))
        .prop_map(move |(number, whole)| {
            let rounded = number.round();
            #[expect(clippy::cast_possible_truncation, reason = "only what is exact is taken")]
            if whole && rounded.abs() < 1e15 && (min..=max).contains(&rounded) {
                (rounded as i64).into()
            } else {
                number.into()
            }
        })
        .boxed()
}

fn text(position: &'static Position, example: Option<&str>, care: Care) -> BoxedStrategy<Value> {
    let Input::Text {
        scalar,
        normalize,
        length_min,
        length_max,
        pattern,
        ..
    } = &position.input
    else {
        unreachable!("a text is asked for")
    };
    let (min, max) = (*length_min, *length_max);
    let patterns: Vec<&'static str> = pattern.iter().map(|pattern| pattern.regex).collect();
    let made = if normalize.contains(&Normalize::CountryCode) {
        country_text()
    } else if *scalar == "AWSJSON" {
        json_value().prop_map(|value| value.to_string()).boxed()
    } else if let Some(regex) = patterns.first() {
        matching(regex)
    } else {
        let usual = vec(any::<char>(), min..=max.min(min + 12));
        let longest = select(vec!['x', 'ß', '日', '🦀']).prop_map(move |one| vec![one; max]);
        prop_oneof![12 => usual, 1 => longest]
            .prop_map(String::from_iter)
            .boxed()
    };
    let made = made.prop_filter("another length, or another pattern", move |text| {
        let length = text.chars().count();
        !normalize.is_empty()
            || (min..=max).contains(&length) && patterns.iter().all(|regex| beyond::matches(regex, text))
    });
    let made = match (care, example.and_then(|text| serde_json::from_str::<String>(text).ok())) {
        (Care::Likely, Some(example)) => prop_oneof![9 => like(example), 1 => made].boxed(),
        (Care::Careless, _) => prop_oneof![4 => made.clone(), 1 => with_a_stray_character(made.boxed())].boxed(),
        _ => made.boxed(),
    };
    made.prop_map(Value::from).boxed()
}

fn country_text() -> BoxedStrategy<String> {
    let known: Vec<_> = country::all().flat_map(|(code, name)| [code, name]).collect();
    (select(known), select(vec!["", " ", "\t"]), 0..3_u8)
        .prop_map(|(name, space, case)| {
            let name = match case {
                0 => name.to_lowercase(),
                1 => name.to_uppercase(),
                _ => name.to_owned(),
            };
            format!("{space}{name}{space}")
        })
        .boxed()
}

/// Texts that match a regular expression as a whole.
fn matching(regex: &str) -> BoxedStrategy<String> {
    let inner = regex.trim_start_matches('^').trim_end_matches('$');
    string_regex(inner)
        .unwrap_or_else(|error| panic!("{regex}: {error}"))
        .boxed()
}

/// A text with a character in it that regular expressions read differently.
fn with_a_stray_character(text: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let stray = [
        '\n', '\r', ' ', '\t', '\u{b}', '\u{85}', '\u{a0}', '\u{2028}', '\u{feff}', '٣', 'é', '\0',
    ];
    (text, any::<Index>(), select(stray.to_vec()))
        .prop_map(|(text, index, stray)| {
            let mut chars: Vec<char> = text.chars().collect();
            chars.insert(index.index(chars.len() + 1), stray);
            String::from_iter(chars)
        })
        .boxed()
}

/// Texts that differ from an example in their last two digits.
fn like(example: String) -> BoxedStrategy<String> {
    (0..100_u8)
        .prop_map(move |number| {
            let digits = format!("{number:02}");
            let mut digits = digits.chars().rev();
            let replaced = example.chars().rev();
            let replaced = replaced.map(|c| {
                if c.is_ascii_digit() {
                    digits.next().unwrap_or(c)
                } else {
                    c
                }
            });
            replaced.collect::<Vec<_>>().into_iter().rev().collect()
        })
        .boxed()
}

/// Returns a value as some clients spell it: as text, or without the quotes of a text.
fn spelled_otherwise(value: Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        value => value.to_string().into(),
    }
}

/// Values right beside those that are accepted.
fn beside(input: &'static Input) -> BoxedStrategy<Value> {
    let values = match input {
        Input::Boolean => vec![json!(0), json!("true"), json!("True"), json!("")],
        Input::Integer { min, max, .. } => vec![
            min.checked_sub(1).into(),
            max.checked_add(1).into(),
            json!(0.5),
            json!(min.to_string()),
            json!(format!(" {max}\n")),
            json!("1e2"),
            json!("\"1\""),
            json!("null"),
            json!(""),
            json!(u64::MAX),
            json!(1e300),
            json!(-1e300),
        ],
        Input::Float { min, max, .. } => vec![
            json!(min - 1.0),
            json!(max + 1.0),
            json!(max.to_string()),
            json!("1e400"),
            json!(u64::MAX),
        ],
        Input::Text {
            length_min, length_max, ..
        } => {
            let of_length = |length: usize| json!("x".repeat(length));
            vec![
                of_length(0),
                of_length(length_min.saturating_sub(1)),
                of_length(*length_min),
                of_length(length_max + 1),
                json!("  "),
                json!("null"),
                json!("1"),
                json!(1),
                json!(-1.0),
                json!(9_007_199_254_740_992_i64),
                json!(u64::MAX),
                json!({ "a": [1, 1e300] }),
                json!([true]),
            ]
        }
        Input::Enum { values, .. } => {
            let some = values.iter().take(3);
            some.flat_map(|value| [json!(value.to_lowercase()), json!(format!("{value} ")), json!([value])])
                .chain([json!("")])
                .collect()
        }
        Input::List { items_max, .. } => vec![
            json!([]),
            json!([null]),
            json!([[]]),
            json!(vec![Value::Null; items_max + 1]),
            json!(""),
            json!("[]"),
            json!("[\"[]\", 1, null]"),
            json!("a"),
        ],
        Input::Object { .. } => vec![
            json!({}),
            json!({ "": null }),
            json!([]),
            json!([0]),
            json!("{}"),
            json!(" [] "),
            json!("null"),
            json!("\"{}\""),
        ],
    };
    select(values).boxed()
}

fn json_value() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec(("[a-zA-Z_$]{0,4}", inner), 0..3).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
    .boxed()
}

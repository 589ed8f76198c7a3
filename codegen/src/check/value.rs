//! Rules on the values that a contract gives itself: defaults and examples.

use serde_json::{Map, Value};

use crate::{
    diagnostic::Diagnostic,
    model::{Input, InputField, Model, Normalization, Position, TextPattern, Variable},
    suggest,
};

/// A default or an example must be something that the tool takes.
pub(super) fn outside_its_own_bounds(variable: &Variable, model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (what, value) in [("default", &variable.default), ("example", &variable.example)] {
        let Some(value) = value else { continue };
        // What is to be said of a null default says another rule.
        if value.value.is_null() && (variable.value.nullable || what == "default") {
            continue;
        }
        if let Some(problem) = problem(&value.value, &variable.value.input, model) {
            let message = format!(
                "the {what} of `${}` is not within its own bounds: {problem}",
                variable.name
            );
            found.push(
                Diagnostic::error(value.span.clone(), message, "out of bounds")
                    .help(format!("change the {what}, or the bounds")),
            );
        }
    }
    found
}

/// Says why a value would be refused.
fn problem(value: &Value, input: &Input, model: &Model) -> Option<String> {
    match (input, value) {
        (Input::Boolean, Value::Bool(_)) => None,
        (Input::Integer { min, max, .. }, Value::Number(number)) => match number.as_i64() {
            Some(number) if number < *min => Some(format!("{number} is below {min}")),
            Some(number) if number > *max => Some(format!("{number} is above {max}")),
            Some(_) => None,
            None => Some(format!("{number} is not a whole number")),
        },
        (Input::Float { min, max, .. }, Value::Number(number)) => match number.as_f64() {
            Some(number) if number < *min => Some(format!("{number} is below {min}")),
            Some(number) if number > *max => Some(format!("{number} is above {max}")),
            _ => None,
        },
        (
            Input::Text {
                normalize,
                length_min,
                length_max,
                pattern,
                ..
            },
            Value::String(text),
        ) => text_problem(text, normalize, (*length_min, *length_max), pattern.as_ref()),
        (Input::Enum { name }, Value::String(value)) => {
            let found = model.input_enums.iter().find(|found| found.name == *name)?;
            let mut names = found.values.iter().map(|value| value.name.as_str());
            if names.clone().any(|name| name == value) {
                return None;
            }
            let near = suggest::nearest(value, names.by_ref()).map(|near| format!(" (did you mean `{near}`?)"));
            Some(format!("`{name}` has no value `{value}`{}", near.unwrap_or_default()))
        }
        (
            Input::List {
                item,
                items_min,
                items_max,
                unique,
            },
            Value::Array(items),
        ) => {
            let count = i64::try_from(count(items, *unique)).unwrap_or(i64::MAX);
            match count {
                _ if count < *items_min => Some(format!("it has {count} items, and {items_min} are the fewest")),
                _ if count > *items_max => Some(format!("it has {count} items, and {items_max} are the most")),
                _ => items.iter().find_map(|value| item_problem(value, item, model)),
            }
        }
        // A single value stands for a list of one (https://spec.graphql.org/September2025/#sec-List.Input-Coercion), but not in JSON arguments.
        (Input::List { .. }, _) => Some("it is not a list".to_owned()),
        (Input::Object { name, own }, Value::Object(fields)) => {
            object_problem(fields, name, model.fields(name, own.as_ref()), model)
        }
        (Input::Float { .. } | Input::Integer { .. }, Value::String(text)) if is_infinite(text) => {
            Some(format!("{text} is too large"))
        }
        (_, value) => Some(format!("{value} is of another type")),
    }
}

/// Counts items as the run time does: duplicates go first.
fn count(items: &[Value], unique: bool) -> usize {
    let again = |at: usize, item: &Value| items.iter().take(at).any(|before| before == item);
    let counted = items.iter().enumerate();
    counted.filter(|(at, item)| !unique || !again(*at, item)).count()
}

fn is_infinite(text: &str) -> bool {
    text.parse().is_ok_and(f64::is_infinite)
}

fn item_problem(value: &Value, item: &Position, model: &Model) -> Option<String> {
    if value.is_null() {
        return (!item.nullable).then(|| "an item is null".to_owned());
    }
    problem(value, &item.input, model)
}

fn text_problem(
    text: &str,
    normalize: &[Normalization],
    (length_min, length_max): (i64, i64),
    pattern: Option<&TextPattern>,
) -> Option<String> {
    // What a country's name becomes is known at run time only; there a test sends every example through.
    if normalize.contains(&Normalization::CountryCode) {
        return None;
    }
    let text = normalize.iter().fold(text.to_owned(), |text, how| match how {
        Normalization::Trim => text.trim().to_owned(),
        Normalization::Lowercase => text.to_lowercase(),
        Normalization::Uppercase => text.to_uppercase(),
        Normalization::CountryCode => text,
    });
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let matches =
        |pattern: &&TextPattern| regex_lite::Regex::new(&pattern.regex).is_ok_and(|regex| regex.is_match(&text));
    match length {
        _ if length < length_min => Some(format!("it has {length} characters, and {length_min} are the fewest")),
        _ if length > length_max => Some(format!("it has {length} characters, and {length_max} are the most")),
        _ => pattern
            .filter(|pattern| !matches(pattern))
            .map(|pattern| format!("it is not {}", pattern.hint)),
    }
}

fn object_problem(given: &Map<String, Value>, name: &str, fields: &[InputField], model: &Model) -> Option<String> {
    let unknown = given.keys().find(|key| fields.iter().all(|field| field.name != **key));
    if let Some(unknown) = unknown {
        let names = fields.iter().map(|field| field.name.as_str());
        let near = suggest::nearest(unknown, names).map(|near| format!(" (did you mean `{near}`?)"));
        return Some(format!("`{name}` has no field `{unknown}`{}", near.unwrap_or_default()));
    }
    fields.iter().find_map(|field| match given.get(&field.name) {
        None | Some(Value::Null) => field.required.then(|| format!("`{}` is missing", field.name)),
        Some(value) => problem(value, &field.value.input, model),
    })
}

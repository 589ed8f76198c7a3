//! The model → the JSON Schemas (draft 2020-12) that clients see.
//!
//! They are written here, from the same model as the decoder's tables, so that what is advertised is what is enforced.
//! Where a contract rewrites, more is accepted than advertised bounds would let through, and so they are not advertised: a
//! number that is clamped has no `minimum` and `maximum`, a list that loses its duplicates no `maxItems`, a text that is
//! normalised no lengths. The description tells them instead.
//!
//! Every conversation pays for every schema, and every client reads them in its own way. So a schema says what a model needs
//! in the plainest form, and the decoder knows the rest: what may be left out is not in `required` and has its plain type,
//! null stands only where it means something of its own, and that nothing unknown is taken is not said at all
//! (`additionalProperties` makes google-genai refuse the tool, at whatever depth it stands).

mod output;
mod portable;
mod redundant;
#[cfg(test)]
mod tests;

pub(crate) use output::{Root, output, root};
pub(crate) use portable::unportable;

use serde_json::{Map, Value, json};

use crate::bounds;
use crate::model::{Input, InputField, Model, Normalization, Position, Tool, Variable};

/// Returns a tool's input schema.
pub(crate) fn input(tool: &Tool, model: &Model) -> Value {
    let mut defs = Map::new();
    let mut properties = Map::new();
    for variable in tool.arguments() {
        properties.insert(variable.name.clone(), argument(variable, model, &mut defs));
    }
    let required: Vec<_> = tool
        .arguments()
        .filter(|variable| is_required(variable))
        .map(|variable| variable.name.as_str())
        .collect();
    let mut schema = object(properties, &required);
    if !defs.is_empty() {
        schema.insert("$defs".to_owned(), defs.into());
    }
    schema.into()
}

/// Whether a call must give a variable a value.
pub(crate) fn is_required(variable: &Variable) -> bool {
    variable.ty.is_non_null() && variable.default.is_none()
}

fn argument(variable: &Variable, model: &Model, defs: &mut Map<String, Value>) -> Value {
    let sentences = [
        Some(variable.description.clone()),
        unadvertised(&variable.value.input),
        example(variable),
    ];
    let sentences: Vec<_> = sentences.into_iter().flatten().collect();
    let mut schema = described(nullable(&variable.value, model, defs), &sentences.join(" "));
    if let Value::Object(schema) = &mut schema
        && let Some(default) = variable.default.as_ref().filter(|default| !default.value.is_null())
    {
        schema.insert("default".to_owned(), default.value.clone());
    }
    schema
}

/// Returns a sentence with the example, where a text has a form that the schema's type does not tell: a pattern, or that of
/// a scalar. `examples` is no keyword for that: some clients refuse or mangle it.
fn example(variable: &Variable) -> Option<String> {
    let (input, example) = match (&variable.value.input, &variable.example.as_ref()?.value) {
        (Input::List { item, .. }, Value::Array(items)) => (&item.input, items.first()?),
        (input, example) => (input, example),
    };
    let Input::Text { scalar, pattern, .. } = input else {
        return None;
    };
    let has_form = pattern.is_some() || !["String", "ID"].contains(&scalar.as_str());
    let text = example.as_str().filter(|text| !variable.description.contains(text))?;
    has_form.then(|| {
        if text.contains('`') {
            format!("For example {example}.")
        } else {
            format!("For example `{text}`.")
        }
    })
}

/// Returns a sentence for bounds that no keyword tells.
fn unadvertised(input: &Input) -> Option<String> {
    let sentence = |least: Option<String>, most: Option<String>, unit: &str| match (least, most) {
        (Some(least), Some(most)) => Some(format!("From {least} to {most}{unit}.")),
        (Some(least), None) => Some(format!("At least {least}{unit}.")),
        (None, Some(most)) => Some(format!("At most {most}{unit}.")),
        (None, None) => None,
    };
    match input {
        Input::Integer { min, max, clamp: true } => {
            let [least, most] = written(*min, *max).map(|bound| Some(bound?.to_string()));
            sentence(least, most, "")
        }
        Input::Float { min, max, clamp: true } => {
            let told = |bound: f64, none: f64| (bound.to_bits() != none.to_bits()).then(|| bound.to_string());
            sentence(told(*min, f64::MIN), told(*max, f64::MAX), "")
        }
        // A country's name ends as a code of two letters: its length says nothing.
        Input::Text { normalize, .. } if normalize.contains(&Normalization::CountryCode) => None,
        Input::Text {
            normalize,
            length_min,
            length_max,
            ..
        } if !normalize.is_empty() => {
            let least = (*length_min > 0).then(|| length_min.to_string());
            sentence(least, Some(length_max.to_string()), " characters")
        }
        Input::List {
            item,
            items_max,
            unique,
            ..
        } => {
            let count = unique.then(|| format!("At most {items_max} items."));
            let each = unadvertised(&item.input).map(|item| format!("Each: {}", lower_first(&item)));
            let sentences: Vec<_> = count.into_iter().chain(each).collect();
            (!sentences.is_empty()).then(|| sentences.join(" "))
        }
        _ => None,
    }
}

/// Returns the bounds of a whole number, without those that its type has by itself.
fn written(min: i64, max: i64) -> [Option<i64>; 2] {
    let (least, most) = (i64::from(i32::MIN), i64::from(i32::MAX));
    [
        (![least, -bounds::INTEGER_MAX].contains(&min)).then_some(min),
        (![most, bounds::INTEGER_MAX].contains(&max)).then_some(max),
    ]
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Lets null stand beside the type. As an alternative of its own, since not every client reads a list of types; what is said
/// of the value stays beside the alternatives.
fn or_null(schema: Value) -> Value {
    let Value::Object(mut schema) = schema else {
        return schema;
    };
    let description = schema.shift_remove("description");
    let mut any = match schema.shift_remove("anyOf") {
        Some(Value::Array(any)) => any,
        _ => vec![schema.into()],
    };
    any.push(json!({ "type": "null" }));
    let mut schema = Map::from_iter([("anyOf".to_owned(), any.into())]);
    schema.extend(description.map(|text| ("description".to_owned(), text)));
    schema.into()
}

fn value(input: &Input, model: &Model, defs: &mut Map<String, Value>) -> Value {
    match input {
        Input::Boolean => json!({ "type": "boolean" }),
        Input::Integer { clamp: true, .. } => json!({ "type": "integer" }),
        Input::Integer { min, max, .. } => {
            let mut schema = Map::from_iter([("type".to_owned(), "integer".into())]);
            for (key, bound) in ["minimum", "maximum"].into_iter().zip(written(*min, *max)) {
                schema.extend(bound.map(|bound| (key.to_owned(), bound.into())));
            }
            schema.into()
        }
        Input::Float { min, max, clamp } => {
            let mut schema = Map::from_iter([("type".to_owned(), "number".into())]);
            let bounds = [("minimum", *min, f64::MIN), ("maximum", *max, f64::MAX)];
            for (key, bound, none) in bounds {
                if !clamp && bound.to_bits() != none.to_bits() {
                    schema.insert(key.to_owned(), bound.into());
                }
            }
            schema.into()
        }
        Input::Text {
            normalize,
            length_min,
            length_max,
            pattern,
            ..
        } => {
            let mut schema = Map::from_iter([("type".to_owned(), "string".into())]);
            if normalize.is_empty() {
                if *length_min > 0 {
                    schema.insert("minLength".to_owned(), (*length_min).into());
                }
                schema.insert("maxLength".to_owned(), (*length_max).into());
                schema.extend(
                    pattern
                        .as_ref()
                        .map(|pattern| ("pattern".to_owned(), pattern.regex.as_str().into())),
                );
            }
            schema.into()
        }
        Input::Enum { name } => {
            let found = model.input_enums.iter().find(|found| found.name == *name);
            let values: Vec<_> = found
                .into_iter()
                .flat_map(|found| &found.values)
                .map(|value| value.name.as_str())
                .collect();
            json!({ "type": "string", "enum": values })
        }
        Input::List {
            item,
            items_min,
            items_max,
            unique,
        } => {
            let mut schema = Map::from_iter([("type".to_owned(), "array".into())]);
            // A null in a list is taken where GraphQL lets it be, and of no use to a model.
            schema.insert("items".to_owned(), value(&item.input, model, defs));
            if *items_min > 0 {
                schema.insert("minItems".to_owned(), (*items_min).into());
            }
            if !unique {
                schema.insert("maxItems".to_owned(), (*items_max).into());
            }
            schema.into()
        }
        Input::Object { name, own: Some(own) } => {
            let found = model.input_objects.iter().find(|object| object.name == *name);
            input_object(own, found.map_or("", |object| &object.description), model, defs)
        }
        Input::Object { name, own: None } => {
            if !defs.contains_key(name) {
                // Taken before it is written: an input object may contain itself.
                defs.insert(name.clone(), Value::Null);
                let found = model.input_objects.iter().find(|object| object.name == *name);
                let schema = found.map(|object| input_object(&object.fields, &object.description, model, defs));
                defs.insert(name.clone(), schema.unwrap_or_default());
            }
            json!({ "type": "object", "$ref": format!("#/$defs/{name}") })
        }
    }
}

/// Returns what a value must be, with null beside it where that means something of its own.
fn nullable(position: &Position, model: &Model, defs: &mut Map<String, Value>) -> Value {
    let schema = value(&position.input, model, defs);
    if position.nullable { or_null(schema) } else { schema }
}

fn input_object(fields: &[InputField], description: &str, model: &Model, defs: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for field in fields {
        let description = match unadvertised(&field.value.input) {
            Some(bounds) => format!("{} {bounds}", field.description),
            None => field.description.clone(),
        };
        let schema = described(nullable(&field.value, model, defs), description.trim());
        properties.insert(field.name.clone(), schema);
    }
    let required: Vec<_> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name.as_str())
        .collect();
    described(object(properties, &required).into(), description)
}

fn object(properties: Map<String, Value>, required: &[&str]) -> Map<String, Value> {
    let mut schema = Map::from_iter([
        ("type".to_owned(), "object".into()),
        ("properties".to_owned(), properties.into()),
    ]);
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

/// Adds a description, unless there is nothing to say.
fn described(mut schema: Value, description: &str) -> Value {
    if let (Value::Object(schema), false) = (&mut schema, description.is_empty()) {
        schema.insert("description".to_owned(), description.into());
    }
    schema
}

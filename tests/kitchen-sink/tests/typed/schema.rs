//! A JSON Schema validator for the keywords that the build writes, and no others.

use serde_json::Value;

/// Checks a value against a schema.
pub(crate) fn assert_valid(value: &Value, schema: &str) {
    let root: Value = serde_json::from_str(schema).expect("a schema is JSON");
    let problems = Validator { root: &root }.problems(value, &root, "$");
    assert!(problems.is_empty(), "{problems:#?}\n{value:#}\n{root:#}");
}

struct Validator<'a> {
    root: &'a Value,
}

impl Validator<'_> {
    fn problems(&self, value: &Value, schema: &Value, at: &str) -> Vec<String> {
        let schema = schema.as_object().expect("a schema is an object");
        let mut found = Vec::new();
        for (keyword, wanted) in schema {
            let holds = match (keyword.as_str(), value) {
                ("type", _) => is_of_type(value, wanted),
                ("const", _) => value == wanted,
                ("enum", _) => wanted.as_array().expect("values").contains(value),
                ("anyOf", _) => wanted
                    .as_array()
                    .expect("schemas")
                    .iter()
                    .any(|any| self.holds(value, any)),
                ("not", _) => !self.holds(value, wanted),
                ("$ref", _) => {
                    let pointer = wanted.as_str().expect("a pointer").trim_start_matches('#');
                    self.holds(value, self.root.pointer(pointer).expect("a definition"))
                }
                ("required", Value::Object(fields)) => {
                    let names = wanted.as_array().expect("names");
                    names
                        .iter()
                        .all(|name| fields.contains_key(name.as_str().expect("a name")))
                }
                ("properties", Value::Object(fields)) => {
                    let known = wanted.as_object().expect("properties");
                    let fields = fields
                        .iter()
                        .filter_map(|(name, value)| Some((name, value, known.get(name)?)));
                    found.extend(
                        fields.flat_map(|(name, value, schema)| self.problems(value, schema, &format!("{at}.{name}"))),
                    );
                    true
                }
                ("items", Value::Array(items)) => {
                    let items = items.iter().enumerate();
                    found
                        .extend(items.flat_map(|(index, item)| self.problems(item, wanted, &format!("{at}[{index}]"))));
                    true
                }
                ("maxItems", Value::Array(items)) => items.len() <= size(wanted),
                ("minItems", Value::Array(items)) => items.len() >= size(wanted),
                ("maxLength", Value::String(text)) => text.chars().count() <= size(wanted),
                ("minLength", Value::String(text)) => text.chars().count() >= size(wanted),
                ("minimum", Value::Number(number)) => number.as_f64() >= wanted.as_f64(),
                ("maximum", Value::Number(number)) => number.as_f64() <= wanted.as_f64(),
                // The rest says nothing of a value of this type, or nothing at all.
                _ => true,
            };
            if !holds {
                found.push(format!("{at}: `{keyword}` is {wanted}, and the value {value}"));
            }
        }
        found
    }

    fn holds(&self, value: &Value, schema: &Value) -> bool {
        self.problems(value, schema, "").is_empty()
    }
}

fn size(wanted: &Value) -> usize {
    wanted
        .as_u64()
        .and_then(|size| usize::try_from(size).ok())
        .expect("a size")
}

fn is_of_type(value: &Value, wanted: &Value) -> bool {
    if let Value::Array(types) = wanted {
        return types.iter().any(|wanted| is_of_type(value, wanted));
    }
    match wanted.as_str().expect("a type") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    }
}

//! The three views of a tool's arguments agree: its schema, its decoder, and the types that the build has generated.

use appsync_mcp::sample;
use appsync_mcp::tool::{Absent, Input, ToolSpec};
use serde_json::{Map, Value, json};

use crate::contract;
use crate::schema;

#[test]
fn every_example_fits_the_schema_and_passes_the_decoder() {
    let ctx = contract::ctx();
    let mut examples = 0;
    for spec in contract::specs() {
        let input_schema = contract::input_schema(spec);
        let mut all = Map::new();
        for argument in spec.arguments {
            let Some(example) = contract::example(argument) else {
                continue;
            };
            assert_eq!(input_schema["properties"][argument.name]["examples"], json!([example]));
            let mut arguments = contract::required_arguments(spec);
            arguments.insert(argument.name.to_owned(), example.clone());
            assert_eq!(
                schema::misfits(&input_schema, &Value::Object(arguments.clone())),
                [""; 0],
                "{}",
                spec.name
            );
            let request = contract::dry_run(&ctx, spec.name, arguments);
            assert!(request.is_ok(), "{}: {}: {request:?}", spec.name, argument.name);
            all.insert(argument.name.to_owned(), example);
            examples += 1;
        }
        let request = contract::dry_run(&ctx, spec.name, all);
        assert!(request.is_ok(), "{}: {request:?}", spec.name);
    }
    assert!(examples >= 9);
}

/// What the schema refuses the decoder refuses, and what the schema allows the decoder takes, save where a text is
/// rewritten or duplicates are removed before the bounds count.
#[test]
fn schema_and_decoder_agree() {
    let ctx = contract::ctx();
    for spec in contract::specs() {
        let input_schema = contract::input_schema(spec);
        let (mut taken, mut refused) = (0, 0);
        for argument in spec.arguments {
            for value in candidates(&argument.value.input) {
                let mut arguments = contract::required_arguments(spec);
                arguments.insert(argument.name.to_owned(), value.clone());
                let fits = schema::fits(&input_schema, &Value::Object(arguments.clone()));
                let passes = contract::dry_run(&ctx, spec.name, arguments).is_ok();
                if is_rewritten(&argument.value.input) {
                    assert!(fits || !passes, "{}: {} = {value}", spec.name, argument.name);
                } else {
                    assert_eq!(fits, passes, "{}: {} = {value}", spec.name, argument.name);
                }
                *if passes { &mut taken } else { &mut refused } += 1;
            }
        }
        assert!(
            taken > 0 && refused > 0,
            "{}: {taken} taken, {refused} refused",
            spec.name
        );
    }
}

fn is_rewritten(input: &Input) -> bool {
    match input {
        Input::Text { normalize, .. } => !normalize.is_empty(),
        Input::List { item, unique, .. } => *unique || is_rewritten(&item.input),
        _ => false,
    }
}

fn candidates(input: &Input) -> Vec<Value> {
    let mut candidates = vec![
        json!(null),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(1.0),
        json!(1.5),
        json!(1e300),
        json!(-1e300),
        json!(i32::MIN),
        json!(i32::MAX),
        json!(i64::from(i32::MAX) + 1),
        json!(u64::MAX),
        json!(""),
        json!("1"),
        json!("DE"),
        json!("SOFTWARE"),
        json!([]),
        json!(["SOFTWARE"]),
        json!([null]),
        json!([[]]),
        json!({}),
    ];
    let lengths = match input {
        Input::Text {
            length_min, length_max, ..
        } => [*length_min, *length_max],
        _ => [1, 8],
    };
    for length in lengths {
        for length in [length.saturating_sub(1), length, length + 1] {
            candidates.push(json!("ß".repeat(length)));
            candidates.push(json!([" ".repeat(length), "y".repeat(length)]));
        }
    }
    candidates
}

/// The schema is written by the build from its model, the types by rustc from what the build emits: two roads, one place.
#[test]
fn schemas_have_the_structure_of_the_generated_types() {
    macro_rules! generated {
        ($($module:ident),*) => {
            [$((stringify!($module), Value::from(schemars::schema_for!(sample::$module::Variables)))),*]
        };
    }
    let generated = generated![
        ai_search,
        get_collection_items,
        get_companies_batch,
        get_company,
        list_collections,
        search_companies,
        add_to_collection,
        create_collection,
        request_email_discovery
    ];
    let names: Vec<&str> = contract::specs().map(|spec: &ToolSpec| spec.name).collect();
    assert_eq!(generated.each_ref().map(|(name, _)| *name).to_vec(), names);
    for (name, generated) in generated {
        let written = contract::input_schema(contract::spec(name));
        let mut generated = structure(&generated, &generated);
        // What has a default is there when the types are filled.
        let arguments = contract::spec(name).arguments.iter();
        let defaults: Vec<&str> = arguments
            .filter(|argument| matches!(argument.absent, Absent::Default(_)))
            .map(|argument| argument.name)
            .collect();
        let required = generated["required"].as_array_mut().unwrap();
        required.retain(|name| !defaults.contains(&name.as_str().unwrap()));
        assert_eq!(structure(&written, &written), generated, "{name}");
        assert_eq!(written["additionalProperties"], false, "{name}");
    }
}

/// Names, types but for null, what is required and whether there may be more; definitions are put where they are used.
fn structure(schema: &Value, root: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return structure(root.pointer(reference.trim_start_matches('#')).unwrap(), root);
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let options: Vec<&Value> = options.iter().filter(|option| option["type"] != "null").collect();
        let [option] = options[..] else { panic!("{schema}") };
        return structure(option, root);
    }
    // An enum whose values are documented.
    if let Some(values) = schema["oneOf"].as_array() {
        let values: Vec<&Value> = values.iter().map(|value| &value["const"]).collect();
        return json!({ "type": "string", "enum": values });
    }
    let types: Vec<&Value> = match &schema["type"] {
        Value::Array(types) => types.iter().filter(|ty| **ty != "null").collect(),
        ty => vec![ty],
    };
    let [ty] = types[..] else { panic!("{schema}") };
    let mut structure_of = Map::from_iter([("type".to_owned(), ty.clone())]);
    if let Some(items) = schema.get("items") {
        structure_of.insert("items".to_owned(), structure(items, root));
    }
    if let Some(values) = schema.get("enum") {
        // Both may have null among the values of what is optional.
        let values: Vec<_> = values
            .as_array()
            .unwrap()
            .iter()
            .filter(|value| !value.is_null())
            .collect();
        structure_of.insert("enum".to_owned(), json!(values));
    }
    if *ty == "object" {
        let properties = schema["properties"].as_object().into_iter().flatten();
        let properties = properties.map(|(name, schema)| (name.clone(), structure(schema, root)));
        structure_of.insert("properties".to_owned(), Value::Object(properties.collect()));
        let mut required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap())
            .collect();
        required.sort_unstable();
        structure_of.insert("required".to_owned(), json!(required));
        structure_of.insert(
            "additionalProperties".to_owned(),
            schema["additionalProperties"].clone(),
        );
    }
    Value::Object(structure_of)
}

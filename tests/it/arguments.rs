//! The views of a tool's arguments agree: its schema, its decoder, and its examples. `tests/properties/` has random ones.

use appsync_mcp::tool::Input;
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
            // Some clients refuse or mangle it.
            assert_eq!(input_schema["properties"][argument.name].get("examples"), None);
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

/// What the schema refuses the decoder refuses, and what the schema allows the decoder takes, but for what `docs/operations.md`
/// says: the decoder reads other spellings, null and an empty text for "not given" among them, and it alone knows how many
/// digits an integer has, what a text is when it is rewritten, and how many items there are without duplicates.
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
                if contract::is_read_otherwise(argument, &value) {
                    assert!(passes, "{}: {} = {value}", spec.name, argument.name);
                } else if says_more(&argument.value.input) {
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

/// Whether the decoder knows more of a value than the schema says.
fn says_more(input: &Input) -> bool {
    match input {
        Input::Integer { min, max, .. } => [*min, *max]
            .iter()
            .any(|bound| i32::try_from(*bound).is_ok_and(is_of_type)),
        Input::Text { normalize, .. } => !normalize.is_empty(),
        Input::List { item, unique, .. } => *unique || says_more(&item.input),
        _ => false,
    }
}

/// Whether a bound is what a 32-bit number has by itself.
fn is_of_type(bound: i32) -> bool {
    [i32::MIN, i32::MAX].contains(&bound)
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

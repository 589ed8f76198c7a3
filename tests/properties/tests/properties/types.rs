//! The advertised input schemas, and the schemas that schemars derives from the generated types.
//!
//! They say the same in two ways. Before they are compared,
//!
//! - a reference is what it leads to;
//! - `anyOf` with `{"type": "null"}`, a list of types with `"null"`, and `enum` with `null` are one way to say "or null";
//! - `oneOf` of constants, which is how schemars tells documented values, is an `enum`;
//! - bounds, patterns, formats, descriptions, defaults and examples are left out, since the types don't have them;
//! - an argument with a default of the contract is a value that is there when the types are filled, and so is neither
//!   optional nor null for them;
//! - null is advertised only where it means something of its own, and the types have it for whatever may be left out;
//! - that they refuse what is unknown is not advertised;
//! - what the server fills in is no argument.
//!
//! Then both have the same properties, the same of them are required, and each is of the same type, with the same enum values
//! and the same items; and the types take every null that is advertised.

use appsync_mcp::tool::{Absent, ToolSpec};
use serde_json::Value;

use crate::project::{self, KITCHEN_SINK, Project, SAMPLE};

/// The contracts of a project's tools, each with what schemars says of its variables.
macro_rules! derived {
    ($generated:path: $($module:ident)*) => {{
        use $generated as generated;
        vec![$((&generated::$module::SPEC, Value::from(schemars::schema_for!(generated::$module::Variables)))),*]
    }};
}

#[test]
fn the_schemas_of_the_sample_are_those_of_its_types() {
    let derived = derived![
        appsync_mcp::sample:
        ai_search get_collection_items get_companies_batch get_company list_collections search_companies
        add_to_collection create_collection request_email_discovery
    ];
    check(&SAMPLE, &derived);
}

#[test]
fn the_schemas_of_the_kitchen_sink_are_those_of_its_types() {
    let derived = derived![
        appsync_mcp_kitchen_sink::generated:
        any_type aws_scalars being bounds box_ choose_notes count_places cynic2 escaped find_notes get_common get_node
        keywords list_things mixed names near numbers ping prelude price std2 stored str twins save_note touch touch_once
        update_place
    ];
    check(&KITCHEN_SINK, &derived);
}

fn check(project: &Project, derived: &[(&'static ToolSpec, Value)]) {
    let names: Vec<&str> = project.specs().map(|spec| spec.name).collect();
    let found: Vec<&str> = derived.iter().map(|(spec, _)| spec.name).collect();
    assert_eq!(found, names, "every tool is looked at");
    for (spec, derived) in derived {
        let differences = differences(spec, derived);
        assert!(differences.is_empty(), "{}: {differences:#?}", spec.name);
    }
}

fn differences(spec: &ToolSpec, derived: &Value) -> Vec<String> {
    let advertised = project::json(spec.input_schema);
    let mut derived = derived.clone();
    for binding in spec.bindings {
        remove(&mut derived, binding.variable);
    }
    for argument in spec.arguments {
        if matches!(argument.absent, Absent::Default(_)) {
            fill(&mut derived, argument.name);
        }
    }
    let mut walk = Walk {
        roots: [&advertised, &derived],
        seen: Vec::new(),
        differences: Vec::new(),
    };
    walk.compare([&advertised, &derived], "");
    walk.differences
}

/// Takes out what the server fills in, of which no client is told.
fn remove(derived: &mut Value, name: &str) {
    if let Some(required) = derived["required"].as_array_mut() {
        required.retain(|required| required != name);
    }
    if let Some(properties) = derived["properties"].as_object_mut() {
        properties.shift_remove(name);
    }
}

/// Makes a property as the advertised schema has one with a default.
fn fill(derived: &mut Value, name: &str) {
    if let Some(required) = derived["required"].as_array_mut() {
        required.retain(|required| required != name);
    }
    let property = derived["properties"][name].take();
    derived["properties"][name] = serde_json::json!({ "anyOf": [property, { "type": "null" }] });
}

/// A walk over two schemas at once.
struct Walk<'a> {
    roots: [&'a Value; 2],
    /// Pairs that are compared already, or being compared: an input object may hold itself.
    seen: Vec<[*const Value; 2]>,
    differences: Vec<String>,
}

/// What is compared of a schema at one place.
#[derive(Debug)]
struct Part<'a> {
    schema: &'a Value,
    or_null: bool,
}

impl<'a> Walk<'a> {
    fn compare(&mut self, schemas: [&'a Value; 2], at: &str) {
        let parts = [0, 1].map(|side| part(schemas[side], self.roots[side]));
        let pair = parts.each_ref().map(|part| std::ptr::from_ref(part.schema));
        if parts[0].or_null {
            self.same(at, "null", parts.each_ref().map(|part| Value::from(part.or_null)));
        }
        if self.seen.contains(&pair) {
            return;
        }
        self.seen.push(pair);
        let [one, other] = parts.map(|part| part.schema);
        self.same(at, "type", [one, other].map(ty));
        self.same(at, "enum", [one, other].map(enum_values));
        self.same(at, "required", [one, other].map(|schema| sorted(&schema["required"])));
        let names = [one, other].map(|schema| {
            schema["properties"]
                .as_object()
                .into_iter()
                .flat_map(|map| map.keys().cloned())
        });
        self.same(at, "properties", names.map(|names| sorted(&names.collect())));
        for (name, schema) in one["properties"].as_object().into_iter().flatten() {
            if let Some(other) = other["properties"].get(name) {
                self.compare([schema, other], &format!("{at}/{name}"));
            }
        }
        match [one, other].map(|schema| schema.get("items")) {
            [Some(one), Some(other)] => self.compare([one, other], &format!("{at}/*")),
            items => self.same(at, "items", items.map(|items| items.cloned().unwrap_or_default())),
        }
    }

    fn same(&mut self, at: &str, what: &str, [advertised, derived]: [Value; 2]) {
        if advertised != derived {
            self.differences.push(format!(
                "{at}: {what} is {advertised} in the schema, {derived} in the types"
            ));
        }
    }
}

/// Returns a schema without its references and its null.
fn part<'a>(schema: &'a Value, root: &'a Value) -> Part<'a> {
    if let Some(reference) = schema["$ref"].as_str() {
        let found = root.pointer(reference.trim_start_matches('#'));
        return part(found.unwrap_or_else(|| panic!("{reference} leads nowhere")), root);
    }
    let is_null = |schema: &&Value| schema["type"] == "null";
    if let Some(any) = schema["anyOf"].as_array() {
        let [one] = any.iter().filter(|schema| !is_null(schema)).collect::<Vec<_>>()[..] else {
            panic!("more than one alternative beside null: {schema}")
        };
        let part = part(one, root);
        return Part {
            or_null: part.or_null || any.iter().any(|schema| is_null(&schema)),
            ..part
        };
    }
    let types = schema["type"].as_array();
    Part {
        schema,
        or_null: types.is_some_and(|types| types.iter().any(|ty| ty == "null")),
    }
}

fn ty(schema: &Value) -> Value {
    match &schema["type"] {
        Value::Array(types) => {
            let types: Vec<_> = types.iter().filter(|ty| *ty != "null").collect();
            assert_eq!(types.len(), 1, "{schema}");
            types[0].clone()
        }
        // Documented values come without it.
        Value::Null if schema.get("oneOf").is_some() => "string".into(),
        ty => ty.clone(),
    }
}

fn enum_values(schema: &Value) -> Value {
    let documented = schema["oneOf"].as_array().into_iter().flatten();
    let documented = documented.map(|schema| schema["const"].clone());
    let values = schema["enum"].as_array().into_iter().flatten().cloned();
    documented.chain(values).filter(|value| !value.is_null()).collect()
}

fn sorted(names: &Value) -> Value {
    let names = names
        .as_array()
        .into_iter()
        .flatten()
        .map(|name| name.as_str().expect("a name"));
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.into()
}

#[test]
fn what_differs_is_found() {
    let derived = Value::from(schemars::schema_for!(
        appsync_mcp_kitchen_sink::generated::find_notes::Variables
    ));
    let spec = &appsync_mcp_kitchen_sink::generated::find_notes::SPEC;
    assert!(differences(spec, &derived).is_empty());
    for (pointer, value) in [
        ("/required", serde_json::json!([])),
        ("/properties/ids/items/type", "integer".into()),
        ("/properties/ids/type", serde_json::json!(["string", "null"])),
        ("/$defs/NoteFilter/properties/text/type", "integer".into()),
        (
            "/$defs/NoteFilter/properties/states/items/oneOf/0/const",
            "BURNT".into(),
        ),
        (
            "/$defs/NoteFilter/properties/other",
            serde_json::json!({ "type": "string" }),
        ),
        ("/$defs/Sort/required", serde_json::json!(["by", "descending"])),
    ] {
        let mut derived = derived.clone();
        let (object, key) = pointer.rsplit_once('/').expect("a pointer");
        match derived
            .pointer_mut(object)
            .unwrap_or_else(|| panic!("{object} is not there"))
        {
            Value::Array(items) => items[key.parse::<usize>().expect("an index")] = value,
            object => object[key] = value,
        }
        assert_eq!(differences(spec, &derived).len(), 1, "{pointer}");
    }
}

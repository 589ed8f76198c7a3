//! Random answers of an API: whatever the generated types can read becomes a result that the output schema allows.
//!
//! The sandbox has the sample's tools only, and says what is likely; here every read is answered with whatever fits its
//! schema, and lists are now and then longer than they may be.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use appsync_mcp::call::Ctx;
use appsync_mcp::rate::Caller;
use appsync_mcp::tool::{Contract, MarkKind, Output, Tool, ToolSpec};
use appsync_mcp_client::{ApiKey, Authorization, Client, Endpoint, InsecureHttp, Limits, Secret};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{arguments, cases, project};

/// Beyond the bound of a list.
const TOO_MANY: usize = 2;

/// An API that answers each request with what it was told to.
struct Api {
    endpoint: String,
    answers: mpsc::Sender<String>,
}

impl Api {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}/graphql", listener.local_addr().unwrap());
        let (answers, told) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&stream.unwrap(), &told);
            }
        });
        Self { endpoint, answers }
    }

    fn ctx(&self, contract: &Contract) -> Ctx {
        let endpoint = Endpoint::parse(&self.endpoint, InsecureHttp::OnLoopback).unwrap();
        let key = ApiKey::Value(Secret::parse("da2-example").unwrap());
        let limits = Limits {
            connect_timeout: Duration::from_mins(1),
            ..Limits::DEFAULT
        };
        Ctx::new(Client::new(endpoint, Authorization::ApiKey(key), limits), contract)
    }
}

/// Answers one request, and closes the connection.
fn answer(mut stream: &TcpStream, told: &mpsc::Receiver<String>) {
    let mut request = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        request.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    request.read_exact(&mut vec![0; length]).unwrap();
    let Ok(body) = told.recv() else { return };
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length:";
    write!(stream, "{head} {}\r\n\r\n{body}", body.len()).unwrap();
}

/// The `data` of which a tool's result is made.
fn data(spec: &ToolSpec) -> BoxedStrategy<Value> {
    let mut schema = project::json(spec.output_schema);
    // That is the server's own.
    schema["properties"].as_object_mut().unwrap().shift_remove("__notes");
    let result = of_schema(&schema);
    let data = match spec.output {
        Output::Object { key } => result.prop_map(move |result| json!({ key: result })).boxed(),
        Output::Items { key } => result.prop_map(move |result| json!({ key: result["items"] })).boxed(),
        Output::Value { key } => result.prop_map(move |result| json!({ key: result["value"] })).boxed(),
        Output::Data => result,
    };
    let omitted = spec.marks.iter().filter(|mark| mark.kind == MarkKind::Omit);
    let omitted: Vec<_> = omitted.map(|mark| mark.path).collect();
    let with_omitted = move |mut data: Value| {
        for path in &omitted {
            put_null(&mut data, path);
        }
        data
    };
    data.prop_map(with_omitted).boxed()
}

/// Adds a field of which the result, and so its schema, says nothing.
fn put_null(value: &mut Value, path: &[&str]) {
    match (value, path) {
        (Value::Array(items), path) => items.iter_mut().for_each(|item| put_null(item, path)),
        (Value::Object(fields), [key]) => {
            fields.insert((*key).to_owned(), Value::Null);
        }
        (Value::Object(fields), [key, rest @ ..]) => {
            if let Some(value) = fields.get_mut(*key) {
                put_null(value, rest);
            }
        }
        _ => {}
    }
}

/// Values that fit a schema, but that a list may be too long.
fn of_schema(schema: &Value) -> BoxedStrategy<Value> {
    if is_enum(schema) {
        // One that the schema has, or one that came later.
        let value = "[_A-Za-z][_0-9A-Za-z]{0,5}".prop_map(Value::from);
        return match schema["anyOf"] {
            Value::Null => value.boxed(),
            _ => prop_oneof![value, Just(Value::Null)].boxed(),
        };
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let any = any.iter().map(|one| of_schema(&with_words_of(schema, one)));
        return proptest::strategy::Union::new(any).boxed();
    }
    if let Some(one) = schema.get("const") {
        return Just(one.clone()).boxed();
    }
    match schema["type"].as_str().expect("a type") {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => any::<i32>().prop_map(Value::from).boxed(),
        "number" => any::<f32>()
            .prop_filter("JSON has no such number", |number| number.is_finite())
            .prop_map(Value::from)
            .boxed(),
        // No type of the API is called so.
        "string" if schema.get("not").is_some() => Just(json!("CameLater")).boxed(),
        "string" => "\\PC{0,6}".prop_map(Value::from).boxed(),
        "array" => {
            let most = schema["maxItems"]
                .as_u64()
                .map_or(3, |most| usize::try_from(most).unwrap());
            let item = of_schema(&with_words_of(schema, &schema["items"]));
            let few = vec(item.clone(), 0..=most.min(3));
            let many = vec(item, most..=most + TOO_MANY);
            let many_too = u32::from(most <= 10);
            prop_oneof![9 => few, many_too => many].prop_map(Value::from).boxed()
        }
        "object" => {
            let fields = schema["properties"].as_object().expect("properties");
            let names: Vec<String> = fields.keys().cloned().collect();
            // Without it, nothing can be missing.
            let required = schema["required"].as_array().cloned();
            let value = |(name, schema): (&String, &Value)| {
                let value = of_schema(schema).prop_map(Some);
                if required
                    .as_ref()
                    .is_none_or(|required| required.iter().any(|required| required == name))
                {
                    value.boxed()
                } else {
                    prop_oneof![Just(None), value].boxed()
                }
            };
            let values: Vec<_> = fields.iter().map(value).collect();
            let object = move |values: Vec<Option<Value>>| {
                let fields = names.iter().cloned().zip(values);
                Value::Object(fields.filter_map(|(name, value)| Some((name, value?))).collect())
            };
            values.prop_map(object).boxed()
        }
        ty => panic!("the type {ty} is not known here"),
    }
}

/// Whether a result has an enum's value here, of which the schema says only in words which ones are known.
fn is_enum(schema: &Value) -> bool {
    let description = schema["description"].as_str().unwrap_or_default();
    let one = schema["anyOf"].get(0).unwrap_or(schema);
    description.contains("Known values: ") && one["type"] == "string"
}

/// Returns a part of a schema with what is said of the whole: a list of enum values is described as a list.
fn with_words_of(whole: &Value, part: &Value) -> Value {
    let mut part = part.clone();
    if let Some(words) = whole.get("description") {
        part["description"] = words.clone();
    }
    part
}

#[test]
fn whatever_fits_becomes_a_result_that_the_output_schema_allows() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for project in project::ALL {
        let api = Api::start();
        for tool in project.callable() {
            let Tool::Read(read) = tool else { continue };
            let spec = tool.spec();
            let validator = jsonschema::draft202012::new(&project::json(spec.output_schema)).unwrap();
            cases::check(spec.name, "answers", 4, &data(spec), |data| {
                // One for each call, since some tools may only be called so often.
                let ctx = api.ctx(project.contract);
                api.answers.send(json!({ "data": data }).to_string()).unwrap();
                let call = read.call(&ctx, &Caller::Local, arguments::smallest(spec.arguments));
                let shaped = runtime
                    .block_on(call)
                    .map_err(|error| TestCaseError::fail(error.to_string()))?;
                let result = Value::Object(shaped.structured);
                let error = validator.validate(&result).err();
                let error = error.map(|error| format!("{}: {error}", error.instance_path()));
                prop_assert_eq!(error, None, "{}", result);
                Ok(())
            });
        }
    }
}

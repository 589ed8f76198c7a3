//! The contract of the sample API, and requests made from it without a server.

use std::time::Duration;

use appsync_mcp::call::Ctx;
use appsync_mcp::error::CallError;
use appsync_mcp::sample::CONTRACT;
use appsync_mcp::tool::{Absent, Argument, Input, Tool, ToolSpec};
use appsync_mcp_client::{ApiKey, Authorization, Client, Endpoint, InsecureHttp, Limits, Secret};
use serde_json::{Map, Value};

/// Every tool's contract, in the order in which they are listed.
pub(crate) fn specs() -> impl Iterator<Item = &'static ToolSpec> {
    CONTRACT.tools.iter().map(Tool::spec)
}

pub(crate) fn spec(tool: &str) -> &'static ToolSpec {
    specs().find(|spec| spec.name == tool).unwrap()
}

pub(crate) fn input_schema(spec: &ToolSpec) -> Value {
    serde_json::from_str(spec.input_schema).unwrap()
}

/// The arguments that a tool can't do without, as in their examples.
pub(crate) fn required_arguments(spec: &ToolSpec) -> Map<String, Value> {
    let required = spec
        .arguments
        .iter()
        .filter(|argument| argument.absent == Absent::Required);
    required
        .map(|argument| (argument.name.to_owned(), example(argument).unwrap()))
        .collect()
}

/// Whether a value that the schema refuses is read all the same: it stands for another one, or for none.
pub(crate) fn is_read_otherwise(argument: &Argument, value: &Value) -> bool {
    let is_id = |input: &Input| matches!(input, Input::Text { scalar: "ID", .. });
    match &argument.value.input {
        _ if value.is_null() || value == "" => argument.absent != Absent::Required,
        Input::Integer { .. } | Input::Float { .. } => value == "1",
        Input::List { item, .. } if is_id(&item.input) => {
            value.as_array().is_some_and(|items| items.iter().any(Value::is_i64))
        }
        Input::Object { .. } => *value == serde_json::json!([]),
        input => is_id(input) && value.is_i64(),
    }
}

pub(crate) fn example(argument: &Argument) -> Option<Value> {
    argument.example.map(|text| serde_json::from_str(text).unwrap())
}

/// What calls need, with an API that nobody will reach.
pub(crate) fn ctx() -> Ctx {
    let limits = Limits {
        connect_timeout: Duration::from_mins(1),
        ..Limits::DEFAULT
    };
    Ctx::new(client("http://127.0.0.1:9/graphql", limits), &CONTRACT)
}

pub(crate) fn client(endpoint: &str, limits: Limits) -> Client {
    let endpoint = Endpoint::parse(endpoint, InsecureHttp::OnLoopback).unwrap();
    let key = Secret::parse("da2-nobody").unwrap();
    Client::new(endpoint, Authorization::ApiKey(ApiKey::Value(key)), limits)
}

/// The body of the request that a call would send.
pub(crate) fn dry_run(ctx: &Ctx, tool: &str, arguments: Map<String, Value>) -> Result<Value, CallError> {
    let tool = CONTRACT.tools.iter().find(|entry| entry.spec().name == tool).unwrap();
    let request = match tool {
        Tool::Read(tool) => tool.dry_run(ctx, arguments)?,
        Tool::Write(tool) => tool.dry_run(ctx, arguments)?,
    };
    Ok(serde_json::from_slice(&request.body).unwrap())
}

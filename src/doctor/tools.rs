//! A check for each tool: whether it is offered and fits the schema, and for a read, whether it can be called.

use appsync_mcp_client::Mode;
use serde_json::Value;

use super::{Check, State, TIMEOUT};
use crate::decode::JsonObject;
use crate::dispatch::{self, Dispatcher, Refused, holds_personal_data};
use crate::drift::Drift;
use crate::error::{CallError, Denied};
use crate::rate::Caller;
use crate::tool::{Absent, Contract, Kind, Tool, ToolSpec};

/// Says of each tool that it was not looked at.
pub(super) fn skipped(contract: &Contract, because: &str) -> Vec<Check> {
    let specs = contract.tools.iter().map(Tool::spec);
    specs.map(|spec| Check::skipped(&name(spec), because)).collect()
}

/// Looks at each tool. `drift`: what does not fit; nothing if that is not known.
pub(super) async fn checks(dispatcher: &Dispatcher, drift: Option<&Drift>, calls: bool) -> Vec<Check> {
    let mut checks = Vec::new();
    for tool in dispatcher.offer().contract().tools {
        checks.push(check(dispatcher, tool.spec(), drift, calls).await);
    }
    checks
}

fn name(spec: &ToolSpec) -> String {
    format!("tool {}", spec.name)
}

async fn check(dispatcher: &Dispatcher, spec: &'static ToolSpec, drift: Option<&Drift>, calls: bool) -> Check {
    let name = &name(spec);
    let denial = dispatcher.offer().denial(spec.name);
    if let Some(reason) = drift.and_then(|drift| drift.of(spec.name)) {
        let advice = "refresh the schema and build anew; `--check-schema` keeps it from being served until then";
        return Check::failed(name, reason, advice);
    }
    if let Some(denied) = denial {
        return not_offered(name, &denied);
    }
    // Whether a read is answered can be known without the schema, and a write is never called.
    let offered = match drift {
        Some(_) => "offered, and fits the schema",
        None => "offered; the schema could not be compared",
    };
    let is_known = |detail: String| match drift {
        Some(_) => Check::ok(name, detail),
        None => Check::skipped(name, detail),
    };
    if matches!(spec.kind, Kind::Write { .. }) {
        return is_known(format!("{offered}; a write is never called by this"));
    }
    if !calls {
        return is_known(format!("{offered}; not called"));
    }
    match arguments(spec) {
        Ok(arguments) => call(dispatcher, spec, name, offered, arguments).await,
        Err(argument) => Check::new(
            name,
            State::Skipped,
            format!("{offered}; not called: no example for `{argument}`"),
            format!("give `${argument}` an `@example(value: …)` that exists in the API"),
        ),
    }
}

fn not_offered(name: &str, denied: &Denied) -> Check {
    let advice = match denied {
        Denied::Mode { .. } => "start with another authorization mode, or leave it",
        Denied::Mutations | Denied::Mutation { .. } | Denied::OtherTool { .. } => "",
        Denied::Disabled { .. } => "the operation's `@tool(disabled:)` says so",
        Denied::Unfilled { .. } => "the operation's `@bind` asks for it",
        Denied::Drift { .. } => "refresh the schema and build anew",
    };
    Check::new(name, State::Skipped, format!("not offered: {denied}"), advice)
}

/// Returns the least that the contract admits: the examples of what is required. The error is an argument without one.
fn arguments(spec: &ToolSpec) -> Result<JsonObject, &'static str> {
    let required = spec
        .arguments
        .iter()
        .filter(|argument| argument.absent == Absent::Required);
    required
        .map(|argument| {
            let example = argument
                .example
                .and_then(|text| serde_json::from_str::<Value>(text).ok());
            Ok((argument.name.to_owned(), example.ok_or(argument.name)?))
        })
        .collect()
}

async fn call(dispatcher: &Dispatcher, spec: &ToolSpec, name: &str, offered: &str, arguments: JsonObject) -> Check {
    let call = Box::pin(dispatcher.call(spec.name, &Caller::Local, arguments));
    let Ok(outcome) = tokio::time::timeout(TIMEOUT, call).await else {
        return Check::failed(
            name,
            format!("no answer in {} s", TIMEOUT.as_secs()),
            "look at the field's resolver: its log says what it waits for",
        );
    };
    let error = match outcome {
        Ok(_) => return Check::ok(name, format!("{offered}; it answers")),
        Err(Refused::Call(error)) => error,
        Err(refused) => return Check::failed(name, refused.to_string(), "build anew"),
    };
    let mode = dispatcher.client().mode();
    // For the operator, as the log has it: with the API's words, unless they may be personal.
    let text = format!("{error} ({})", dispatch::chain(&error, holds_personal_data(spec)));
    match &error {
        CallError::NotFound { .. } => {
            Check::ok(name, format!("{offered}; it answers: nothing is found for the example"))
        }
        CallError::RateLimited { .. } => Check::skipped(name, text),
        CallError::Throttled { .. } => Check::new(name, State::Warning, text, "wait, and try again"),
        CallError::InvalidInput(_) => Check::failed(name, text, "correct the operation's `@example`s"),
        CallError::StaleToken { .. } => Check::failed(name, text, "leave out the `@example` of the page's token"),
        CallError::Unauthorized { .. } | CallError::NoCredential(_) => Check::failed(
            name,
            format!("the API does not let `{mode}` call it: {text}"),
            of_mode(mode),
        ),
        CallError::UnexpectedResponse { .. } => Check::failed(
            name,
            text,
            "the API's answer is not what its schema says: look at the field's resolver",
        ),
        CallError::TooLarge { .. } | CallError::AsksTooMuch { .. } => {
            Check::failed(name, text, "lower the default of `limit`, or raise the API's limits")
        }
        _ => Check::failed(
            name,
            text,
            "look at the API's logs; the request id, if there is one, finds the call",
        ),
    }
}

/// Says what lets a caller have a field that the API refuses.
fn of_mode(mode: Mode) -> &'static str {
    match mode {
        Mode::ApiKey => "the field's directives have to let `@aws_api_key` in, or start with another mode",
        Mode::Iam => "the caller's policy has to allow `appsync:GraphQL` on this field",
        Mode::Oidc | Mode::CognitoUserPools => {
            "the token's user has to be in a group that the field's directives name, or start with another mode"
        }
        Mode::Lambda => "the Lambda function's `deniedFields` may name it",
    }
}

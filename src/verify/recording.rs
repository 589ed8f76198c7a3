//! What a case exchanged ⇄ one file, `DIR/TOOL/CASE.json`, so that it can be gone through again without an API.
//!
//! Invariant: a file is there whole or not at all, and has what is new or what was there before.
//! Invariant: no credential is in a file, and no personal data that the contract marks: something neutral of the same kind
//! stands in its place, and what came of the call is what comes of that.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::case::Case;
use super::run::{Call, Callee, Ran, replay};
use crate::call::Ctx;
use crate::decode::JsonObject;
use crate::dispatch::holds_personal_data;
use crate::exchange::Answer;
use crate::shape::without_personal_data;
use crate::tool::{BindingSource, ToolSpec};

/// What stands where something must not.
const REMOVED: &str = "removed";

/// A case, as it was exchanged.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recording {
    pub(crate) tool: String,
    pub(crate) case: String,
    pub(crate) calls: Vec<Recorded>,
}

/// A call, as it was exchanged.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recorded {
    pub(crate) arguments: JsonObject,
    /// The body: document, variables, and the operation's name.
    pub(crate) request: Value,
    pub(crate) response: Response,
    pub(crate) outcome: Outcome,
}

/// What came back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The body of status 200: JSON, or any text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Body>,
    /// What the body of another status said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
}

/// A body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Body {
    Json(Value),
    Text(String),
}

/// What came of a call.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// The tool's result.
    Result(JsonObject),
    /// What a model is told instead.
    Error(String),
}

impl Outcome {
    pub(crate) fn of(call: &Call) -> Self {
        match &call.outcome {
            Ok(shaped) => Self::Result(shaped.structured.clone()),
            Err(error) => Self::Error(error.to_string()),
        }
    }
}

/// A folder that cases are recorded to.
#[derive(Debug)]
pub(crate) struct Recorder {
    folder: PathBuf,
}

impl Recorder {
    /// Makes the folder, and has git ignore what is in it until somebody decides otherwise.
    pub(crate) fn new(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let ignore = folder.join(".gitignore");
        // An empty one is a decision, too.
        if !ignore.exists() {
            write(&ignore, "*\n")?;
        }
        Ok(Self { folder })
    }

    /// Records a case. What was not sent, or not answered, leaves nothing to go through again.
    pub(crate) async fn save(&self, ctx: &Ctx, callee: &Callee, case: &Case, ran: &Ran) -> io::Result<()> {
        let spec = callee.spec();
        let mut calls = Vec::new();
        for call in ran.before.iter().chain([&ran.last]) {
            match recorded(ctx, callee, call).await {
                Some(recorded) => calls.push(recorded),
                None => return Ok(()),
            }
        }
        let recording = Recording {
            tool: spec.name.to_owned(),
            case: case.name.clone(),
            calls,
        };
        let text = serde_json::to_string_pretty(&recording).map_err(io::Error::other)?;
        let folder = self.folder.join(spec.name);
        fs::create_dir_all(&folder)?;
        write(&folder.join(format!("{}.json", case.name)), &format!("{text}\n"))
    }
}

/// Writes a file whole.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    fs::write(&new, text)?;
    fs::rename(&new, path)
}

async fn recorded(ctx: &Ctx, callee: &Callee, call: &Call) -> Option<Recorded> {
    let exchange = call.exchange.as_ref()?;
    let response = response(callee, &exchange.answer)?;
    // What is kept is what comes of what is kept.
    let again = replay(callee, ctx, call.arguments.clone(), Some(response.clone().into())).await;
    Some(Recorded {
        arguments: call.arguments.clone(),
        request: request(callee.spec(), &exchange.request)?,
        response,
        outcome: Outcome::of(&again),
    })
}

/// Reads a request's body, without what is new in each call.
pub(crate) fn request(spec: &ToolSpec, body: &[u8]) -> Option<Value> {
    let mut request: Value = serde_json::from_slice(body).ok()?;
    let keys = spec.bindings.iter();
    for binding in keys.filter(|binding| binding.source == BindingSource::IdempotencyKey) {
        let variables = request.get_mut("variables").and_then(Value::as_object_mut);
        if let Some(value) = variables.and_then(|variables| variables.get_mut(binding.variable)) {
            *value = "(a new key)".into();
        }
    }
    Some(request)
}

/// Returns what may be kept of an answer; nothing if nothing may.
fn response(callee: &Callee, answer: &Answer) -> Option<Response> {
    let is_personal = holds_personal_data(callee.spec());
    match answer {
        Answer::Nothing(_) => None,
        Answer::Status {
            status,
            error_type,
            message,
        } => Some(Response {
            status: *status,
            body: None,
            error_type: error_type.clone().map(without_secrets),
            message: message.clone().filter(|_| !is_personal).map(without_secrets),
        }),
        Answer::Body(body) => Some(Response {
            status: 200,
            body: Some(kept(callee, body, is_personal)?),
            error_type: None,
            message: None,
        }),
    }
}

fn kept(callee: &Callee, body: &[u8], is_personal: bool) -> Option<Body> {
    let Ok(mut json) = serde_json::from_slice::<Value>(body) else {
        let text = String::from_utf8_lossy(body).into_owned();
        return (!is_personal).then(|| Body::Text(without_secrets(text)));
    };
    if is_personal {
        // The marks only fit what is of the operation's types.
        callee.decoded(body).ok()?;
        // Beside these, an API may say anything.
        json.as_object_mut()?
            .retain(|name, _| ["data", "errors"].contains(&name.as_str()));
        let data = json.get_mut("data")?;
        *data = without_personal_data(callee.spec(), data.take());
        let errors = json.get_mut("errors").and_then(Value::as_array_mut);
        for error in errors.into_iter().flatten().filter_map(Value::as_object_mut) {
            error.retain(|name, _| ["errorType", "path", "locations"].contains(&name.as_str()));
            error.insert("message".to_owned(), REMOVED.into());
        }
    }
    remove_secrets(&mut json);
    Some(Body::Json(json))
}

fn remove_secrets(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_secrets(std::mem::take(text)),
        Value::Array(items) => items.iter_mut().for_each(remove_secrets),
        Value::Object(fields) => fields.values_mut().for_each(remove_secrets),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Takes out what has the form of a credential. The one that was sent is out already.
fn without_secrets(text: String) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_=+/.".contains(c);
    let is_secret = |word: &str| {
        let is_jwt = word.starts_with("eyJ") && word.split('.').count() >= 3;
        let is_of_aws = ["AKIA", "ASIA"].iter().any(|start| word.starts_with(start)) && word.len() == 20;
        is_jwt || is_of_aws || (word.starts_with("da2-") && word.len() > 20)
    };
    if !text.split(|c| !is_part(c)).any(is_secret) {
        return text;
    }
    let words = text.split_inclusive(|c| !is_part(c)).map(|word| {
        let own = word.trim_end_matches(|c| !is_part(c));
        if is_secret(own) {
            word.replace(own, REMOVED)
        } else {
            word.to_owned()
        }
    });
    words.collect()
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        let Response {
            status,
            body,
            error_type,
            message,
        } = response;
        match body {
            Some(Body::Json(json)) => Self::Body(Bytes::from(json.to_string())),
            Some(Body::Text(text)) => Self::Body(Bytes::from(text)),
            None => Self::Status {
                status,
                error_type,
                message,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn what_looks_like_a_credential_is_taken_out() {
        for (text, expected) in [
            ("token eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln.", "token removed"),
            ("\"da2-abcdefghijklmnopqrstuvwxyz\"", "\"removed\""),
            ("by AKIAABCDEFGHIJKLMNOP, twice", "by removed, twice"),
            // A page's token of AppSync has no dots.
            ("eyJ2ZXJzaW9uIjozfQ==", "eyJ2ZXJzaW9uIjozfQ=="),
            ("AKIA is short; so is da2-1", "AKIA is short; so is da2-1"),
        ] {
            assert_eq!(without_secrets(text.to_owned()), expected);
        }
    }
}

//! Turns a decoded answer into the tool's result, or into the error that it amounts to.
//!
//! ```text
//! Envelope ─▶ failure: is there anything to show? ─▶ result by Output ─▶ mark ─▶ list: bounds ─▶ cut: bytes ─▶ Shaped
//! ```
//!
//! Invariant: a result conforms to the tool's output schema: items are dropped whole, and only what may be null becomes null.
//! Invariant: whatever is missing from a result is said in its `__notes`, which is there only if there is something to say.
//! Invariant: an API's own words get in only through `error::showable`.

mod cut;
mod failure;
mod list;
mod mark;

pub(crate) use list::token_argument;
pub(crate) use mark::without_personal_data;

use appsync_mcp_client::{DecodeError, Envelope, ErrorTypes};
use serde_json::Value;

use crate::decode::JsonObject;
use crate::error::CallError;
use crate::tool::{Output, ToolSpec};

/// The result's member for what the server has to say. GraphQL reserves names that begin so, so no field is called so.
const NOTES: &str = "__notes";

/// A tool's result.
#[derive(Debug, PartialEq)]
pub struct Shaped {
    /// The result, as the tool's output schema says.
    pub structured: JsonObject,
    /// The same as JSON text.
    pub text: String,
    /// Whether all that was asked for is there: no field has failed, and no item was dropped.
    pub is_whole: bool,
    /// AppSync's name for the request. For logs; no part of the result.
    pub request_id: Option<String>,
}

/// What was asked, as far as it matters for the answer.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) spec: &'a ToolSpec,
    /// The values that were sent.
    pub(crate) values: &'a JsonObject,
    pub(crate) errors: &'a ErrorTypes,
    /// AppSync's name for the request.
    pub(crate) request_id: Option<String>,
}

/// Makes the result of an answer; `notes` is what there is to say already.
pub(crate) fn shape(asked: Asked<'_>, envelope: Envelope<Value>, mut notes: Vec<String>) -> Result<Shaped, CallError> {
    let Envelope {
        data,
        errors,
        more_errors,
        replaced,
    } = envelope;
    let data = failure::data(&asked, data, &errors, more_errors)?;
    let failed = failure::note(&asked, &data, &errors, more_errors);
    let mut result = result(&asked, data)?;
    let lost = if replaced > 0 {
        list::lost_tokens(&asked, &mut result)
    } else {
        Vec::new()
    };
    let of_marks = mark::apply(&asked, &mut result);
    let dropped = list::bound(&asked, &mut result);
    let is_complete = failed.is_none() && lost.is_empty() && dropped.is_empty();
    notes.extend(replaced_text(replaced));
    notes.extend(lost);
    notes.extend(failed.into_iter().chain(of_marks).chain(dropped));
    notes.extend(list::empty_pages(&asked, &result));
    let said = notes.len();
    let (structured, text) = cut::cut(&asked, result, notes)?;
    let is_cut = structured.get(NOTES).and_then(Value::as_array).map_or(0, Vec::len) > said;
    Ok(Shaped {
        structured,
        text,
        is_whole: is_complete && !is_cut,
        request_id: asked.request_id,
    })
}

/// Says how many characters of the answer are lost, if any are. Which texts had them is to be seen in those that are shown.
fn replaced_text(replaced: usize) -> Option<String> {
    let (lost, them) = match replaced {
        0 => return None,
        1 => ("1 character".to_owned(), "it"),
        many => (format!("{many} characters"), "them"),
    };
    Some(format!(
        "{lost} in the API's answer can't be read (half a surrogate pair, or no UTF-8), and `\u{fffd}` stands for {them}: a text that has it is not what the API stores"
    ))
}

/// Puts the data into the form of the tool's output.
fn result(asked: &Asked<'_>, mut data: JsonObject) -> Result<JsonObject, CallError> {
    // The key is there and is not null: otherwise there is no data to be put into form.
    let mut root = |key: &str| data.shift_remove(key).unwrap_or_default();
    match asked.spec.output {
        Output::Object { key } => match root(key) {
            Value::Object(object) => Ok(object),
            _ => Err(unexpected(asked, &format!("data.{key}"), "expected an object")),
        },
        Output::Items { key } => Ok(JsonObject::from_iter([("items".to_owned(), root(key))])),
        Output::Value { key } => Ok(JsonObject::from_iter([("value".to_owned(), root(key))])),
        Output::Data => Ok(data),
    }
}

/// Returns the list at these keys from `data` on, and the token beside it, if there is one.
pub(crate) fn page<'a>(
    spec: &ToolSpec,
    path: &[&'static str],
    token: &str,
    result: &'a JsonObject,
) -> Option<(&'a [Value], Option<&'a str>)> {
    let (key, holder) = list::only(&keys_in_result(&spec.output, path), result)?;
    let items = holder.get(key)?.as_array()?;
    let token = holder.get(token).and_then(Value::as_str);
    Some((items, token.filter(|token| !token.is_empty())))
}

/// Says whether any list of a result has items; nothing if there are no lists.
pub(crate) fn has_found(spec: &ToolSpec, result: &JsonObject) -> Option<bool> {
    let lists = spec
        .lists
        .iter()
        .filter_map(|bound| Some(page(spec, bound.path, "", result)?.0));
    lists
        .map(|items| !items.is_empty())
        .reduce(|any, has_items| any || has_items)
}

/// Returns the response key of the only root field, and what stands for it in the result.
fn root(output: &Output) -> Option<(&'static str, Option<&'static str>)> {
    match output {
        Output::Object { key } => Some((key, None)),
        Output::Items { key } => Some((key, Some("items"))),
        Output::Value { key } => Some((key, Some("value"))),
        Output::Data => None,
    }
}

/// Turns response keys from `data` on into those from the result on.
fn keys_in_result(output: &Output, path: &[&'static str]) -> Vec<&'static str> {
    match (root(output), path) {
        (Some((key, stand_in)), [first, rest @ ..]) if *first == key => {
            stand_in.into_iter().chain(rest.iter().copied()).collect()
        }
        _ => path.to_vec(),
    }
}

/// The answer decoded, and yet it is not what the contract says of it.
fn unexpected(asked: &Asked<'_>, path: &str, reason: &str) -> CallError {
    let source = DecodeError::Mismatch {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    CallError::undecodable(source, asked.spec.kind, asked.request_id.clone())
}

#[cfg(test)]
mod tests;

//! Holds the lists of a result to the contract's bounds, and says what follows for paging.
//!
//! Invariant: items are dropped whole and from the end, so that places in a result do not move.
//! Invariant: where items were dropped, the page's own token is withheld if it may be null: it would skip them.

use serde_json::Value;

use super::{Asked, keys_in_result};
use crate::decode::JsonObject;
use crate::tool::{Absent, Input, ListBound, ListMax, ToolSpec};

/// Drops what is beyond the bounds, and returns a note for each list that had such items.
pub(super) fn bound(asked: &Asked<'_>, result: &mut JsonObject) -> Vec<String> {
    let mut notes = Vec::new();
    for bound in asked.spec.lists {
        notes.extend(bound_one(asked, bound, result));
        notes.extend(bound_inner(asked, bound, result));
    }
    notes
}

/// Withholds each token of which characters are lost, and returns a note for it: the API would not take it.
pub(super) fn lost_tokens(asked: &Asked<'_>, result: &mut JsonObject) -> Vec<String> {
    let mut notes = Vec::new();
    for bound in asked.spec.lists {
        let Some(token) = &bound.next_token else {
            continue;
        };
        let keys = keys_in_result(&asked.spec.output, bound.path);
        let mut withheld = false;
        each(result, &keys, &mut |holder, _| {
            let is_lost = |token: &Value| token.as_str().is_some_and(|token| token.contains('\u{fffd}'));
            if holder.get(token.key).is_some_and(is_lost) {
                withheld |= withhold(bound, holder);
            }
        });
        if withheld {
            notes.push(format!(
                "`{}`: there are more items, but `{}` is withheld, since characters of it are lost; to get them, narrow what you ask for",
                keys.join("."),
                token.key
            ));
        }
    }
    notes
}

/// Returns a note for each page that is empty and yet not the last one.
pub(super) fn empty_pages(asked: &Asked<'_>, result: &JsonObject) -> Vec<String> {
    let page = |bound: &ListBound| {
        let token = token_argument(asked.spec, bound)?;
        let (key, holder) = only(&keys_in_result(&asked.spec.output, bound.path), result)?;
        let is_empty = holder.get(key)?.as_array()?.is_empty();
        let goes_on = holder.get(token)?.as_str().is_some_and(|token| !token.is_empty());
        (is_empty && goes_on)
            .then(|| format!("`{key}` is empty, but this is not the end: call again with this `{token}` to go on"))
    };
    asked.spec.lists.iter().filter_map(page).collect()
}

fn bound_one(asked: &Asked<'_>, bound: &ListBound, result: &mut JsonObject) -> Option<String> {
    let max = match bound.max {
        ListMax::Items(max) => max,
        // What was left out, or is null, is no bound that the API was told: the contract's own holds.
        ListMax::Argument(name) => match asked.values.get(name).and_then(Value::as_u64) {
            Some(max) => usize::try_from(max).unwrap_or(usize::MAX),
            None => argument_max(asked.spec, name).unwrap_or_default(),
        },
    };
    let keys = keys_in_result(&asked.spec.output, bound.path);
    let (mut most, mut dropped, mut withheld) = (0, 0, false);
    each(result, &keys, &mut |holder, key| {
        if let Some(Value::Array(items)) = holder.get_mut(key)
            && items.len() > max
        {
            most = most.max(items.len());
            dropped += items.len() - max;
            items.truncate(max);
            withheld |= withhold(bound, holder);
        }
    });
    (dropped > 0).then(|| {
        let name = keys.join(".");
        let withheld = if withheld { withheld_text(bound) } else { String::new() };
        let rest = more_text(asked.spec, bound, max, most);
        format!("`{name}`: the API gave up to {most} items, more than the bound of {max}; dropped: {dropped}{withheld}{rest}")
    })
}

/// Bounds the lists inside of a list. No token leads to what is dropped there.
fn bound_inner(asked: &Asked<'_>, bound: &ListBound, result: &mut JsonObject) -> Option<String> {
    let max = bound.inner_max?;
    let keys = keys_in_result(&asked.spec.output, bound.path);
    let (mut most, mut dropped) = (0, 0);
    each(result, &keys, &mut |holder, key| {
        if let Some(Value::Array(items)) = holder.get_mut(key) {
            for item in items {
                cut_inner(item, max, &mut most, &mut dropped);
            }
        }
    });
    (dropped > 0).then(|| {
        let name = keys.join(".");
        format!(
            "`{name}`: the API gave lists of up to {most} items inside of it, more than the bound of {max}; dropped: {dropped}; to get them, narrow what you ask for"
        )
    })
}

fn cut_inner(value: &mut Value, max: usize, most: &mut usize, dropped: &mut usize) {
    if let Value::Array(items) = value {
        *most = (*most).max(items.len());
        *dropped += items.len().saturating_sub(max);
        items.truncate(max);
        for item in items {
            cut_inner(item, max, most, dropped);
        }
    }
}

/// Returns the most that an argument can be.
fn argument_max(spec: &ToolSpec, name: &str) -> Option<usize> {
    let argument = spec.arguments.iter().find(|argument| argument.name == name)?;
    match argument.value.input {
        Input::Integer { max, .. } => Some(usize::try_from(max).unwrap_or_default()),
        _ => None,
    }
}

/// Says how to get the items that were dropped. A call without the page's own token would begin again at the first page.
fn more_text(spec: &ToolSpec, bound: &ListBound, max: usize, given: usize) -> String {
    let ListMax::Argument(name) = bound.max else {
        return "; to get them, narrow what you ask for".to_owned();
    };
    let larger = given.min(argument_max(spec, name).unwrap_or(max));
    let limit = if larger > max {
        format!("`{name}` {larger}")
    } else {
        // An API that gives three times what it is asked for is asked for a third.
        format!("a `{name}` of {} or less", (max / given.div_ceil(max.max(1))).max(1))
    };
    match token_argument(spec, bound) {
        Some(token) => format!(
            "; to get them, call again with the same arguments, the same `{token}` if there was one, and {limit}"
        ),
        None => format!("; to get them, call again with {limit}"),
    }
}

/// Makes a page's token null if the schema lets it be; says whether there was one to withhold.
pub(super) fn withhold(bound: &ListBound, holder: &mut JsonObject) -> bool {
    match &bound.next_token {
        Some(token) if token.nullable => match holder.get_mut(token.key) {
            Some(value) if !value.is_null() => {
                *value = Value::Null;
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// Says that a token is withheld.
pub(super) fn withheld_text(bound: &ListBound) -> String {
    let token = bound.next_token.as_ref();
    token
        .map(|token| format!(", and `{}` is withheld, since it would skip them", token.key))
        .unwrap_or_default()
}

/// Returns the page's token's key if the tool takes an argument of that name.
pub(crate) fn token_argument(spec: &ToolSpec, bound: &ListBound) -> Option<&'static str> {
    let key = bound.next_token.as_ref()?.key;
    spec.arguments
        .iter()
        .any(|argument| argument.name == key)
        .then_some(key)
}

/// How names of arguments end that hold a page's token, in lower case and without underscores.
const TOKEN_NAMES: [&str; 5] = [
    "nexttoken",
    "pagetoken",
    "paginationtoken",
    "continuationtoken",
    "cursor",
];

/// Returns the argument that held a page's token in the call: that of one of the lists, or another of such a name. The first
/// page has none, so that it can be left out.
pub(super) fn given_token(asked: &Asked<'_>) -> Option<&'static str> {
    let of_lists = asked
        .spec
        .lists
        .iter()
        .filter_map(|bound| token_argument(asked.spec, bound));
    let optional = asked
        .spec
        .arguments
        .iter()
        .filter(|argument| argument.absent != Absent::Required);
    let names = optional.map(|argument| argument.name).filter(|name| {
        let name = name.replace('_', "").to_ascii_lowercase();
        TOKEN_NAMES.iter().any(|token| name.ends_with(token))
    });
    let is_given = |name: &&str| asked.values.get(*name).is_some_and(Value::is_string);
    of_lists.chain(names).find(is_given)
}

/// Finds a list that no other list holds: its key, and the object that it is a field of.
pub(super) fn only<'a>(keys: &[&'static str], result: &'a JsonObject) -> Option<(&'static str, &'a JsonObject)> {
    match keys {
        [] => None,
        [key] => Some((key, result)),
        [key, rest @ ..] => only(rest, result.get(*key)?.as_object()?),
    }
}

/// Like [`only`], to change it.
pub(super) fn only_mut<'a>(
    keys: &[&'static str],
    result: &'a mut JsonObject,
) -> Option<(&'static str, &'a mut JsonObject)> {
    match keys {
        [] => None,
        [key] => Some((key, result)),
        [key, rest @ ..] => only_mut(rest, result.get_mut(*key)?.as_object_mut()?),
    }
}

/// Visits every object that has the field at the end of the path; a list on the way stands for each of its items.
pub(super) fn each(
    object: &mut JsonObject,
    keys: &[&'static str],
    visit: &mut dyn FnMut(&mut JsonObject, &'static str),
) {
    match keys {
        [] => {}
        [key] => visit(object, key),
        [key, rest @ ..] => {
            if let Some(value) = object.get_mut(*key) {
                each_in(value, rest, visit);
            }
        }
    }
}

fn each_in(value: &mut Value, keys: &[&'static str], visit: &mut dyn FnMut(&mut JsonObject, &'static str)) {
    match value {
        Value::Object(object) => each(object, keys, visit),
        Value::Array(items) => items.iter_mut().for_each(|item| each_in(item, keys, visit)),
        _ => {}
    }
}

//! Turns the bytes of an answer into typed data and AppSync's errors, or names the place that does not fit.
//!
//! Invariant: bytes become the caller's type in one pass, without a tree of JSON between; a second one, over a mended text,
//! follows only where the first one failed.
//! Invariant: data is exactly what the type says, but for characters that the answer has half of only, or there is none; only
//! errors are read leniently.
//! Invariant: an [`Envelope`] holds data, or errors, or both; what is an object in it is an object in the answer.
//! Invariant: a [`DecodeError`] shows names and types, never values of the answer.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::graphql_error::GraphQlError;
use crate::repair;

/// The most errors that are kept: one takes a hundred times as much memory as its text may.
const ERRORS_MAX: usize = 100;

/// The longest expectation that is shown, in characters; that of an enum lists all its values.
const EXPECTATION_CHARS_MAX: usize = 200;

/// The longest response key that is shown, in bytes.
const KEY_BYTES_MAX: usize = 128;

/// What AppSync answers to a request that it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope<D> {
    /// The data; with errors beside it, incomplete.
    pub data: Option<D>,
    /// The first errors, at most 100.
    pub errors: Vec<GraphQlError>,
    /// How many errors came after these. Nothing is known of them.
    pub more_errors: usize,
    /// How many characters of the answer's texts were half a surrogate pair, or no UTF-8: U+FFFD stands in their place.
    pub replaced: usize,
}

/// Why an answer is no envelope of the type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The answer is not JSON; a page of a proxy, perhaps.
    #[error("the answer is not JSON (line {line}, column {column})")]
    NotJson {
        /// Where it stops being JSON, counted from 1.
        line: usize,
        /// Where in that line, counted from 1.
        column: usize,
    },
    /// The answer holds neither data nor errors.
    #[error("the answer holds neither data nor errors")]
    Empty,
    /// A value in the answer is not what the type says.
    #[error("unexpected answer at `{path}`: {reason}")]
    Mismatch {
        /// Where the first mismatch is, such as `data.searchCompanies.items[3].name`; `.` for the answer itself.
        path: String,
        /// What is there and what should be, without the value.
        reason: String,
    },
}

/// The envelope as it is on the wire, before its own rule is checked.
#[derive(Deserialize)]
#[serde(bound(deserialize = "D: DeserializeOwned"))]
struct Wire<D> {
    data: Option<Object<D>>,
    #[serde(default, deserialize_with = "null_as_default")]
    errors: Errors,
}

/// The errors that are kept, and how many are not.
#[derive(Default)]
struct Errors {
    kept: Vec<GraphQlError>,
    more: usize,
}

/// What only a JSON object is taken for; serde's own structs take a list of their fields' values as well.
pub struct Object<T>(pub T);

impl<D: DeserializeOwned> Envelope<D> {
    /// Decodes an answer's body.
    pub fn decode(body: &[u8]) -> Result<Envelope<D>, DecodeError> {
        // Following the path costs time that only an answer that does not fit is worth.
        let (Object(wire), replaced): (Object<Wire<D>>, _) = repair::read(body, locate::<D>)?;
        if wire.data.is_none() && wire.errors.kept.is_empty() {
            return Err(DecodeError::Empty);
        }
        Ok(Envelope {
            data: wire.data.map(|Object(data)| data),
            errors: wire.errors.kept,
            more_errors: wire.errors.more,
            replaced,
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Map<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(Map(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Errors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Errors;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Errors, A::Error> {
                let mut errors = Errors::default();
                while errors.kept.len() < ERRORS_MAX
                    && let Some(error) = list.next_element()?
                {
                    errors.kept.push(error);
                }
                while list.next_element::<Object<IgnoredAny>>()?.is_some() {
                    errors.more += 1;
                }
                Ok(errors)
            }
        }

        deserializer.deserialize_seq(List)
    }
}

/// Finds the place of an error that decoding has already met.
fn locate<D: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> DecodeError {
    let message = error.to_string();
    let beyond = beyond(&message);
    if error.classify() != Category::Data && beyond.is_none() {
        return DecodeError::NotJson {
            line: error.line(),
            column: error.column(),
        };
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let path = match serde_path_to_error::deserialize::<_, Object<Wire<D>>>(&mut deserializer) {
        Err(error) => path_text(error.path()),
        Ok(_) => ".".to_owned(),
    };
    DecodeError::Mismatch {
        path,
        reason: beyond.map_or_else(|| reason(&message), str::to_owned),
    }
}

/// Says what JSON can hold and the reader can't, if that is what serde's message is about.
fn beyond(message: &str) -> Option<&'static str> {
    let (message, _place) = message.rsplit_once(" at line ")?;
    match message {
        "recursion limit exceeded" => Some("it is nested too deeply"),
        "number out of range" => Some("the number is too large"),
        _ => None,
    }
}

/// Writes a path; a key that is no GraphQL name is the answer's own invention and stays out.
fn path_text(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        let name = match segment {
            Segment::Seq { index } => {
                text.extend(["[", &index.to_string(), "]"]);
                continue;
            }
            Segment::Map { key } if is_name(key) => key,
            // The variant is not in the answer: it is how the type is built.
            Segment::Enum { .. } => continue,
            Segment::Map { .. } | Segment::Unknown => "?",
        };
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(name);
    }
    if text.is_empty() { ".".to_owned() } else { text }
}

fn is_name(key: &str) -> bool {
    (1..=KEY_BYTES_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Takes the answer's values out of serde's message: `invalid type: string "x", expected i32 at line 1 column 2`.
///
/// Only what is known to come from our own types is kept: the expectation, which is the text after the last
/// `, expected `, since nothing of the answer comes after it, and the name of one of our fields.
fn reason(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let expected = message
        .rsplit_once(", expected ")
        .map(|(_, expected)| expectation(expected));
    let rest = |prefix| message.strip_prefix(prefix);
    let field = |prefix| rest(prefix).filter(|name| is_name(name.trim_matches('`')));
    if let (Some(found), Some("an integer")) = (rest("invalid type: floating point `"), expected.as_deref())
        && found.split('`').next().is_some_and(is_beyond_integers)
    {
        "expected an integer, got one out of its range".to_owned()
    } else if let (Some(found), Some(expected)) = (rest("invalid type: "), &expected) {
        format!("expected {expected}, got {}", kind(found))
    } else if let (Some("an integer"), Some("an integer")) = (rest("invalid value: ").map(kind), expected.as_deref()) {
        "expected an integer, got one out of its range".to_owned()
    } else if let (Some(_), Some(expected)) = (rest("invalid value: ").or(rest("invalid length ")), &expected) {
        format!("expected {expected}, got another value")
    } else if let (Some(_), Some(expected)) = (rest("unknown variant "), &expected) {
        format!("expected {expected}, got another string")
    } else if rest("unknown field ").is_some() {
        "this field was not asked for".to_owned()
    } else if let Some(name) = field("missing field ") {
        format!("{name} is missing")
    } else if let Some(name) = field("duplicate field ") {
        format!("{name} is there twice")
    } else {
        "the value does not fit its type".to_owned()
    }
}

/// Says whether a number is so large that it has no fraction, however it is written.
fn is_beyond_integers(number: &str) -> bool {
    number.parse().is_ok_and(|number: f64| number.abs() >= 2_f64.powi(53))
}

/// Puts what serde expects into JSON's words.
fn expectation(expected: &str) -> String {
    match expected {
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "an integer".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        _ if expected.starts_with("struct ") => "an object".to_owned(),
        _ => expected.chars().take(EXPECTATION_CHARS_MAX).collect(),
    }
}

/// Names the JSON type in serde's description of a value.
fn kind(found: &str) -> &'static str {
    match found.split([' ', ',']).next().unwrap_or_default() {
        "null" => "null",
        "boolean" => "a boolean",
        "integer" => "an integer",
        "floating" => "a number with a fraction",
        "string" => "a string",
        "sequence" => "a list",
        "map" => "an object",
        _ => "another type",
    }
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

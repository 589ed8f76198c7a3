//! Turns one error of an answer into its members.
//!
//! Data is read strictly; an error leniently. An API may fail where nobody looked, so that a member of an unexpected type
//! must not hide what the others say: it is read as none.
//!
//! Invariant: whatever is an object is an error.
//! Invariant: a path that is there is never read as none, since it says how far the API came.
//! Invariant: what is kept beside an error's words is of bounded size, however long the answer is.

use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::repair;

/// The longest member that is read beside the words, in bytes of its text. In memory it may take up to 40 times as much.
const MEMBER_BYTES_MAX: usize = 4 * 1024;

/// One error. AppSync's own members stand at its top level, not under `extensions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphQlError {
    /// The API's own words; empty if it has none.
    pub message: String,
    /// What kind of error it is, such as `Unauthorized` or `DynamoDB:ConditionalCheckFailedException`.
    pub error_type: Option<String>,
    /// What the resolver adds; nothing if it is longer than 4 KiB.
    pub error_info: Option<Value>,
    /// The field that failed, by response keys.
    pub path: Option<Vec<PathSegment>>,
    /// Where in the document the field is; nothing if they are longer than 4 KiB.
    pub locations: Vec<Location>,
    /// What the field would have been, if the resolver tells, in no more than 4 KiB.
    pub data: Option<Value>,
}

impl GraphQlError {
    /// Says whether it is a resolver's, which was begun: a path leads to it, or its type names a data source, as in
    /// `DynamoDB:ConditionalCheckFailedException`.
    pub fn is_of_resolver(&self) -> bool {
        let has_path = self.path.as_ref().is_some_and(|path| !path.is_empty());
        has_path
            || self
                .error_type
                .as_ref()
                .is_some_and(|error_type| error_type.contains(':'))
    }
}

/// One step from the root to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathSegment {
    /// A response key.
    Field(String),
    /// An index in a list.
    Index(usize),
    /// Something else; or a whole path, if it is no list or longer than 4 KiB.
    Unreadable,
}

/// A place in the document that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1.
    pub column: u32,
    /// What AppSync calls the document; mostly null.
    pub source_name: Option<String>,
}

impl<'de> Deserialize<'de> for GraphQlError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = deserializer.deserialize_map(Members::default())?;
        Ok(Self {
            message: read(members.message.as_deref()).unwrap_or_default(),
            error_type: read(members.error_type.as_deref()),
            error_info: read(short(members.error_info.as_deref())),
            path: path(members.path.as_deref()),
            locations: read::<Vec<Value>>(short(members.locations.as_deref()))
                .unwrap_or_default()
                .into_iter()
                .filter_map(|location| serde_json::from_value(location).ok())
                .collect(),
            data: read(short(members.data.as_deref())),
        })
    }
}

/// An error's members as text, so that each is read or not by itself: however deep it is, or whatever is in its strings.
/// Of those that are there twice the last one counts.
#[derive(Default)]
struct Members {
    message: Option<Box<RawValue>>,
    error_type: Option<Box<RawValue>>,
    error_info: Option<Box<RawValue>>,
    path: Option<Box<RawValue>>,
    locations: Option<Box<RawValue>>,
    data: Option<Box<RawValue>>,
}

impl<'de> Visitor<'de> for Members {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let member = match name.as_str() {
                "message" => &mut self.message,
                "errorType" => &mut self.error_type,
                "errorInfo" => &mut self.error_info,
                "path" => &mut self.path,
                "locations" => &mut self.locations,
                "data" => &mut self.data,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *member = Some(map.next_value()?);
        }
        Ok(self)
    }
}

fn short(member: Option<&RawValue>) -> Option<&RawValue> {
    member.filter(|member| member.get().len() <= MEMBER_BYTES_MAX)
}

fn read<T: DeserializeOwned>(member: Option<&RawValue>) -> Option<T> {
    let (value, _replaced): (Option<T>, _) = repair::read(member?.get().as_bytes(), |_, _| ()).ok()?;
    value
}

fn path(member: Option<&RawValue>) -> Option<Vec<PathSegment>> {
    let unreadable = || Some(vec![PathSegment::Unreadable]);
    let Some(member) = short(Some(member?)) else {
        return unreadable();
    };
    match serde_json::from_str::<Option<Vec<Value>>>(member.get()) {
        Ok(steps) => Some(steps?.into_iter().map(PathSegment::from).collect()),
        Err(_) => unreadable(),
    }
}

impl From<Value> for PathSegment {
    fn from(step: Value) -> Self {
        let index = step.as_u64().and_then(|index| usize::try_from(index).ok());
        match (step, index) {
            (Value::String(name), _) => Self::Field(name),
            (_, Some(index)) => Self::Index(index),
            _ => Self::Unreadable,
        }
    }
}

impl fmt::Display for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathSegment::Field(name) => f.write_str(name),
            PathSegment::Index(index) => write!(f, "{index}"),
            PathSegment::Unreadable => f.write_str("?"),
        }
    }
}

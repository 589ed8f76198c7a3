//! Turns one error of an answer into its members.
//!
//! Data is read strictly; an error leniently. An API may fail where nobody looked, so that a member of an unexpected type
//! must not hide what the others say: it is read as none.
//!
//! Invariant: whatever is an object is an error.
//! Invariant: a path that is there is never read as none, since it says how far the API came.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// One error. AppSync's own members stand at its top level, not under `extensions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphQlError {
    /// The API's own words; empty if it has none.
    pub message: String,
    /// What kind of error it is, such as `Unauthorized` or `DynamoDB:ConditionalCheckFailedException`.
    pub error_type: Option<String>,
    /// What the resolver adds.
    pub error_info: Option<Value>,
    /// The field that failed, by response keys.
    pub path: Option<Vec<PathSegment>>,
    /// Where in the document the field is.
    pub locations: Vec<Location>,
    /// What the field would have been, if the resolver tells.
    pub data: Option<Value>,
}

/// One step from the root to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathSegment {
    /// A response key.
    Field(String),
    /// An index in a list.
    Index(usize),
    /// Something else; or a whole path, if it is no list.
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
        let members = Members(BTreeMap::deserialize(deserializer)?);
        Ok(Self {
            message: members.get("message").unwrap_or_default(),
            error_type: members.get("errorType"),
            error_info: members.get("errorInfo"),
            path: members.path(),
            locations: members
                .get::<Vec<Value>>("locations")
                .unwrap_or_default()
                .into_iter()
                .filter_map(|location| serde_json::from_value(location).ok())
                .collect(),
            data: members.get("data"),
        })
    }
}

/// An error's members as text, so that each is read or not by itself: however deep it is, or whatever is in its strings.
struct Members(BTreeMap<String, Box<RawValue>>);

impl Members {
    fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let member = self.0.get(name)?;
        serde_json::from_str(member.get()).ok().flatten()
    }

    fn path(&self) -> Option<Vec<PathSegment>> {
        let member = self.0.get("path")?;
        match serde_json::from_str::<Option<Vec<Value>>>(member.get()) {
            Ok(steps) => Some(steps?.into_iter().map(PathSegment::from).collect()),
            Err(_) => Some(vec![PathSegment::Unreadable]),
        }
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

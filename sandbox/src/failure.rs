//! What goes wrong in a resolver, as AppSync's `util.error(message, errorType, data, errorInfo)` says it.

use serde_json::Value;

/// A resolver's error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    pub(crate) error_type: &'static str,
    pub(crate) message: String,
    pub(crate) error_info: Value,
}

impl Failure {
    pub(crate) fn new(error_type: &'static str, message: impl Into<String>) -> Self {
        Self {
            error_type,
            message: message.into(),
            error_info: Value::Null,
        }
    }

    /// An argument that no resolver could serve.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new("BadRequest", message)
    }
}

impl From<rusqlite::Error> for Failure {
    /// The text stays in: it is our own database, and whoever rehearses failures wants to see it.
    fn from(error: rusqlite::Error) -> Self {
        Self::new("InternalFailure", error.to_string())
    }
}

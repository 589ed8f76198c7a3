//! `call`: one tool from a shell, through the same dispatcher that MCP uses.

use serde_json::Value;

use crate::cli::argument::{self, ArgumentError};
use crate::dispatch::{Dispatcher, Refused};
use crate::rate::Caller;
use crate::table;

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// The result, for people.
    Table,
    /// The result as JSON.
    Json,
    /// The request, which is not sent.
    Request,
}

/// Why there is nothing to print.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallFailure {
    /// The words are no arguments, or name no tool: whoever typed them has to correct them.
    #[error("{0}")]
    Usage(String),
    /// The call failed.
    #[error(transparent)]
    Call(Refused),
}

impl From<ArgumentError> for CallFailure {
    fn from(error: ArgumentError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<Refused> for CallFailure {
    fn from(error: Refused) -> Self {
        match error {
            error @ Refused::UnknownTool { .. } => Self::Usage(format!("{error}\n`tools` lists what there is.")),
            error => Self::Call(error),
        }
    }
}

/// Calls a tool and returns what to print. For a dry run of a write that is not allowed, standard error says so.
pub(crate) async fn run(
    dispatcher: &Dispatcher,
    name: &str,
    words: &[String],
    show: Show,
) -> Result<String, CallFailure> {
    let spec = dispatcher.offer().spec(name);
    let arguments = argument::parse(words, spec.map_or(&[], |spec| spec.arguments))?;
    if show == Show::Request {
        let request = dispatcher.dry_run(name, arguments)?;
        if let Some(denied) = dispatcher.offer().denial(name) {
            eprintln!("note: without --dry-run, this call would be refused: {denied}");
        }
        return Ok(format!("{request}\n"));
    }
    let result = Value::Object(dispatcher.call(name, &Caller::Local, arguments).await?.structured);
    Ok(match show {
        Show::Json => table::json(&result),
        Show::Table | Show::Request => table::result(&result),
    })
}

//! A tool → its entry in MCP's `tools/list`, and what reading it costs a model.
//!
//! Invariant: byte for byte what the server sends; a test of the server compares the two.

use serde_json::{Value, json};

use crate::{
    json_schema,
    model::{Folder, Model, Tool, ToolContract},
};

/// How many bytes of an entry are counted as a token: a rule of thumb for English and JSON. The tokens that a model
/// really reads depend on the model.
const TOKEN_BYTES: usize = 4;

/// A tool's entry, in its parts.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) input_schema: Value,
    pub(crate) output_schema: Value,
    pub(crate) annotations: Value,
    /// The bytes of the whole.
    pub(crate) bytes: usize,
}

impl Entry {
    /// Returns about how many tokens the entry is.
    pub(crate) fn tokens(&self) -> usize {
        tokens(self.bytes)
    }
}

/// Returns about how many tokens so many bytes are.
pub(crate) fn tokens(bytes: usize) -> usize {
    bytes / TOKEN_BYTES
}

/// Puts a tool's entry together.
pub(crate) fn entry(tool: &Tool, contract: &ToolContract, model: &Model) -> Entry {
    let input_schema = json_schema::input(tool, model);
    let output_schema = json_schema::output(tool, model);
    let title = &contract.title.value;
    let annotations = annotations(tool, contract);
    // In the order in which the server's SDK writes them.
    let whole = json!({
        "name": tool.name,
        "title": title,
        "description": tool.description,
        "inputSchema": input_schema,
        "outputSchema": output_schema,
        "annotations": annotations,
    });
    Entry {
        bytes: whole.to_string().len(),
        input_schema,
        output_schema,
        annotations,
    }
}

/// Returns what the server derives from a contract, and nobody writes by hand.
fn annotations(tool: &Tool, contract: &ToolContract) -> Value {
    let (read_only, destructive, idempotent) = match tool.folder {
        Folder::Read => (true, false, true),
        Folder::Write => (false, contract.may_destroy(), contract.is_idempotent()),
    };
    json!({
        "title": contract.title.value,
        "readOnlyHint": read_only,
        "destructiveHint": destructive,
        "idempotentHint": idempotent,
        "openWorldHint": true,
    })
}

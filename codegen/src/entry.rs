//! A tool → its entry in MCP's `tools/list`, and what reading it costs a model.
//!
//! Invariant: byte for byte what the server sends; a test of the server compares the two.

use serde_json::{Value, json};

use crate::{
    json_schema,
    model::{Folder, Model, Tool, ToolContract},
};

/// How many bytes of an entry are counted as a token. The encoding `o200k_base` makes one of 4.14 bytes in the entries of the
/// sample's tools, of 3.73 in those of `tests/kitchen-sink` and of 3.77 in those of `tests/lab`; other models have others.
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

/// Returns what the server derives from a contract.
fn annotations(tool: &Tool, contract: &ToolContract) -> Value {
    let (title, open_world) = (&contract.title.value, contract.is_open_world());
    match tool.folder {
        // Whether it is idempotent has no meaning for a read, but whoever reviews a server wants the others spelt out.
        Folder::Read => json!({
            "title": title,
            "readOnlyHint": true,
            "destructiveHint": false,
            "openWorldHint": open_world,
        }),
        Folder::Write => json!({
            "title": title,
            "readOnlyHint": false,
            "destructiveHint": contract.may_destroy(),
            "idempotentHint": contract.is_idempotent(),
            "openWorldHint": open_world,
        }),
    }
}

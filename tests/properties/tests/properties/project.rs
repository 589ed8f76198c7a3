//! The contracts that are looked at: the sample API's, and the kitchen sink's.

use std::path::Path;

use appsync_mcp::tool::{Binding, BindingSource, Contract, Tool, ToolSpec};
use serde_json::Value;

/// A contract, and the folder that it was built from.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) contract: &'static Contract,
    folder: &'static str,
}

pub(crate) const SAMPLE: Project = Project {
    contract: &appsync_mcp::sample::CONTRACT,
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../.."),
};

pub(crate) const KITCHEN_SINK: Project = Project {
    contract: &appsync_mcp_kitchen_sink::generated::CONTRACT,
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../kitchen-sink"),
};

pub(crate) const ALL: [Project; 2] = [SAMPLE, KITCHEN_SINK];

impl Project {
    /// Every tool's contract.
    pub(crate) fn specs(&self) -> impl Iterator<Item = &'static ToolSpec> + use<> {
        self.contract.tools.iter().map(Tool::spec)
    }

    /// The tools that can be called: those that are disabled, or that bind what can't be filled in here, never are.
    pub(crate) fn callable(&self) -> impl Iterator<Item = &'static Tool> + use<> {
        let can_be_filled = |binding: &Binding| binding.source == BindingSource::IdempotencyKey;
        let tools = self.contract.tools.iter();
        tools.filter(move |tool| tool.spec().disabled.is_none() && tool.spec().bindings.iter().all(can_be_filled))
    }

    /// The API's schema, as a path.
    pub(crate) fn schema(&self) -> std::path::PathBuf {
        Path::new(self.folder).join("schema/schema.graphql")
    }
}

/// Returns a schema that is written in a contract.
pub(crate) fn json(schema: &str) -> Value {
    serde_json::from_str(schema).expect("a schema is JSON")
}

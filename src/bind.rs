//! Fills in the variables that are the server's to fill in; the model neither sees nor sets them.
//!
//! Invariant: a tool with a variable that can't be filled in is denied, never sent without it.

use uuid::Uuid;

use crate::decode::JsonObject;
use crate::error::Denied;
use crate::tool::{Binding, BindingSource, ToolSpec};

/// Returns why the contract, whatever the start-up flags say, keeps a tool from being called.
pub(crate) fn withheld(spec: &ToolSpec) -> Option<Denied> {
    if let Some(reason) = spec.disabled {
        let tool = spec.name;
        return Some(Denied::Disabled { tool, reason });
    }
    spec.bindings.iter().find_map(|binding| match binding.source {
        BindingSource::IdempotencyKey => None,
        BindingSource::Claim(_) | BindingSource::Config(_) => Some(Denied::Unfilled {
            tool: spec.name,
            variable: binding.variable,
        }),
    })
}

/// Adds the values of all bound variables.
pub(crate) fn bind(spec: &ToolSpec, values: &mut JsonObject) -> Result<(), Denied> {
    if let Some(denied) = withheld(spec) {
        return Err(denied);
    }
    for Binding { variable, source, .. } in spec.bindings {
        if *source == BindingSource::IdempotencyKey {
            values.insert((*variable).to_owned(), Uuid::new_v4().to_string().into());
        }
    }
    Ok(())
}

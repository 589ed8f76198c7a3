//! Rules on who can call a tool.

use crate::{
    api::Mode,
    diagnostic::Diagnostic,
    model::{Barred, Tool},
};

/// A tool that no mode of the API can call is of no use to anybody.
pub(super) fn out_of_reach(tool: &Tool) -> Vec<Diagnostic> {
    let barred = tool.barred.iter();
    barred
        .map(|barred| {
            let Barred {
                span,
                name,
                because,
                allows,
                before,
            } = barred;
            let message = format!(
                "no authorization mode of the API can call `{}`: `{name}` keeps out {}",
                tool.operation,
                named(before)
            );
            let rule = if allows.is_empty() {
                format!("`{name}` allows no mode ({because})")
            } else {
                format!("`{name}` allows {} only ({because})", named(allows))
            };
            Diagnostic::error(span.clone(), message, "out of reach").help(format!(
                "{rule}; leave it out, or select it in a tool without what other modes need"
            ))
        })
        .collect()
}

fn named(modes: &[Mode]) -> String {
    let names: Vec<_> = modes.iter().map(|mode| format!("`{}`", mode.name())).collect();
    names.join(", ")
}

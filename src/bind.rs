//! Fills in the variables that are the server's to fill in; the model neither sees nor sets them.
//!
//! Invariant: a tool with a variable that can't be filled in is denied, never sent without it.

use uuid::Uuid;

use crate::decode::JsonObject;
use crate::error::Denied;
use crate::tool::{Binding, BindingSource, ToolSpec};

/// Returns why the contract, whatever the start-up flags say, keeps a tool from being called.
pub(crate) fn withheld(spec: &ToolSpec) -> Option<Denied> {
    disabled(spec).or_else(|| unfilled(spec))
}

/// Returns why the contract does not offer a tool, if it does not.
pub(crate) fn disabled(spec: &ToolSpec) -> Option<Denied> {
    let (tool, reason) = (spec.name, spec.disabled?);
    Some(Denied::Disabled { tool, reason })
}

fn unfilled(spec: &ToolSpec) -> Option<Denied> {
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
    if let Some(denied) = unfilled(spec) {
        return Err(denied);
    }
    for Binding { variable, source, .. } in spec.bindings {
        if *source == BindingSource::IdempotencyKey {
            values.insert((*variable).to_owned(), Uuid::new_v4().to_string().into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::specimen::spec;
    use crate::tool::{Input, Kind, Position};

    const KIND: Kind = Kind::Write {
        destructive: false,
        idempotent: false,
    };

    const fn binding(source: BindingSource) -> Binding {
        Binding {
            variable: "bound",
            source,
            value: Position {
                input: Input::Boolean,
                nullable: false,
            },
            required: true,
        }
    }

    static KEY: [Binding; 1] = [binding(BindingSource::IdempotencyKey)];
    static CLAIM: [Binding; 2] = [
        binding(BindingSource::IdempotencyKey),
        binding(BindingSource::Claim("sub")),
    ];
    static CONFIG: [Binding; 1] = [binding(BindingSource::Config("region"))];

    fn bound(bindings: &'static [Binding]) -> Result<Value, String> {
        let spec = ToolSpec {
            bindings,
            ..spec("t", "T", KIND)
        };
        let mut values = JsonObject::from_iter([("given".to_owned(), json!(1))]);
        match bind(&spec, &mut values) {
            Ok(()) => Ok(values.into()),
            Err(denied) => Err(denied.to_string()),
        }
    }

    #[test]
    fn a_key_is_made_for_each_call() {
        let keys: Vec<_> = (0..2).map(|_| bound(&KEY).unwrap()["bound"].clone()).collect();
        assert_ne!(keys[0], keys[1]);
        for key in keys {
            assert_eq!(Uuid::parse_str(key.as_str().unwrap()).unwrap().get_version_num(), 4);
        }
        assert_eq!(bound(&[]), Ok(json!({ "given": 1 })));
    }

    #[test]
    fn what_can_not_be_filled_in_is_not_sent() {
        let message = "`t` takes a value that only the server can fill in, and this one can't: `bound`";
        for bindings in [&CLAIM[..], &CONFIG] {
            assert_eq!(bound(bindings), Err(message.to_owned()));
        }
    }

    #[test]
    fn a_disabled_tool_says_why() {
        let spec = ToolSpec {
            disabled: Some("Its index is being rebuilt."),
            ..spec("t", "T", KIND)
        };
        assert_eq!(
            withheld(&spec).map(|denied| denied.to_string()).as_deref(),
            Some("`t` is disabled: Its index is being rebuilt")
        );
        assert_eq!(withheld(&ToolSpec { disabled: None, ..spec }), None);
    }
}

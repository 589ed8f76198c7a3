//! What a write made → gone again, by the tool that its contract names.
//!
//! Invariant: the tool is called only with what the result and the write's own arguments say; the build has checked that
//! this is enough.

use serde_json::Value;

use super::run::Callee;
use crate::call::Ctx;
use crate::decode::JsonObject;
use crate::dispatch::{chain, holds_personal_data};
use crate::permit::Mutations;
use crate::tool::{Absent, Argument, Contract, Tool, ToolSpec};

/// Calls the tool that takes back what a call made; the error says why it is still there.
pub(crate) async fn undo(
    ctx: &Ctx,
    contract: &'static Contract,
    name: &str,
    result: &JsonObject,
    own: &JsonObject,
) -> Result<(), String> {
    let found = contract.tools.iter().find(|tool| tool.spec().name == name);
    let Some(Tool::Write(tool)) = found else {
        return Err(format!("there is no write `{name}`"));
    };
    let permit = Mutations::all().permit(tool).map_err(|denied| denied.to_string())?;
    let callee = Callee::Write(tool, permit);
    let spec = callee.spec();
    let arguments = arguments(spec, result, own)?;
    match callee.call(ctx, arguments).await {
        Ok(_) => Ok(()),
        Err(error) => Err(chain(&error, holds_personal_data(spec))),
    }
}

/// Returns the arguments of the tool that takes something back: each required one is the result's field of that name, else the
/// write's own argument of that name; where there is only one, the result's `id` does as well.
fn arguments(spec: &ToolSpec, result: &JsonObject, own: &JsonObject) -> Result<JsonObject, String> {
    let is_required = |argument: &&Argument| argument.absent == Absent::Required;
    let required: Vec<_> = spec.arguments.iter().filter(is_required).collect();
    let field = |name: &str| {
        let is_one = |value: &&Value| !matches!(value, Value::Null | Value::Array(_) | Value::Object(_));
        result.get(name).filter(is_one)
    };
    let mut arguments = JsonObject::new();
    for argument in &required {
        let id = if required.len() == 1 { field("id") } else { None };
        let value = field(argument.name).or_else(|| own.get(argument.name)).or(id);
        let value = value.ok_or_else(|| format!("nothing says `{}` of `{}`", argument.name, spec.name))?;
        arguments.insert(argument.name.to_owned(), value.clone());
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::specimen::{ADD_NOTE_SPEC, FIND_THINGS_SPEC, spec};
    use crate::tool::{Input, Kind, Position};

    const fn required(name: &'static str) -> Argument {
        Argument {
            name,
            description: "",
            value: Position {
                input: Input::Boolean,
                nullable: false,
            },
            absent: Absent::Required,
            example: None,
        }
    }

    static TWO: [Argument; 2] = [required("shelf"), required("note")];

    fn check(spec: &ToolSpec, result: &Value, own: &Value, expected: Result<Value, &str>) {
        let found = arguments(spec, result.as_object().unwrap(), own.as_object().unwrap());
        assert_eq!(
            found.map(Value::Object),
            expected.map_err(str::to_owned),
            "{result} {own}"
        );
    }

    #[test]
    fn arguments_are_of_the_result_or_of_the_call() {
        // One is required: `text`, or `keywords` beside optional ones.
        let one = &ADD_NOTE_SPEC;
        check(
            one,
            &json!({"text": "a", "id": 1}),
            &json!({"text": "b"}),
            Ok(json!({"text": "a"})),
        );
        check(
            one,
            &json!({"text": null, "id": 1}),
            &json!({"text": "b"}),
            Ok(json!({"text": "b"})),
        );
        check(one, &json!({"id": 1}), &json!({}), Ok(json!({"text": 1})));
        check(
            one,
            &json!({"id": {"x": 1}}),
            &json!({}),
            Err("nothing says `text` of `add_note`"),
        );
        check(
            &FIND_THINGS_SPEC,
            &json!({"id": 1}),
            &json!({"limit": 5}),
            Ok(json!({"keywords": 1})),
        );

        // Of two, `id` could be either.
        let two = &ToolSpec {
            arguments: &TWO,
            ..spec("t", "T", Kind::Read)
        };
        check(
            two,
            &json!({"id": 1, "note": 2}),
            &json!({"shelf": 3}),
            Ok(json!({"shelf": 3, "note": 2})),
        );
        check(
            two,
            &json!({"id": 1, "note": 2}),
            &json!({}),
            Err("nothing says `shelf` of `t`"),
        );
    }
}

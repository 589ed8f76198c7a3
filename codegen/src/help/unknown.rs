//! Names that nothing has, and what was meant.

use super::{
    Broken, Known, Words, contract_directives,
    known::{arguments, enum_values, fields},
    list,
};

/// A name that nothing has.
pub(super) fn unknown(broken: &Broken<'_>, known: &Known<'_>) -> Option<Words> {
    Some(match broken.rule {
        "UndefinedField" => {
            let (ty, field) = (broken.name(0), broken.name(1));
            let message = format!("`{ty}` has no field `{field}`");
            let help = meant(
                known,
                field,
                &fields(known.schema, ty),
                &format!("the fields of `{ty}`"),
            );
            Words::of(message, "unknown field", help)
        }
        "UndefinedInputValue" => {
            let (field, ty) = (broken.name(0), broken.name(1));
            let message = format!("`{ty}` has no field `{field}`");
            let help = meant(
                known,
                field,
                &fields(known.schema, ty),
                &format!("the fields of `{ty}`"),
            );
            Words::of(message, "unknown field", help)
        }
        "UndefinedArgument" => {
            let (argument, owner) = (broken.name(0), broken.name(1));
            let message = format!("`{owner}` has no argument `{argument}`");
            let help = meant(
                known,
                argument,
                &arguments(known.schema, owner),
                &format!("the arguments of `{owner}`"),
            );
            Words::of(message, "unknown argument", help)
        }
        "UndefinedEnumValue" => {
            let (value, ty) = (broken.name(0), broken.name(1));
            let message = format!("`{ty}` has no value `{value}`");
            let help = meant(
                known,
                value,
                &enum_values(known.schema, ty),
                &format!("the values of `{ty}`"),
            );
            Words::of(message, "unknown value", help)
        }
        _ => return undeclared(broken, known),
    })
}

/// The same of what an operation's author declares, and of types.
fn undeclared(broken: &Broken<'_>, known: &Known<'_>) -> Option<Words> {
    Some(match broken.rule {
        "UndefinedDirective" => Words::of(
            format!("there is no directive `{}`", broken.name(0)),
            "unknown directive",
            Some(directive(broken.name(0), known)),
        ),
        "UndefinedVariable" => {
            let variables = known.variables.iter().map(|(name, _)| *name);
            let near = known.nearest(broken.name(0).trim_start_matches('$'), variables);
            let help = near.map_or_else(
                || {
                    format!(
                        "declare `{}` among the operation's variables, with its type and a description",
                        broken.name(0)
                    )
                },
                |near| format!("did you mean `${near}`?"),
            );
            Words::of(
                format!("the operation has no variable `{}`", broken.name(0)),
                "unknown variable",
                Some(help),
            )
        }
        "UndefinedFragment" => {
            let help = known.did_you_mean(broken.name(0), known.fragments.iter().copied());
            let help = help.or_else(|| Some("write it in this file, or in `operations/fragments/`".to_owned()));
            Words::of(
                format!("there is no fragment `{}`", broken.name(0)),
                "unknown fragment",
                help,
            )
        }
        "UndefinedDefinition"
        | "UndefinedTypeInNamedFragmentTypeCondition"
        | "UndefinedTypeInInlineFragmentTypeCondition" => {
            let ty = broken.name(0);
            let help = known.did_you_mean(ty, known.schema.types.keys().map(apollo_compiler::Name::as_str));
            Words::of(format!("the schema has no type `{ty}`"), "unknown type", help)
        }
        _ => return None,
    })
}

/// Suggests a directive: of the contract's in an operation, of all others in a schema.
fn directive(written: &str, known: &Known<'_>) -> String {
    let contract = contract_directives();
    let wanted = written.trim_start_matches('@');
    let all = known
        .schema
        .directive_definitions
        .keys()
        .map(apollo_compiler::Name::as_str);
    match known.nearest(wanted, all) {
        Some(near) => format!("did you mean `@{near}`?"),
        None => format!(
            "the contract's directives are {}",
            list(contract.iter().map(|name| format!("`@{name}`")))
        ),
    }
}

fn meant(known: &Known<'_>, name: &str, names: &[&str], what: &str) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let near = known.did_you_mean(name, names.iter().copied());
    near.or_else(|| {
        Some(format!(
            "{what} are {}",
            list(names.iter().map(|name| format!("`{name}`")))
        ))
    })
}

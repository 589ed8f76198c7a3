//! A rule of the specification and what broke it → a label and what to do about it.
//!
//! apollo-compiler words the fact; the instruction is ours. Its rules are told apart by the name it gives them.

use apollo_compiler::{Schema, schema::ExtendedType};

use crate::{parse::PRELUDE, suggest};

/// What can be suggested.
pub(crate) struct Known<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) fragments: &'a [&'a str],
}

/// Returns the label for a place where `rule` is broken.
pub(crate) fn label(rule: &str) -> &'static str {
    match rule {
        "SyntaxError" => "unexpected",
        "UndefinedField" => "unknown field",
        "UndefinedArgument" => "unknown argument",
        "UndefinedDirective" => "unknown directive",
        "UndefinedVariable" => "undefined variable",
        "UndefinedFragment" => "unknown fragment",
        "UndefinedEnumValue" => "unknown value",
        "UndefinedInputValue" => "unknown field",
        "UndefinedDefinition"
        | "UndefinedTypeInNamedFragmentTypeCondition"
        | "UndefinedTypeInInlineFragmentTypeCondition" => "unknown type",
        "RequiredArgument" => "argument missing",
        "RequiredField" => "field missing",
        "UnusedVariable" => "never used",
        "UnusedFragment" => "never used",
        "UnsupportedLocation" => "not allowed here",
        "UnsupportedValueType" | "IntCoercionError" | "FloatCoercionError" => "wrong value",
        "DisallowedVariableUsage" => "type does not fit",
        "MissingSubselection" => "selection missing",
        "SubselectionOnScalarType" | "SubselectionOnEnumType" => "has no fields",
        "InvalidFragmentSpread" => "can never apply",
        "UniqueVariable" | "UniqueArgument" | "UniqueInputValue" | "UniqueDirective" => "given twice",
        "ConflictingFieldType" | "ConflictingFieldName" | "ConflictingFieldArgument" => "conflicting selection",
        _ => "not valid",
    }
}

/// Returns what to do where `rule` is broken, if that is known. `message` is apollo-compiler's, names in backticks.
pub(crate) fn for_rule(rule: &str, message: &str, known: &Known<'_>) -> Option<String> {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let name = |at: usize| names.get(at).copied().unwrap_or_default();
    let schema = known.schema;
    match rule {
        "UndefinedField" => did_you_mean_or_list(
            name(1),
            fields(schema, name(0)),
            &format!("the fields of `{}`", name(0)),
        ),
        "UndefinedArgument" => {
            let arguments = arguments(schema, name(1));
            did_you_mean_or_list(name(0), arguments, &format!("the arguments of `{}`", name(1)))
        }
        "UndefinedDirective" => {
            let contract = contract_directives();
            let wanted = name(0).trim_start_matches('@');
            let near = suggest::nearest(wanted, contract.iter().copied());
            Some(near.map_or_else(
                || {
                    format!(
                        "the contract's directives are {}",
                        list(contract.iter().map(|name| format!("@{name}")))
                    )
                },
                |near| format!("did you mean `@{near}`?"),
            ))
        }
        "UndefinedVariable" => Some(format!(
            "declare `{}` among the operation's variables, with its type and a description",
            name(0)
        )),
        "UndefinedFragment" => suggest::did_you_mean(name(0), known.fragments.iter().copied())
            .or_else(|| Some("write it in this file, or in `operations/fragments/`".to_owned())),
        "UndefinedEnumValue" => did_you_mean_or_list(
            name(0),
            enum_values(schema, name(1)),
            &format!("the values of `{}`", name(1)),
        ),
        "UndefinedInputValue" => did_you_mean_or_list(
            name(0),
            fields(schema, name(1)),
            &format!("the fields of `{}`", name(1)),
        ),
        "UndefinedDefinition"
        | "UndefinedTypeInInlineFragmentTypeCondition"
        | "UndefinedTypeInNamedFragmentTypeCondition" => {
            suggest::did_you_mean(name(0), schema.types.keys().map(apollo_compiler::Name::as_str))
        }
        "RequiredArgument" => Some(format!("give it a value: `{}`", required(name(0)))),
        "RequiredField" => Some(format!(
            "give it a value: `{}: …`",
            name(0).rsplit('.').next().unwrap_or_default()
        )),
        "UnusedVariable" => Some(format!("use `{}` in an argument, or remove it", name(0))),
        "UnusedFragment" => Some("spread it with `...`, or remove it".to_owned()),
        "DisallowedVariableUsage" => {
            let fitting = name(3).to_owned();
            Some(format!("declare it as `{}: {fitting}`", name(0)))
        }
        "MissingSubselection" => Some("say which of its fields to return: `{ … }`".to_owned()),
        "SubselectionOnScalarType" | "SubselectionOnEnumType" => {
            Some("remove the braces and what is in them".to_owned())
        }
        "InvalidFragmentSpread" => Some(possible_types(schema, name(names.len().saturating_sub(1)))),
        "UnsupportedLocation" => Some("see the directive's definition in the prelude for where it goes".to_owned()),
        _ => None,
    }
}

fn did_you_mean_or_list(name: &str, known: Vec<&str>, what: &str) -> Option<String> {
    if known.is_empty() {
        return None;
    }
    suggest::did_you_mean(name, known.iter().copied()).or_else(|| {
        Some(format!(
            "{what} are {}",
            list(known.iter().map(|name| format!("`{name}`")))
        ))
    })
}

/// Joins names for people; a long list ends in an ellipsis.
fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.collect();
    let shown = names.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        format!("{shown}, …")
    } else {
        shown
    }
}

/// `Query.searchCompanies(filter:)` → `filter: …`.
fn required(coordinate: &str) -> String {
    let argument = coordinate.split_once('(').map_or(coordinate, |(_, argument)| argument);
    format!("{} …", argument.trim_end_matches(')'))
}

fn fields<'a>(schema: &'a Schema, type_name: &str) -> Vec<&'a str> {
    match schema.types.get(type_name) {
        Some(ExtendedType::Object(object)) => object.fields.keys().map(apollo_compiler::Name::as_str).collect(),
        Some(ExtendedType::Interface(interface)) => {
            interface.fields.keys().map(apollo_compiler::Name::as_str).collect()
        }
        Some(ExtendedType::InputObject(input)) => input.fields.keys().map(apollo_compiler::Name::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Returns the arguments at `Type.field` or `@directive`.
fn arguments<'a>(schema: &'a Schema, coordinate: &str) -> Vec<&'a str> {
    let coordinate = coordinate.split('(').next().unwrap_or_default();
    if let Some(directive) = coordinate.strip_prefix('@') {
        let directive = schema.directive_definitions.get(directive);
        return directive
            .map(|directive| {
                directive
                    .arguments
                    .iter()
                    .map(|argument| argument.name.as_str())
                    .collect()
            })
            .unwrap_or_default();
    }
    let Some((type_name, field)) = coordinate.split_once('.') else {
        return Vec::new();
    };
    schema
        .type_field(type_name, field)
        .map(|field| field.arguments.iter().map(|argument| argument.name.as_str()).collect())
        .unwrap_or_default()
}

fn enum_values<'a>(schema: &'a Schema, type_name: &str) -> Vec<&'a str> {
    schema
        .get_enum(type_name)
        .map(|found| found.values.keys().map(apollo_compiler::Name::as_str).collect())
        .unwrap_or_default()
}

fn possible_types(schema: &Schema, type_name: &str) -> String {
    let possible: Vec<String> = match schema.types.get(type_name) {
        Some(ExtendedType::Union(found)) => found
            .members
            .iter()
            .map(|member| format!("`{}`", member.name))
            .collect(),
        Some(ExtendedType::Interface(_)) => schema
            .implementers_map()
            .get(type_name)
            .map(|found| found.objects.iter().map(|name| format!("`{name}`")).collect())
            .unwrap_or_default(),
        _ => vec![format!("`{type_name}`")],
    };
    let mut possible = possible;
    possible.sort();
    format!("what is selected from here is {}", possible.join(" or "))
}

/// The names of the contract's own directives, from the prelude.
pub(crate) fn contract_directives() -> Vec<&'static str> {
    let (_, contract) = PRELUDE.split_once("# --- The contract").unwrap_or(("", PRELUDE));
    contract
        .lines()
        .filter_map(|line| line.strip_prefix("directive @"))
        .filter_map(|line| line.split(['(', ' ']).next())
        .collect()
}

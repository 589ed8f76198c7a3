//! The prelude → tables of directives and scalars.

use apollo_compiler::{
    Node,
    ast::{Definition, DirectiveDefinition, DirectiveLocation, Document, EnumTypeDefinition, InputValueDefinition},
};
use appsync_mcp_codegen::{PRELUDE, SourceFile, SourceKind, Sources};

use super::{example::Tool, fenced, phrase, table};

/// Returns the declarations of the prelude, from the contract's on or before them.
fn declarations(of_the_contract: bool) -> Vec<Definition> {
    let (before, contract) = PRELUDE.split_once("# --- The contract").expect("the contract's part");
    let text = if of_the_contract {
        format!("#{contract}")
    } else {
        before.to_owned()
    };
    Document::parse(text, "prelude.graphql").expect("a prelude").definitions
}

fn directives() -> Vec<Node<DirectiveDefinition>> {
    let directive = |declaration| match declaration {
        Definition::DirectiveDefinition(directive) => Some(directive),
        _ => None,
    };
    declarations(true).into_iter().filter_map(directive).collect()
}

pub(super) fn names() -> Vec<String> {
    directives()
        .iter()
        .map(|directive| directive.name.to_string())
        .collect()
}

/// The contract's directives, each with a link to its section.
pub(super) fn all() -> String {
    let rows = directives().into_iter().map(|directive| {
        let name = &directive.name;
        let places: Vec<_> = directive.locations.iter().map(|place| self::place(*place)).collect();
        let again = if directive.repeatable { ", repeatable" } else { "" };
        vec![
            format!("[`@{name}`](#{name})"),
            format!("{}{again}", places.join(" or ")),
            phrase(described(directive.description.as_deref())),
        ]
    });
    table(&["directive", "on", "what it does"], &rows.collect::<Vec<_>>())
}

fn place(place: DirectiveLocation) -> &'static str {
    match place {
        DirectiveLocation::Query => "a query",
        DirectiveLocation::Mutation => "a mutation",
        DirectiveLocation::VariableDefinition => "a variable",
        DirectiveLocation::Field => "a field",
        other => panic!("no words for {other:?}"),
    }
}

fn described(description: Option<&str>) -> &str {
    description.expect("everything in the contract has a description")
}

/// The arguments of one of the contract's directives.
pub(super) fn arguments(name: &str) -> String {
    let directives = directives();
    let directive = directives.iter().find(|directive| directive.name == name);
    let directive = directive.unwrap_or_else(|| panic!("there is no `@{name}`"));
    if directive.arguments.is_empty() {
        return "It has no arguments.".to_owned();
    }
    let rows = directive.arguments.iter().map(|argument| {
        vec![
            format!("`{}`", argument.name),
            kind(argument),
            phrase(described(argument.description.as_deref())),
        ]
    });
    let arguments = table(&["argument", "type", "means"], &rows.collect::<Vec<_>>());
    let values = directive.arguments.iter().filter_map(|argument| {
        let values = enumeration(argument.ty.inner_named_type())?;
        let rows = values.values.iter().map(|value| {
            let text = phrase(described(value.description.as_deref()));
            vec![format!("`{}`", value.value), text]
        });
        Some(table(
            &[&format!("`{}`", argument.name), "means"],
            &rows.collect::<Vec<_>>(),
        ))
    });
    std::iter::once(arguments).chain(values).collect::<Vec<_>>().join("\n")
}

/// Returns an argument's type; the values of an enum, instead of its name.
fn kind(argument: &InputValueDefinition) -> String {
    let name = argument.ty.inner_named_type();
    let ty = match enumeration(name) {
        Some(values) => {
            let values = values.values.iter().map(|value| format!("`{}`", value.value));
            values.collect::<Vec<_>>().join(" or ")
        }
        None if name == "ContractValue" => "any value".to_owned(),
        None => format!("`{}`", argument.ty.to_string().trim_end_matches('!')),
    };
    match &argument.default_value {
        Some(default) => format!("{ty}; left out: `{}`", default.serialize().no_indent()),
        None if argument.ty.is_non_null() => format!("{ty}, required"),
        None => ty,
    }
}

fn enumeration(name: &str) -> Option<Node<EnumTypeDefinition>> {
    declarations(true)
        .into_iter()
        .find_map(|declaration| match declaration {
            Definition::EnumTypeDefinition(found) if found.name == name => Some(found),
            _ => None,
        })
}

/// AppSync's scalars: what they mean, and what an argument of each is in the input schema.
pub(super) fn scalars() -> String {
    let rows = appsync_scalars().into_iter().map(|(name, description)| {
        let schema = schema_of(&name);
        let ty = schema.get("type").and_then(serde_json::Value::as_str).expect("a type");
        vec![format!("`{name}`"), ty.to_owned(), phrase(&description)]
    });
    table(&["scalar", "in JSON", "is"], &rows.collect::<Vec<_>>())
}

/// The patterns of AppSync's scalars.
pub(super) fn forms() -> String {
    let scalars = appsync_scalars().into_iter();
    let forms = scalars.filter_map(|(name, _)| {
        let schema = schema_of(&name);
        Some(format!("{name:<12}  {}", schema.get("pattern")?.as_str()?))
    });
    fenced("text", &forms.collect::<Vec<_>>().join("\n"))
}

fn appsync_scalars() -> Vec<(String, String)> {
    let scalar = |declaration| match declaration {
        Definition::ScalarTypeDefinition(scalar) => {
            let text = described(scalar.description.as_deref());
            Some((scalar.name.to_string(), text.to_owned()))
        }
        _ => None,
    };
    declarations(false).into_iter().filter_map(scalar).collect()
}

/// Returns the schema of a required argument of a scalar type.
fn schema_of(scalar: &str) -> serde_json::Value {
    let file = |path: &str, kind, text: String| SourceFile {
        path: path.to_owned(),
        kind,
        text,
    };
    let operation = format!("\"It is.\" query It(\"It.\" $it: {scalar}!) @tool(title: \"It\") {{ it(it: $it) }}");
    let schema = format!("type Query {{ it(it: {scalar}!): Boolean }}");
    let tool = Tool::of(&Sources {
        files: vec![
            file("operations/read/it.graphql", SourceKind::Read, operation),
            file("schema/schema.graphql", SourceKind::Schema, schema),
        ],
    });
    tool.input.pointer("/properties/it").expect("the argument").clone()
}

//! What a schema defines → its text, all in the order of names.
//!
//! Not apollo-compiler's serializer: that writes control characters into block strings, where GraphQL had no place for them
//! before 2025, and breaks default values over lines.
//!
//! Invariant: a reader sees all of the text: hidden characters are escaped, since descriptions come from an API.

use std::fmt::{Display, Write as _};

use apollo_compiler::{
    Node, Schema,
    ast::{
        Directive, DirectiveDefinition, EnumValueDefinition, FieldDefinition, InputValueDefinition, OperationType,
        Value,
    },
    schema::ExtendedType,
};

use crate::{
    block_string::{self, description},
    hidden::is_hidden,
};

/// The reason of a `@deprecated` that gives none (<https://spec.graphql.org/September2025/#sec--deprecated>).
/// Introspection tells it as if it were written.
const NO_REASON: &str = "No longer supported";

/// Returns the text, with an empty line between definitions and a line end behind.
pub(super) fn print(schema: &Schema) -> String {
    let mut parts: Vec<String> = schema_block(schema).into_iter().collect();
    let declared = schema.directive_definitions.values();
    let declared = declared.filter(|directive| !directive.is_built_in());
    let declared = by_name(declared, |directive| &directive.name);
    parts.extend(declared.into_iter().map(|directive| directive_definition(directive)));
    let types = schema.types.values().filter(|ty| !ty.is_built_in());
    parts.extend(by_name(types, |ty| ty.name()).into_iter().map(type_definition));
    parts.join("\n")
}

/// Returns the `schema` block, where it says more than the names of the roots do.
fn schema_block(schema: &Schema) -> Option<String> {
    let definition = &schema.schema_definition;
    let roots = [
        OperationType::Query,
        OperationType::Mutation,
        OperationType::Subscription,
    ];
    let is_usual = roots.iter().all(|root| {
        let usual = root.default_type_name();
        match schema.root_operation(*root) {
            Some(name) => *name == usual,
            None => !schema.types.contains_key(&usual),
        }
    });
    if is_usual && definition.description.is_none() && definition.directives.is_empty() {
        return None;
    }
    let lines = roots.iter().filter_map(|root| {
        let name = schema.root_operation(*root)?;
        Some(format!("  {root}: {name}\n"))
    });
    Some(format!(
        "{}schema{}{}\n",
        described(definition.description.as_ref(), ""),
        directives(&definition.directives),
        block(lines)
    ))
}

fn directive_definition(definition: &DirectiveDefinition) -> String {
    let locations = by_name(&definition.locations, |location| location.name());
    format!(
        "{}directive @{}{}{} on {}\n",
        described(definition.description.as_ref(), ""),
        definition.name,
        arguments(&definition.arguments, ""),
        if definition.repeatable { " repeatable" } else { "" },
        joined(locations, " | ")
    )
}

fn type_definition(ty: &ExtendedType) -> String {
    let (described, name, directives) = (described(ty.description(), ""), ty.name(), directives(ty.directives()));
    match ty {
        ExtendedType::Scalar(_) => format!("{described}scalar {name}{directives}\n"),
        ExtendedType::Object(object) => {
            let implements = implements(&object.implements_interfaces);
            let fields = fields(object.fields.values().map(AsRef::as_ref));
            format!("{described}type {name}{implements}{directives}{fields}\n")
        }
        ExtendedType::Interface(interface) => {
            let implements = implements(&interface.implements_interfaces);
            let fields = fields(interface.fields.values().map(AsRef::as_ref));
            format!("{described}interface {name}{implements}{directives}{fields}\n")
        }
        ExtendedType::Union(union_) => {
            let members = joined(by_name(&union_.members, |member| member.as_str()), " | ");
            format!("{described}union {name}{directives} = {members}\n")
        }
        ExtendedType::Enum(enum_) => {
            let values = by_name(enum_.values.values(), |value| &value.value);
            let values = block(values.into_iter().map(|value| enum_value(value)));
            format!("{described}enum {name}{directives}{values}\n")
        }
        ExtendedType::InputObject(input) => {
            let fields = by_name(input.fields.values(), |field| &field.name);
            let fields = block(fields.into_iter().map(|field| input_line(field, "  ")));
            format!("{described}input {name}{directives}{fields}\n")
        }
    }
}

fn implements<T: AsRef<str>>(interfaces: impl IntoIterator<Item = T>) -> String {
    let names = by_name(interfaces, |name| name.as_ref());
    if names.is_empty() {
        return String::new();
    }
    let names = names.iter().map(AsRef::as_ref);
    format!(" implements {}", joined::<&str>(names, " & "))
}

fn fields<'a>(fields: impl Iterator<Item = &'a FieldDefinition>) -> String {
    let lines = by_name(fields, |field| &field.name).into_iter().map(|field| {
        format!(
            "{}  {}{}: {}{}\n",
            described(field.description.as_ref(), "  "),
            field.name,
            arguments(&field.arguments, "  "),
            field.ty,
            directives(&field.directives)
        )
    });
    block(lines)
}

fn enum_value(value: &EnumValueDefinition) -> String {
    let described = described(value.description.as_ref(), "  ");
    format!("{described}  {}{}\n", value.value, directives(&value.directives))
}

/// Returns arguments in parentheses: on one line, unless one has something above or behind it.
fn arguments(arguments: &[Node<InputValueDefinition>], indent: &str) -> String {
    let sorted = by_name(arguments, |argument| &argument.name);
    let is_plain = |argument: &&Node<InputValueDefinition>| {
        let described = described(argument.description.as_ref(), "");
        described.is_empty() && argument.directives.is_empty()
    };
    if sorted.is_empty() {
        String::new()
    } else if sorted.iter().all(is_plain) {
        format!(
            "({})",
            joined(sorted.iter().map(|argument| input_value(argument)), ", ")
        )
    } else {
        let inner = format!("{indent}  ");
        let lines: String = sorted.iter().map(|argument| input_line(argument, &inner)).collect();
        format!("(\n{lines}{indent})")
    }
}

fn input_line(input: &InputValueDefinition, indent: &str) -> String {
    let described = described(input.description.as_ref(), indent);
    format!("{described}{indent}{}\n", input_value(input))
}

fn input_value(input: &InputValueDefinition) -> String {
    let default = input.default_value.as_ref();
    let default = default.map(|default| format!(" = {}", value(default)));
    format!(
        "{}: {}{}{}",
        input.name,
        input.ty,
        default.unwrap_or_default(),
        directives(&input.directives)
    )
}

/// Returns applied directives, each with a space before it.
fn directives<'a, T: AsRef<Directive> + 'a>(directives: impl IntoIterator<Item = &'a T>) -> String {
    let directives = by_name(directives, |directive| &directive.as_ref().name);
    directives
        .into_iter()
        .map(|applied| directive(applied.as_ref()))
        .collect()
}

fn directive(directive: &Directive) -> String {
    let arguments = by_name(&directive.arguments, |argument| &argument.name);
    let says_something = |argument: &&&Node<_>| {
        let argument: &apollo_compiler::ast::Argument = argument;
        (directive.name.as_str(), argument.name.as_str(), argument.value.as_str())
            != ("deprecated", "reason", Some(NO_REASON))
    };
    let arguments = arguments.iter().filter(says_something);
    let arguments = joined(
        arguments.map(|argument| format!("{}: {}", argument.name, value(&argument.value))),
        ", ",
    );
    if arguments.is_empty() {
        format!(" @{}", directive.name)
    } else {
        format!(" @{}({arguments})", directive.name)
    }
}

/// Returns a value on one line; the fields of an object have no order either.
fn value(literal: &Value) -> String {
    match literal {
        Value::String(text) => quoted(text),
        Value::List(items) => format!("[{}]", joined(items.iter().map(|item| value(item)), ", ")),
        Value::Object(fields) => {
            let fields = by_name(fields, |(name, _)| name).into_iter();
            let fields = fields.map(|(name, field)| format!("{name}: {}", value(field)));
            format!("{{{}}}", joined(fields, ", "))
        }
        other => other.to_string(),
    }
}

/// Returns a description that says something, on lines of its own. A block has no escapes.
fn described(text: Option<&Node<str>>, indent: &str) -> String {
    match text.map(|text| text.trim()).filter(|text| !text.is_empty()) {
        None => String::new(),
        Some(text) if text.contains(|c| c != '\n' && is_hidden(c)) => format!("{indent}{}\n", quoted(text)),
        Some(text) => description(text, indent),
    }
}

/// Returns a string in quotes. What a reader does not see is escaped, as every edition of GraphQL reads it: by UTF-16 units.
fn quoted(text: &str) -> String {
    let mut escaped = String::new();
    for c in block_string::quoted(text).chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Returns lines in braces, with a space before them; of no lines, nothing.
fn block(lines: impl IntoIterator<Item = String>) -> String {
    let lines: String = lines.into_iter().collect();
    if lines.is_empty() {
        return lines;
    }
    format!(" {{\n{lines}}}")
}

/// Returns items in the order of their names; those of one name keep theirs.
fn by_name<T, N: AsRef<str> + ?Sized>(items: impl IntoIterator<Item = T>, name: impl Fn(&T) -> &N) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort_by(|one, other| name(one).as_ref().cmp(name(other).as_ref()));
    items
}

fn joined<T: Display>(items: impl IntoIterator<Item = T>, separator: &str) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push_str(separator);
        }
        let _ = write!(text, "{item}");
    }
    text
}

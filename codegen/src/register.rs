//! What the operations use → the SDL that cynic is given, and which arguments it can't be shown.
//!
//! cynic's derives check the emitted types a second time, in rustc. They see the part of the schema that is in use, which
//! keeps that check cheap, and without the arguments that cynic can't express although GraphQL
//! allows them (a non-null list at a nullable position, an `Int` literal for a `Float` …): those stay in the document, and
//! the first check has seen them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use apollo_compiler::{
    Name, Schema,
    ast::{InputValueDefinition, Type},
    schema::ExtendedType,
};

use crate::{
    model::{Field, InputObject, Literal, Selection, Shape, Tool},
    name,
    rust_type::RustType,
};

/// The schema as cynic sees it.
#[derive(Debug, Default)]
pub(crate) struct Registered {
    pub(crate) sdl: String,
    /// Coordinates of the arguments that are left out: `Query.search(filter:)`.
    left_out: BTreeSet<String>,
    /// The named types in use.
    types: BTreeSet<String>,
}

impl Registered {
    /// Whether a type is in use.
    pub(crate) fn has_type(&self, name: &str) -> bool {
        self.types.contains(name)
    }

    /// Whether cynic can be shown an argument.
    pub(crate) fn has_argument(&self, ty: &str, field: &str, argument: &str) -> bool {
        !self.left_out.contains(&argument_coordinate(ty, field, argument))
    }
}

fn argument_coordinate(ty: &str, field: &str, argument: &str) -> String {
    format!("{ty}.{field}({argument}:)")
}

/// Finds out what the tools use and prints it.
pub(crate) fn register(schema: &Schema, tools: &[&Tool], input_objects: &[InputObject]) -> Registered {
    let mut usage = Usage {
        schema,
        fields: BTreeMap::new(),
        input_fields: BTreeMap::new(),
        left_out: BTreeSet::new(),
    };
    let mut types = BTreeSet::new();
    for tool in tools {
        usage.selection(&tool.data, tool);
        types.extend(
            tool.variables
                .iter()
                .map(|variable| variable.ty.inner_named_type().to_string()),
        );
    }
    let taken = reachable(&types, input_objects);
    for object in &taken {
        let fields = usage.input_fields.entry(object.name.clone()).or_default();
        fields.extend(object.fields.iter().map(|field| field.name.clone()));
        types.extend(
            object
                .fields
                .iter()
                .map(|field| field.ty.inner_named_type().to_string()),
        );
    }
    usage.leave_out_colliding_arguments();
    let sdl = usage.print(&mut types);
    Registered {
        sdl,
        left_out: usage.left_out,
        types,
    }
}

/// Returns the input objects of these names, and those that their fields lead to.
fn reachable<'m>(names: &BTreeSet<String>, input_objects: &'m [InputObject]) -> Vec<&'m InputObject> {
    let mut wanted: Vec<String> = names.iter().cloned().collect();
    let mut found: Vec<&InputObject> = Vec::new();
    while let Some(name) = wanted.pop() {
        let object = input_objects.iter().find(|object| object.name == name);
        if let Some(object) = object.filter(|object| found.iter().all(|known| known.name != object.name)) {
            wanted.extend(
                object
                    .fields
                    .iter()
                    .map(|field| field.ty.inner_named_type().to_string()),
            );
            found.push(object);
        }
    }
    found
}

struct Usage<'a> {
    schema: &'a Schema,
    /// Object and interface types → field → arguments.
    fields: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    input_fields: BTreeMap<String, BTreeSet<String>>,
    left_out: BTreeSet<String>,
}

impl Usage<'_> {
    fn selection(&mut self, selection: &Selection, tool: &Tool) {
        let ty = selection.graphql_type.as_str();
        match &selection.shape {
            Shape::Fields(fields) => {
                self.fields.entry(ty.to_owned()).or_default();
                for field in fields {
                    self.field(ty, field, tool);
                }
            }
            Shape::ByType { variants, other, .. } => {
                if self.schema.get_interface(ty).is_some() {
                    self.fields.entry(ty.to_owned()).or_default();
                }
                for selection in variants.iter().chain(other.as_deref()) {
                    self.selection(selection, tool);
                }
            }
        }
    }

    fn field(&mut self, ty: &str, field: &Field, tool: &Tool) {
        let schema = self.schema;
        if let Ok(definition) = schema.type_field(ty, &field.name).map(|found| found.node.clone()) {
            let used = self
                .fields
                .entry(ty.to_owned())
                .or_default()
                .entry(field.name.clone())
                .or_default();
            used.extend(field.arguments.iter().map(|(name, _)| name.clone()));
            for name in alike(&field.arguments) {
                self.left_out.insert(argument_coordinate(ty, &field.name, name));
            }
            for (name, value) in &field.arguments {
                let Some(argument) = definition
                    .arguments
                    .iter()
                    .find(|argument| argument.name == name.as_str())
                else {
                    continue;
                };
                if !has_markers(argument) || !self.fits(value, &argument.ty, tool) {
                    self.left_out.insert(argument_coordinate(ty, &field.name, name));
                }
            }
        }
        if let Some(selection) = field.ty.nested() {
            self.selection(selection, tool);
        }
    }

    /// Whether cynic can express a value at a position of this type. Notes the input fields on the way.
    fn fits(&mut self, value: &Literal, ty: &Type, tool: &Tool) -> bool {
        let named = if ty.is_named() {
            ty.inner_named_type().as_str()
        } else {
            ""
        };
        match value {
            Literal::Null => !ty.is_non_null(),
            Literal::Variable(name) => {
                let variable = tool.variables.iter().find(|variable| variable.name == *name);
                variable.is_some_and(|variable| RustType::of_variable(variable).coerces_to(ty))
            }
            Literal::Boolean(_) => named == "Boolean",
            Literal::Int(_) => named == "Int",
            Literal::Float(_) => named == "Float",
            Literal::String(_) => named == "String",
            Literal::Enum(value) => self.schema.get_enum(named).is_some() && !name::is_keyword(value),
            Literal::List(items) => {
                let fit: Vec<_> = items
                    .iter()
                    .map(|item| ty.is_list() && self.fits(item, ty.item_type(), tool))
                    .collect();
                ty.is_list() && fit.into_iter().all(|fits| fits)
            }
            Literal::Object(fields) => {
                let Some(object) = self.schema.get_input_object(ty.inner_named_type()).cloned() else {
                    return false;
                };
                let mut fit = !named.is_empty();
                for (name, value) in fields {
                    let Some(field) = object.fields.get(name.as_str()) else {
                        continue;
                    };
                    let used = self.input_fields.entry(object.name.to_string()).or_default();
                    if has_markers(field) {
                        used.insert(name.clone());
                    }
                    fit &= has_markers(field) && self.fits(value, &field.ty, tool);
                }
                fit
            }
        }
    }

    /// cynic makes a module of each field that has arguments, of names that differ in case only the same one.
    fn leave_out_colliding_arguments(&mut self) {
        for (ty, fields) in &self.fields {
            let colliding = fields.iter().filter(|(field, arguments)| {
                let same =
                    |(other, used): &(&String, &BTreeSet<String>)| !used.is_empty() && folded(other) == folded(field);
                !arguments.is_empty() && fields.iter().filter(same).count() > 1
            });
            for (field, arguments) in colliding {
                let coordinates = arguments
                    .iter()
                    .map(|argument| argument_coordinate(ty, field, argument));
                self.left_out.extend(coordinates);
            }
        }
    }

    fn print(&mut self, leaves: &mut BTreeSet<String>) -> String {
        let mut out = String::from("# The part of the schema that is in use, for cynic.\n");
        self.print_roots(&mut out);
        self.add_union_members();
        for (name, fields) in &self.fields {
            self.print_composite(name, fields, leaves, &mut out);
        }
        self.print_unions(&mut out);
        self.print_input_objects(leaves, &mut out);
        for leaf in leaves.iter() {
            match self.schema.types.get(leaf.as_str()) {
                Some(ExtendedType::Enum(definition)) => {
                    let values = definition.values.keys().map(Name::as_str).collect::<Vec<_>>().join(" ");
                    let _ = writeln!(out, "enum {leaf} {{ {values} }}");
                }
                Some(ExtendedType::Scalar(_))
                    if !matches!(leaf.as_str(), "Int" | "Float" | "String" | "Boolean" | "ID") =>
                {
                    let _ = writeln!(out, "scalar {leaf}");
                }
                _ => {}
            }
        }
        out
    }

    fn print_roots(&mut self, out: &mut String) {
        let definition = &self.schema.schema_definition;
        let query = definition.query.as_ref().map(|root| root.name.to_string());
        if let Some(query) = query {
            self.fields.entry(query.clone()).or_default();
            let mutation = definition
                .mutation
                .as_ref()
                .filter(|root| self.fields.contains_key(root.name.as_str()));
            let mutation = mutation
                .map(|root| format!(" mutation: {}", root.name))
                .unwrap_or_default();
            let _ = writeln!(out, "schema {{ query: {query}{mutation} }}");
        }
    }

    /// A union has members, whether or not something is selected of each: all but those that cynic finds no Rust name for.
    fn add_union_members(&mut self) {
        for union in self.unions() {
            for member in self
                .schema
                .get_union(&union)
                .map(|union| union.members.clone())
                .unwrap_or_default()
                .into_iter()
                .filter(|member| name::has_type_marker(&member.name))
            {
                self.fields.entry(member.name.to_string()).or_default();
            }
        }
    }

    /// The unions that some selected field returns.
    fn unions(&self) -> BTreeSet<String> {
        let mut unions = BTreeSet::new();
        for (ty, fields) in &self.fields {
            for field in fields.keys() {
                if let Ok(definition) = self.schema.type_field(ty, field) {
                    let name = definition.ty.inner_named_type();
                    unions.extend(self.schema.get_union(name).map(|union| union.name.to_string()));
                }
            }
        }
        unions
    }

    fn print_unions(&self, out: &mut String) {
        for name in self.unions() {
            let Some(union) = self.schema.get_union(&name) else {
                continue;
            };
            let members = union
                .members
                .iter()
                .map(|member| member.name.as_str())
                .filter(|member| name::has_type_marker(member))
                .collect::<Vec<_>>()
                .join(" | ");
            let _ = writeln!(out, "union {name} = {members}");
        }
    }

    fn print_composite(
        &self,
        name: &str,
        fields: &BTreeMap<String, BTreeSet<String>>,
        leaves: &mut BTreeSet<String>,
        out: &mut String,
    ) {
        let (keyword, interfaces) = match self.schema.types.get(name) {
            Some(ExtendedType::Interface(definition)) => ("interface", &definition.implements_interfaces),
            Some(ExtendedType::Object(definition)) => ("type", &definition.implements_interfaces),
            _ => return,
        };
        let interfaces: Vec<_> = interfaces
            .iter()
            .map(|interface| interface.name.as_str())
            .filter(|name| self.fields.contains_key(*name))
            .collect();
        let implements = if interfaces.is_empty() {
            String::new()
        } else {
            format!(" implements {}", interfaces.join(" & "))
        };
        let _ = writeln!(out, "{keyword} {name}{implements} {{");
        // `__typename` is no field of the type's own.
        let mut fields = fields.iter().filter(|(field, _)| !field.starts_with("__")).peekable();
        if fields.peek().is_none() {
            out.push_str("  _unused: Boolean\n");
        }
        for (field, used) in fields {
            let Ok(definition) = self.schema.type_field(name, field) else {
                continue;
            };
            leaves.insert(definition.ty.inner_named_type().to_string());
            let shown = definition.arguments.iter().filter(|argument| {
                used.contains(argument.name.as_str())
                    && !self
                        .left_out
                        .contains(&argument_coordinate(name, field, &argument.name))
            });
            let arguments: Vec<_> = shown.map(|argument| input_value(argument, leaves)).collect();
            let arguments = if arguments.is_empty() {
                String::new()
            } else {
                format!("({})", arguments.join(", "))
            };
            let _ = writeln!(out, "  {field}{arguments}: {}", definition.ty);
        }
        out.push_str("}\n");
    }

    fn print_input_objects(&self, leaves: &mut BTreeSet<String>, out: &mut String) {
        for (name, fields) in &self.input_fields {
            let Some(object) = self.schema.get_input_object(name) else {
                continue;
            };
            let shown = object
                .fields
                .values()
                .filter(|field| fields.contains(field.name.as_str()));
            let lines: Vec<_> = shown.map(|field| input_value(field, leaves)).collect();
            let lines = if lines.is_empty() {
                "_unused: Boolean".to_owned()
            } else {
                lines.join("\n  ")
            };
            let _ = writeln!(out, "input {name} {{\n  {lines}\n}}");
        }
    }
}

/// Whether cynic finds Rust names for an argument or an input field, and for its type.
fn has_markers(definition: &InputValueDefinition) -> bool {
    name::has_marker(&definition.name)
        && name::twin(&definition.name).is_none()
        && name::has_type_marker(definition.ty.inner_named_type())
}

/// Returns the arguments that hold enum values which differ in case only: cynic gives those the same Rust name.
fn alike(arguments: &[(String, Literal)]) -> BTreeSet<&str> {
    let mut values = Vec::new();
    for (argument, value) in arguments {
        enum_values(value, &mut |name| values.push((argument.as_str(), name)));
    }
    let same = |one: &str, other: &str| one != other && folded(one) == folded(other);
    let alike = values
        .iter()
        .filter(|(_, name)| values.iter().any(|(_, other)| same(name, other)));
    alike.map(|(argument, _)| *argument).collect()
}

fn enum_values<'l>(value: &'l Literal, visit: &mut dyn FnMut(&'l str)) {
    match value {
        Literal::Enum(name) => visit(name),
        Literal::List(items) => items.iter().for_each(|item| enum_values(item, visit)),
        Literal::Object(fields) => fields.iter().for_each(|(_, value)| enum_values(value, visit)),
        _ => {}
    }
}

/// Returns what cynic's change of case leaves of a name, for comparison.
fn folded(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

fn input_value(definition: &InputValueDefinition, leaves: &mut BTreeSet<String>) -> String {
    leaves.insert(definition.ty.inner_named_type().to_string());
    let default = definition
        .default_value
        .as_ref()
        .map(|value| format!(" = {}", value.serialize().no_indent()));
    format!("{}: {}{}", definition.name, definition.ty, default.unwrap_or_default())
}

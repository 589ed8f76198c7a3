//! A schema → all that it says, one fact a line, in no order: what two texts must share to say the same.

use std::{collections::BTreeSet, fmt::Display};

use apollo_compiler::{
    Node, Schema,
    ast::{Directive, InputValueDefinition, Value},
    schema::{ExtendedType, FieldDefinition},
};

/// Returns what a schema says, but for what AppSync and GraphQL define; of one that only the build can read, nothing.
pub(crate) fn said(sdl: &str) -> Option<BTreeSet<String>> {
    let sdl = sdl.trim_start_matches('\u{feff}');
    let schema = Schema::builder()
        .adopt_orphan_extensions()
        .parse(sdl, "said")
        .build()
        .ok()?;
    let mut said = Said(BTreeSet::new());
    said.roots(&schema);
    for directive in schema.directive_definitions.values() {
        let is_appsyncs = ["aws_", "canonical", "hidden", "renamed"]
            .iter()
            .any(|one| directive.name.starts_with(one));
        let is_graphqls =
            ["skip", "include", "deprecated", "specifiedBy", "oneOf", "defer"].contains(&&*directive.name);
        if !is_appsyncs && !is_graphqls {
            let at = format!("@{}", directive.name);
            said.fact(&at, "repeatable", &directive.repeatable);
            said.description(&at, directive.description.as_ref());
            said.inputs(&at, directive.arguments.iter().map(AsRef::as_ref));
            for location in &directive.locations {
                said.fact(&at, "on", &location);
            }
        }
    }
    let types = schema.types.values().filter(|ty| !ty.is_built_in());
    for ty in types.filter(|ty| !(ty.is_scalar() && ty.name().starts_with("AWS"))) {
        said.ty(ty);
    }
    Some(said.0)
}

struct Said(BTreeSet<String>);

impl Said {
    fn fact(&mut self, at: &str, what: &str, value: &dyn Display) {
        self.0.insert(format!("{at}: {what} {value}"));
    }

    fn roots(&mut self, schema: &Schema) {
        for (operation, root) in schema.schema_definition.iter_root_operations() {
            self.fact("schema", operation.name(), &root);
        }
        self.description("schema", schema.schema_definition.description.as_ref());
        self.directives("schema", schema.schema_definition.directives.iter().map(AsRef::as_ref));
    }

    fn ty(&mut self, ty: &ExtendedType) {
        let at = ty.name().as_str();
        self.description(at, ty.description());
        self.directives(at, ty.directives().iter().map(AsRef::as_ref));
        match ty {
            ExtendedType::Scalar(_) => self.fact(at, "is", &"scalar"),
            ExtendedType::Object(object) => {
                self.fact(at, "is", &"object");
                self.names(at, "implements", object.implements_interfaces.iter());
                self.fields(at, object.fields.values().map(AsRef::as_ref));
            }
            ExtendedType::Interface(interface) => {
                self.fact(at, "is", &"interface");
                self.names(at, "implements", interface.implements_interfaces.iter());
                self.fields(at, interface.fields.values().map(AsRef::as_ref));
            }
            ExtendedType::Union(union_) => self.names(at, "is", union_.members.iter()),
            ExtendedType::Enum(enum_) => {
                for value in enum_.values.values() {
                    let at = format!("{at}.{}", value.value);
                    self.fact(&at, "is", &"enum value");
                    self.description(&at, value.description.as_ref());
                    self.directives(&at, value.directives.iter().map(AsRef::as_ref));
                }
            }
            ExtendedType::InputObject(input) => {
                self.fact(at, "is", &"input object");
                self.inputs(at, input.fields.values().map(AsRef::as_ref));
            }
        }
    }

    fn names<'a>(&mut self, at: &str, what: &str, names: impl Iterator<Item = &'a (impl AsRef<str> + 'a)>) {
        for name in names {
            self.fact(at, what, &name.as_ref());
        }
    }

    fn fields<'a>(&mut self, at: &str, fields: impl Iterator<Item = &'a FieldDefinition>) {
        for field in fields {
            let at = format!("{at}.{}", field.name);
            self.fact(&at, "is", &field.ty);
            self.description(&at, field.description.as_ref());
            self.directives(&at, field.directives.iter().map(AsRef::as_ref));
            self.inputs(&at, field.arguments.iter().map(AsRef::as_ref));
        }
    }

    fn inputs<'a>(&mut self, at: &str, inputs: impl Iterator<Item = &'a InputValueDefinition>) {
        for input in inputs {
            let at = format!("{at}({}:)", input.name);
            self.fact(&at, "is", &input.ty);
            if let Some(default) = &input.default_value {
                self.fact(&at, "default", &value(default));
            }
            self.description(&at, input.description.as_ref());
            self.directives(&at, input.directives.iter().map(AsRef::as_ref));
        }
    }

    /// Those of one name have an order.
    fn directives<'a>(&mut self, at: &str, directives: impl Iterator<Item = &'a Directive>) {
        for directive in directives {
            let mut arguments: Vec<_> = directive
                .arguments
                .iter()
                .map(|one| format!("{} {}", one.name, value(&one.value)))
                .collect();
            arguments.retain(|argument| argument != r#"reason String("No longer supported")"#);
            arguments.sort();
            let nth = self
                .0
                .iter()
                .filter(|fact| fact.starts_with(&format!("{at}: @{} ", directive.name)))
                .count();
            self.fact(at, &format!("@{} {nth}", directive.name), &format!("{arguments:?}"));
        }
    }

    fn description(&mut self, at: &str, text: Option<&Node<str>>) {
        let lines = text.map(|text| text.trim().lines()).into_iter().flatten();
        let lines: Vec<_> = lines
            .map(|line| if line.trim().is_empty() { "" } else { line })
            .collect();
        let text = lines.join("\n");
        if !text.is_empty() {
            self.fact(at, "description", &format!("{text:?}"));
        }
    }
}

fn value(literal: &Value) -> String {
    match literal {
        Value::List(items) => format!("{:?}", items.iter().map(|item| value(item)).collect::<Vec<_>>()),
        Value::Object(fields) => {
            let fields: BTreeSet<_> = fields.iter().map(|(name, field)| (name, value(field))).collect();
            format!("{fields:?}")
        }
        other => format!("{other:?}"),
    }
}

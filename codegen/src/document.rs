//! An operation → the text that is sent, in segments, and where each variable stands.
//!
//! AppSync hands a resolver an explicit null for an argument whose variable got no value
//! (aws-appsync-community #348, #394, #94), and does not hand it the schema's defaults (#59). So what is absent is left
//! out of the text: the variable's definition, and the innermost argument or object field whose value is the variable.
//! An object left empty goes too, upwards, unless its place is non-null, or it is a list item (also one that stands for
//! a list of its own), or the schema has a default in its place, or the author wrote `{}`.
//!
//! Invariant: aliases, fragments and arguments stay as written; the contract's directives and the descriptions go.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{Argument, Directive, DirectiveList, InputValueDefinition, Type, Value},
    executable::{Operation, Selection, SelectionSet},
    schema::InputObjectType,
};

use crate::{
    diagnostic::Span,
    help,
    model::{Inside, Segment, Use},
    parse::Places,
};

/// The document's text in segments, and the uses of each variable by its name.
pub(crate) struct Canonical {
    pub(crate) segments: Vec<Segment>,
    pub(crate) uses: BTreeMap<String, Vec<Use>>,
    /// Literals of `@oneOf` input objects that do not surely give one field a value.
    pub(crate) not_one_of: Vec<Span>,
}

/// Writes an operation and its fragments.
pub(crate) fn canonical(
    operation: &Operation,
    document: &ExecutableDocument,
    schema: &Schema,
    places: &Places,
) -> Canonical {
    let droppable = operation
        .variables
        .iter()
        .filter(|variable| !variable.ty.is_non_null() && variable.default_value.is_none())
        .map(|variable| variable.name.to_string())
        .collect();
    let mut writer = Writer {
        schema,
        places,
        droppable,
        nullable: operation
            .variables
            .iter()
            .filter(|variable| !variable.ty.is_non_null())
            .map(|variable| variable.name.to_string())
            .collect(),
        out: Vec::new(),
        uses: BTreeMap::new(),
        not_one_of: Vec::new(),
    };
    writer.operation(operation);
    let mut names: Vec<_> = document.fragments.keys().collect();
    names.sort();
    for name in names {
        let Some(fragment) = document.fragments.get(name) else {
            continue;
        };
        writer.always(&format!("\nfragment {name} on {}", fragment.type_condition()));
        writer.directives(&fragment.directives);
        writer.selection_set(&fragment.selection_set, 0);
    }
    Canonical {
        segments: merge(writer.out),
        uses: writer.uses,
        not_one_of: writer.not_one_of,
    }
}

/// Puts neighbours under the same condition together.
fn merge(pieces: Vec<Segment>) -> Vec<Segment> {
    let mut merged: Vec<Segment> = Vec::new();
    for piece in pieces {
        match merged.last_mut() {
            Some(last) if last.any == piece.any => last.text.push_str(&piece.text),
            _ => merged.push(piece),
        }
    }
    merged
}

/// When a piece of text is there.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Presence {
    Always,
    Any(BTreeSet<String>),
}

impl Presence {
    /// Returns the presence of something that is there when one of its parts is.
    fn of_parts(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = BTreeSet::new();
        for part in parts {
            match part {
                Self::Always => return Self::Always,
                Self::Any(names) => all.extend(names),
            }
        }
        Self::Any(all)
    }
}

struct Writer<'a> {
    schema: &'a Schema,
    places: &'a Places,
    /// The variables that a request can lack.
    droppable: BTreeSet<String>,
    /// The variables whose type lets null in.
    nullable: BTreeSet<String>,
    out: Vec<Segment>,
    uses: BTreeMap<String, Vec<Use>>,
    not_one_of: Vec<Span>,
}

impl Writer<'_> {
    fn put(&mut self, presence: &Presence, text: &str) {
        let any = match presence {
            Presence::Always => Vec::new(),
            Presence::Any(names) => names.iter().cloned().collect(),
        };
        self.out.push(Segment {
            any,
            text: text.to_owned(),
        });
    }

    fn always(&mut self, text: &str) {
        self.put(&Presence::Always, text);
    }

    fn operation(&mut self, operation: &Operation) {
        self.always(operation.operation_type.name());
        if let Some(name) = &operation.name {
            self.always(&format!(" {name}"));
        }
        let presences: Vec<_> = operation
            .variables
            .iter()
            .map(|variable| self.variable_presence(variable.name.as_str()))
            .collect();
        if !presences.is_empty() {
            let some = Presence::of_parts(presences.clone());
            self.put(&some, "(");
            for (at, (variable, presence)) in operation.variables.iter().zip(&presences).enumerate() {
                let space = if at == 0 { "" } else { " " };
                let default = variable
                    .default_value
                    .as_ref()
                    .map(|value| format!(" = {}", value.serialize().no_indent()));
                self.put(
                    presence,
                    &format!(
                        "{space}${}: {}{}",
                        variable.name,
                        variable.ty,
                        default.unwrap_or_default()
                    ),
                );
                // No variable stands in these.
                for directive in not_of_the_contract(&variable.directives) {
                    self.put(presence, &format!(" {}", directive.serialize().no_indent()));
                }
            }
            self.put(&some, ")");
        }
        self.directives(&operation.directives);
        self.selection_set(&operation.selection_set, 0);
    }

    fn variable_presence(&self, name: &str) -> Presence {
        if self.droppable.contains(name) {
            Presence::Any(BTreeSet::from([name.to_owned()]))
        } else {
            Presence::Always
        }
    }

    fn selection_set(&mut self, set: &SelectionSet, depth: usize) {
        self.always(" {\n");
        let indent = "  ".repeat(depth + 1);
        for selection in &set.selections {
            self.always(&indent);
            match selection {
                Selection::Field(field) => {
                    if let Some(alias) = &field.alias {
                        self.always(&format!("{alias}: "));
                    }
                    self.always(&field.name);
                    self.arguments(&field.arguments, &field.definition.arguments);
                    self.directives(&field.directives);
                    if field.selection_set.selections.is_empty() {
                        self.always("\n");
                    } else {
                        self.selection_set(&field.selection_set, depth + 1);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    self.always(&format!("...{}", spread.fragment_name));
                    self.directives(&spread.directives);
                    self.always("\n");
                }
                Selection::InlineFragment(fragment) => {
                    self.always("...");
                    if let Some(condition) = &fragment.type_condition {
                        self.always(&format!(" on {condition}"));
                    }
                    self.directives(&fragment.directives);
                    self.selection_set(&fragment.selection_set, depth + 1);
                }
            }
        }
        self.always(&format!("{}}}\n", "  ".repeat(depth)));
    }

    /// Writes the directives that are not the contract's.
    fn directives(&mut self, directives: &DirectiveList) {
        for directive in not_of_the_contract(directives) {
            self.always(&format!(" @{}", directive.name));
            let definitions = self.schema.directive_definitions.get(&directive.name);
            self.arguments(&directive.arguments, definitions.map_or(&[], |found| &found.arguments));
        }
    }

    fn arguments(&mut self, arguments: &[Node<Argument>], definitions: &[Node<InputValueDefinition>]) {
        let items: Vec<_> = arguments
            .iter()
            .filter_map(|argument| {
                let definition = definitions.iter().find(|definition| definition.name == argument.name)?;
                Some((argument.name.as_str(), &argument.value, definition.as_ref()))
            })
            .collect();
        if items.is_empty() {
            return;
        }
        let presences: Vec<_> = items
            .iter()
            .map(|(_, value, definition)| self.presence(value, &definition.ty, definition.default_value.is_some()))
            .collect();
        let some = Presence::of_parts(presences.clone());
        self.put(&some, "(");
        for (at, ((name, value, definition), presence)) in items.iter().zip(&presences).enumerate() {
            let space = if at == 0 { "" } else { " " };
            self.put(presence, &format!("{space}{name}: "));
            self.value(
                value,
                presence,
                &definition.ty,
                definition.default_value.is_some(),
                Inside::Named,
            );
        }
        self.put(&some, ")");
    }

    /// Returns when a value is there. `has_default`: whether the schema has a default in its place.
    fn presence(&self, value: &Value, ty: &Type, has_default: bool) -> Presence {
        match value {
            Value::Variable(name) => self.variable_presence(name),
            Value::Object(fields) if !fields.is_empty() && !has_default && !ty.is_list() && !ty.is_non_null() => {
                let Some(object) = self.schema.get_input_object(ty.inner_named_type()) else {
                    return Presence::Always;
                };
                Presence::of_parts(object_fields(fields, object).map(|(_, value, definition)| {
                    self.presence(value, &definition.ty, definition.default_value.is_some())
                }))
            }
            _ => Presence::Always,
        }
    }

    /// Writes a value that is there under `presence`, and notes the variables in it.
    fn value(&mut self, value: &Node<Value>, presence: &Presence, ty: &Type, has_default: bool, inside: Inside) {
        let object = self.schema.get_input_object(ty.inner_named_type());
        match value.as_ref() {
            Value::Variable(name) => {
                if let Some(span) = self.places.span(value.location()) {
                    let at = Use {
                        span,
                        ty: ty.clone(),
                        has_default,
                        inside,
                    };
                    self.uses.entry(name.to_string()).or_default().push(at);
                }
                self.put(presence, &format!("${name}"));
            }
            Value::List(items) => {
                // A list where none is asked for is a custom scalar's value.
                let (item_type, inside) = if ty.is_list() {
                    (ty.item_type(), Inside::List)
                } else {
                    (ty, Inside::Scalar)
                };
                self.put(presence, "[");
                for (at, item) in items.iter().enumerate() {
                    self.put(presence, if at == 0 { "" } else { " " });
                    self.value(item, presence, item_type, false, inside);
                }
                self.put(presence, "]");
            }
            Value::Object(fields) => {
                if object.is_some_and(|object| object.directives.has("oneOf")) && !self.is_one_of(fields) {
                    self.not_one_of.extend(self.places.span(value.location()));
                }
                self.put(presence, "{");
                match object {
                    Some(object) => self.fields(fields, object),
                    None => self.untyped_fields(fields, presence, ty),
                }
                self.put(presence, "}");
            }
            literal => self.put(presence, &literal.serialize().no_indent().to_string()),
        }
    }

    /// <https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects>
    fn is_one_of(&self, fields: &[(Name, Node<Value>)]) -> bool {
        match fields {
            [(_, value)] => match value.as_ref() {
                Value::Null => false,
                Value::Variable(name) => !self.nullable.contains(name.as_str()),
                _ => true,
            },
            _ => false,
        }
    }

    fn fields(&mut self, fields: &[(Name, Node<Value>)], object: &InputObjectType) {
        for (at, (name, value, definition)) in object_fields(fields, object).enumerate() {
            let default = definition.default_value.is_some();
            let presence = self.presence(value, &definition.ty, default);
            let space = if at == 0 { "" } else { " " };
            self.put(&presence, &format!("{space}{name}: "));
            self.value(value, &presence, &definition.ty, default, Inside::Named);
        }
    }

    /// Writes the fields of an object that is a custom scalar's value: the schema says nothing of them.
    fn untyped_fields(&mut self, fields: &[(Name, Node<Value>)], presence: &Presence, ty: &Type) {
        for (at, (name, value)) in fields.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            self.put(presence, &format!("{space}{name}: "));
            self.value(value, presence, ty, false, Inside::Scalar);
        }
    }
}

/// Returns the directives that the API's schema knows.
fn not_of_the_contract(directives: &DirectiveList) -> impl Iterator<Item = &Node<Directive>> {
    let contract = help::contract_directives();
    directives
        .iter()
        .filter(move |directive| !contract.contains(&directive.name.as_str()))
}

/// Returns an object's fields with what the schema says of each.
fn object_fields<'v>(
    fields: &'v [(Name, Node<Value>)],
    object: &'v InputObjectType,
) -> impl Iterator<Item = (&'v str, &'v Node<Value>, &'v InputValueDefinition)> {
    fields
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value, object.fields.get(name)?.node.as_ref())))
}

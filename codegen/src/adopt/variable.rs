//! A variable → its definition as the contract wants it: described, bounded where it bounds a list, and with a value
//! wherever one has to be sent.

use std::{collections::BTreeMap, fmt::Write as _};

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{DirectiveList, InputValueDefinition, Type, Value, VariableDefinition},
    executable::{Operation, Selection, SelectionSet},
};

use crate::block_string;

/// Where a variable stands.
pub(super) struct Use {
    ty: Type,
    /// What the schema says of the place.
    description: Option<String>,
    /// The place in words.
    place: String,
    /// The schema's default there.
    default: Option<Node<Value>>,
    /// Whether it is an item of a list.
    is_item: bool,
}

/// Finds where the variables of an operation stand, by their names.
pub(super) fn uses(
    operation: &Operation,
    document: &ExecutableDocument,
    schema: &Schema,
) -> BTreeMap<String, Vec<Use>> {
    let mut finder = Finder {
        schema,
        uses: BTreeMap::new(),
    };
    finder.directives(&operation.directives);
    finder.selections(&operation.selection_set);
    for fragment in document.fragments.values() {
        finder.directives(&fragment.directives);
        finder.selections(&fragment.selection_set);
    }
    finder.uses
}

/// Whether a variable fits where it stands, which the parser's validation does not look at inside of literals
/// (<https://spec.graphql.org/September2025/#IsVariableUsageAllowed()>).
pub(super) fn fits(variable: &VariableDefinition, uses: &[Use]) -> bool {
    let has_default = variable
        .default_value
        .as_ref()
        .is_some_and(|default| !default.is_null());
    uses.iter().all(|at| {
        if at.ty.is_non_null() && !variable.ty.is_non_null() {
            let has_value = has_default || at.default.as_ref().is_some_and(|default| !default.is_null());
            return has_value && variable.ty.as_ref().clone().non_null().is_assignable_to(&at.ty);
        }
        variable.ty.is_assignable_to(&at.ty)
    })
}

/// A variable's definition in the contract, and what was assumed about it.
pub(super) struct Adopted {
    pub(super) text: String,
    pub(super) assumptions: Vec<String>,
}

/// Writes a variable's definition. `described` is the author's own description, `most` the bound of the lists that it
/// bounds.
pub(super) fn adopt(
    variable: &VariableDefinition,
    uses: &[Use],
    schema: &Schema,
    described: Option<&str>,
    most: Option<i64>,
) -> Adopted {
    let name = &variable.name;
    let mut assumptions = Vec::new();
    let mut ty = variable.ty.to_string();
    let mut default = variable
        .default_value
        .as_ref()
        .map(|value| coerced(value, &variable.ty, schema).serialize().no_indent().to_string());
    // With an `at`, it is of something inside of the variable.
    let mut nullable = variable.directives.get_all("nullable");
    let is_nullable = nullable.any(|nullable| nullable.specified_argument_by_name("at").is_none());
    if variable.default_value.as_ref().is_some_and(|value| value.is_null()) && !is_nullable {
        default = None;
        assumptions.push(format!(
            "`${name}` has no default any more: null would be sent, where leaving it out says less"
        ));
    }
    if !variable.ty.is_non_null() && default.is_none() {
        if let Some(most) = most {
            default = Some(most.to_string());
        } else if let Some(of_schema) = uses.iter().find_map(Use::needed_default) {
            default = Some(
                coerced(of_schema, &variable.ty, schema)
                    .serialize()
                    .no_indent()
                    .to_string(),
            );
            assumptions.push(format!(
                "`${name}` has the schema's default, which AppSync does not hand to resolvers"
            ));
        } else if uses.iter().any(|at| at.is_item) {
            ty.push('!');
            assumptions.push(format!(
                "`${name}` is required: it is an item of a list, which can't be left out"
            ));
        }
    }
    let mut text = block_string::description(&description(name, uses, described), "  ");
    let _ = write!(text, "  ${name}: {ty}");
    if let Some(default) = &default {
        text.push_str(" = ");
        text.push_str(default);
    }
    for directive in &variable.directives {
        text.push(' ');
        text.push_str(&directive.serialize().no_indent().to_string());
    }
    if let Some(most) = most {
        let _ = write!(text, " @range(min: 1, max: {most})");
        let left_out = default
            .map(|default| format!(", and {default} if it is left out"))
            .unwrap_or_default();
        assumptions.push(format!("`${name}` is from 1 to {most}{left_out}"));
    } else if let Some(length) = long_default(variable) {
        let _ = write!(text, " @items(max: {length})");
        assumptions.push(format!("`${name}` has up to {length} items, as its default has"));
    }
    text.push('\n');
    Adopted { text, assumptions }
}

fn description(name: &str, uses: &[Use], described: Option<&str>) -> String {
    let of_schema = || uses.iter().find_map(|at| at.description.clone());
    let of_place = || uses.first().map(|at| format!("{}.", at.place));
    let described = described.filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    described
        .or_else(of_schema)
        .or_else(of_place)
        .unwrap_or_else(|| format!("The value of `{name}`."))
}

/// Returns a default in the form that it is sent in: GraphQL takes one value for a list of one, and a number for an `ID`
/// (<https://spec.graphql.org/September2025/#sec-List.Input-Coercion>).
fn coerced(value: &Node<Value>, ty: &Type, schema: &Schema) -> Node<Value> {
    let item = match ty {
        Type::List(item) | Type::NonNullList(item) => Some(item),
        Type::Named(_) | Type::NonNullNamed(_) => None,
    };
    match (value.as_ref(), item) {
        (Value::Null, _) => value.clone(),
        (Value::List(items), Some(item)) => {
            Value::List(items.iter().map(|value| coerced(value, item, schema)).collect()).into()
        }
        (_, Some(item)) => Value::List(vec![coerced(value, item, schema)]).into(),
        (Value::Int(number), None) if ty.inner_named_type() == "ID" => Value::String(number.as_str().to_owned()).into(),
        (Value::Object(fields), None) => {
            let Some(object) = schema.get_input_object(ty.inner_named_type()) else {
                return value.clone();
            };
            let field = |(name, value): &(Name, Node<Value>)| {
                let ty = object.fields.get(name).map(|field| &field.ty);
                (
                    name.clone(),
                    ty.map_or_else(|| value.clone(), |ty| coerced(value, ty, schema)),
                )
            };
            Value::Object(fields.iter().map(field).collect()).into()
        }
        _ => value.clone(),
    }
}

/// Returns how many items a default has, if that is more than a list may have without saying so.
fn long_default(variable: &VariableDefinition) -> Option<usize> {
    let items = variable.default_value.as_ref()?.as_list()?.len();
    let is_long = i64::try_from(items).is_ok_and(|items| items > crate::bounds::ITEMS_MAX);
    (is_long && !variable.directives.has("items")).then_some(items)
}

impl Use {
    /// Returns the schema's default, if the place wants a value.
    fn needed_default(&self) -> Option<&Node<Value>> {
        self.default.as_ref().filter(|_| self.ty.is_non_null())
    }
}

struct Finder<'a> {
    schema: &'a Schema,
    uses: BTreeMap<String, Vec<Use>>,
}

impl Finder<'_> {
    fn selections(&mut self, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    for argument in &field.arguments {
                        if let Some(definition) = field.definition.argument_by_name(&argument.name) {
                            let place = format!("The argument `{}` of `{}`", argument.name, field.name);
                            self.given(&argument.value, definition, place);
                        }
                    }
                    self.directives(&field.directives);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    self.selections(&fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => self.directives(&spread.directives),
            }
        }
    }

    fn directives(&mut self, directives: &DirectiveList) {
        for directive in directives {
            let Some(definition) = self.schema.directive_definitions.get(&directive.name) else {
                continue;
            };
            for argument in &directive.arguments {
                if let Some(definition) = definition.argument_by_name(&argument.name) {
                    let place = format!("The argument `{}` of `@{}`", argument.name, directive.name);
                    self.given(&argument.value, definition, place);
                }
            }
        }
    }

    fn given(&mut self, value: &Value, definition: &InputValueDefinition, place: String) {
        let at = Use {
            ty: definition.ty.as_ref().clone(),
            description: definition
                .description
                .as_ref()
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty()),
            place,
            default: definition.default_value.clone(),
            is_item: false,
        };
        self.value(value, at);
    }

    fn value(&mut self, value: &Value, at: Use) {
        match value {
            Value::Variable(name) => self.uses.entry(name.to_string()).or_default().push(at),
            Value::List(items) => {
                for item in items {
                    let at = Use {
                        ty: at.ty.item_type().clone(),
                        description: at.description.clone(),
                        place: at.place.replacen("The ", "An item of the ", 1),
                        default: None,
                        is_item: true,
                    };
                    self.value(item, at);
                }
            }
            Value::Object(fields) => {
                let schema = self.schema;
                let Some(object) = schema.get_input_object(at.ty.inner_named_type()) else {
                    return;
                };
                for (name, value) in fields {
                    if let Some(field) = object.fields.get(name) {
                        self.given(value, field, format!("The field `{name}` of `{}`", object.name));
                    }
                }
            }
            _ => {}
        }
    }
}

//! What can be suggested: the names of a schema, by where they can stand.

use apollo_compiler::{
    Name, Schema,
    ast::{DirectiveLocation, Type},
    schema::ExtendedType,
};

use crate::suggest;

/// What can be suggested.
pub(crate) struct Known<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) fragments: &'a [&'a str],
    /// The operation's variables: names without `$`, and types.
    pub(crate) variables: &'a [(&'a str, &'a Type)],
    /// Whether the nearest name is looked for: of very many mistakes not for each.
    pub(crate) suggests: bool,
}

impl Known<'_> {
    /// Returns the known name that was most likely meant.
    pub(super) fn nearest<'n>(&self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        self.suggests.then(|| suggest::nearest(name, known)).flatten()
    }

    /// Returns a help text that names it.
    pub(super) fn did_you_mean<'n>(&self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
        self.nearest(name, known).map(|near| format!("did you mean `{near}`?"))
    }

    /// Returns the type of a variable that is written with its `$`.
    pub(super) fn variable(&self, written: &str) -> Option<&Type> {
        let name = written.strip_prefix('$')?;
        self.variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, ty)| *ty)
    }
}

pub(super) fn fields<'a>(schema: &'a Schema, type_name: &str) -> Vec<&'a str> {
    match schema.types.get(type_name) {
        Some(ExtendedType::Object(object)) => object.fields.keys().map(Name::as_str).collect(),
        Some(ExtendedType::Interface(interface)) => interface.fields.keys().map(Name::as_str).collect(),
        Some(ExtendedType::InputObject(input)) => input.fields.keys().map(Name::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Returns the arguments at `Type.field` or `@directive`.
pub(super) fn arguments<'a>(schema: &'a Schema, coordinate: &str) -> Vec<&'a str> {
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

pub(super) fn enum_values<'a>(schema: &'a Schema, type_name: &str) -> Vec<&'a str> {
    schema
        .get_enum(type_name)
        .map(|found| found.values.keys().map(Name::as_str).collect())
        .unwrap_or_default()
}

/// Returns the object types that a value of a type can have, for people.
pub(super) fn possible_types(schema: &Schema, type_name: &str) -> String {
    let mut possible: Vec<String> = match schema.types.get(type_name) {
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
    possible.sort();
    possible.join(" or ")
}

/// Returns where a directive goes, for people.
pub(super) fn places(schema: &Schema, directive: &str) -> Option<String> {
    let directive = schema.directive_definitions.get(directive)?;
    let mut places: Vec<_> = directive.locations.iter().map(|location| place(*location)).collect();
    places.dedup();
    Some(places.join(" or "))
}

/// Returns what people call a directive's location.
pub(super) fn place(location: DirectiveLocation) -> &'static str {
    match location {
        DirectiveLocation::Query | DirectiveLocation::Mutation | DirectiveLocation::Subscription => "an operation",
        DirectiveLocation::Field => "a selected field",
        DirectiveLocation::FragmentDefinition => "a fragment",
        DirectiveLocation::FragmentSpread => "a fragment's spread",
        DirectiveLocation::InlineFragment => "an inline fragment",
        DirectiveLocation::VariableDefinition => "a variable",
        DirectiveLocation::Schema => "the schema",
        DirectiveLocation::Scalar => "a scalar",
        DirectiveLocation::Object => "a type",
        DirectiveLocation::FieldDefinition => "a type's field",
        DirectiveLocation::ArgumentDefinition => "an argument's definition",
        DirectiveLocation::Interface => "an interface",
        DirectiveLocation::Union => "a union",
        DirectiveLocation::Enum => "an enum",
        DirectiveLocation::EnumValue => "an enum's value",
        DirectiveLocation::InputObject => "an input object",
        DirectiveLocation::InputFieldDefinition => "an input object's field",
    }
}

/// All locations.
pub(super) const LOCATIONS: &[DirectiveLocation] = &[
    DirectiveLocation::Query,
    DirectiveLocation::Mutation,
    DirectiveLocation::Subscription,
    DirectiveLocation::Field,
    DirectiveLocation::FragmentDefinition,
    DirectiveLocation::FragmentSpread,
    DirectiveLocation::InlineFragment,
    DirectiveLocation::VariableDefinition,
    DirectiveLocation::Schema,
    DirectiveLocation::Scalar,
    DirectiveLocation::Object,
    DirectiveLocation::FieldDefinition,
    DirectiveLocation::ArgumentDefinition,
    DirectiveLocation::Interface,
    DirectiveLocation::Union,
    DirectiveLocation::Enum,
    DirectiveLocation::EnumValue,
    DirectiveLocation::InputObject,
    DirectiveLocation::InputFieldDefinition,
];

//! What an operation gives at a place of input, and whether that still fits when the place changes.

use std::collections::BTreeMap;

use apollo_compiler::{
    Name, Node, Schema,
    ast::{InputValueDefinition, Type, Value, VariableDefinition},
    schema::ExtendedType,
};

type Variables = BTreeMap<Name, Node<VariableDefinition>>;

/// What an operation gives at a place of input.
pub(super) enum Given {
    /// It leaves it out.
    Nothing,
    /// It is written, perhaps with variables inside.
    Literal(Node<Value>),
    Variable(Node<VariableDefinition>),
    /// Part of a variable's input object: whatever its old type lets through.
    Anything,
}

/// How an operation gives an input object.
pub(super) enum ObjectGiven {
    /// It is written, perhaps with variables inside.
    Literal(Vec<(Name, Node<Value>)>),
    /// It is a variable's, or part of it.
    Whole,
}

/// A place of input: its type, and the schema's default.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) ty: &'a Type,
    pub(super) default: Option<&'a Value>,
}

impl<'a> Place<'a> {
    pub(super) fn of(definition: &'a InputValueDefinition) -> Self {
        Self {
            ty: &definition.ty,
            default: definition.default_value.as_deref(),
        }
    }

    /// Whether something has to be given.
    pub(super) fn is_required(self) -> bool {
        self.ty.is_non_null() && self.default.is_none()
    }
}

impl Given {
    pub(super) fn of(value: Option<&Node<Value>>, variables: &Variables) -> Self {
        match value {
            None => Self::Nothing,
            Some(value) => match value.as_ref() {
                Value::Variable(name) => {
                    let variable = variables.get(name);
                    variable.map_or(Self::Anything, |variable| Self::Variable(variable.clone()))
                }
                _ => Self::Literal(value.clone()),
            },
        }
    }

    /// Whether it is written, or can be given by a variable.
    pub(super) fn is_something(&self) -> bool {
        !matches!(self, Self::Nothing)
    }

    /// Whether it can come to nothing at a place: a variable that is nullable and has no default is left out with the
    /// argument or field that it stands in, and an object that is left empty by that goes too.
    pub(super) fn may_be_nothing(&self, place: Place<'_>, variables: &Variables) -> bool {
        match self {
            Self::Nothing => true,
            Self::Literal(value) => {
                let goes = matches!(value.as_ref(), Value::Object(_))
                    && !place.ty.is_non_null()
                    && !place.ty.is_list()
                    && place.default.is_none();
                goes && is_left_out(value, variables)
            }
            Self::Variable(variable) => can_be_absent(variable),
            Self::Anything => !place.is_required(),
        }
    }

    /// Whether whatever is given at the old place can be given at the new one.
    pub(super) fn fits(&self, old: Place<'_>, new: Place<'_>, schema: &Schema, variables: &Variables) -> bool {
        if new.is_required() && self.may_be_nothing(old, variables) {
            return false;
        }
        match self {
            Self::Nothing => true,
            Self::Literal(value) => {
                let is_same = old.ty.inner_named_type() == new.ty.inner_named_type();
                Literals { schema, variables }.fit(value, new, is_same)
            }
            Self::Variable(variable) => variable_fits(variable, new),
            Self::Anything => anything_fits(old.ty, new.ty),
        }
    }
}

impl ObjectGiven {
    /// Returns what it gives for one of its fields.
    pub(super) fn field(&self, name: &Name, variables: &Variables) -> Given {
        match self {
            Self::Whole => Given::Anything,
            Self::Literal(fields) => {
                let found = fields.iter().find(|(field, _)| field == name);
                Given::of(found.map(|(_, value)| value), variables)
            }
        }
    }
}

fn can_be_absent(variable: &VariableDefinition) -> bool {
    !variable.ty.is_non_null() && variable.default_value.is_none()
}

/// Whether nothing may be left of a value when its variables are.
fn is_left_out(value: &Value, variables: &Variables) -> bool {
    match value {
        Value::Variable(name) => variables.get(name).is_some_and(|variable| can_be_absent(variable)),
        Value::Object(fields) => !fields.is_empty() && fields.iter().all(|(_, value)| is_left_out(value, variables)),
        _ => false,
    }
}

/// Whether a variable may stand at a place (<https://spec.graphql.org/September2025/#IsVariableUsageAllowed()>), and no
/// null of it comes to one that takes none.
fn variable_fits(variable: &VariableDefinition, place: Place<'_>) -> bool {
    if !place.ty.is_non_null() || variable.ty.is_non_null() {
        return variable.ty.is_assignable_to(place.ty);
    }
    let is_some = |value: Option<&Value>| value.is_some_and(|value| !value.is_null());
    (is_some(variable.default_value.as_deref()) || is_some(place.default))
        && !has_own_null(variable)
        && variable.ty.as_ref().clone().non_null().is_assignable_to(place.ty)
}

/// Whether null is a value of the variable's own; with an `at`, `@nullable` is of something inside of it.
fn has_own_null(variable: &VariableDefinition) -> bool {
    let mut nullable = variable.directives.get_all("nullable");
    nullable.any(|nullable| nullable.specified_argument_by_name("at").is_none())
}

/// Whether all that JSON can hold of the old type is of the new one.
fn anything_fits(old: &Type, new: &Type) -> bool {
    if new.is_non_null() && !old.is_non_null() {
        return false;
    }
    match (old, new) {
        (Type::List(old) | Type::NonNullList(old), Type::List(new) | Type::NonNullList(new)) => anything_fits(old, new),
        // One value stands for a list of it.
        (_, Type::List(new) | Type::NonNullList(new)) => anything_fits(&old.clone().non_null(), new),
        (Type::List(_) | Type::NonNullList(_), _) => false,
        _ => {
            let (old, new) = (old.inner_named_type().as_str(), new.inner_named_type().as_str());
            old == new
                || matches!(
                    (old, new),
                    ("Int", "Float" | "ID") | ("String", "ID") | ("ID", "String")
                )
        }
    }
}

struct Literals<'a> {
    schema: &'a Schema,
    variables: &'a Variables,
}

impl Literals<'_> {
    /// Whether a literal fits a place; `is_same` says that it was one of the same named type before.
    fn fit(&self, value: &Value, place: Place<'_>, is_same: bool) -> bool {
        let item = match place.ty {
            Type::List(item) | Type::NonNullList(item) => Some(Place {
                ty: item,
                default: None,
            }),
            _ => None,
        };
        match (value, item) {
            (Value::Variable(name), _) => {
                let variable = self.variables.get(name);
                variable.is_some_and(|variable| variable_fits(variable, place))
            }
            (Value::Null, _) => !place.ty.is_non_null(),
            (Value::List(items), Some(item)) => items.iter().all(|one| self.fit(one, item, is_same)),
            (Value::List(_), None) => false,
            // One value stands for a list of it.
            (value, Some(item)) => self.fit(value, item, is_same),
            // What changes inside of the type is a change of its own.
            (value, None) => is_same || self.is_of(value, place.ty.inner_named_type()),
        }
    }

    fn is_of(&self, value: &Value, ty: &Name) -> bool {
        match (self.schema.types.get(ty), value) {
            (Some(ExtendedType::Enum(found)), Value::Enum(value)) => found.values.contains_key(value),
            (Some(ExtendedType::InputObject(found)), Value::Object(given)) => {
                let known = given.iter().all(|(name, value)| {
                    let field = found.fields.get(name);
                    field.is_some_and(|field| self.fit(value, Place::of(field), false))
                });
                known
                    && found
                        .fields
                        .values()
                        .all(|field| !field.is_required() || given.iter().any(|(name, _)| *name == field.name))
            }
            (Some(ExtendedType::Scalar(_)), value) => matches!(
                (ty.as_str(), value),
                ("Int", Value::Int(_))
                    | ("Float", Value::Int(_) | Value::Float(_))
                    | ("ID", Value::Int(_) | Value::String(_))
                    | ("String", Value::String(_))
                    | ("Boolean", Value::Boolean(_))
            ),
            _ => false,
        }
    }
}

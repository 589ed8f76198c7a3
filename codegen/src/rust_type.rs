//! A GraphQL input type → the Rust type that its values have, and whether cynic takes it at a position.

use apollo_compiler::ast::Type;

use crate::model::{InputField, Variable};

/// The Rust type of an input value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RustType {
    /// `Option<T>`: may be absent, or is a null item.
    Option(Box<RustType>),
    /// `Maybe<T>`: may be absent, null or there.
    Maybe(Box<RustType>),
    /// `Vec<T>`.
    Vec(Box<RustType>),
    /// The type that stands for a GraphQL type of this name.
    Named(String),
}

impl RustType {
    /// Returns a variable's type. One that always has a value, if only by default, is not optional.
    pub(crate) fn of_variable(variable: &Variable) -> Self {
        let present = Self::present(&variable.ty);
        if !variable.can_be_absent() {
            return if variable.nullable.is_some() {
                Self::Option(Box::new(present))
            } else {
                present
            };
        }
        if variable.nullable.is_some() {
            Self::Maybe(Box::new(present))
        } else {
            Self::Option(Box::new(present))
        }
    }

    /// Returns the type of an input object's field.
    pub(crate) fn of_field(field: &InputField, nullable: bool) -> Self {
        let present = Self::present(&field.ty);
        match (field.required, nullable) {
            (true, _) => present,
            (false, true) => Self::Maybe(Box::new(present)),
            (false, false) => Self::Option(Box::new(present)),
        }
    }

    fn present(ty: &Type) -> Self {
        match ty {
            Type::Named(name) | Type::NonNullNamed(name) => Self::Named(name.to_string()),
            Type::List(item) | Type::NonNullList(item) => {
                let present = Self::present(item);
                Self::Vec(Box::new(if item.is_non_null() {
                    present
                } else {
                    Self::Option(Box::new(present))
                }))
            }
        }
    }

    /// Whether cynic lets a value of this type stand at a position: what its `CoercesTo` impls say.
    pub(crate) fn coerces_to(&self, position: &Type) -> bool {
        match (self, position) {
            (Self::Option(inner) | Self::Maybe(inner), Type::Named(_) | Type::List(_)) => {
                inner.coerces_to(&position.clone().non_null())
            }
            (Self::Vec(item), Type::NonNullList(inner)) => item.coerces_to(inner),
            (Self::Named(name), Type::NonNullNamed(wanted) | Type::Named(wanted)) => name == wanted.as_str(),
            _ => false,
        }
    }
}

//! The type of a field, an argument or an input field, before and after → whether all that was valid stays valid.
//!
//! As graphql-js has it (`findSchemaChanges`), which is the common verdict.

use apollo_compiler::ast::Type;

/// Whether every value of the new type is one of the old type as well, so that whoever reads it need not change.
pub(super) fn output_is_safe(old: &Type, new: &Type) -> bool {
    match (old, new) {
        (Type::Named(old), Type::Named(new) | Type::NonNullNamed(new))
        | (Type::NonNullNamed(old), Type::NonNullNamed(new)) => old == new,
        (Type::List(old), Type::List(new) | Type::NonNullList(new))
        | (Type::NonNullList(old), Type::NonNullList(new)) => output_is_safe(old, new),
        _ => false,
    }
}

/// Whether every value of the old type is one of the new type as well, so that whoever gives it need not change.
pub(super) fn input_is_safe(old: &Type, new: &Type) -> bool {
    output_is_safe(new, old)
}

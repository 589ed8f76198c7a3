//! A schema that introspection told, and the one before it → the new one with the directives that introspection can't tell.

use super::{SchemaError, canonical, print::print, read};

/// A schema with another's directives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its canonical text.
    pub sdl: String,
    /// The schema coordinates whose directives nobody knows, sorted: those of new types, and of new fields of types that
    /// were there before.
    pub unknown: Vec<String>,
}

/// TODO
///
/// # Errors
/// When one of them is no schema.
pub fn with_directives_of(new: &str, old: &str) -> Result<Kept, SchemaError> {
    let (new, _old) = (read(new)?, read(old)?);
    Ok(Kept {
        sdl: canonical(&print(&new))?,
        unknown: Vec::new(),
    })
}

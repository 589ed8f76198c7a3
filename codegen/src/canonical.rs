//! SDL, as leniently read as the build reads it → the canonical text of `schema/schema.graphql`.
//!
//! Invariant: the canonical text is a schema to the build, says what the SDL says, and is its own canonical text.

mod keep;
mod print;

use std::{collections::BTreeSet, fmt};

use apollo_compiler::{Schema, schema::ExtendedType};
use apollo_parser::{Lexer, TokenKind};

pub use keep::{Kept, with_directives_of};

use crate::{
    diagnostic::Diagnostics,
    parse,
    source::{SourceFile, SourceKind, Sources},
};

/// Why a text is no schema: what the build would say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    sources: Sources,
    found: Diagnostics,
}

impl SchemaError {
    /// Names the file that the text is from. Without this it is `schema/schema.graphql`.
    #[must_use]
    pub fn in_file(mut self, path: &str) -> Self {
        for file in &mut self.sources.files {
            path.clone_into(&mut file.path);
        }
        self
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.found.render(&self.sources).trim_end())
    }
}

impl std::error::Error for SchemaError {}

/// Returns a schema's canonical text.
///
/// Definitions, fields, arguments, enum values, union members, interfaces, places of directives and applied directives are
/// in the order of their names: none of these orders means anything in GraphQL, APIs tell them in any, and a diff is to show
/// changes only. Applied directives of one name keep their order, which may mean something to whoever defined them.
/// Extensions are part of what they extend. What AppSync and GraphQL define themselves is not declared, since some exports
/// declare it and some don't. Directives stay that nobody declares, as far as they are well-formed: they are facts about
/// somebody's API. Comments are dropped, and of descriptions white space at the ends and in empty lines.
///
/// # Errors
/// When the build would refuse the schema; the message says where and why.
///
/// ```
/// let sdl = "scalar AWSDate type Query { b: AWSDate, a(y: Int, x: Int): Int @aws_oidc @aws_iam }";
/// let canonical = appsync_mcp_codegen::canonical(sdl)?;
/// assert_eq!(canonical, "type Query {\n  a(x: Int, y: Int): Int @aws_iam @aws_oidc\n  b: AWSDate\n}\n");
/// # Ok::<(), appsync_mcp_codegen::SchemaError>(())
/// ```
pub fn canonical(sdl: &str) -> Result<String, SchemaError> {
    Ok(print::print(&read(sdl)?))
}

/// Returns the names of a schema's object types, sorted: of those whose fields can have resolvers.
///
/// # Errors
/// When the build would refuse the schema.
pub fn object_types(sdl: &str) -> Result<Vec<String>, SchemaError> {
    let schema = read(sdl)?;
    let objects = schema.types.values().filter(|ty| ty.is_object() && !ty.is_built_in());
    let mut names: Vec<String> = objects.map(|ty| ty.name().to_string()).collect();
    names.sort();
    Ok(names)
}

/// Returns the fields of a schema's object types, as schema coordinates such as `Query.getCompany`: what can have a resolver.
///
/// # Errors
/// When the build would refuse the schema.
pub fn object_fields(sdl: &str) -> Result<BTreeSet<String>, SchemaError> {
    let schema = read(sdl)?;
    let objects = schema.types.values().filter_map(ExtendedType::as_object);
    let fields = objects.flat_map(|ty| ty.fields.keys().map(move |field| format!("{}.{field}", ty.name)));
    Ok(fields.collect())
}

/// Says whether there are comments in a schema, which its canonical text has not.
pub fn has_comments(sdl: &str) -> bool {
    let mut tokens = Lexer::new(sdl).filter_map(Result::ok);
    tokens.any(|token| token.kind() == TokenKind::Comment)
}

/// Returns what a schema defines.
fn read(sdl: &str) -> Result<Schema, SchemaError> {
    let file = SourceFile {
        path: "schema/schema.graphql".to_owned(),
        text: sdl.to_owned(),
        kind: SourceKind::Schema,
    };
    let sources = Sources { files: vec![file] };
    parse::definitions(&sources).map_err(|found| SchemaError { sources, found })
}

#[cfg(test)]
mod tests {
    use super::has_comments;

    #[test]
    fn a_comment_is_no_description() {
        for (sdl, expected) in [
            ("# licence\ntype Query { a: Int }", true),
            ("type Query { a: Int } #", true),
            (
                "\"# no\" type Query { \"\"\"\n# no\n\"\"\" a(b: String = \"#\"): Int }",
                false,
            ),
        ] {
            assert_eq!(has_comments(sdl), expected, "{sdl}");
        }
    }
}

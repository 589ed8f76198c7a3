//! Build time of appsync-mcp: an AppSync schema and a folder of GraphQL operations in, typed Rust out.
//!
//! [`generate`] is the whole story; every other file is one step of it. A project's build script calls [`build()`].

mod adopt;
mod api;
mod api_json;
mod block_string;
mod bounds;
mod build;
mod canonical;
mod check;
mod cost;
mod description;
mod diagnostic;
mod document;
mod duration;
mod emit;
mod entry;
mod help;
mod hidden;
mod introspection;
mod introspection_query;
mod json_schema;
mod lock;
mod model;
mod name;
mod parse;
mod prompt;
mod register;
mod resolve;
mod review;
mod rust_type;
mod scalar;
mod schema_diff;
mod source;
mod suggest;
#[cfg(test)]
mod testing;
mod verified;

pub use adopt::{AdoptedFile, Adoption, ForeignFile, Outcome, Refusal, Verdict, adopt};
pub use api::{ResolverKind, resolvers};
pub use api_json::{ApiJsonError, api_json};
pub use build::build;
pub use canonical::{Kept, SchemaError, canonical, has_comments, object_fields, object_types, with_directives_of};
pub use diagnostic::{Diagnostic, Diagnostics, Severity, Span};
pub use hidden::{visible, visible_json};
pub use introspection::{Introspected, IntrospectionError, introspected, sdl_of_introspection};
pub use introspection_query::INTROSPECTION_QUERIES;
pub use lock::{Subject, ToolSummary};
pub use parse::PRELUDE;
pub use review::{Change, changes, review};
pub use schema_diff::{ChangeClass, SchemaChange, schema_changes, unread_operations};
pub use source::{LOCK, SourceFile, SourceKind, Sources, VERIFIED};
pub use verified::{Verification, Verifications, Verified, verifications, verified_lock};

use model::{Folder, Tool};

/// Whether operations of `operations/write/` are compiled in. They are checked all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// They are.
    Included,
    /// Nothing of them is emitted.
    Excluded,
}

/// What the build makes of the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// A Rust module's text.
    pub code: String,
    /// The SDL to register with cynic, under the name `appsync`.
    pub sdl: String,
    /// The text of `schema/tools.lock`: what models can see and do through all tools, compiled in or not.
    pub lock: String,
    /// The digest of the tools that are compiled in, of all prompts and of the classes of errors, as `sha256:` and 64 digits.
    pub digest: String,
    /// All tools, compiled in or not.
    pub tools: Vec<ToolSummary>,
    /// What does not stop the build.
    pub warnings: Diagnostics,
    /// What stops a build that takes verified tools only: one for each of the others that is compiled in and not disabled. Those
    /// that only a sandbox has answered are others, unless the API is the sandbox's own.
    pub unverified: Diagnostics,
}

/// Turns sources into Rust: parse, resolve, check, emit, with a barrier between the phases.
///
/// The same sources give the same bytes.
///
/// # Errors
/// All that the first failing phase found.
///
/// ```
/// use appsync_mcp_codegen::{SourceFile, SourceKind, Sources, Writes, generate};
///
/// let file = |path: &str, kind, text: &str| SourceFile { path: path.to_owned(), kind, text: text.to_owned() };
/// let mut sources = Sources { files: vec![
///     file("schema/schema.graphql", SourceKind::Schema, "type Query { hello(name: String!): String! }"),
///     file("operations/read/say_hello.graphql", SourceKind::Read, r#"
///         "Says hello." query SayHello("Whom to greet." $name: String!) @tool(title: "Hello") { hello(name: $name) }
///     "#),
/// ] };
/// let generated = generate(&sources, Writes::Included).map_err(|found| found.render(&sources))?;
/// assert!(generated.code.contains("pub mod say_hello"));
///
/// sources.files[1].text = sources.files[1].text.replace("hello(name:", "helo(name:");
/// let found = generate(&sources, Writes::Included).unwrap_err().render(&sources);
/// assert!(found.contains("operations/read/say_hello.graphql:2:95"));
/// assert!(found.contains("did you mean `hello`?"));
/// # Ok::<(), String>(())
/// ```
pub fn generate(sources: &Sources, writes: Writes) -> Result<Generated, Diagnostics> {
    let (parsed, mut warnings) = parse::parse(sources)?;
    let (model, found) = resolve::resolve(&parsed, sources)?;
    warnings.extend(found);
    let (model, found) = check::check(model, sources)?;
    warnings.extend(found);
    let compiled_in = |tool: &&Tool| writes == Writes::Included || tool.folder == Folder::Read;
    let tools: Vec<_> = model.tools.iter().filter(compiled_in).collect();
    let registered = register::register(&parsed.schema, &tools, &model.input_objects);
    let verified = verifications(sources)?;
    let lock = lock::lock(&model, &verified);
    let digest = match writes {
        Writes::Included => lock.digest,
        Writes::Excluded => lock.reads,
    };
    Ok(Generated {
        code: emit::emit(&model, &tools, &registered, &digest, &lock.tools),
        sdl: registered.sdl,
        lock: lock.text,
        digest,
        unverified: verified::unverified(
            &tools,
            &lock.tools,
            &verified,
            verified::is_of_sandbox(&model.api, sources),
        ),
        tools: lock.tools,
        warnings,
    })
}

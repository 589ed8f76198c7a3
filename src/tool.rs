//! The contract: what the build says of each tool, as plain static data.
//!
//! Generated code fills these types and holds nothing else; the rest of `src/` reads them.
//! Invariant: no logic beyond putting an entry together, no I/O, nothing of MCP or HTTP.

use appsync_mcp_client::{DecodeError, Envelope, ErrorTypes, Mode};
use cynic::{QueryFragment, QueryVariables, schema::QueryRoot};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// All that the build knows of one API: its tools and prompts, in the order in which they are listed.
#[derive(Debug)]
pub struct Contract {
    /// The API's name, from `schema/api.json`.
    pub api: &'static str,
    /// SHA-256 over all that `schema/tools.lock` says of the tools, as `sha256:` and 64 digits.
    pub digest: &'static str,
    /// The tools, reads first, then writes, each group sorted by name.
    pub tools: &'static [Tool],
    /// The prompts, sorted by name.
    pub prompts: &'static [Prompt],
    /// What the API's own `errorType`s mean, from `schema/api.local.json`.
    pub errors: ErrorTypes,
}

impl Contract {
    /// Returns how many tools have `by` as the best that answered them.
    pub fn verified(&self, by: Verified) -> usize {
        self.tools.iter().filter(|tool| tool.spec().verified == by).count()
    }
}

/// One tool: an operation that only reads, or one that may write.
#[derive(Debug)]
pub enum Tool {
    /// From `operations/read/`.
    Read(ReadTool),
    /// From `operations/write/`.
    Write(WriteTool),
}

impl Tool {
    /// What the build says of the tool.
    pub const fn spec(&self) -> &'static ToolSpec {
        match self {
            Self::Read(tool) => tool.codec.spec,
            Self::Write(tool) => tool.codec.spec,
        }
    }
}

/// An operation that only reads.
#[derive(Debug)]
pub struct ReadTool {
    pub(crate) codec: Codec,
}

impl ReadTool {
    /// Makes the entry of an operation whose root type is the schema's query type; for any other it does not compile, and
    /// neither does it for an operation of `operations/write/` or a document that is not a query's.
    pub const fn of<O>() -> Self
    where
        O: Operation,
        <O::Data as QueryFragment>::SchemaType: QueryRoot,
    {
        const {
            assert!(
                matches!(O::SPEC.kind, Kind::Read),
                "an operation that may write is no read"
            );
            assert!(is_query(O::SPEC.document), "the document of a read is a query");
        }
        Self {
            codec: Codec::of::<O>(),
        }
    }
}

/// Whether a document begins with a query, whatever is absent.
const fn is_query(document: &[Segment]) -> bool {
    match document {
        [Segment { any: [], text }, ..] => {
            matches!(text.as_bytes(), [b'q', b'u', b'e', b'r', b'y', b' ' | b'(' | b'{', ..])
        }
        _ => false,
    }
}

/// An operation that may write: a mutation, or a query with side effects.
#[derive(Debug)]
pub struct WriteTool {
    pub(crate) codec: Codec,
}

impl WriteTool {
    /// Makes the entry of an operation of `operations/write/`; for any other it does not compile.
    pub const fn of<O: Operation>() -> Self {
        const {
            assert!(
                matches!(O::SPEC.kind, Kind::Write { .. }),
                "an operation that only reads is no write"
            );
        }
        Self {
            codec: Codec::of::<O>(),
        }
    }
}

/// One operation, as generated: its contract, its variables and what it answers.
///
/// The bound on `Data` lets rustc check that the document's arguments use these variables and no others.
pub trait Operation {
    /// What the build says of the tool.
    const SPEC: &'static ToolSpec;
    /// The document's variables. A field that is `None` is left out.
    type Variables: QueryVariables + DeserializeOwned + Serialize;
    /// The `data` of an answer.
    type Data: QueryFragment<VariablesFields = <Self::Variables as QueryVariables>::Fields>
        + DeserializeOwned
        + Serialize;
}

/// An operation with its types erased: the two places where JSON passes through them.
#[derive(Debug)]
pub(crate) struct Codec {
    /// What the build says of the tool.
    pub(crate) spec: &'static ToolSpec,
    /// Checked arguments to the request's `variables`, through [`Operation::Variables`].
    pub(crate) variables: fn(Value) -> Result<Value, serde_json::Error>,
    /// A response body to its `data` and `errors`, through [`Operation::Data`].
    pub(crate) response: fn(&[u8]) -> Result<Envelope<Value>, DecodeError>,
}

impl Codec {
    const fn of<O: Operation>() -> Self {
        Self {
            spec: O::SPEC,
            variables: |arguments| serde_json::to_value(serde_json::from_value::<O::Variables>(arguments)?),
            response: |body| {
                let Envelope {
                    data,
                    errors,
                    more_errors,
                    replaced,
                } = Envelope::<O::Data>::decode(body)?;
                let data = data.map(serde_json::to_value).transpose().map_err(|_| not_writable())?;
                Ok(Envelope {
                    data,
                    errors,
                    more_errors,
                    replaced,
                })
            },
        }
    }
}

/// Generated types write themselves as JSON, all maps keyed by strings, so this can't be met.
fn not_writable() -> DecodeError {
    DecodeError::Mismatch {
        path: "data".to_owned(),
        reason: "the value can't be written as JSON".to_owned(),
    }
}

/// What the build says of a tool.
#[derive(Debug)]
pub struct ToolSpec {
    /// The tool's name: the operation file's name.
    pub name: &'static str,
    /// The tool's name for people.
    pub title: &'static str,
    /// The operation's description.
    pub description: &'static str,
    /// Read or write.
    pub kind: Kind,
    /// Whether it reaches more than what is the caller's own.
    pub open_world: bool,
    /// The name of the operation in the document.
    pub operation_name: &'static str,
    /// The document, in pieces; see [`Segment`].
    pub document: &'static [Segment],
    /// The arguments, in the order in which the operation declares its variables.
    pub arguments: &'static [Argument],
    /// The input schema: a JSON Schema (draft 2020-12) as text.
    pub input_schema: &'static str,
    /// The output schema: a JSON Schema (draft 2020-12) as text.
    pub output_schema: &'static str,
    /// How `data` becomes the result.
    pub output: Output,
    /// The list fields of `data`, outer ones first.
    pub lists: &'static [ListBound],
    /// The fields of `data` that are third parties' texts or personal data.
    pub marks: &'static [Mark],
    /// The variables that the server fills in; they are no arguments.
    pub bindings: &'static [Binding],
    /// Why the tool is not offered, if it is not.
    pub disabled: Option<&'static str>,
    /// What answered the present tool, and kept its contract: `schema/verified.lock` knows.
    pub verified: Verified,
    /// How AppSync finds the value of a write's only root field, where that is known: with one step, no earlier one can have
    /// written.
    pub resolver: Option<Resolver>,
    /// The write that takes back what this one made, if there is one. Verification calls it, and nobody else.
    pub undo: Option<&'static str>,
    /// OAuth scopes that a caller needs.
    pub scopes: &'static [&'static str],
    /// Who can call the tool, by authorization mode.
    pub access: &'static [Access],
    /// What of the API's schema the tool stands on, for a comparison with the schema that the API has by now.
    pub uses: &'static [Use],
    /// How often a caller may call the tool; `None` is: as often as it likes.
    pub rate: Option<Rate>,
    /// The longest that a call may take, in seconds.
    pub timeout_seconds: u32,
    /// The largest result, in bytes of JSON.
    pub result_bytes_max: usize,
}

/// How AppSync finds a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolver {
    /// By one request to a data source.
    Unit,
    /// By functions that run one after the other.
    Pipeline,
}

/// What answered the present tool, and kept its contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// Nothing.
    No,
    /// A sandbox, or another API on the machine of whoever verified it.
    Sandbox,
    /// A real API.
    Api,
}

/// An authorization mode in which AppSync lets a tool through, and for whom.
#[derive(Debug, PartialEq, Eq)]
pub struct Access {
    /// The mode.
    pub mode: Mode,
    /// Cognito groups: the caller has to be in at least one of each set. AppSync checks it, by the caller's token.
    pub groups: &'static [&'static [&'static str]],
}

/// Something of the API's schema that a tool stands on.
///
/// Enums in results are not among them: a value that comes or goes changes nothing for the tool.
#[derive(Debug)]
pub enum Use {
    /// The type that the operation begins at.
    Root {
        /// `query` or `mutation`.
        operation: &'static str,
        /// The type's name.
        ty: &'static str,
    },
    /// What is selected of the values of a type, besides their `__typename`.
    Fields {
        /// The name of the object type, interface or union.
        of: &'static str,
        /// The fields. One with other arguments stands there once more.
        fields: &'static [UsedField],
    },
    /// A fragment.
    Fragment {
        /// The type of the values around it.
        of: &'static str,
        /// Its type condition.
        on: &'static str,
    },
    /// An input object that is given.
    Input(&'static UsedInput),
    /// Values of an enum that can be given.
    Values {
        /// The enum's name.
        of: &'static str,
        /// The values.
        values: &'static [&'static str],
    },
}

/// A field that is selected.
#[derive(Debug)]
pub struct UsedField {
    /// The field's name.
    pub name: &'static str,
    /// Its type, such as `[Company!]`.
    pub ty: &'static str,
    /// The arguments that it gets.
    pub arguments: &'static [Given],
}

impl UsedField {
    /// Puts a field together, in one line of generated code.
    pub const fn new(name: &'static str, ty: &'static str, arguments: &'static [Given]) -> Self {
        Self { name, ty, arguments }
    }
}

/// An input object with the fields that can be given.
#[derive(Debug)]
pub struct UsedInput {
    /// The input object's name.
    pub name: &'static str,
    /// The fields.
    pub fields: &'static [Given],
}

/// An argument, or a field of an input object, that gets a value.
#[derive(Debug)]
pub struct Given {
    /// Its name.
    pub name: &'static str,
    /// The type of the values that it gets, such as `String!`; nullable if there may be none.
    pub ty: &'static str,
    /// Whether it gets a variable: then it has to be of this type, while a value also stands for a list of one
    /// (<https://spec.graphql.org/September2025/#sec-List.Input-Coercion>).
    pub is_variable: bool,
}

impl Given {
    /// Puts an argument or input field together that gets a variable, in one line of generated code.
    pub const fn variable(name: &'static str, ty: &'static str) -> Self {
        Self {
            name,
            ty,
            is_variable: true,
        }
    }

    /// Puts one together that gets a value: a literal, or a part of what a variable holds.
    pub const fn value(name: &'static str, ty: &'static str) -> Self {
        Self {
            name,
            ty,
            is_variable: false,
        }
    }
}

/// Read or write, with what MCP's annotations are derived from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Changes nothing.
    Read,
    /// May change something.
    Write {
        /// Whether it may destroy something; if not, it only adds.
        destructive: bool,
        /// Whether calling it again with the same arguments changes nothing more.
        idempotent: bool,
    },
}

/// A piece of a document.
///
/// AppSync hands a resolver an explicit null for an argument whose variable got no value, so what is
/// absent is left out of the text: a segment is sent if `any` is empty or one of its variables is present.
#[derive(Debug)]
pub struct Segment {
    /// The variables that bring the text in; empty: always.
    pub any: &'static [&'static str],
    /// GraphQL text.
    pub text: &'static str,
}

/// An argument of a tool: a variable of its operation.
#[derive(Debug)]
pub struct Argument {
    /// The variable's name, without the `$`.
    pub name: &'static str,
    /// The variable's description.
    pub description: &'static str,
    /// What it must be.
    pub value: Position,
    /// What it means to leave it out. Null and an empty text mean the same, unless the contract gives them a meaning.
    pub absent: Absent,
    /// An example, as JSON text.
    pub example: Option<&'static str>,
}

/// What it means to leave a value out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It is a mistake.
    Required,
    /// It is left out of the request.
    Omitted,
    /// The contract's default, as JSON text, is sent.
    Default(&'static str),
}

/// A place where an input value goes.
#[derive(Debug)]
pub struct Position {
    /// The value's type and bounds.
    pub input: Input,
    /// Whether null is a value of its own (`@nullable`, or a list's nullable item); if not, it stands for absent.
    pub nullable: bool,
}

/// An input type with its bounds.
#[derive(Debug)]
pub enum Input {
    /// `Boolean`.
    Boolean,
    /// `Int`, `AWSTimestamp`.
    Integer {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
        /// What happens to a value beyond them.
        excess: Excess,
    },
    /// `Float`.
    Float {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
        /// What happens to a value beyond them.
        excess: Excess,
    },
    /// `String`, `ID` and the scalars that are strings on the wire.
    Text {
        /// The scalar's name.
        scalar: &'static str,
        /// Rewritten so, in this order, before anything is checked.
        normalize: &'static [Normalize],
        /// The least number of characters (Unicode scalar values).
        length_min: usize,
        /// The most characters.
        length_max: usize,
        /// What the whole text must match.
        pattern: Option<Pattern>,
        /// Whether an empty text is a value of its own (`@length(min: 0)` in so many words); if not, it stands for absent
        /// wherever a value can be absent.
        empty: bool,
    },
    /// An enum.
    Enum {
        /// The enum's name.
        name: &'static str,
        /// Its values.
        values: &'static [&'static str],
    },
    /// A list.
    List {
        /// What each item must be.
        item: &'static Position,
        /// The fewest items.
        items_min: usize,
        /// The most items.
        items_max: usize,
        /// Whether duplicates are removed, before the number is checked; order is kept.
        unique: bool,
    },
    /// An input object.
    Object {
        /// The input object's name.
        name: &'static str,
        /// Its fields.
        fields: &'static [Argument],
    },
}

/// What happens to a number beyond its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// It is a mistake.
    Reject,
    /// The nearest bound is taken instead, and the result says so.
    Clamp,
}

/// How a text is rewritten before it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Normalize {
    /// White space at both ends goes.
    Trim,
    /// Lower case.
    Lowercase,
    /// Upper case.
    Uppercase,
    /// A country's ISO 3166-1 alpha-2 code, from the code or an English name.
    CountryCode,
}

/// What a whole text must match.
#[derive(Debug)]
pub struct Pattern {
    /// A regular expression that both ECMA 262 and Rust's `regex` read alike, with its anchors.
    pub regex: &'static str,
    /// What the model is told when it does not match, such as "a date such as 2026-01-31".
    pub hint: &'static str,
}

/// A variable that the server fills in.
#[derive(Debug)]
pub struct Binding {
    /// The variable's name, without the `$`.
    pub variable: &'static str,
    /// What it is filled with.
    pub source: BindingSource,
    /// What the value must be.
    pub value: Position,
    /// Whether the operation can't do without it.
    pub required: bool,
}

/// What a variable is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingSource {
    /// The claim of this name, of the caller's token.
    Claim(&'static str),
    /// The setting of this name, of the server's configuration.
    Config(&'static str),
    /// A new key for each call: a random UUID (RFC 9562, version 4).
    IdempotencyKey,
}

/// How often a caller may call a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// So many calls …
    pub calls: u32,
    /// … in so many seconds.
    pub per_seconds: u32,
}

/// How `data` becomes the result.
#[derive(Debug)]
pub enum Output {
    /// One root field with an object: the object is the result.
    Object {
        /// The root field's response key.
        key: &'static str,
    },
    /// One root field with a list: the result is `{items}`.
    Items {
        /// The root field's response key.
        key: &'static str,
    },
    /// One root field with anything else: the result is `{value}`.
    Value {
        /// The root field's response key.
        key: &'static str,
    },
    /// Several root fields: the result is `data` as it is.
    Data,
}

/// The most items of a list field in `data`.
#[derive(Debug)]
pub struct ListBound {
    /// The response keys from `data` down to the list. A list on the way stands for each of its items.
    pub path: &'static [&'static str],
    /// The most items.
    pub max: ListMax,
    /// The most items of each list inside of it, at any depth; `None`: its items are no lists.
    pub inner_max: Option<usize>,
    /// The response key, beside the list, of the page's own `nextToken`, and whether it may be null.
    pub next_token: Option<NextToken>,
}

/// The response key of a page's `nextToken`.
#[derive(Debug)]
pub struct NextToken {
    /// The key, in the object that the list is a field of.
    pub key: &'static str,
    /// Whether the schema lets it be null, so that it can be withheld.
    pub nullable: bool,
}

/// What is said of a field of `data`.
#[derive(Debug)]
pub struct Mark {
    /// The response keys from `data` down to the field. A list on the way stands for each of its items.
    pub path: &'static [&'static str],
    /// What is said of it.
    pub kind: MarkKind,
}

/// What a field's value is, or what happens to it before the model sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// Third parties' text.
    Untrusted,
    /// Personal data: each text becomes `***`.
    Mask,
    /// Personal data: it is left out.
    Omit,
}

/// Where a list's bound comes from.
#[derive(Debug)]
pub enum ListMax {
    /// The contract.
    Items(usize),
    /// The value that was sent for this argument.
    Argument(&'static str),
}

/// A prompt: `operations/prompts/NAME.md`.
#[derive(Debug)]
pub struct Prompt {
    /// The prompt's name: the file's name.
    pub name: &'static str,
    /// The prompt's name for people.
    pub title: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// What it asks for.
    pub arguments: &'static [PromptArgument],
    /// The text, in pieces.
    pub body: &'static [Piece],
}

/// An argument of a prompt.
#[derive(Debug)]
pub struct PromptArgument {
    /// The argument's name.
    pub name: &'static str,
    /// What it is.
    pub description: &'static str,
    /// Whether the prompt can't do without.
    pub required: bool,
}

/// A piece of a prompt.
#[derive(Debug)]
pub enum Piece {
    /// Text as it is.
    Text(&'static str),
    /// The value of a prompt's argument.
    Argument(&'static str),
    /// The name of a tool. The build has checked that there is one.
    Tool(&'static str),
    /// A line that stands there only if an optional argument was given. The build has checked that no other is in it.
    Line {
        /// The argument's name.
        argument: &'static str,
        /// What is in the line, its end too.
        pieces: &'static [Piece],
    },
}

//! The intermediate representation: every name bound, every type known, every place kept for the checks.
//!
//! Invariant: inert. Plain data, no methods that know tokens or syntax; `Vec`s in the order in which they are emitted.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{OperationType, Type};
use serde_json::Value;

use crate::{
    api::{ErrorTypes, Mode, ResolverKind, Wire},
    bounds,
    diagnostic::Span,
};

/// All that is emitted.
#[derive(Debug)]
pub(crate) struct Model {
    /// The API's name.
    pub(crate) api: String,
    /// What the API's own `errorType`s mean.
    pub(crate) errors: ErrorTypes,
    /// What a tool may cost.
    pub(crate) limits: Limits,
    /// The tools, reads first, each group sorted by name.
    pub(crate) tools: Vec<Tool>,
    /// The prompts, sorted by name.
    pub(crate) prompts: Vec<Prompt>,
    /// Scalars in use, besides GraphQL's own (but with `ID`), sorted by name.
    pub(crate) scalars: Vec<Scalar>,
    /// Enums that a result holds, sorted by name.
    pub(crate) output_enums: Vec<Enum>,
    /// The names of those of which a tool leaves out values as personal data.
    pub(crate) personal_enums: BTreeSet<String>,
    /// Enums that an argument takes, sorted by name.
    pub(crate) input_enums: Vec<Enum>,
    /// Input objects that an argument takes, sorted by name.
    pub(crate) input_objects: Vec<InputObject>,
    /// The names of those and of their fields for which null is a value of its own in some tool.
    pub(crate) nullable_fields: BTreeSet<(String, String)>,
}

impl Model {
    /// Returns the fields of an input object: its own, or those that it has without a contract.
    pub(crate) fn fields<'m>(&'m self, name: &str, own: Option<&'m Vec<InputField>>) -> &'m [InputField] {
        let shared = self.input_objects.iter().find(|object| object.name == name);
        own.or(shared.map(|object| &object.fields)).map_or(&[], Vec::as_slice)
    }
}

/// Where an operation file stands: the author's statement of what the operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Folder {
    Read,
    Write,
}

/// One operation with its contract.
#[derive(Debug)]
pub(crate) struct Tool {
    /// The tool's name: the file's.
    pub(crate) name: String,
    /// The operation's name, as in the document.
    pub(crate) operation: String,
    /// The Rust name of the operation's root struct.
    pub(crate) rust_name: String,
    /// The Rust name of the module.
    pub(crate) module: String,
    pub(crate) path: String,
    pub(crate) folder: Folder,
    pub(crate) operation_type: OperationType,
    /// The operation's keyword and name.
    pub(crate) head: Span,
    pub(crate) description: String,
    /// `@tool`; nothing if it is missing.
    pub(crate) contract: Option<ToolContract>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) document: Vec<Segment>,
    /// Literals of `@oneOf` input objects that do not surely give one field a value.
    pub(crate) not_one_of: Vec<Span>,
    /// The root selection.
    pub(crate) data: Selection,
    pub(crate) lists: Vec<List>,
    pub(crate) marks: Vec<Mark>,
    /// Fields that are marked in another way where the object around them is of another type: their paths and places.
    pub(crate) uneven_marks: Vec<(Vec<String>, Span)>,
    /// What a call can cost at most.
    pub(crate) cost: Cost,
    /// Who can call it, by mode. Empty: nobody.
    pub(crate) access: Vec<Access>,
    /// What keeps out the last mode, if nobody can call it.
    pub(crate) barred: Option<Barred>,
    /// What of the schema it stands on.
    pub(crate) uses: Uses,
    /// Of what kind the resolver of a write's only root field is, where that is known.
    pub(crate) resolver: Option<ResolverKind>,
}

impl Tool {
    /// Returns the variables that a call gives values to: those that the server does not fill in.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &Variable> {
        self.variables.iter().filter(|variable| variable.binding.is_none())
    }

    /// Whether a field of the result has a mark.
    pub(crate) fn is_marked(&self, path: &[String], kind: MarkKind) -> bool {
        self.marks.iter().any(|mark| mark.path == *path && mark.kind == kind)
    }
}

/// What of the schema a tool stands on.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// The type that the operation begins at.
    pub(crate) root: String,
    /// What is selected of each type but `__typename`, by the type's name.
    pub(crate) fields: BTreeMap<String, BTreeSet<UsedField>>,
    /// The fragments: the type around each, and its condition.
    pub(crate) conditions: BTreeSet<(String, String)>,
    /// Input objects that variables hold.
    pub(crate) inputs: BTreeSet<String>,
    /// Enums that variables hold.
    pub(crate) enums: BTreeSet<String>,
    /// Literals of input objects: the object's name, and its fields that are given.
    pub(crate) literals: BTreeSet<(String, Vec<Given>)>,
    /// Literals of enums, by the enum's name.
    pub(crate) values: BTreeMap<String, BTreeSet<String>>,
}

/// A field that is selected.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UsedField {
    pub(crate) name: String,
    /// Its type in the schema.
    pub(crate) ty: String,
    /// By name.
    pub(crate) arguments: Vec<Given>,
}

/// An argument, or a field of an input object, that gets a value.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Given {
    pub(crate) name: String,
    /// The value's type.
    pub(crate) ty: String,
    /// Whether the value is a variable.
    pub(crate) is_variable: bool,
}

/// What a tool may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) nodes: u64,
    pub(crate) list_items: u64,
    pub(crate) depth: u64,
    pub(crate) resolvers: u64,
}

/// What a call can cost at most, by the bounds of its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Objects.
    pub(crate) nodes: u64,
    /// Items of all lists together.
    pub(crate) list_items: u64,
    /// Levels of fields below the operation, as AppSync's `queryDepthLimit` counts them.
    pub(crate) depth: u64,
    /// Calls of resolvers.
    pub(crate) resolvers: Resolvers,
}

/// A number of resolver calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resolvers {
    /// `schema/api.json` or `schema/api.local.json` lists the resolvers.
    Exact(u64),
    /// It does not.
    Estimate(u64),
}

/// A mode in which AppSync lets a tool through, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) mode: Mode,
    /// A caller is in at least one group of each set. No set is a superset of another.
    pub(crate) groups: Vec<BTreeSet<String>>,
}

/// A place of an operation that none of the modes that are left can reach.
#[derive(Debug)]
pub(crate) struct Barred {
    /// The place in the operation.
    pub(crate) span: Span,
    /// The field's coordinate, or the input type's name.
    pub(crate) name: String,
    /// What says so, such as "`@aws_iam` on `Company`".
    pub(crate) because: String,
    /// The modes that it allows, whether the API has them or not.
    pub(crate) allows: Vec<Mode>,
    /// The modes that reach all that stands before it.
    pub(crate) before: Vec<Mode>,
}

/// `@tool`.
#[derive(Debug)]
pub(crate) struct ToolContract {
    /// Where the directive stands.
    pub(crate) span: Span,
    pub(crate) title: Spanned<String>,
    pub(crate) scopes: Vec<Spanned<String>>,
    pub(crate) rate: Option<Spanned<String>>,
    pub(crate) timeout: Option<Spanned<String>>,
    pub(crate) bytes_max: Option<Spanned<i64>>,
    pub(crate) destructive: Option<Spanned<bool>>,
    pub(crate) idempotent: Option<Spanned<bool>>,
    pub(crate) open_world: Option<Spanned<bool>>,
    /// Why the tool is not offered, if it is not.
    pub(crate) disabled: Option<Spanned<String>>,
    /// The tool that takes back what this one made.
    pub(crate) undo: Option<Spanned<String>>,
}

impl ToolContract {
    /// Whether a write may destroy something: unless the contract says otherwise.
    pub(crate) fn may_destroy(&self) -> bool {
        self.destructive.as_ref().is_none_or(|hint| hint.value)
    }

    /// Whether it reaches more than what is the caller's own: unless the contract says otherwise.
    pub(crate) fn is_open_world(&self) -> bool {
        self.open_world.as_ref().is_none_or(|hint| hint.value)
    }

    /// Whether a write may be repeated without changing anything more: only if the contract says so.
    pub(crate) fn is_idempotent(&self) -> bool {
        self.idempotent.as_ref().is_some_and(|hint| hint.value)
    }
}

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// A variable of an operation: an argument of its tool.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) rust_name: String,
    pub(crate) description: String,
    pub(crate) ty: Type,
    /// The name, with its `$`.
    pub(crate) span: Span,
    pub(crate) default: Option<Spanned<Value>>,
    pub(crate) example: Option<Spanned<Value>>,
    /// Where `@nullable` stands, if it is of the variable itself.
    pub(crate) nullable: Option<Span>,
    /// `@bind`: what the server fills the variable with, so that the model never sees it.
    pub(crate) binding: Option<Spanned<Binding>>,
    pub(crate) constraints: Vec<Constraint>,
    /// What it must be: the type with all bounds.
    pub(crate) value: Position,
    pub(crate) uses: Vec<Use>,
}

impl Variable {
    /// Whether the request can lack it: only a nullable variable without a default.
    pub(crate) fn can_be_absent(&self) -> bool {
        !self.ty.is_non_null() && self.default.is_none()
    }
}

/// A place in the document where a variable stands.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    pub(crate) span: Span,
    /// The type that is asked for there.
    pub(crate) ty: Type,
    /// Whether the schema has a default there.
    pub(crate) has_default: bool,
    pub(crate) inside: Inside,
}

/// What a variable stands directly inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inside {
    /// An argument, or a field of an input object's literal.
    Named,
    /// A list literal.
    List,
    /// A literal of a custom scalar: the schema says nothing of its parts.
    Scalar,
}

/// `@bind`.
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) source: BindingSource,
    /// The claim's or the setting's name.
    pub(crate) name: Option<Spanned<String>>,
}

/// `@bind(to:)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BindingSource {
    Claim,
    Config,
    IdempotencyKey,
}

impl BindingSource {
    /// Returns the contract's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Claim => "CLAIM",
            Self::Config => "CONFIG",
            Self::IdempotencyKey => "IDEMPOTENCY_KEY",
        }
    }
}

/// A constraint directive on a variable.
#[derive(Debug)]
pub(crate) struct Constraint {
    pub(crate) rule: Rule,
    /// The directive.
    pub(crate) span: Span,
    /// `at`; without it, the variable itself is bounded.
    pub(crate) at: Option<Spanned<String>>,
    /// What it bounds, as it is without any constraint; or the step of `at` that leads nowhere.
    pub(crate) target: Result<Target, NoTarget>,
}

/// A place inside a variable's value.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) ty: Type,
    pub(crate) input: Input,
}

/// A step of an `at` that leads nowhere.
#[derive(Debug)]
pub(crate) struct NoTarget {
    pub(crate) step: String,
    /// The type that has no such field.
    pub(crate) ty: String,
    /// The fields that it does have.
    pub(crate) known: Vec<String>,
}

/// What a constraint directive asks for.
#[derive(Debug, Clone)]
pub(crate) enum Rule {
    Range {
        min: Option<f64>,
        max: Option<f64>,
        clamp: bool,
    },
    Length {
        min: Option<i64>,
        max: Option<i64>,
    },
    Items {
        min: Option<i64>,
        max: Option<i64>,
        unique: bool,
    },
    Pattern(TextPattern),
    Normalize(Normalization),
    Nullable,
}

impl Rule {
    pub(crate) fn directive(&self) -> &'static str {
        match self {
            Self::Range { .. } => "@range",
            Self::Length { .. } => "@length",
            Self::Items { .. } => "@items",
            Self::Pattern(_) => "@pattern",
            Self::Normalize(_) => "@normalize",
            Self::Nullable => "@nullable",
        }
    }
}

/// `@normalize(as:)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Normalization {
    Trim,
    Lowercase,
    Uppercase,
    CountryCode,
}

/// A place where an input value goes.
#[derive(Debug, Clone)]
pub(crate) struct Position {
    pub(crate) input: Input,
    /// Whether null is a value of its own there.
    pub(crate) nullable: bool,
}

/// An input type with its bounds.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Boolean,
    Integer {
        min: i64,
        max: i64,
        clamp: bool,
    },
    Float {
        min: f64,
        max: f64,
        clamp: bool,
    },
    Text {
        scalar: String,
        normalize: Vec<Normalization>,
        length_min: i64,
        length_max: i64,
        pattern: Option<TextPattern>,
        /// Whether an empty text is a value of its own: the contract says `@length(min: 0)` in so many words.
        empty: bool,
    },
    Enum {
        name: String,
    },
    List {
        item: Box<Position>,
        items_min: i64,
        items_max: i64,
        unique: bool,
    },
    Object {
        name: String,
        /// Its fields, where a contract bounds some of them; else they are those of the model's input object.
        own: Option<Vec<InputField>>,
    },
}

/// What a whole text looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextPattern {
    /// A regular expression with its anchors.
    pub(crate) regex: String,
    /// What the model is told when it does not match.
    pub(crate) hint: String,
}

/// A scalar in use.
#[derive(Debug)]
pub(crate) struct Scalar {
    pub(crate) name: String,
    pub(crate) rust_name: String,
    pub(crate) description: String,
    pub(crate) wire: Wire,
}

/// An enum in use.
#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) rust_name: String,
    pub(crate) description: String,
    pub(crate) values: Vec<EnumValue>,
}

/// A value of an enum.
#[derive(Debug)]
pub(crate) struct EnumValue {
    pub(crate) name: String,
    pub(crate) rust_name: String,
    pub(crate) description: String,
}

/// An input object that an argument takes.
#[derive(Debug)]
pub(crate) struct InputObject {
    pub(crate) name: String,
    pub(crate) rust_name: String,
    pub(crate) description: String,
    /// Where `@oneOf` stands on it.
    pub(crate) one_of: Option<Span>,
    pub(crate) fields: Vec<InputField>,
}

/// A field of an input object.
#[derive(Debug, Clone)]
pub(crate) struct InputField {
    pub(crate) name: String,
    /// The field in the schema.
    pub(crate) span: Span,
    pub(crate) rust_name: String,
    pub(crate) description: String,
    pub(crate) ty: Type,
    pub(crate) value: Position,
    /// Whether it is non-null and the schema has no default for it.
    pub(crate) required: bool,
}

/// A piece of a canonical document: sent if `any` is empty or one of its variables is present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) any: Vec<String>,
    pub(crate) text: String,
}

/// What is selected of one composite type.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) rust_name: String,
    pub(crate) graphql_type: String,
    pub(crate) description: String,
    pub(crate) shape: Shape,
}

/// How a selection's values look.
#[derive(Debug)]
pub(crate) enum Shape {
    /// The same fields whatever the value's type.
    Fields(Vec<Field>),
    /// Other fields by the value's type, told by `__typename`.
    ByType {
        variants: Vec<Selection>,
        /// What is selected of every other type: fields besides `__typename`, if there are any.
        other: Option<Box<Selection>>,
        /// Where `__typename` is asked for; nothing if it is missing.
        typename: bool,
        /// Where all values of a union are asked for their type by another name.
        aliased: Option<Span>,
        span: Span,
    },
}

/// A selected field.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) key: String,
    /// The alias; without one, the name.
    pub(crate) key_span: Span,
    pub(crate) rust_name: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) deprecated: Option<String>,
    pub(crate) ty: OutputType,
    pub(crate) arguments: Vec<(String, Literal)>,
    /// The name.
    pub(crate) span: Span,
    /// Whether `@include` or `@skip` can keep it out of the answer.
    pub(crate) conditional: bool,
    /// The coordinate that makes it personal data, if nothing is said of what happens to it.
    pub(crate) personal: Option<String>,
    /// Whether AppSync calls a resolver for it: as `schema/api.local.json` says; else that is an estimate.
    pub(crate) resolver: bool,
}

/// The type of a selected field.
#[derive(Debug)]
pub(crate) enum OutputType {
    Nullable(Box<OutputType>),
    List(Box<OutputType>),
    Boolean,
    Int,
    Float,
    String,
    Scalar(String),
    Enum(String),
    Selection(Box<Selection>),
}

impl OutputType {
    /// What is selected of its objects, if it is of objects.
    pub(crate) fn nested(&self) -> Option<&Selection> {
        match self {
            Self::Nullable(inner) | Self::List(inner) => inner.nested(),
            Self::Selection(selection) => Some(selection),
            _ => None,
        }
    }
}

/// An argument's value in the document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Variable(String),
    Null,
    Boolean(bool),
    Int(String),
    Float(String),
    String(String),
    Enum(String),
    List(Vec<Literal>),
    Object(Vec<(String, Literal)>),
}

/// A list field of the result.
#[derive(Debug)]
pub(crate) struct List {
    /// The response keys from `data` down to it.
    pub(crate) path: Vec<String>,
    /// The field.
    pub(crate) span: Span,
    /// Whether the field is a list at all; if not, there is a `@list` on something else.
    pub(crate) is_one: bool,
    /// Whether its items are scalars or enums.
    pub(crate) of_leaves: bool,
    /// Whether its items are lists themselves.
    pub(crate) of_lists: bool,
    /// Each `inner` of a `@list` on it.
    pub(crate) inner_bounds: Vec<Spanned<i64>>,
    /// Each `@list` on it; more than one if it is selected more than once.
    pub(crate) bounds: Vec<Spanned<ListMax>>,
    /// The response key of the page's `nextToken` beside it, and whether it may be null.
    pub(crate) next_token: Option<(String, bool)>,
}

impl List {
    /// Its bound; where the contract names none, nothing.
    pub(crate) fn bound(&self) -> Option<&Spanned<ListMax>> {
        self.bounds.first()
    }

    /// The most items of each list inside of it.
    pub(crate) fn inner_max(&self) -> i64 {
        self.inner_bounds
            .first()
            .map_or(bounds::INNER_ITEMS_MAX, |bound| bound.value)
    }
}

/// `@untrusted` or `@pii` on a field of the result.
#[derive(Debug)]
pub(crate) struct Mark {
    /// The response keys from `data` down to the field.
    pub(crate) path: Vec<String>,
    /// The directive.
    pub(crate) span: Span,
    /// Whether the field is a text, or a list of texts.
    pub(crate) of_text: bool,
    /// Whether the field is `__typename`.
    pub(crate) of_typename: bool,
    pub(crate) kind: MarkKind,
}

/// What is said of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkKind {
    /// `@untrusted`.
    Untrusted,
    /// `@pii(rule: MASK)`.
    Mask,
    /// `@pii(rule: OMIT)`.
    Omit,
}

/// `@list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ListMax {
    /// `max`.
    Items(i64),
    /// `maxFrom`: a variable's name.
    Variable(String),
    /// Neither, or both.
    Unclear,
}

/// `operations/prompts/NAME.md`.
#[derive(Debug)]
pub(crate) struct Prompt {
    /// The file's.
    pub(crate) name: String,
    /// The file's beginning.
    pub(crate) start: Span,
    pub(crate) title: Spanned<String>,
    pub(crate) description: Spanned<String>,
    pub(crate) arguments: Vec<PromptArgument>,
    pub(crate) body: Vec<Spanned<Piece>>,
}

/// An argument of a prompt.
#[derive(Debug)]
pub(crate) struct PromptArgument {
    pub(crate) name: String,
    /// Its table in the head.
    pub(crate) span: Span,
    pub(crate) description: String,
    pub(crate) required: bool,
}

/// A piece of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// `{{name}}`.
    Argument(String),
    /// `{{tool:name}}`.
    Tool(String),
    /// `{{tool:name.argument}}`.
    ToolArgument(String, String),
    /// Braces with anything else between.
    Unknown(String),
    /// Braces that are not closed in their line.
    Unclosed,
}

//! The model → `schema/tools.lock`: what models can see and do through the tools, for those who review a change of it.
//!
//! The text is TOML. Each fact is a line, or begins one, with the tool's name in front of it, so that a diff's lines, and
//! the headings that git puts above its parts, say by themselves whose they are.
//!
//! Invariant: the same model gives the same bytes; nothing in a tool's part depends on another tool.
//! Invariant: no line of a value looks like a part's first one, so that the parts can be told without reading TOML.

mod beside;
mod said;
mod text;

use std::fmt::{self, Write as _};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    bounds, duration,
    entry::{self, Entry},
    model::{Cost, Folder, MarkKind, Model, Resolvers, Segment, Tool, ToolContract, Variable},
    verified::{self, Verifications, Verified},
};

/// The lock, and what is said of it elsewhere.
#[derive(Debug)]
pub(crate) struct Lock {
    /// The file's whole text.
    pub(crate) text: String,
    /// The digest of all tools, prompts and classes of errors.
    pub(crate) digest: String,
    /// The same without the writes.
    pub(crate) reads: String,
    pub(crate) tools: Vec<ToolSummary>,
}

/// A tool as a table shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolSummary {
    /// The tool's name.
    pub name: String,
    /// `read` or `write`.
    pub kind: &'static str,
    /// The tool's name for people.
    pub title: String,
    /// What models read of it.
    pub description: String,
    /// Why it is not offered, if it is not.
    pub disabled: Option<String>,
    /// The arguments' names, with a `?` behind those that may be left out.
    pub arguments: Vec<String>,
    /// OAuth scopes that a caller needs.
    pub scopes: Vec<String>,
    /// The authorization modes that AppSync lets through, as it names them.
    pub modes: Vec<String>,
    /// The Cognito groups that it asks for: a caller is in one of each set.
    pub groups: Vec<Vec<String>>,
    /// The most objects in a result.
    pub nodes: u64,
    /// How often a caller may call it, such as `5/min`; `None` is: as often as it likes.
    pub rate: Option<String>,
    /// About how many tokens a model reads of it.
    pub tokens: usize,
    /// SHA-256 over all that the lock says of it, as `sha256:` and 64 digits.
    pub digest: String,
    /// What has answered it with this digest, as `schema/verified.lock` says.
    pub verified: Verified,
}

const HEAD: &str = "\
# What models can see and do through the tools of this API. The build fails if this is not what `schema/` and
# `operations/` say; `cargo xtask bless` writes it anew, and whoever reviews that change has seen what it means.
#
# digest            SHA-256 over a line `NAME DIGEST` for each part below; the program shows it with `--version`
# reads             the same without the writes, for a program without the feature `writes`
# errorTypes        what the API's own `errorType`s mean, whose messages a model may see, and which say that nothing was done
# prompts.NAME      what people are offered under that name, and what a model is then told; a line in `<…>` is left out if
#                   the argument in it is not given
# NAME.digest       SHA-256 over the other lines of that part; so is `prompts.NAME.digest`
# NAME.access       the authorization modes that AppSync lets through, with sets of Cognito groups: a caller is in one of each
# NAME.cost         what a call comes to at most, by the bounds of its lists
# NAME.resolver     UNIT, where a write is known to be of one step, so that a conflict says that nothing was done
# NAME.tokens       about what a model reads of it: the bytes of its entry in `tools/list`, divided by 4
# NAME.lists        the bounds of lists in a result, as they are written
# NAME.constraints  what arguments are held to, as it is written: the input schema can't say all of it
# NAME.document     what is sent; `<…>` is left out if no variable in it has a value
";

/// Writes the lock of all tools, whether they are compiled in or not. Which of them are verified is no part of its text.
pub(crate) fn lock(model: &Model, verified: &Verifications) -> Lock {
    let (mut tools, mut parts) = (Vec::new(), String::new());
    for tool in &model.tools {
        let Some(contract) = &tool.contract else {
            unreachable!("a valid tool has a contract")
        };
        let entry = entry::entry(tool, contract, model);
        let (name, kind) = (&tool.name, format!("{}.kind = \"{}\"\n", tool.name, kind(tool)));
        let facts = facts(tool, contract, &entry);
        let digest = sha256(&format!("{kind}{facts}"));
        let _ = write!(parts, "\n{kind}{name}.digest = \"{digest}\"\n{facts}");
        tools.push(summary(tool, contract, &entry, digest, verified));
    }
    let beside = beside::parts(model);
    let above: String = beside.iter().map(|part| part.text.as_str()).collect();
    let (digest, reads) = (
        digest_of(&beside, &tools, |_| true),
        digest_of(&beside, &tools, |kind| kind == READ),
    );
    let api = text::inline(&model.api.as_str().into());
    Lock {
        text: format!("{HEAD}\napi = {api}\ndigest = \"{digest}\"\nreads = \"{reads}\"\n\n{above}{TOOLS}\n{parts}"),
        digest,
        reads,
        tools,
    }
}

/// The line between what is locked besides the tools and the tools.
const TOOLS: &str = "[tools]";

const READ: &str = "read";
const WRITE: &str = "write";

/// What a part of the lock is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The tool of this name.
    Tool(String),
    /// The prompt of this name.
    Prompt(String),
    /// What the API's own `errorType`s mean.
    Errors,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tool(name) => write!(f, "the tool `{name}`"),
            Self::Prompt(name) => write!(f, "the prompt `{name}`"),
            Self::Errors => write!(f, "what the API's `errorType`s mean"),
        }
    }
}

/// Returns what a part is about, if a line is its first one, and whether it is a write's.
pub(crate) fn first_line(line: &str) -> Option<(Subject, bool)> {
    let value = line.strip_suffix('"')?;
    if let Some((key, _)) = value.split_once(".digest = \"")
        && let Some(subject) = beside::subject(key)
    {
        return Some((subject, false));
    }
    let (name, kind) = value.split_once(".kind = \"")?;
    let is_first = is_word(name) && [READ, WRITE].contains(&kind);
    is_first.then(|| (Subject::Tool(name.to_owned()), kind == WRITE))
}

/// Whether a line stands before the tools, and is of none.
pub(crate) fn is_before_tools(line: &str) -> bool {
    line == TOOLS
}

/// Returns the key of a line that begins a fact of a part.
pub(crate) fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(" = ")?;
    (key.contains('.') && key.split('.').all(is_word)).then_some(key)
}

/// Whether a line follows from the others of its tool, and says nothing by itself.
pub(crate) fn follows(line: &str) -> bool {
    key(line).is_some_and(|key| key.ends_with(".digest") || key.ends_with(".tokens"))
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a line of the head follows from the writes too.
pub(crate) fn is_digest_of_all(line: &str) -> bool {
    line.starts_with("digest = ")
}

/// Returns what is locked of a tool, besides its kind. To lock one more fact is one line here.
fn facts(tool: &Tool, contract: &ToolContract, entry: &Entry) -> String {
    let scopes: Vec<_> = contract.scopes.iter().map(|scope| scope.value.as_str()).collect();
    let rate = contract.rate.as_ref().map_or("unlimited", |rate| &rate.value);
    let timeout = contract.timeout.as_ref();
    let timeout = timeout.and_then(|timeout| duration::seconds(&timeout.value));
    let bytes_max = contract.bytes_max.as_ref().map(|bytes| bytes.value);
    let mut facts = Facts::of(&tool.name);
    facts.text("title", &contract.title.value);
    facts.text("description", &tool.description);
    if let Some(reason) = &contract.disabled {
        facts.text("disabled", &reason.value);
    }
    if let Some(undo) = &contract.undo {
        facts.text("undo", &undo.value);
    }
    facts.line("annotations", entry.annotations.clone());
    facts.line("scopes", scopes);
    facts.line("access", access(tool));
    facts.line("rate", rate);
    facts.line("timeout", format!("{}s", timeout.unwrap_or(bounds::TIMEOUT_SECONDS)));
    facts.line("maxBytes", bytes_max.unwrap_or(bounds::RESULT_BYTES));
    facts.line("cost", cost(&tool.cost));
    if let Some(kind) = tool.resolver {
        facts.line("resolver", kind.name());
    }
    facts.line("tokens", entry.tokens());
    facts.some("filledIn", said::bindings(tool));
    facts.lined("constraints", &said::constraints(tool));
    facts.some("nullable", said::nullable(tool));
    facts.some("untrusted", said::marked(tool, MarkKind::Untrusted));
    facts.some("masked", said::marked(tool, MarkKind::Mask));
    facts.some("omitted", said::marked(tool, MarkKind::Omit));
    facts.lined("lists", &said::lists(tool));
    facts.text("document", &document(&tool.document));
    facts.json("inputSchema", &entry.input_schema);
    facts.json("outputSchema", &entry.output_schema);
    facts.lines
}

/// Lines that say something of a part.
struct Facts<'a> {
    name: &'a str,
    lines: String,
}

impl<'a> Facts<'a> {
    fn of(name: &'a str) -> Self {
        let lines = String::new();
        Self { name, lines }
    }

    /// Adds what is short.
    fn line(&mut self, key: &str, value: impl Into<Value>) {
        self.written(key, &text::inline(&value.into()));
    }

    /// Adds a list, unless it is empty.
    fn some<T: Into<Value>>(&mut self, key: &str, values: Vec<T>) {
        if !values.is_empty() {
            self.line(key, values);
        }
    }

    /// Adds a list with a line for each item, unless it is empty.
    fn lined(&mut self, key: &str, items: &[impl Into<Value> + Clone]) {
        let mut written = String::from("[\n");
        for item in items {
            let _ = writeln!(written, "  {},", text::inline(&item.clone().into()));
        }
        if !items.is_empty() {
            self.written(key, &format!("{written}]"));
        }
    }

    /// Adds a text that may have lines.
    fn text(&mut self, key: &str, value: &str) {
        self.written(key, &text::text(value));
    }

    /// Adds JSON, as text.
    fn json(&mut self, key: &str, value: &Value) {
        self.written(key, &text::json(value));
    }

    fn written(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.lines, "{}.{key} = {value}", self.name);
    }
}

fn kind(tool: &Tool) -> &'static str {
    match tool.folder {
        Folder::Read => READ,
        Folder::Write => WRITE,
    }
}

/// Returns the modes that AppSync lets through, each with its sets of Cognito groups.
fn access(tool: &Tool) -> Value {
    let modes = tool.access.iter();
    let modes = modes.map(|access| (access.mode.name().to_owned(), json!(access.groups)));
    Value::Object(modes.collect())
}

fn cost(cost: &Cost) -> Value {
    let (key, resolvers) = match cost.resolvers {
        Resolvers::Exact(calls) => ("resolvers", calls),
        Resolvers::Estimate(calls) => ("resolversEstimate", calls),
    };
    json!({ "nodes": cost.nodes, "listItems": cost.list_items, "depth": cost.depth, key: resolvers })
}

/// Puts a document's segments together: what can be left out stands in `<…>`, and what can be left out of that too.
///
/// A bracket's variables are those that stand in it, so the text alone says when it goes.
fn document(segments: &[Segment]) -> String {
    let mut text = String::new();
    let mut open: Vec<&[String]> = Vec::new();
    for segment in segments {
        let any = segment.any.as_slice();
        while open
            .last()
            .is_some_and(|outer| any.is_empty() || !any.iter().all(|name| outer.contains(name)))
        {
            open.pop();
            text.push('>');
        }
        if !any.is_empty() && open.last() != Some(&any) {
            text.push('<');
            open.push(any);
        }
        text.push_str(&segment.text);
    }
    text.extend(open.iter().map(|_| '>'));
    text
}

fn summary(
    tool: &Tool,
    contract: &ToolContract,
    entry: &Entry,
    digest: String,
    verified: &Verifications,
) -> ToolSummary {
    let argument = |variable: &Variable| {
        let mark = if crate::json_schema::is_required(variable) {
            ""
        } else {
            "?"
        };
        format!("{}{mark}", variable.name)
    };
    // Only Cognito user pools know groups.
    let groups = tool.access.iter().flat_map(|access| &access.groups);
    ToolSummary {
        name: tool.name.clone(),
        kind: kind(tool),
        title: contract.title.value.clone(),
        description: tool.description.clone(),
        disabled: contract.disabled.as_ref().map(|reason| reason.value.clone()),
        arguments: tool.arguments().map(argument).collect(),
        scopes: contract.scopes.iter().map(|scope| scope.value.clone()).collect(),
        modes: tool.access.iter().map(|access| access.mode.name().to_owned()).collect(),
        groups: groups.map(|groups| groups.iter().cloned().collect()).collect(),
        nodes: tool.cost.nodes,
        rate: contract.rate.as_ref().map(|rate| rate.value.clone()),
        tokens: entry.tokens(),
        verified: verified::verified(verified, &tool.name, &digest),
        digest,
    }
}

fn digest_of(beside: &[beside::Part], tools: &[ToolSummary], is_meant: impl Fn(&str) -> bool) -> String {
    let mut lines = String::new();
    for part in beside {
        let _ = writeln!(lines, "{} {}", part.name, part.digest);
    }
    for tool in tools.iter().filter(|tool| is_meant(tool.kind)) {
        let _ = writeln!(lines, "{} {}", tool.name, tool.digest);
    }
    sha256(&lines)
}

pub(crate) fn sha256(text: &str) -> String {
    let mut digest = String::from("sha256:");
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

//! The failures of the real world, each with its name.
//!
//! Invariant: [`Fault::ALL`] is the only list of them.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// A failure to rehearse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// `createCollection` dereferences its optional `description` unchecked.
    CreateCollectionNullPointer,
    /// HTTP 429 with `Retry-After`.
    Throttling,
    /// The answer comes late, by [`Faults::with_delay_ms`](crate::Faults::with_delay_ms).
    Slow,
    /// The answer never comes.
    Hang,
    /// The connection closes before the request was read to its end.
    CutInRequest,
    /// The connection closes after the request was read. What was asked for is not done.
    CutBeforeExecution,
    /// The connection closes after the request was carried out, without an answer.
    CutConnection,
    /// The connection closes in the middle of the answer.
    CutInAnswer,
    /// One of the four cuts above, by the seed.
    CutAnywhere,
    /// The answer is 32 MiB long.
    Oversized,
    /// The answer ends in the middle of its JSON.
    Malformed,
    /// Nullable fields below the root fail: null, and an error with the path.
    PartialData,
    /// HTTP 500.
    ServerError,
    /// HTTP 503.
    Unavailable,
    /// HTTP 403 with a page of HTML, as from a web application firewall.
    HtmlError,
    /// The API changed since its schema was downloaded: numbers come as text, and required fields as null.
    SchemaDrift,
    /// HTTP 401 as for an expired token, whatever the token.
    UnauthorizedExpired,
    /// `searchCompanies` fails at the largest `limit`, 100: what it collects does not fit into its memory.
    SearchLimit100,
    /// `createCollection` takes its `name` for ASCII.
    NonAscii,
    /// `searchCompanies` and `aiSearch` fail when they find nothing.
    EmptyPage,
    /// The last page of `searchCompanies`, if there was one before it, has a token that leads back to it.
    LastPage,
    /// `aiSearch` does not know the industry `HEALTHCARE`.
    EnumValue,
    /// The company `c-00042` has no name, which the schema requires.
    NullInRequired,
    /// `getCompanies` fails for fifty ids at once.
    BatchOfFifty,
}

impl Fault {
    /// Every fault, with its name and what it does in a line.
    pub const ALL: &[(Self, &str, &str)] = &[
        (
            Self::CreateCollectionNullPointer,
            "create-collection-null-pointer",
            "createCollection dereferences its optional description unchecked",
        ),
        (Self::Throttling, "throttling", "HTTP 429 with Retry-After"),
        (Self::Slow, "slow", "the answer comes late"),
        (Self::Hang, "hang", "the answer never comes"),
        (
            Self::CutInRequest,
            "cut-in-request",
            "the connection closes before the request was read to its end",
        ),
        (
            Self::CutBeforeExecution,
            "cut-before-execution",
            "the connection closes after the request was read, before it is carried out",
        ),
        (
            Self::CutConnection,
            "cut-connection",
            "the connection closes after the request was carried out, without an answer",
        ),
        (
            Self::CutInAnswer,
            "cut-in-answer",
            "the connection closes in the middle of the answer",
        ),
        (
            Self::CutAnywhere,
            "cut-anywhere",
            "the connection closes at one of these four places, by the seed",
        ),
        (Self::Oversized, "oversized", "the answer is 32 MiB long"),
        (
            Self::Malformed,
            "malformed",
            "the answer ends in the middle of its JSON",
        ),
        (Self::PartialData, "partial-data", "nullable fields below the root fail"),
        (Self::ServerError, "server-error", "HTTP 500"),
        (Self::Unavailable, "unavailable", "HTTP 503"),
        (
            Self::HtmlError,
            "html-error",
            "HTTP 403 with a page of HTML, as from a web application firewall",
        ),
        (
            Self::SchemaDrift,
            "schema-drift",
            "numbers come as text, and required names as null",
        ),
        (
            Self::UnauthorizedExpired,
            "unauthorized-expired",
            "HTTP 401 as for an expired token",
        ),
        (
            Self::SearchLimit100,
            "search-limit-100",
            "searchCompanies fails at the largest limit",
        ),
        (
            Self::NonAscii,
            "non-ascii",
            "createCollection fails for a name with characters beyond ASCII",
        ),
        (
            Self::EmptyPage,
            "empty-page",
            "searchCompanies and aiSearch fail when they find nothing",
        ),
        (
            Self::LastPage,
            "last-page",
            "the last of several pages of searchCompanies has a token that leads nowhere",
        ),
        (
            Self::EnumValue,
            "enum-value",
            "aiSearch fails for the industry HEALTHCARE",
        ),
        (
            Self::NullInRequired,
            "null-in-required",
            "the company c-00042 has null for its name, which the schema requires",
        ),
        (
            Self::BatchOfFifty,
            "batch-of-fifty",
            "getCompanies fails for fifty ids at once",
        ),
    ];

    /// Where [`Self::CutAnywhere`] cuts.
    pub const CUTS: &[Self] = &[
        Self::CutInRequest,
        Self::CutBeforeExecution,
        Self::CutConnection,
        Self::CutInAnswer,
    ];

    /// The name that switches it on.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(fault, ..)| *fault == self)
            .map_or("", |(_, name, _)| name)
    }

    /// What it does, in a line.
    pub fn description(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(fault, ..)| *fault == self)
            .map_or("", |(.., description)| description)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

fn all_names() -> String {
    Fault::ALL
        .iter()
        .map(|(_, name, _)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFault {
    /// A name that no fault has.
    #[error(
        "no fault is called `{name}`; did you mean `{suggestion}`? There are: {}",
        all_names()
    )]
    Unknown {
        /// What was written.
        name: String,
        /// The nearest name.
        suggestion: &'static str,
    },
    /// Something after `@` that says no requests.
    #[error(
        "`{fault}@{when}`: {problem}; write `{fault}@3` for the third request, `{fault}@1-2` for the first two, \
         `{fault}@3-` from the third on, or `{fault}@10%` for one in ten"
    )]
    When {
        /// The fault.
        fault: Fault,
        /// What was written after `@`.
        when: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if let Some((fault, ..)) = Self::ALL.iter().find(|(_, own, _)| *own == name) {
            return Ok(*fault);
        }
        let nearest = Self::ALL
            .iter()
            .min_by_key(|(_, own, _)| strsim::damerau_levenshtein(own, name));
        Err(InvalidFault::Unknown {
            name: name.to_owned(),
            suggestion: nearest.map_or("", |(_, own, _)| own),
        })
    }
}

/// The faults of one request.
#[derive(Debug, Clone)]
pub(crate) struct Active {
    pub(crate) faults: Vec<Fault>,
    pub(crate) delay_ms: u64,
}

impl Active {
    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    /// Whether [`Fault::PartialData`] is on and hits the field: one nullable field of each type that a tool selects.
    pub(crate) fn fails_at(&self, type_name: &str, field: &str) -> bool {
        self.has(Fault::PartialData)
            && matches!(
                (type_name, field),
                ("Company", "website")
                    | ("Contact", "role")
                    | ("Collection", "description")
                    | ("EmailDiscovery", "expectedAt")
            )
    }

    /// Whether [`Fault::NullInRequired`] is on and hits the field of this object.
    pub(crate) fn lacks(&self, type_name: &str, field: &str, source: &Value) -> bool {
        let is_hit = |id: &Value| id == "c-00042";
        self.has(Fault::NullInRequired)
            && (type_name, field) == ("Company", "name")
            && source.get("id").is_some_and(is_hit)
    }
}

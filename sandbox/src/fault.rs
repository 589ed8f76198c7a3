//! The failures of the real world, switched on by name.
//!
//! Invariant: all are off unless somebody switches them on, and [`Fault::ALL`] is the only list of them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A failure to rehearse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// `createCollection` dereferences its optional `description` unchecked.
    CreateCollectionNullPointer,
    /// HTTP 429 with `Retry-After`.
    Throttling,
    /// The answer comes late, by [`Faults::with_delay_ms`].
    Slow,
    /// The answer never comes.
    Hang,
    /// The connection closes after the request was read, without an answer. What was asked for is done.
    CutConnection,
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
            Self::CutConnection,
            "cut-connection",
            "the connection closes after the request was carried out, without an answer",
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

/// A name that no fault has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no fault is called `{name}`; did you mean `{suggestion}`? There are: {}",
    all_names()
)]
pub struct UnknownFault {
    name: String,
    suggestion: &'static str,
}

fn all_names() -> String {
    Fault::ALL
        .iter()
        .map(|(_, name, _)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if let Some((fault, ..)) = Self::ALL.iter().find(|(_, own, _)| *own == name) {
            return Ok(*fault);
        }
        let nearest = Self::ALL
            .iter()
            .min_by_key(|(_, own, _)| strsim::damerau_levenshtein(own, name));
        Err(UnknownFault {
            name: name.to_owned(),
            suggestion: nearest.map_or("", |(_, own, _)| own),
        })
    }
}

/// Which faults are on, and for how many requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    on: BTreeMap<Fault, Option<u32>>,
    delay_ms: u64,
}

impl Faults {
    /// No fault at all; [`Fault::Slow`] would mean two seconds.
    pub const NONE: Self = Self {
        on: BTreeMap::new(),
        delay_ms: 2_000,
    };

    /// The same and this fault, until it is switched off.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Self {
        self.set(fault);
        self
    }

    /// The same with another delay for [`Fault::Slow`].
    #[must_use]
    pub fn with_delay_ms(mut self, delay_ms: u64) -> Self {
        self.delay_ms = delay_ms;
        self
    }

    pub(crate) fn set(&mut self, fault: Fault) {
        self.on.insert(fault, None);
    }

    pub(crate) fn set_times(&mut self, fault: Fault, requests: u32) {
        self.on.insert(fault, Some(requests));
    }

    pub(crate) fn clear(&mut self, fault: Fault) {
        self.on.remove(&fault);
    }

    pub(crate) fn set_delay_ms(&mut self, delay_ms: u64) {
        self.delay_ms = delay_ms;
    }

    /// The faults of the next request; each that is on for a number of requests is used up by one.
    pub(crate) fn take(&mut self) -> Active {
        self.on.retain(|_, left| *left != Some(0));
        let faults = self.on.keys().copied().collect();
        for left in self.on.values_mut().flatten() {
            *left -= 1;
        }
        Active {
            faults,
            delay_ms: self.delay_ms,
        }
    }
}

/// The faults of one request.
#[derive(Debug, Clone)]
pub(crate) struct Active {
    faults: Vec<Fault>,
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
}

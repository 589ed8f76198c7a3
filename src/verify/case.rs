//! What is called to verify a tool: a case, by a name that stays the same as long as the contract does.

use crate::decode::JsonObject;

/// One call, or a few that follow each other's pages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    /// Kebab-case: what it is about, such as `without-description` or `limit-at-maximum`.
    pub(crate) name: String,
    /// What the tool is called with.
    pub(crate) arguments: JsonObject,
    /// How often it is called.
    pub(crate) script: Script,
    /// What has to come of it.
    pub(crate) expected: Expected,
    /// The one argument that it is about, if there is one.
    pub(crate) about: Option<&'static str>,
    /// The argument whose very text matters, if one does: a write must not make a name of its own of that.
    pub(crate) exact: Option<&'static str>,
}

/// How often a case calls its tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// Once.
    Once,
    /// Once more with the token of the first page.
    SecondPage(Paging),
    /// With the token of each page until there is none.
    LastPage(Paging),
}

/// Where a tool's pages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paging {
    /// The argument that takes a page's token; the token's key beside the list is the same.
    pub(crate) argument: &'static str,
    /// The list, by the response keys from `data` on.
    pub(crate) list: &'static [&'static str],
}

/// What has to come of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// It is within the contract: the API has to take it.
    Taken,
    /// It is beyond a bound that caps: the API has to take what it is capped to, and the result says so.
    Capped,
    /// It is beyond the contract: nothing is sent.
    Refused,
}

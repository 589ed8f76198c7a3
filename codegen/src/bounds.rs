//! The bounds that hold where the contract names none. Nothing is unbounded.

/// The most characters of a string.
pub(crate) const LENGTH_MAX: i64 = 8192;
/// The most items of a list that is an argument.
pub(crate) const ITEMS_MAX: i64 = 100;
/// The most items of a list of scalars in a result. A list of objects must have a bound.
pub(crate) const LEAVES_MAX: i64 = 100;
/// The most items of each list inside a list in a result.
pub(crate) const INNER_ITEMS_MAX: i64 = 100;
/// The largest bound that a contract may set for a list in a result.
pub(crate) const LIST_MAX: i64 = 1000;
/// The largest whole number that JSON carries exactly everywhere (RFC 8259, section 6): 2^53 - 1.
pub(crate) const INTEGER_MAX: i64 = 9_007_199_254_740_991;
/// The longest that a call may take where the contract sets no timeout, in seconds.
pub(crate) const TIMEOUT_SECONDS: u32 = 20;
/// The longest timeout that a contract may set, in seconds.
// AppSync itself ends a request after 30 seconds; nothing is gained by waiting much longer.
pub(crate) const TIMEOUT_SECONDS_MAX: u32 = 60;
/// The largest result where the contract sets no bound, in bytes of JSON.
pub(crate) const RESULT_BYTES: i64 = 262_144;
/// The largest result that a contract may allow, in bytes of JSON.
pub(crate) const RESULT_BYTES_MAX: i64 = 4_194_304;
/// The most objects in a result. `schema/api.local.json` may say another number.
pub(crate) const NODES_MAX: u64 = 10_000;
/// The most items of all lists of a result together. `schema/api.local.json` may say another number.
pub(crate) const LIST_ITEMS_MAX: u64 = 10_000;
/// The most levels of fields that any API can allow; its own `queryDepthLimit` may be lower
/// (<https://docs.aws.amazon.com/appsync/latest/devguide/configuration-limits.html>).
pub(crate) const DEPTH_MAX: u64 = 75;
/// The most resolver calls of a request that any API can allow; its own `resolverCountLimit` may be lower (as above).
pub(crate) const RESOLVERS_MAX: u64 = 10_000;
/// The most tools that models do well with.
pub(crate) const TOOLS_MAX: usize = 50;
/// The tokens of a tool's entry in the list of tools, beyond which it warns. Usual entries have 300 to 600, and some 900 with
/// an output schema; forty of this size would be 80,000, which is much of what models have, before the first call.
pub(crate) const TOKENS_MAX: usize = 2000;

//! Two schemas and the operations → what changes from one to the other, how bad that is, and which tools it touches.
//!
//! What is breaking, dangerous or safe is as graphql-js has it (`findBreakingChanges`, `findDangerousChanges`) where it
//! says anything; AppSync's directives count by whom they let in, and `schema/api.json` by what tools need of it.
//!
//! Invariant: the order of members, and of what is said of them, is no change.
//! Invariant: nothing depends on the project being valid; an operation that does not parse touches nothing, and
//! [`unread_operations`] names its file.

mod access;
mod applied;
mod diff;
mod directive;
mod facts;
mod field;
mod given;
mod input;
mod member;
mod objects;
mod refused;
mod type_change;
mod types;
mod usage;

use crate::{diagnostic::Diagnostics, parse::loose, source::Sources};
use diff::{Diff, Side};

/// How bad a change of a schema is, whatever an operation uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeClass {
    /// An operation that was valid may be refused, or somebody who could call it no longer can, or its answer may be of
    /// another type.
    Breaking,
    /// Every operation stays valid, and may come to something else; or somebody can read what they could not.
    Dangerous,
    /// Nobody has to know.
    Safe,
}

/// One thing that changes from a schema to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaChange {
    /// How bad it is.
    pub class: ChangeClass,
    /// What it is, such as `field-removed`.
    pub kind: &'static str,
    /// What it is of: a schema coordinate (<https://spec.graphql.org/September2025/#sec-Schema-Coordinates>); `schema` is
    /// the schema itself or all of it, and `schema/api.json#/queryDepthLimit` a key of that file.
    pub coordinate: String,
    /// The fact, with what was and what is.
    pub message: String,
    /// The names of the tools that it touches, sorted. A breaking change touches those that it may break.
    pub operations: Vec<String>,
}

/// Compares two schemas and what `schema/api.json` says of the two APIs; sorted by class, then by coordinate.
///
/// The operations are those of `old`: they are read as far as they parse, whether they are valid or not.
///
/// # Errors
/// What is wrong with the old schema or its `schema/api.json`; or, if nothing is, with the new one. Whoever can't tell
/// which one it is compares each of them with itself before.
pub fn schema_changes(old: &Sources, new: &Sources) -> Result<Vec<SchemaChange>, Diagnostics> {
    let sides = (Side::of(loose::api(old)?), Side::of(loose::api(new)?));
    let operations = loose::operations(old);
    let mut diff = Diff::new(&sides.0, &sides.1, old, &operations);
    types::compare(&mut diff);
    directive::compare(&mut diff);
    facts::compare(&mut diff, old);
    refused::compare(&mut diff, old, &operations);
    Ok(diff.sorted())
}

/// Returns the paths of the files of operations and fragments that do not parse, sorted: what a change means for the tools
/// in them, or for those that use their fragments, [`schema_changes`] can't tell.
pub fn unread_operations(sources: &Sources) -> Vec<String> {
    let unread = loose::operations(sources).unread;
    let paths = unread.iter().filter_map(|index| sources.files.get(*index));
    let mut paths: Vec<String> = paths.map(|file| file.path.clone()).collect();
    paths.sort();
    paths
}

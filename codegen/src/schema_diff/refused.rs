//! The operations as a whole, by the old schema and by the new one → which are not valid any more.
//!
//! A change that is safe alone may break an operation: where two fragments ask for a field of the same name, and one of the
//! fields becomes non-null, the two can't be merged any more
//! (<https://spec.graphql.org/September2025/#SameResponseShape()>).
//!
//! Invariant: an operation that was valid and no longer is is touched by a breaking change.

use super::{ChangeClass::Breaking, diff::Diff};
use crate::{
    parse::loose::Loose,
    source::{SourceFile, Sources},
};

pub(super) fn compare(diff: &mut Diff<'_>, sources: &Sources, operations: &Loose) {
    if diff.is_empty() {
        return;
    }
    for (file, operation) in &operations.operations {
        let Some(tool) = sources.files.get(*file).map(SourceFile::stem) else {
            continue;
        };
        if diff.breaks(tool) || operations.refusal(*file, operation, &diff.old.schema).is_some() {
            continue;
        }
        if let Some(why) = operations.refusal(*file, operation, &diff.new.schema) {
            let message = format!("the operation of `{tool}` is not valid any more: {why}");
            diff.tell(Breaking, "operation-refused", "schema", message, |one| one.name == tool);
        }
    }
}

//! The project as it is, and as it would be → what changes, and for which tools.

use std::{collections::BTreeSet, path::Path};

use appsync_mcp_codegen::{
    ChangeClass, SchemaChange, SourceFile, SourceKind, Sources, schema_changes, unread_operations,
};

use super::renewed::{API, Renewed, SCHEMA};

/// What changes.
pub(super) enum Comparison {
    /// These things, perhaps none.
    Done {
        changes: Vec<SchemaChange>,
        /// The files whose operations and fragments can't be read, so that nobody knows what touches them.
        unread: Vec<String>,
    },
    /// Nobody knows, and why.
    Impossible(String),
}

impl Comparison {
    /// Compares the project in a folder with what it would be.
    pub(super) fn of(renewed: &Renewed, root: &Path) -> Self {
        if !root.join(SCHEMA).exists() {
            return Self::Impossible(format!("there is no {SCHEMA} yet"));
        }
        let old = match Sources::read(root) {
            Ok(old) => old,
            Err(error) => return Self::Impossible(format!("the project can't be read ({error})")),
        };
        // By itself first, so that what is wrong is told of the one that it is in.
        if let Err(found) = schema_changes(&old, &old) {
            return Self::Impossible(format!(
                "{}\nthe schema that is there is none",
                found.render(&old).trim_end()
            ));
        }
        let new = with(&old, renewed);
        match schema_changes(&old, &new) {
            Ok(changes) => Self::Done {
                changes,
                unread: unread_operations(&old),
            },
            Err(found) => Self::Impossible(format!("{}\nthe new schema is none", found.render(&new).trim_end())),
        }
    }

    /// Returns the changes that are known.
    pub(super) fn changes(&self) -> &[SchemaChange] {
        match self {
            Self::Done { changes, .. } => changes,
            Self::Impossible(_) => &[],
        }
    }

    /// Returns the files whose operations and fragments can't be read.
    pub(super) fn unread(&self) -> &[String] {
        match self {
            Self::Done { unread, .. } => unread,
            Self::Impossible(_) => &[],
        }
    }

    /// Says whether a breaking change touches a tool, or may touch one in a file that can't be read.
    pub(super) fn breaks_tools(&self) -> bool {
        let mut breaking = (self.changes().iter()).filter(|change| change.class == ChangeClass::Breaking);
        breaking.any(|change| !change.operations.is_empty() || !self.unread().is_empty())
    }

    /// Returns the tools that changes touch, of one class or of any.
    pub(super) fn touched(&self, class: Option<ChangeClass>) -> BTreeSet<&str> {
        let changes = self.changes().iter();
        changes
            .filter(|change| class.is_none_or(|class| class == change.class))
            .flat_map(|change| change.operations.iter().map(String::as_str))
            .collect()
    }
}

/// Returns a project with the new files in place of its own.
fn with(old: &Sources, renewed: &Renewed) -> Sources {
    let mut new = old.clone();
    let files = [
        (SourceKind::Schema, SCHEMA, Some(&renewed.schema)),
        (SourceKind::Api, API, renewed.api.as_ref()),
    ];
    for (kind, path, text) in files {
        if let Some(text) = text {
            new.files.retain(|file| file.kind != kind);
            new.files.push(SourceFile {
                path: path.to_owned(),
                text: text.clone(),
                kind,
            });
        }
    }
    new.files.sort_by(|a, b| a.path.cmp(&b.path));
    new
}

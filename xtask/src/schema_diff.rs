//! What changes from a schema to another → JSON for machines, and lines for people.
//!
//! The command itself is hidden: `refresh-schema` is what maintainers use, and prints the same.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use appsync_mcp_codegen::{
    ChangeClass, SchemaChange, SourceFile, SourceKind, Sources, schema_changes, visible, visible_json,
};
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use crate::{project, voice};

#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// The SDL that is there.
    #[arg(value_name = "OLD.graphql")]
    old: PathBuf,
    /// The SDL that takes its place.
    #[arg(value_name = "NEW.graphql")]
    new: PathBuf,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// Prints what changes; the tools that are touched are the current folder's, if there are any.
pub(crate) fn run(args: &Args) -> ExitCode {
    let mut both = Vec::new();
    for path in [&args.old, &args.new] {
        let sources = match with_schema(path) {
            Ok(sources) => sources,
            Err(error) => {
                voice::error(format_args!("{}: {error}", path.display()));
                return ExitCode::FAILURE;
            }
        };
        // Each alone first, so that what is wrong is told of the file that it is in.
        if let Err(found) = schema_changes(&sources, &sources) {
            eprint!("{}", found.render(&sources));
            return ExitCode::FAILURE;
        }
        both.push(sources);
    }
    let [old, new] = both.as_slice() else {
        return ExitCode::FAILURE;
    };
    let changes = match schema_changes(old, new) {
        Ok(changes) => changes,
        Err(found) => {
            eprint!("{}", found.render(new));
            return ExitCode::FAILURE;
        }
    };
    let text = if args.json {
        visible_json(&format!("{}\n", json(&changes)))
    } else {
        text(&changes)
    };
    voice::end(project::print(&text))
}

/// Returns changes as `{"changes": [{"class", "kind", "coordinate", "message", "operations"}]}`.
pub(crate) fn json(changes: &[SchemaChange]) -> Value {
    let one = |change: &SchemaChange| {
        json!({
            "class": class(change.class),
            "kind": change.kind,
            "coordinate": change.coordinate,
            "message": change.message,
            "operations": change.operations,
        })
    };
    json!({ "changes": changes.iter().map(one).collect::<Vec<_>>() })
}

/// Returns changes as lines for people: `breaking  the field `Company.fax` is gone (touches get_company)`.
pub(crate) fn text(changes: &[SchemaChange]) -> String {
    let one = |change: &SchemaChange| {
        let tools = match change.operations.as_slice() {
            [] => String::new(),
            tools => format!(" (touches {})", tools.join(", ")),
        };
        // The names of an API and of Cognito's groups may be in it.
        let message = visible(&change.message);
        format!("{:<9}  {message}{tools}\n", class(change.class))
    };
    changes.iter().map(one).collect()
}

/// Returns a class's name: `breaking`, `dangerous` or `safe`.
pub(crate) fn class(class: ChangeClass) -> &'static str {
    match class {
        ChangeClass::Breaking => "breaking",
        ChangeClass::Dangerous => "dangerous",
        ChangeClass::Safe => "safe",
    }
}

/// Returns the current folder's project with another schema; where there is no project, the schema alone.
fn with_schema(path: &Path) -> io::Result<Sources> {
    let mut sources = if Path::new("schema/schema.graphql").exists() {
        Sources::read(Path::new("."))?
    } else {
        Sources::default()
    };
    sources.files.retain(|file| file.kind != SourceKind::Schema);
    sources.files.push(SourceFile {
        path: path.to_string_lossy().replace('\\', "/"),
        text: fs::read_to_string(path)?,
        kind: SourceKind::Schema,
    });
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_to_machines_and_to_people() {
        let change = |class, operations: &[&str]| SchemaChange {
            class,
            kind: "field-removed",
            coordinate: "Company.fax".to_owned(),
            message: "the field `Company.fax` is gone".to_owned(),
            operations: operations.iter().map(ToString::to_string).collect(),
        };
        let changes = [
            change(ChangeClass::Breaking, &["one", "two"]),
            change(ChangeClass::Safe, &[]),
        ];
        assert_eq!(
            text(&changes),
            "breaking   the field `Company.fax` is gone (touches one, two)\nsafe       the field `Company.fax` is gone\n"
        );
        assert_eq!(
            json(&changes[..1]).to_string(),
            r#"{"changes":[{"class":"breaking","kind":"field-removed","coordinate":"Company.fax","message":"the field `Company.fax` is gone","operations":["one","two"]}]}"#
        );
    }
}

//! `cargo xtask refresh-schema`: an API id, an endpoint or a file → `schema/schema.graphql` and `schema/api.json`, and what
//! the change means for the tools.
//!
//! Exit codes: 0, all went well; 1, `--check` found a breaking change of what tools use, or of what they may use
//! in a file that does not parse, or a file can't be written; 2, the
//! command line, the configuration or the project is wrong; 3, there is no new schema, since its source could not be read or
//! gave none.
//!
//! Invariant: with `--json` there is one object on standard output, whatever happens, but for a command line that is none.
//! Invariant: nothing is written unless the new schema is one; each file is then the old one or the new one, whole.
//! Invariant: a file that would not change is not touched, and `schema/api.local.json` never is.

mod api;
mod compare;
mod connection;
mod file;
mod introspect;
mod mask;
mod renewed;
mod report;
mod source;

use std::{io, path::Path, path::PathBuf, process::ExitCode};

use appsync_mcp_codegen::visible_json;
use serde_json::json;

use crate::{project, voice};
use compare::Comparison;
use connection::ConnectionFlags;
use renewed::Renewed;
use report::Report;
use source::Source;

pub(crate) const EXAMPLES: &str = "\
Examples:
  cargo xtask refresh-schema --api-id abcdefghijklmnopqrstuvwxyz --region eu-west-1
      By AppSync's control plane, with the AWS credentials of the environment or profile: the schema with all directives,
      and schema/api.json.
  cargo xtask refresh-schema --endpoint https://api.example.com/graphql --auth iam --region eu-west-1
      By introspection, authorized as the server is. It tells no directives; those of the old file are kept.
  cargo xtask refresh-schema --from downloaded.graphql
      From a file: SDL, or the JSON of an introspection result. `-` is standard input.
  cargo xtask refresh-schema --check --json --api-id abcdefghijklmnopqrstuvwxyz
      For CI: writes nothing, and exits with 1 if a breaking change touches a tool, with 3 if the API could not be read.";

/// What the command line says.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Read the API of this id from AppSync's control plane: `GetIntrospectionSchema`, `GetGraphqlApi` and, where the
    /// credentials allow it, `ListResolvers`.
    #[arg(long, value_name = "ID", conflicts_with_all = connection::OF_ENDPOINT)]
    api_id: Option<String>,
    /// Where AppSync's control plane is, if not at AWS's own place in the region.
    #[arg(long, value_name = "URL", requires = "api_id")]
    control_plane: Option<String>,
    /// Read a file: SDL or an introspection result; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["api_id", "control_plane"], conflicts_with_all = connection::ALL)]
    from: Option<PathBuf>,
    /// Write nothing; exit with 1 if a breaking change touches a tool.
    #[arg(long)]
    check: bool,
    /// Print one JSON object, and everything else to standard error. On failure it is `{"error": TEXT, "exitCode": N}`.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: ConnectionFlags,
}

/// Why the schema is not refreshed.
#[derive(Debug)]
enum Failure {
    /// The command line, the configuration or the project is wrong.
    Setup(String),
    /// There is no new schema.
    Source(String),
    /// A file can't be written, or nobody can be told.
    Write(io::Error),
}

/// Refreshes the project in the current folder.
pub(crate) fn run(args: Args) -> ExitCode {
    let is_json = args.json;
    match refresh(args, Path::new(".")) {
        Ok(code) => code,
        Err(failure) => {
            let (code, text) = match failure {
                Failure::Write(error) => (1, error.to_string()),
                Failure::Setup(text) => (2, text),
                Failure::Source(text) => (3, text),
            };
            // What the build says of a schema begins so itself.
            let text = text.strip_prefix("error: ").unwrap_or(&text);
            voice::error(text);
            if is_json {
                let json = format!("{}\n", json!({ "error": text, "exitCode": code }));
                // That nobody can be told is no news any more.
                let _ = project::print(&visible_json(&json));
            }
            ExitCode::from(code)
        }
    }
}

fn refresh(args: Args, root: &Path) -> Result<ExitCode, Failure> {
    let (is_check, is_json) = (args.check, args.json);
    let source = Source::of(args)?;
    let source_name = source.name();
    let renewed = Renewed::of(source.read()?, root)?;
    let comparison = Comparison::of(&renewed, root);
    if is_check && let Comparison::Impossible(why) = &comparison {
        return Err(Failure::Setup(format!("{why}, so that nothing can be checked")));
    }
    let changed = renewed.changed(root);
    if !is_check {
        file::write(&changed, root).map_err(Failure::Write)?;
    }
    let report = Report {
        source: source_name,
        renewed: &renewed,
        comparison: &comparison,
        changed: changed.iter().map(|file| file.path).collect(),
        is_check,
    };
    report.print(is_json).map_err(Failure::Write)?;
    Ok(if is_check && comparison.breaks_tools() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

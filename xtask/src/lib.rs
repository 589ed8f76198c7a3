//! Commands for those who maintain a project's schema and operations: `cargo xtask COMMAND`.
//!
//! A library with a thin `main.rs`, so that every project has the same commands.
//! Invariant: never depends on the server crate; it has to run when the schema is broken and the server does not build.

mod adopt;
mod bless;
mod check;
mod corpus;
mod new;
mod prelude;
mod project;
mod refresh;
mod schema_diff;
mod tools;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use tools::Table;

/// Commands for maintainers.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks `schema/` and `operations/` and writes nothing: what a build would say, sooner.
    Check,
    /// Prints the Rust that a build would generate.
    Expand,
    /// Turns plain operations into tools: one file each, with the least contract that the rules demand, and says what it assumed.
    Adopt {
        /// Files of operations and fragments, as Amplify or a client project keeps them.
        #[arg(value_name = "FILE.graphql", required = true)]
        files: Vec<PathBuf>,
    },
    /// Adopts and compiles every API of a folder: one folder each, with a schema and operations.
    CheckCorpus {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Prints what is decided of each operation as JSON, and compiles nothing.
        #[arg(long)]
        json: bool,
    },
    /// Accepts what has changed: writes `schema/tools.lock` and the README's table, then runs the tests and rewrites the
    /// snapshots that differ.
    Bless,
    /// Fetches the API's schema, and says what its changes mean for the tools.
    #[command(after_help = refresh::EXAMPLES)]
    RefreshSchema(refresh::Args),
    /// Prints a table of the tools.
    Tools {
        /// Write it into README.md, between `<!-- tools:begin -->` and `<!-- tools:end -->`.
        #[arg(long)]
        markdown: bool,
        /// Write nothing, and fail if README.md does not have it.
        #[arg(long)]
        check: bool,
    },
    /// Prints what changes from an SDL to another, and which of this project's tools that touches.
    #[command(hide = true)]
    SchemaDiff(schema_diff::Args),
    /// Writes a project of its own for another API: a folder with an example to replace.
    New(new::Args),
}

/// Runs the command that the arguments name, in the current folder: the project's root, where `cargo xtask` starts it.
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Check => check::check(),
        Command::Expand => check::expand(),
        Command::Adopt { files } => adopt::run(&files),
        Command::CheckCorpus { folder, json: true } => corpus::run(&folder, corpus::Until::Judged),
        Command::CheckCorpus { folder, json: false } => corpus::run(&folder, corpus::Until::Compiled),
        Command::Bless => bless::bless(),
        Command::SchemaDiff(args) => schema_diff::run(&args),
        Command::New(args) => new::new(args),
        Command::RefreshSchema(args) => refresh::run(args),
        Command::Tools { check: true, .. } => tools::tools(Table::Check),
        Command::Tools { markdown: true, .. } => tools::tools(Table::Write),
        Command::Tools { .. } => tools::tools(Table::Print),
    }
}

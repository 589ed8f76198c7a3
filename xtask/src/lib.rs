//! Commands for those who maintain a project's schema and operations: `cargo xtask COMMAND`.
//!
//! A library with a thin `main.rs`, so that every project has the same commands.
//! Invariant: never depends on the server crate; it has to run when the schema is broken and the server does not build.

mod bless;
mod check;
mod project;
mod tools;

use std::process::ExitCode;

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
    /// Accepts what has changed: writes `schema/tools.lock` and the README's table, then runs the tests and rewrites the
    /// snapshots that differ.
    Bless,
    /// Prints a table of the tools.
    Tools {
        /// Write it into README.md, between `<!-- tools:begin -->` and `<!-- tools:end -->`.
        #[arg(long)]
        markdown: bool,
        /// Write nothing, and fail if README.md does not have it.
        #[arg(long)]
        check: bool,
    },
}

/// Runs the command that the arguments name, in the current folder: the project's root, where `cargo xtask` starts it.
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Check => check::check(),
        Command::Expand => check::expand(),
        Command::Bless => bless::bless(),
        Command::Tools { check: true, .. } => tools::tools(Table::Check),
        Command::Tools { markdown: true, .. } => tools::tools(Table::Write),
        Command::Tools { .. } => tools::tools(Table::Print),
    }
}

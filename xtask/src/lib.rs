//! Commands for those who maintain a project's schema and operations: `cargo xtask COMMAND`.
//!
//! A library with a thin `main.rs`, so that every project has the same commands.
//! Invariant: never depends on the server crate; it has to run when the schema is broken and the server does not build.

mod adopt;
mod bless;
mod check;
mod ci;
mod corpus;
mod dist;
mod new;
mod prelude;
mod project;
mod refresh;
mod schema_diff;
mod table;
mod tools;
mod verify;
mod voice;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use tools::Table;

/// Commands for maintainers of a project: its schema, its operations, and what is shipped of it.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true, after_help = HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const HELP: &str = "\
Exit codes: 0, done, and nothing is wrong; 1, something is, or could not be done; 2, the command line is wrong.
A command that has more of them, or means more by them, says so in its own help.
Results go to standard output, everything else to standard error.

Example:
  cargo xtask check";

// The first paragraph says in one sentence what a command does, the second what it writes, and what its exit codes mean
// where that is not plain. An example follows.
#[derive(Debug, Subcommand)]
enum Command {
    /// Checks `schema/` and `operations/`: what a build would say, sooner.
    ///
    /// Writes nothing. Exit code 1 is: a build would fail.
    #[command(after_help = "Example:\n  cargo xtask check")]
    Check,
    /// Prints the Rust that a build would generate, reviewed or not.
    ///
    /// Writes nothing.
    #[command(after_help = "Example:\n  cargo xtask expand | less")]
    Expand,
    /// Turns plain operations into tools: one file each, with the least contract that the rules demand, and says what it assumed.
    ///
    /// Writes files in `operations/`, of which none that is there is touched, and adds to the scalars of
    /// `schema/api.local.json`. Exit code 1 is: an operation was refused; the others are adopted all the same.
    #[command(
        after_help = "Example:\n  cargo xtask adopt ../app/src/graphql/queries.graphql ../app/src/graphql/mutations.graphql"
    )]
    Adopt {
        /// Files of operations and fragments, as Amplify or a client project keeps them.
        #[arg(value_name = "FILE.graphql", required = true)]
        files: Vec<PathBuf>,
    },
    /// Adopts and compiles every API of a folder: one folder each, with a schema and operations.
    ///
    /// Writes nothing but packages in Cargo's target folder. Exit code 1 is: an API is not taken.
    #[command(after_help = "Example:\n  cargo xtask check-corpus xtask/tests/corpus")]
    CheckCorpus {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Print what is decided of each operation as JSON, and compile nothing.
        #[arg(long)]
        json: bool,
    },
    /// Accepts what has changed of the tools, and of the texts that tests expect.
    ///
    /// Writes `schema/tools.lock` and the README's table of tools, then runs all tests and rewrites the snapshots that differ.
    #[command(after_help = "Example:\n  cargo xtask bless && git diff")]
    Bless,
    /// Fetches the API's schema, and says what its changes mean for the tools.
    ///
    /// Writes `schema/schema.graphql` in a canonical form, without comments, and with `--api-id` also `schema/api.json`, of which
    /// other sources only drop resolvers whose field is gone. `schema/api.local.json` is never touched. Exit code 1 is: with
    /// `--check`, a breaking change touches a tool, or may touch one in a file that does not parse; or a file can't be written.
    /// 2 is also: the configuration or the project is wrong; 3: there is no new schema, since its source could not be read or
    /// gave none.
    #[command(after_help = refresh::EXAMPLES)]
    RefreshSchema(refresh::Args),
    /// Prints a table of the tools.
    ///
    /// Writes nothing, but with `--markdown` into README.md.
    #[command(after_help = "Example:\n  cargo xtask tools --markdown")]
    Tools {
        /// Write it into README.md, between `<!-- tools:begin -->` and `<!-- tools:end -->`.
        #[arg(long)]
        markdown: bool,
        /// Write nothing, and fail if README.md does not have it.
        #[arg(long)]
        check: bool,
    },
    /// Prints what changes from an SDL to another, and which of this project's tools that touches.
    ///
    /// Writes nothing.
    #[command(
        hide = true,
        after_help = "Example:\n  cargo xtask schema-diff schema/schema.graphql new.graphql --json"
    )]
    SchemaDiff(schema_diff::Args),
    /// Runs what CI runs: formatting, lints, the checks of this command, the build, the tests, the documentation, drift and
    /// verification.
    ///
    /// Writes nothing but Cargo's target folder. A project that has a `.ci/run` says itself what runs. The first step that
    /// fails is the last one, and exit code 1. Drift is looked for if `APPSYNC_API_ID` or `APPSYNC_MCP_ENDPOINT` is set, verification if
    /// there is a `schema/verified.lock`.
    #[command(after_help = "Example:\n  APPSYNC_API_ID=abcdefghijklmnopqrstuvwxyz cargo xtask ci")]
    Ci,
    /// Ships the program: without a sandbox, with a bundle for desktop clients (`.mcpb`) and checksums.
    ///
    /// Writes `target/dist/NAME-VERSION-TRIPLE/` anew. It refuses tools that are not verified. The same sources give the same
    /// bytes, in whichever folder they are: flags for rustc come from `RUSTFLAGS` and not from Cargo's configuration.
    /// Which features are shipped, `dist-features` in `[package.metadata.appsync-mcp]` says; left out, the default ones. The
    /// profile is `dist`, or `release` if the workspace has none of that name.
    #[command(after_help = "Example:\n  cargo xtask dist --no-writes")]
    Dist(dist::Args),
    /// Calls every tool of an API with cases made from its contract, and keeps which of them passed.
    ///
    /// Builds the program and runs it. Writes `schema/verified.lock`, unless only some cases are asked for: a tool that passed
    /// is in it as it is now, one that failed is not. Exit code 1 is: a case failed, or could not be tried; 2 is also: the
    /// program's own flags or settings are wrong.
    #[command(after_help = verify::HELP)]
    Verify(verify::Args),
    /// Writes a project of its own for another API: a folder with an example to replace.
    ///
    /// Writes the folder whole, or not at all; one that is there and not empty is left alone.
    #[command(after_help = "Example:\n  cargo xtask new ../books-mcp")]
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
        Command::Ci => ci::run(),
        Command::Dist(args) => dist::run(&args),
        Command::New(args) => new::new(args),
        Command::Verify(args) => verify::verify(&args),
        Command::RefreshSchema(args) => refresh::run(args),
        Command::Tools { check: true, .. } => tools::tools(Table::Check),
        Command::Tools { markdown: true, .. } => tools::tools(Table::Write),
        Command::Tools { .. } => tools::tools(Table::Print),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn each_command_says_what_it_does_and_shows_how() {
        let mut all = Cli::command();
        all.build();
        assert!(
            all.render_long_help()
                .to_string()
                .contains("\nExample:\n  cargo xtask ")
        );
        for command in all.get_subcommands_mut() {
            let name = command.get_name().to_owned();
            let help = command.render_long_help().to_string();
            assert!(
                help.contains("\nExample:\n  ") || help.contains("\nExamples:\n  "),
                "{name}: {help}"
            );
            assert!(help.contains(&format!("cargo xtask {name}")), "{name}: {help}");
            // In the third person, as doc comments begin.
            let verb = help.split_whitespace().next().unwrap();
            assert!(
                verb.ends_with('s') && verb.starts_with(char::is_uppercase),
                "{name}: {verb}"
            );
        }
    }

    #[test]
    fn the_declaration_is_sound() {
        Cli::command().debug_assert();
    }
}

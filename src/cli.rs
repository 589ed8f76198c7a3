//! The command line: `serve` (also without a subcommand), `tools`, `call` and `doctor`.
//!
//! Invariant: only here are flags declared; what they mean is `config.rs`'s business.

pub(crate) mod argument;
pub(crate) mod call;
pub(crate) mod doctor;
pub(crate) mod tools;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::{ALLOW_MUTATIONS, CHECK_SCHEMA, Key, LOG, looks_like_secret};

/// What the command line says.
#[derive(Debug)]
pub(crate) struct Invocation {
    /// The settings that are flags.
    pub(crate) flags: Vec<(Key, OsString)>,
    /// The sandbox to start, if one is asked for.
    pub(crate) sandbox: Option<SandboxOptions>,
    /// What to do.
    pub(crate) command: Command,
}

/// What the sandbox is to be like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SandboxOptions {
    /// How many companies it holds; `None` is: as many as it likes.
    pub companies: Option<u32>,
    /// The faults to switch on, by name, each with the requests that it hits: `throttling@3`.
    pub faults: Vec<String>,
    /// Where it keeps the data of many companies; `None` is: where it likes.
    pub cache: Option<PathBuf>,
    /// The SDL that it serves; `None` is: its own.
    pub schema: Option<PathBuf>,
    /// Whether it refuses to tell its schema.
    pub no_introspection: bool,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub(crate) enum Command {
    /// Serve MCP over standard input and output; this is also what happens without a subcommand
    Serve,
    /// List the tools with their arguments and bounds; needs no API
    Tools {
        /// Print JSON: every tool with its whole contract
        #[arg(long)]
        json: bool,
    },
    /// Call one tool and print its result as a table
    #[command(after_help = CALL_HELP)]
    Call {
        /// The tool's name
        name: String,
        /// `key=value`, or a JSON object with arguments
        #[arg(value_name = "KEY=VALUE | JSON")]
        arguments: Vec<String>,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
        /// Print the request, without secrets, and send nothing; works for writes that are not allowed, too
        #[arg(long)]
        dry_run: bool,
    },
    // Hidden, since `cargo xtask verify` drives it and reads what it prints.
    /// Call every tool with cases made from its contract, and print a JSON object a line
    #[command(hide = true)]
    Verify(VerifyFlags),
    /// Check configuration, credential, API and schema, and each tool; say what to do about what fails
    #[command(after_help = DOCTOR_HELP)]
    Doctor {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Call no tool, not even those that only read
        #[arg(long)]
        no_calls: bool,
    },
}

/// What is verified, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub(crate) struct VerifyFlags {
    /// Call writes, too
    #[arg(long)]
    pub(crate) include_writes: bool,
    /// The endpoint is a staging one: what is written there harms nobody
    #[arg(long)]
    pub(crate) staging: bool,
    /// Only this tool; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) tool: Vec<String>,
    /// Only this case; may be repeated
    #[arg(long, value_name = "TOOL:CASE")]
    pub(crate) case: Vec<String>,
    /// Keep each exchange in this folder, without secrets and personal data
    #[arg(long, value_name = "DIR")]
    pub(crate) record: Option<PathBuf>,
    /// Call nothing: go through the exchanges in this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["include_writes", "staging", "tool", "case", "record"])]
    pub(crate) replay: Option<PathBuf>,
}

const DOCTOR_HELP: &str = "\
Tools that only read are called once, with the examples of their contract; those that may write are never called.

Exit codes: 0, nothing failed; 1, something did; 2, the command line or the configuration is wrong.";

const CALL_HELP: &str = "\
Examples:
  call TOOL text=hello limit=50
  call TOOL ids=1,2                      a list: with commas, or the key more than once
  call TOOL --json '{\"text\": \"hello\"}'   a JSON object in, JSON out";

/// An MCP server for an AWS AppSync GraphQL API: every operation a tool
#[derive(Debug, Parser)]
#[command(disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    settings: SettingFlags,
    #[command(subcommand)]
    command: Option<Command>,
}

// The flags of `config.rs`. No doc comment here or below: clap would show it as the program's description.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
struct SettingFlags {
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = Key::ENDPOINT.help
    )]
    endpoint: Option<OsString>,
    #[arg(
        long,
        global = true,
        value_name = "MODE",
        help = Key::AUTH.help
    )]
    auth: Option<OsString>,
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = Key::API_KEY_FILE.help
    )]
    api_key_file: Option<OsString>,
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = Key::BEARER_FILE.help
    )]
    bearer_file: Option<OsString>,
    #[arg(
        long,
        global = true,
        value_name = "COMMAND",
        help = Key::TOKEN_COMMAND.help
    )]
    token_command: Option<OsString>,
    #[arg(
        long,
        global = true,
        help = Key::BEARER_PREFIX.help
    )]
    bearer_prefix: bool,
    #[arg(
        long,
        global = true,
        value_name = "REGION",
        help = Key::REGION.help
    )]
    region: Option<OsString>,
    #[arg(
        long,
        global = true,
        help = Key::INSECURE_HTTP.help
    )]
    insecure_http: bool,
    #[arg(
        long,
        global = true,
        value_name = "NAMES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        help = ALLOW_MUTATIONS.help
    )]
    allow_mutations: Option<OsString>,
    #[arg(
        long,
        global = true,
        help = CHECK_SCHEMA.help
    )]
    check_schema: bool,
    #[arg(
        long,
        global = true,
        value_name = "LEVEL",
        help = LOG.help
    )]
    log: Option<OsString>,
}

impl SettingFlags {
    /// Returns those that were given.
    fn given(self) -> Vec<(Key, OsString)> {
        let yes = |is_on: bool| is_on.then(|| OsString::from("true"));
        let all = [
            (Key::ENDPOINT, self.endpoint),
            (Key::AUTH, self.auth),
            (Key::API_KEY_FILE, self.api_key_file),
            (Key::BEARER_FILE, self.bearer_file),
            (Key::TOKEN_COMMAND, self.token_command),
            (Key::BEARER_PREFIX, yes(self.bearer_prefix)),
            (Key::REGION, self.region),
            (Key::INSECURE_HTTP, yes(self.insecure_http)),
            (ALLOW_MUTATIONS, self.allow_mutations),
            (CHECK_SCHEMA, yes(self.check_schema)),
            (LOG, self.log),
        ];
        let given = all.into_iter().filter_map(|(key, value)| Some((key, value?)));
        given.collect()
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Sandbox")]
struct SandboxFlags {
    /// Talk to a local API with made-up data that this very program starts
    #[arg(long, global = true)]
    sandbox: bool,
    /// How many companies the sandbox holds
    #[arg(long, global = true, value_name = "N")]
    sandbox_companies: Option<u32>,
    /// Switch on a fault in the sandbox, such as `throttling`, `throttling@10%`, `throttling@3` (the third request only),
    /// `throttling@1-2` or `throttling@3-`; may be repeated
    #[arg(long, global = true, value_name = "NAME[@WHEN]")]
    sandbox_fault: Vec<String>,
    /// Folder to keep the data of many companies in [default: the platform's cache folder]
    #[arg(long, global = true, value_name = "DIR")]
    sandbox_cache: Option<PathBuf>,
    /// SDL that the sandbox serves in place of its own, to see what a changed schema does
    #[arg(long, global = true, value_name = "FILE")]
    sandbox_schema: Option<PathBuf>,
    /// Let the sandbox refuse to tell its schema
    #[arg(long, global = true)]
    sandbox_no_introspection: bool,
}

/// Reads the command line; its first item is the program's own name. The error prints itself, on the right stream.
pub(crate) fn parse(
    name: &'static str,
    version: String,
    has_sandbox: bool,
    line: impl IntoIterator<Item = OsString>,
) -> Result<Invocation, clap::Error> {
    let mut command = Cli::command().name(name).bin_name(name).version(version);
    if has_sandbox {
        command = SandboxFlags::augment_args(command);
    }
    let matches = command
        .clone()
        .try_get_matches_from(line)
        .map_err(|error| with_secret_tip(error, &command))?;
    let cli = Cli::from_arg_matches(&matches)?;
    let sandbox = if has_sandbox {
        sandbox(SandboxFlags::from_arg_matches(&matches)?, &mut command)?
    } else {
        None
    };
    Ok(Invocation {
        flags: cli.settings.given(),
        sandbox,
        command: cli.command.unwrap_or(Command::Serve),
    })
}

fn sandbox(flags: SandboxFlags, command: &mut clap::Command) -> Result<Option<SandboxOptions>, clap::Error> {
    // Not clap's `requires`: it does not see a global flag that stands on the other side of a subcommand.
    let is_described = flags.sandbox_companies.is_some()
        || !flags.sandbox_fault.is_empty()
        || flags.sandbox_cache.is_some()
        || flags.sandbox_schema.is_some()
        || flags.sandbox_no_introspection;
    if is_described && !flags.sandbox {
        return Err(command.error(
            ErrorKind::MissingRequiredArgument,
            "flags that begin with `--sandbox-` need `--sandbox`",
        ));
    }
    let options = SandboxOptions {
        companies: flags.sandbox_companies,
        faults: flags.sandbox_fault,
        cache: flags.sandbox_cache,
        schema: flags.sandbox_schema,
        no_introspection: flags.sandbox_no_introspection,
    };
    Ok(flags.sandbox.then_some(options))
}

/// A secret on the command line is in the list of processes for everybody on the machine, so there is no flag for one;
/// who tries learns where it goes, and sees nothing of it again.
fn with_secret_tip(error: clap::Error, command: &clap::Command) -> clap::Error {
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) => flag.split('=').next().unwrap_or_default(),
        _ => "",
    };
    let file_flag = match flag {
        "--api-key" | "--key" | "--x-api-key" => "--api-key-file",
        "--bearer" | "--token" | "--bearer-token" | "--access-token" | "--id-token" => "--bearer-file",
        _ if error.context().any(|(_, value)| shows_secret(value)) => "--api-key-file FILE` or `--bearer-file",
        _ => return error,
    };
    command.clone().error(
        ErrorKind::UnknownArgument,
        format!(
            "a secret must not stand on the command line, where other users of this machine can read it: \
             write it to a file that only you can read, and use `{file_flag} FILE`"
        ),
    )
}

fn shows_secret(value: &ContextValue) -> bool {
    let is_secret = |text: &str| text.split('=').any(looks_like_secret) || looks_like_secret(text);
    match value {
        ContextValue::String(text) => is_secret(text),
        ContextValue::Strings(texts) => texts.iter().any(|text| is_secret(text)),
        _ => false,
    }
}

/// Writes to standard output. That nobody reads on, as with `| head`, is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str, has_sandbox: bool) -> Result<Invocation, String> {
        let line = std::iter::once("appsync-mcp")
            .chain(line.split_whitespace())
            .map(OsString::from);
        parse("appsync-mcp", "1.2.3".to_owned(), has_sandbox, line).map_err(|error| error.to_string())
    }

    fn call(line: &str) -> (Invocation, String, Vec<String>) {
        let invocation = parse_line(line, true).unwrap();
        let Command::Call { name, arguments, .. } = invocation.command.clone() else {
            panic!("{invocation:?}")
        };
        (invocation, name, arguments)
    }

    #[test]
    fn options_may_stand_anywhere() {
        for line in [
            "call --sandbox search_companies keywords=SaaS country=Germany employeesMin=50",
            "--sandbox call search_companies keywords=SaaS country=Germany employeesMin=50",
            "call search_companies keywords=SaaS --sandbox country=Germany employeesMin=50",
            "call search_companies keywords=SaaS country=Germany employeesMin=50 --sandbox",
        ] {
            let (invocation, name, arguments) = call(line);
            assert_eq!(name, "search_companies", "{line}");
            assert_eq!(
                arguments,
                ["keywords=SaaS", "country=Germany", "employeesMin=50"],
                "{line}"
            );
            assert_eq!(invocation.sandbox, Some(SandboxOptions::default()), "{line}");
        }
    }

    #[test]
    fn nothing_is_serve() {
        let invocation = parse_line("", false).unwrap();
        assert_eq!(invocation.command, Command::Serve);
        assert_eq!(invocation.sandbox, None);
        assert_eq!(invocation.flags, []);
    }

    #[test]
    fn mutations_are_allowed_all_or_by_name() {
        for (line, expected) in [
            ("--allow-mutations", "true"),
            ("--allow-mutations=a,b", "a,b"),
            // Without `=`, what follows is the subcommand and no name.
            ("--allow-mutations serve", "true"),
            ("serve --allow-mutations=a", "a"),
        ] {
            let invocation = parse_line(line, false).unwrap();
            assert_eq!(invocation.flags, [(ALLOW_MUTATIONS, expected.into())], "{line}");
            assert_eq!(invocation.command, Command::Serve, "{line}");
        }
    }

    #[test]
    fn the_sandbox_has_flags_only_where_there_is_one() {
        let error = parse_line("serve --sandbox", false).unwrap_err();
        assert!(error.contains("unexpected argument '--sandbox'"), "{error}");
        let invocation = parse_line(
            "--sandbox-companies 50 serve --sandbox --sandbox-fault slow --sandbox-fault hang --sandbox-cache here \
             --sandbox-schema new.graphql --sandbox-no-introspection",
            true,
        )
        .unwrap();
        let faults = vec!["slow".to_owned(), "hang".to_owned()];
        assert_eq!(
            invocation.sandbox,
            Some(SandboxOptions {
                companies: Some(50),
                faults,
                cache: Some(PathBuf::from("here")),
                schema: Some(PathBuf::from("new.graphql")),
                no_introspection: true,
            })
        );
        for line in [
            "--sandbox-fault slow",
            "--sandbox-companies 50",
            "--sandbox-cache here",
            "--sandbox-schema new.graphql",
            "--sandbox-no-introspection",
        ] {
            let error = parse_line(line, true).unwrap_err();
            assert!(error.contains("need `--sandbox`"), "{error}");
        }
    }

    #[test]
    fn a_secret_on_the_line_is_refused_and_not_repeated() {
        for (line, flag) in [
            ("--api-key da2-secret", "--api-key-file"),
            ("--api-key=da2-secret serve", "--api-key-file"),
            ("serve --token=da2-secret", "--bearer-file"),
            ("call x --bearer da2-secret", "--bearer-file"),
            ("da2-secret", "--bearer-file"),
            ("serve da2-secret", "--bearer-file"),
            ("--bearer-prefix=da2-secret", "--bearer-file"),
            ("--bearer-prefix da2-secret", "--bearer-file"),
            ("--sandbox --sandbox-companies da2-secret", "--bearer-file"),
        ] {
            let error = parse_line(line, true).unwrap_err();
            assert!(error.contains(&format!("`{flag} FILE`")), "{line}: {error}");
            assert!(!error.contains("da2-secret"), "{line}: {error}");
        }
    }

    #[test]
    fn the_declaration_is_sound() {
        SandboxFlags::augment_args(Cli::command()).debug_assert();
    }
}

//! The command line -> a sandbox that runs until its standard input closes or it is interrupted.
//!
//! Invariant: standard output holds one line of JSON, written when the sandbox is ready.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use appsync_mcp_sandbox::{AccessKey, Config, Fault, FaultRule, Faults, Progress, Sandbox};
use clap::Parser;
use serde_json::json;

/// A local API that behaves like AWS AppSync, over made-up companies.
#[derive(Debug, Parser)]
#[command(after_help = faults())]
struct Arguments {
    /// Port on the loopback interface; 0 is any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How many companies to make up.
    #[arg(long, default_value_t = 10_000)]
    companies: u32,
    /// What to make them from: the same seed, the same companies.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder to keep the data of many companies in, for the next time [default: the platform's cache folder].
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// What goes wrong, such as `throttling`, `throttling@10%`, `throttling@3` (the third request only), `throttling@1-2` or
    /// `throttling@3-`; may be repeated.
    #[arg(long = "fault", value_name = "NAME[@WHEN]")]
    faults: Vec<FaultRule>,
    /// How late answers come under the fault `slow`, in milliseconds.
    #[arg(long, default_value_t = 2_000)]
    delay_ms: u64,
    /// SDL to serve in place of the built-in schema; a field that there is no data for is null.
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Tell nobody the schema: a query of `__schema` does not validate.
    #[arg(long)]
    no_introspection: bool,
    /// Where to write the files `api-key`, `bearer` and, for `AWS_SHARED_CREDENTIALS_FILE`, `aws-credentials`, whose profile
    /// `temporary` has a session token.
    #[arg(long, value_name = "DIR")]
    write_credentials: Option<PathBuf>,
}

/// The names of all faults, with what they do.
fn faults() -> String {
    let lines = Fault::ALL
        .iter()
        .map(|(_, name, description)| format!("\n  {name:32}{description}"));
    format!("Faults:{}", lines.collect::<Vec<_>>().concat())
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut chain = error.to_string();
            let mut source = error.source();
            while let Some(cause) = source {
                chain = format!("{chain}: {cause}");
                source = cause.source();
            }
            eprintln!("appsync-mcp-sandbox: {chain}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let faults = arguments
        .faults
        .iter()
        .fold(Faults::NONE, |faults, fault| faults.with(*fault))
        .with_delay_ms(arguments.delay_ms);
    let schema = arguments.schema.as_deref().map(read_schema).transpose()?;
    let sandbox = Sandbox::start(Config {
        companies: arguments.companies,
        seed: arguments.seed,
        port: arguments.port,
        faults,
        schema,
        introspection: !arguments.no_introspection,
        cache: arguments.cache,
        progress: Progress::Stderr,
        ..Config::default()
    })
    .await?;
    if let Some(file) = sandbox.data_file() {
        eprintln!("appsync-mcp-sandbox: companies are in {}", file.display());
    }
    if let Some(directory) = &arguments.write_credentials {
        std::fs::create_dir_all(directory)?;
        write_secret(&directory.join("api-key"), sandbox.api_key())?;
        write_secret(&directory.join("bearer"), sandbox.bearer())?;
        let profiles = [
            ("default", sandbox.access_key()),
            ("temporary", &sandbox.issue_access_key(3_600)),
        ];
        write_secret(&directory.join("aws-credentials"), &profiles.map(profile).concat())?;
    }
    let ready = json!({
        "endpoint": sandbox.endpoint(),
        "region": Sandbox::REGION,
        "companies": arguments.companies,
        "seed": arguments.seed,
    });
    writeln!(io::stdout(), "{ready}")?;
    tokio::select! {
        () = stdin_closed() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    sandbox.stop().await;
    Ok(())
}

fn read_schema(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("failed to read {}: {error}", path.display()))
}

/// A profile of a file for `AWS_SHARED_CREDENTIALS_FILE`.
fn profile((name, key): (&str, &AccessKey)) -> String {
    let AccessKey {
        id,
        secret,
        session_token,
    } = key;
    let token = session_token
        .as_ref()
        .map(|token| format!("aws_session_token = {token}\n"));
    let token = token.unwrap_or_default();
    format!("[{name}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n{token}")
}

/// Reads on a thread that nobody waits for: a runtime that stops would wait for tokio's own reader of standard input.
async fn stdin_closed() {
    let (closed, is_closed) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let end = io::copy(&mut io::stdin(), &mut io::sink());
        // Nobody listens any more if the sandbox was interrupted meanwhile.
        drop(closed.send(end));
    });
    drop(is_closed.await);
}

/// Writes a file that nobody else may read; one that is there already goes first, with whatever others may do to it.
fn write_secret(path: &Path, secret: &str) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(secret.as_bytes())
}

//! A setting → the log, on standard error.
//!
//! Invariant: whatever the setting, nothing of messages and credentials is in it.

use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt as log};

use crate::config::{ConfigError, Settings};

/// Writes the log to standard error.
pub(super) fn start_log(settings: &Settings) -> Result<(), ConfigError> {
    let (source_name, setting) = settings.log()?.unwrap_or(("", "info"));
    let filter = EnvFilter::try_new(log_filter(setting)).map_err(|error| ConfigError::Log {
        source_name,
        error: error.into(),
    })?;
    // A second log in the same process, as in tests, is none.
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(says_nothing_of_messages))
        .with(log::layer().with_writer(std::io::stderr).with_ansi(false))
        .try_init();
    Ok(())
}

/// Whether what is logged here has nothing of messages, in which arguments and results are, and nothing of credentials. No
/// setting changes that.
fn says_nothing_of_messages(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let is_of = |name: &str| target == name || target.strip_prefix(name).is_some_and(|rest| rest.starts_with("::"));
    // The MCP crate's warnings quote what a client said, and below them are whole messages.
    let of_mcp = is_of("rmcp").then_some(Level::ERROR);
    // The AWS crates write down whole requests and answers, in warnings too, of where credentials come from among them. What
    // went wrong is in our own errors.
    let of_aws = target.starts_with("aws_").then_some(Level::ERROR);
    // A server can say something as it closes a connection of HTTP/2.
    let of_http2 = is_of("h2").then_some(Level::INFO);
    of_mcp
        .or(of_aws)
        .or(of_http2)
        .is_none_or(|most| *metadata.level() <= most)
}

/// Returns the filter. A bare level, also within a list, is for this program's own parts: the HTTP crates' `debug` would be
/// long, and not written with secrets in mind. Who wants it has to name the crate.
fn log_filter(setting: &str) -> String {
    let (named, mut own): (Vec<&str>, Vec<&str>) = setting
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .partition(|part| part.contains('=') && !part.starts_with(['[', '=']));
    if own.is_empty() {
        own.push("info");
    }
    let others = match own.last().copied() {
        Some("off") => "off",
        Some("error") => "error",
        _ => "warn",
    };
    let mut filter = others.to_owned();
    for part in own {
        // A span without a target would be anybody's. What is no level stops the start.
        let equals = if part.starts_with('[') { "" } else { "=" };
        filter.push_str(",appsync_mcp");
        filter.push_str(equals);
        filter.push_str(part);
    }
    for directive in named {
        filter.push(',');
        filter.push_str(directive);
    }
    filter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_for_this_program_only() {
        for (setting, expected) in [
            ("", "warn,appsync_mcp=info"),
            ("info", "warn,appsync_mcp=info"),
            (" trace ", "warn,appsync_mcp=trace"),
            ("error", "error,appsync_mcp=error"),
            ("off", "off,appsync_mcp=off"),
            ("off,hyper=debug", "off,appsync_mcp=off,hyper=debug"),
            ("info,hyper=debug", "warn,appsync_mcp=info,hyper=debug"),
            ("hyper=debug, info", "warn,appsync_mcp=info,hyper=debug"),
            ("debug,appsync_mcp=debug", "warn,appsync_mcp=debug,appsync_mcp=debug"),
            ("appsync_mcp=debug", "warn,appsync_mcp=info,appsync_mcp=debug"),
            ("[serve_inner]=trace", "warn,appsync_mcp[serve_inner]=trace"),
        ] {
            let filter = log_filter(setting);
            assert_eq!(filter, expected);
            assert!(EnvFilter::try_new(filter).is_ok(), "{setting}");
        }
        for setting in ["loud", "info,hyper", "=debug", "info,,loud", "x=loud"] {
            assert!(EnvFilter::try_new(log_filter(setting)).is_err(), "{setting}");
        }
    }
}

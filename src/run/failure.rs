//! Why a program ends with another code than 0: what is said of it, and the code.

use std::error::Error;
use std::process::ExitCode;

use crate::cli::call::CallFailure;
use crate::config::ConfigError;
use crate::drift::CheckError;
use crate::server::{BadSchema, ServeError};
use crate::verify::VerifyError;

/// Why the program ends with another code than 0.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    CommandLine(#[from] clap::Error),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("failed to start the sandbox: {0}")]
    Sandbox(#[source] Box<dyn Error + Send + Sync>),
    #[error(transparent)]
    BadSchema(#[from] BadSchema),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    Call(#[from] CallFailure),
    #[error(
        "`{0}` needs `--staging`, which says that the endpoint is a staging one: what is written there harms nobody, and \
         what is read there is nobody's; or `--sandbox`"
    )]
    NotStaging(&'static str),
    #[error(transparent)]
    Verify(#[from] VerifyError),
    #[error("{failed} of {cases} cases failed")]
    CasesFailed { failed: usize, cases: usize },
    #[error(
        "`--check-schema` is set, and the API's schema could not be compared \
         (`doctor` says what to do; without the setting, the server starts regardless)"
    )]
    CheckSchema(#[source] CheckError),
    /// A table has said so.
    #[error("not all is well")]
    Reported(ExitCode),
    #[error("failed to write to standard output")]
    Print(#[source] std::io::Error),
    #[error("failed to set up the runtime")]
    Runtime(#[source] std::io::Error),
}

impl Failure {
    /// Says why on standard error, unless that is said; returns the code.
    pub(super) fn report(&self) -> ExitCode {
        match self {
            Self::Reported(_) => {}
            Self::CommandLine(error) => {
                // The help and the version, which are asked for and go to standard output, come this way too.
                let _ = error.print();
            }
            _ => eprintln!("error: {}", self.in_full()),
        }
        self.code()
    }

    fn code(&self) -> ExitCode {
        match self {
            Self::CommandLine(asked_for) if !asked_for.use_stderr() => ExitCode::SUCCESS,
            Self::CommandLine(_)
            | Self::Config(_)
            | Self::Sandbox(_)
            | Self::Call(CallFailure::Usage(_))
            | Self::NotStaging(_)
            | Self::Verify(VerifyError::Unknown(_) | VerifyError::Folder { .. }) => ExitCode::from(2),
            Self::BadSchema(_)
            | Self::Serve(_)
            | Self::Call(_)
            | Self::Verify(_)
            | Self::CasesFailed { .. }
            | Self::CheckSchema(_)
            | Self::Print(_)
            | Self::Runtime(_) => ExitCode::FAILURE,
            Self::Reported(code) => *code,
        }
    }

    /// Returns what it is, with what lies behind it.
    pub(super) fn in_full(&self) -> String {
        crate::error::in_full(self)
    }
}

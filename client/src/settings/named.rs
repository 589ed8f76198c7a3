//! Looks at the files that others' variables name, on a thread: one on a network drive that is gone holds up nothing else.

use std::path::PathBuf;
use std::time::Duration;

use super::SettingsError;
use crate::ca::Ca;
use crate::secret::tried;

/// How long the file system is waited for.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct NamedFiles {
    pub(super) ca: Option<Ca>,
    pub(super) of_aws: Vec<NamedFile>,
}

/// A file that is only to be there.
#[derive(Clone, Debug)]
pub(crate) struct NamedFile {
    pub(crate) variable: &'static str,
    pub(crate) path: PathBuf,
    /// Whether nothing works without it; else that it is not there may be meant, unless the name is one that nobody expands.
    pub(crate) is_needed: bool,
}

impl NamedFiles {
    /// Looks at all of them.
    pub(super) async fn check(&self) -> Result<(), SettingsError> {
        let variables: Vec<_> = self
            .ca
            .iter()
            .map(Ca::variable)
            .chain(self.of_aws.iter().map(|file| file.variable))
            .collect();
        if variables.is_empty() {
            return Ok(());
        }
        let this = self.clone();
        let look = tokio::task::spawn_blocking(move || this.look());
        match tokio::time::timeout(TIMEOUT, look).await {
            Ok(Ok(looked)) => looked,
            _ => Err(SettingsError::NoFileSystem {
                variables: variables.join("`, `"),
                seconds: TIMEOUT.as_secs(),
            }),
        }
    }

    fn look(&self) -> Result<(), SettingsError> {
        if let Some(ca) = &self.ca {
            ca.check()?;
        }
        self.of_aws.iter().try_for_each(NamedFile::look)
    }
}

impl NamedFile {
    fn look(&self) -> Result<(), SettingsError> {
        let Err(error) = std::fs::metadata(&self.path) else {
            return Ok(());
        };
        match tried(&self.path, &error) {
            tried if tried.is_empty() && !self.is_needed => Ok(()),
            tried => Err(SettingsError::NoFile {
                variable: self.variable,
                path: self.path.clone(),
                tried,
            }),
        }
    }
}

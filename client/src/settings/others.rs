//! Variables that are not this program's and matter to a connection: those of proxies, of CA certificates and of AWS.
//!
//! Invariant: `Debug` shows no value, since there are secrets among them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;

use super::SettingsError;
use crate::ca::{self, Ca};
use crate::endpoint::Endpoint;
use crate::proxy::{self, Proxies};

/// Variables by their names.
#[derive(Default)]
pub(super) struct Others(BTreeMap<String, OsString>);

impl Others {
    /// Keeps a variable, if it is one of them.
    pub(super) fn keep(&mut self, name: &str, value: OsString) {
        // Windows does not tell upper from lower case in a variable's name.
        let name = if cfg!(windows) {
            name.to_ascii_uppercase()
        } else {
            name.to_owned()
        };
        let is_one = proxy::VARIABLES.contains(&name.as_str())
            || [ca::FILE, ca::FOLDERS].contains(&name.as_str())
            || name.starts_with("AWS_");
        if is_one {
            self.0.insert(name, value);
        }
    }

    /// Returns a variable's value as it stands.
    pub(super) fn raw(&self, name: &str) -> Option<&OsStr> {
        self.0.get(name).map(OsString::as_os_str)
    }

    /// Returns a variable's value without the white space around it, if there is anything else.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, SettingsError> {
        let Some(value) = self.raw(name) else {
            return Ok(None);
        };
        let text = value
            .to_str()
            .ok_or_else(|| SettingsError::NotUnicode { name: name.to_owned() })?;
        Ok(Some(text.trim()).filter(|text| !text.is_empty()))
    }

    /// Returns the proxies that lead to the endpoint, if it is known, and to AWS, if that is asked for credentials.
    pub(super) fn proxies(&self, endpoint: Option<&Endpoint>, asks_aws: bool) -> Result<Proxies, SettingsError> {
        for name in proxy::VARIABLES {
            self.text(name)?;
        }
        let get = |name| self.text(name).ok().flatten();
        Proxies::read(get, endpoint, asks_aws).map_err(|(variable, problem)| SettingsError::Proxy { variable, problem })
    }

    /// Returns a warning for what has no effect in the list of hosts that are reached without a proxy.
    pub(super) fn warning(&self) -> Option<String> {
        let (name, idle) = proxy::without_effect(|name| self.text(name).ok().flatten())?;
        let idle = idle.join("`, `");
        Some(format!("`{name}`: `{idle}` is the name of no host, and has no effect"))
    }

    /// Says whether the AWS chain finds a whole key in the environment, and asks nobody.
    pub(super) fn have_aws_key(&self) -> Result<bool, SettingsError> {
        Ok(self.text("AWS_ACCESS_KEY_ID")?.is_some() && self.text("AWS_SECRET_ACCESS_KEY")?.is_some())
    }

    /// Returns what stands in for the machine's CA certificates.
    pub(super) fn ca(&self) -> Result<Option<Ca>, SettingsError> {
        Ok(Ca::named(self.raw(ca::FILE), self.raw(ca::FOLDERS))?)
    }
}

impl fmt::Debug for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

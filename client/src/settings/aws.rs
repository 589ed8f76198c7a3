//! Checks the variables that the AWS chain reads, each by its name.
//!
//! The AWS crates read the process's environment themselves, and as it stands: blanks, carriage returns and placeholders are
//! values to them. So what can be handed over is handed over, and the rest is refused where it can't be meant.

use std::path::PathBuf;

use url::Url;

use super::named::NamedFile;
use super::others::Others;
use super::{Settings, SettingsError};
use crate::auth::AwsEnvironment;
use crate::endpoint::Endpoint;
use crate::placeholder::is_placeholder;
use crate::secret::Secret;

/// The credential itself. What is around it is taken off when it is used.
const CREDENTIALS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// What is handed over.
const PROFILE: &str = "AWS_PROFILE";
const REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// Files, and whether AWS's code expands `~` in the name.
const FILES: [(&str, bool); 4] = [
    ("AWS_CONFIG_FILE", true),
    ("AWS_SHARED_CREDENTIALS_FILE", true),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", false),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", false),
];

/// A credential to get one with, sent as it stands.
const CONTAINER_TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/// Those that have to be URLs, besides all whose names begin like this.
const URLS: [&str; 2] = [
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
];
const ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";

/// Says how the metadata is reached.
const METADATA_MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

/// What else the chain reads.
const REST: [&str; 13] = [
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    CONTAINER_TOKEN,
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    METADATA_MODE,
    "AWS_ACCOUNT_ID",
];

impl Settings {
    /// Returns what the environment says to the AWS chain. `endpoint` is where requests go, if that is known.
    pub fn aws_environment(&self, endpoint: Option<&Endpoint>) -> Result<AwsEnvironment, SettingsError> {
        let others = &self.others;
        for variable in CREDENTIALS.into_iter().chain([CONTAINER_TOKEN]) {
            if let Some(text) = others.text(variable)? {
                Secret::parse(text).map_err(|problem| SettingsError::Handed { variable, problem })?;
            }
        }
        let all = REST.into_iter().chain(FILES.map(|(name, _)| name));
        for name in all.clone().chain(REGIONS).chain([PROFILE]) {
            check(others, name)?;
        }
        let mut regions = REGIONS.into_iter().map(|name| others.text(name));
        Ok(AwsEnvironment {
            profile: match (others.raw(PROFILE), others.text(PROFILE)?) {
                (None, _) => None,
                // As if it was not there.
                (Some(_), blank_or_not) => Some(blank_or_not.unwrap_or("default").to_owned()),
            },
            region: regions.find_map(Result::transpose).transpose()?.map(str::to_owned),
            blank: all.filter(|name| is_blank(others, name)).collect(),
            proxies: others.proxies(endpoint, !others.have_aws_key()?)?,
        })
    }
}

impl Settings {
    /// Returns the files that are to be looked at before the chain is asked.
    pub(super) fn files_of_aws(&self) -> Result<Vec<NamedFile>, SettingsError> {
        let is_set = |name| Ok::<_, SettingsError>(self.others.text(name)?.is_some());
        // The chain asks for a role with that file if nothing else comes before.
        let asks_for_role = is_set("AWS_ROLE_ARN")? && !is_set(PROFILE)? && !self.others.have_aws_key()?;
        let mut files = Vec::new();
        for (variable, expands_home) in FILES {
            if let Some(text) = self.others.text(variable)?
                && !(expands_home && text.starts_with('~'))
            {
                files.push(NamedFile {
                    variable,
                    path: PathBuf::from(text),
                    is_needed: variable == "AWS_WEB_IDENTITY_TOKEN_FILE" && asks_for_role,
                });
            }
        }
        Ok(files)
    }
}

fn is_blank(others: &Others, name: &'static str) -> bool {
    others.raw(name).is_some() && matches!(others.text(name), Ok(None))
}

/// Looks whether a value can be one.
fn check(others: &Others, name: &'static str) -> Result<(), SettingsError> {
    let Some(text) = others.text(name)? else {
        return Ok(());
    };
    if is_placeholder(text) {
        return Err(SettingsError::Placeholder { source_name: name });
    }
    let is_handed_over = name == PROFILE || REGIONS.contains(&name);
    let has_space_around = others.raw(name).is_some_and(|raw| raw != text);
    if text.contains(char::is_control) || (has_space_around && !is_handed_over) {
        return Err(SettingsError::ControlCharacter { source_name: name });
    }
    let is_of_region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let problem = if REGIONS.contains(&name) && !text.bytes().all(is_of_region) {
        "is no region; write it like `eu-west-1`"
    } else if (URLS.contains(&name) || name.starts_with(ENDPOINT_URL)) && !is_url(text) {
        "is no URL; write it as `https://HOST` or `http://HOST:PORT`, or unset it"
    } else if name == METADATA_MODE && !["IPv4", "IPv6"].iter().any(|mode| text.eq_ignore_ascii_case(mode)) {
        "is neither `IPv4` nor `IPv6`"
    } else {
        return Ok(());
    };
    Err(SettingsError::Aws {
        variable: name,
        problem,
    })
}

fn is_url(text: &str) -> bool {
    let url = Url::parse(text).ok();
    url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        && !text.contains(char::is_whitespace)
}

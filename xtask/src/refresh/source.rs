//! The command line → the one source that it names → what that source says.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use appsync_mcp_client::{
    AwsEnvironment, ControlPlane, Endpoint, EndpointError, Iam, InsecureHttp, Limits,
    settings::{Connection, Key, Settings, SettingsError},
};
use appsync_mcp_codegen::{Introspected, introspected};

use super::{Args, Failure, api, introspect};

/// The largest file that is taken, in bytes. AppSync's schemas have 1 MB at most, as introspection results some ten times that.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Where the schema comes from.
pub(super) enum Source {
    /// AppSync's control plane.
    Api {
        api_id: String,
        /// `None` is AWS's own place.
        control_plane: Option<Endpoint>,
        /// `None` is the region of the environment or profile.
        region: Option<String>,
        /// What the environment says to the AWS chain.
        environment: Box<AwsEnvironment>,
    },
    /// The API itself, by introspection.
    Endpoint(Box<Connection>),
    /// A file; `-` is standard input.
    File(PathBuf),
}

/// What a source says.
pub(super) struct Said {
    pub(super) sdl: String,
    /// The directives that the SDL has wherever they are applied; nothing is: all.
    pub(super) directives: Option<Vec<&'static str>>,
    /// What is said of the API, besides its schema.
    pub(super) api: Option<api::Facts>,
}

impl From<Introspected> for Said {
    fn from(Introspected { sdl, directives }: Introspected) -> Self {
        Self {
            sdl,
            directives: Some(directives),
            api: None,
        }
    }
}

impl Source {
    /// Returns the source that the command line names.
    pub(super) fn of(args: Args) -> Result<Self, Failure> {
        let settings = args.connection.settings().map_err(|error| setup(&error))?;
        if let Some(path) = args.from {
            return Ok(Self::File(path));
        }
        if let Some(api_id) = args.api_id {
            let control_plane = args
                .control_plane
                .map(|url| control_plane(&url, &settings))
                .transpose()?;
            let environment = settings
                .aws_environment(control_plane.as_ref())
                .map_err(|error| setup(&error))?;
            return Ok(Self::Api {
                api_id,
                control_plane,
                environment: Box::new(environment),
                region: settings
                    .region()
                    .map_err(|error| setup(&error))?
                    .map(|(_, region)| region.to_owned()),
            });
        }
        match settings.connection("") {
            Ok(connection) => Ok(Self::Endpoint(Box::new(connection))),
            Err(SettingsError::NoEndpoint { .. }) => Err(Failure::Setup(
                "no source: name an API with `--api-id ID`, an endpoint with `--endpoint URL` (or `APPSYNC_MCP_ENDPOINT`), \
                 or a file with `--from FILE`; `cargo xtask refresh-schema --help` shows an example of each"
                    .to_owned(),
            )),
            Err(error) => Err(setup(&error)),
        }
    }

    /// Returns the kind of source, as `--json` names it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Api { .. } => "api-id",
            Self::Endpoint(_) => "endpoint",
            Self::File(_) => "file",
        }
    }

    /// Reads it. What went wrong, and what to do about it, is in the error.
    pub(super) fn read(self) -> Result<Said, Failure> {
        match self {
            Self::Api {
                api_id,
                control_plane,
                region,
                environment,
            } => block_on(async {
                let region = match region {
                    Some(region) => region,
                    None => Iam::region_of_chain(&environment).await.ok_or_else(no_region)?,
                };
                let endpoint = match control_plane {
                    Some(endpoint) => endpoint,
                    None => ControlPlane::endpoint_of(&region).map_err(bad_control_plane)?,
                };
                let about = format!("the API `{api_id}` at {endpoint}");
                let control_plane = ControlPlane::new(endpoint, Iam::new(region, *environment), Limits::DEFAULT);
                api::read(&control_plane, &api_id, &about).await
            }),
            Self::Endpoint(connection) => block_on(introspect::read(*connection)),
            Self::File(path) => file(&path),
        }
    }
}

fn setup(error: &SettingsError) -> Failure {
    Failure::Setup(error.to_string())
}

fn no_region() -> Failure {
    Failure::Setup(
        "no region: set `--region` (or `APPSYNC_MCP_REGION`, or `AWS_REGION`), such as `eu-west-1`, or use a profile \
         that has one"
            .to_owned(),
    )
}

fn control_plane(url: &str, settings: &Settings) -> Result<Endpoint, Failure> {
    let insecure_http = if settings.is_on(Key::INSECURE_HTTP).map_err(|error| setup(&error))? {
        InsecureHttp::Anywhere
    } else {
        InsecureHttp::OnLoopback
    };
    Endpoint::parse(url, insecure_http).map_err(bad_control_plane)
}

fn bad_control_plane(error: EndpointError) -> Failure {
    Failure::Setup(format!("`--control-plane`: {error}"))
}

/// Runs a future to its end, on this thread.
fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(Failure::Write)?.block_on(future)
}

/// Reads SDL, or the JSON of an introspection result: no SDL begins with a brace.
fn file(path: &Path) -> Result<Said, Failure> {
    let (name, text) = if path == Path::new("-") {
        ("standard input".to_owned(), text(io::stdin().lock()))
    } else {
        (path.display().to_string(), fs::File::open(path).and_then(text))
    };
    let text = text.map_err(|error| Failure::Source(format!("{name}: {error}")))?;
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    if !is_json {
        return Ok(Said {
            sdl: text,
            directives: None,
            api: None,
        });
    }
    let introspected = introspected(&text).map_err(|error| Failure::Source(format!("{name}: {error}")))?;
    Ok(introspected.into())
}

fn text(from: impl io::Read) -> io::Result<String> {
    let mut text = String::new();
    from.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too large for a schema"));
    }
    Ok(text)
}

//! This repository's own server: the sample API, and a sandbox to try it with.

appsync_mcp::server!(contract: appsync_mcp::sample::CONTRACT, sandbox: sandbox::STARTER);

/// Without the feature there is no `--sandbox`.
#[cfg(not(feature = "sandbox"))]
mod sandbox {
    pub(crate) const STARTER: Option<appsync_mcp::SandboxStarter> = None;
}

/// The sandbox, as the command line's flags want it.
#[cfg(feature = "sandbox")]
mod sandbox {
    use std::error::Error;
    use std::path::Path;

    use appsync_mcp::{Sandbox, SandboxFuture, SandboxOptions, SandboxStarter};
    use appsync_mcp_client::{Authorization, Endpoint, InsecureHttp, Secret, TokenSource};
    use appsync_mcp_sandbox::{Config, FaultRule, Faults, InvalidFault, Progress};

    pub(crate) const STARTER: Option<SandboxStarter> = Some(|options| -> SandboxFuture { Box::pin(start(options)) });

    async fn start(options: SandboxOptions) -> Result<Sandbox, Box<dyn Error + Send + Sync>> {
        let faults = options.faults.iter().try_fold(Faults::NONE, |faults, name| {
            Ok::<_, InvalidFault>(faults.with(name.parse::<FaultRule>()?))
        })?;
        let schema = options.schema.as_deref().map(read).transpose()?;
        let default = Config::default();
        let sandbox = appsync_mcp_sandbox::Sandbox::start(Config {
            companies: options.companies.unwrap_or(default.companies),
            faults,
            schema,
            introspection: !options.no_introspection,
            cache: options.cache,
            progress: Progress::Stderr,
            ..default
        })
        .await?;
        if let Some(file) = sandbox.data_file() {
            eprintln!("the sandbox's companies are in {}", file.display());
        }
        let endpoint = Endpoint::parse(sandbox.endpoint(), InsecureHttp::OnLoopback)?;
        let token = Secret::parse(sandbox.bearer()).map_err(|problem| format!("the sandbox's token {problem}"))?;
        let authorization = Authorization::Oidc(TokenSource::Value(token).into());
        Ok(Sandbox {
            endpoint,
            authorization,
            guard: Box::new(sandbox),
        })
    }

    fn read(path: &Path) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|error| format!("failed to read {}: {error}", path.display()))
    }
}

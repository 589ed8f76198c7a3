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
    use std::fs::{self, OpenOptions};
    use std::io::{self, Write as _};
    use std::path::{Path, PathBuf};
    use std::process;

    use appsync_mcp::{Sandbox, SandboxFuture, SandboxOptions, SandboxStarter};
    use appsync_mcp_client::{Authorization, BearerFile, Endpoint, InsecureHttp};
    use appsync_mcp_sandbox::{Config, Fault, Faults};

    pub(crate) const STARTER: Option<SandboxStarter> = Some(|options| -> SandboxFuture { Box::pin(start(options)) });

    async fn start(options: SandboxOptions) -> Result<Sandbox, Box<dyn Error + Send + Sync>> {
        let faults = options.faults.iter().try_fold(Faults::NONE, |faults, name| {
            Ok::<_, appsync_mcp_sandbox::UnknownFault>(faults.with(name.parse::<Fault>()?))
        })?;
        let default = Config::default();
        let companies = options.companies.unwrap_or(default.companies);
        let progress = (companies > default.companies).then_some(show_progress as _);
        let sandbox = appsync_mcp_sandbox::Sandbox::start(Config { companies, faults, progress, ..default }).await?;
        let endpoint = Endpoint::parse(sandbox.endpoint(), InsecureHttp::OnLoopback)?;
        let token = TokenFile::write(sandbox.bearer())?;
        let authorization = Authorization::Oidc(BearerFile::new(token.path.clone()));
        Ok(Sandbox { endpoint, authorization, guard: Box::new((sandbox, token)) })
    }

    fn show_progress(made: u32, of: u32) {
        let end = if made == of { "\n" } else { "" };
        eprint!("\r{made} of {of} companies{end}");
    }

    /// The sandbox's token in a file of this user's, where tokens are read from; it goes when the sandbox goes.
    struct TokenFile {
        path: PathBuf,
    }

    impl TokenFile {
        fn write(token: &str) -> io::Result<Self> {
            let path = std::env::temp_dir().join(format!("appsync-mcp-sandbox-{}.token", process::id()));
            // Whatever a process of the same number has left behind; a link that somebody has put there is not followed.
            drop(fs::remove_file(&path));
            create(&path)?.write_all(token.as_bytes())?;
            Ok(Self { path })
        }
    }

    impl Drop for TokenFile {
        fn drop(&mut self) {
            drop(fs::remove_file(&self.path));
        }
    }

    fn create(path: &Path) -> io::Result<fs::File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)
    }
}

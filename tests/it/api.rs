//! A sandbox in this process, so that a test can ask what reached it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use appsync_mcp_sandbox::{Config, Fault, Received, Sandbox};
use tokio::runtime::Runtime;

use crate::session::PATIENCE;

/// Enough companies for several pages, few enough to be made in a moment.
const COMPANIES: u32 = 2_000;

/// A sandbox, and the files with its credentials.
pub(crate) struct Api {
    // Before the runtime, since it is dropped first and stops there.
    pub(crate) sandbox: Sandbox,
    folder: Folder,
    _runtime: Runtime,
}

impl Api {
    pub(crate) fn start() -> Self {
        Self::start_with(Config {
            companies: COMPANIES,
            ..Config::default()
        })
    }

    pub(crate) fn start_with(config: Config) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let sandbox = runtime.block_on(Sandbox::start(config)).unwrap();
        let folder = Folder::new();
        folder.write("token", sandbox.bearer());
        folder.write("key", sandbox.api_key());
        Self {
            sandbox,
            folder,
            _runtime: runtime,
        }
    }

    /// The flags that lead a program here, with a token.
    pub(crate) fn flags(&self) -> Vec<String> {
        self.flags_with("--bearer-file", "token")
    }

    /// The flags that lead a program here, with an API key.
    pub(crate) fn api_key_flags(&self) -> Vec<String> {
        self.flags_with("--api-key-file", "key")
    }

    fn flags_with(&self, flag: &str, file: &str) -> Vec<String> {
        let file = self.folder.path(file).to_str().unwrap().to_owned();
        ["--endpoint", self.sandbox.endpoint(), flag, &file]
            .map(str::to_owned)
            .to_vec()
    }

    /// How many requests have come so far.
    pub(crate) fn requests(&self) -> u64 {
        self.sandbox.requests()
    }

    /// Waits until so many requests have come.
    pub(crate) fn until(&self, requests: u64) {
        let start = Instant::now();
        while self.requests() < requests {
            assert!(start.elapsed() < PATIENCE, "{} of {requests} requests", self.requests());
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// The newest request.
    pub(crate) fn last(&self) -> Received {
        self.sandbox.received().pop().unwrap()
    }

    /// Does something while a fault is on.
    pub(crate) fn with_fault<T>(&self, fault: Fault, act: impl FnOnce() -> T) -> T {
        self.sandbox.set_fault(fault);
        let outcome = act();
        self.sandbox.clear_fault(fault);
        outcome
    }
}

/// A folder for a test's files. It is removed when it is dropped.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("it-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self { path }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind stands in the target folder and does no harm.
        let _ = fs::remove_dir_all(&self.path);
    }
}

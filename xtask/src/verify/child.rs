//! A program and its command line → its lines, one by one, and how it ended.
//!
//! Invariant: whatever ends this, the program ends with it: it is stopped by its own process id.

use std::{
    ffi::OsString,
    io,
    path::Path,
    process::{ExitStatus, Stdio},
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::run::Broken;

/// Why a program did not run to its end.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The user wants no more of it.
    Interrupted,
    /// A line is wrong.
    Broken(Broken),
    /// The system refuses.
    Io(io::Error),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Broken> for Stopped {
    fn from(error: Broken) -> Self {
        Self::Broken(error)
    }
}

/// Runs a program, and hands on what it writes to standard output. Its standard error is this one's.
pub(super) fn follow(
    program: &Path,
    line: Vec<OsString>,
    take: impl FnMut(&str) -> Result<(), Stopped>,
) -> Result<ExitStatus, Stopped> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before the program starts, so that none is left behind.
        let interrupted = interrupted()?;
        let mut child = Command::new(program)
            .args(line)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", program.display())))?;
        let ended = tokio::select! {
            ended = hand_on(&mut child, take) => ended,
            () = interrupted => Err(Stopped::Interrupted),
        };
        if ended.is_err() {
            // Waits for its end, too. That it has ended by itself is no failure.
            let _ = child.kill().await;
        }
        ended
    })
}

async fn hand_on(child: &mut Child, mut take: impl FnMut(&str) -> Result<(), Stopped>) -> Result<ExitStatus, Stopped> {
    if let Some(out) = child.stdout.take() {
        let mut lines = BufReader::new(out).lines();
        while let Some(line) = lines.next_line().await? {
            take(&line)?;
        }
    }
    Ok(child.wait().await?)
}

/// Returns a future that is done when the user asks this program to end. Signals count from now on.
#[cfg(unix)]
fn interrupted() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Returns a future that is done when the user asks this program to end. Signals count from now on.
#[cfg(windows)]
fn interrupted() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

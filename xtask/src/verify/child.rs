//! A program and its command line → its lines, one by one, and how it ended.
//!
//! Invariant: whatever ends this, the program ends with it: it is stopped by its own process id.

use std::{
    ffi::OsString,
    io,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{ChildStdout, Command},
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

/// How long what a program has written before it was stopped is waited for.
const REST_MAX: Duration = Duration::from_secs(2);

/// Runs a program, and hands on what it writes to standard output. Its standard error is this one's. Of a program that is
/// stopped, what it has written so far is handed on, too.
pub(super) fn follow(
    program: &Path,
    line: Vec<OsString>,
    mut take: impl FnMut(&str) -> Result<(), Stopped>,
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
        let out = child
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("the program has no output"))?;
        let mut lines = BufReader::new(out).lines();
        let ended = tokio::select! {
            ended = async {
                hand_on(&mut lines, &mut take).await?;
                Ok(child.wait().await?)
            } => ended,
            () = interrupted => Err(Stopped::Interrupted),
        };
        match ended {
            // A terminal sends its signal to both, and the program may be the first to follow it.
            Ok(status) if is_interrupted(status) => Err(Stopped::Interrupted),
            Ok(status) => Ok(status),
            Err(error) => {
                // Waits for its end, too. That it has ended by itself is no failure.
                let _ = child.kill().await;
                if matches!(error, Stopped::Interrupted) {
                    // The last line may be half a one, and who has inherited the program's output may keep it open.
                    let _ = tokio::time::timeout(REST_MAX, hand_on(&mut lines, &mut take)).await;
                }
                Err(error)
            }
        }
    })
}

async fn hand_on(
    lines: &mut Lines<BufReader<ChildStdout>>,
    take: &mut impl FnMut(&str) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    while let Some(line) = lines.next_line().await? {
        take(&line)?;
    }
    Ok(())
}

/// Whether a program was ended by what ends this one, too.
#[cfg(unix)]
fn is_interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    use tokio::signal::unix::SignalKind;
    let signals = [SignalKind::interrupt(), SignalKind::terminate()];
    let ended_by = status.signal().map(SignalKind::from_raw);
    ended_by.is_some_and(|signal| signals.contains(&signal))
}

/// Whether a program was ended by what ends this one, too: `STATUS_CONTROL_C_EXIT`.
#[cfg(windows)]
fn is_interrupted(status: ExitStatus) -> bool {
    status.code().map(i32::cast_unsigned) == Some(0xC000_013A)
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

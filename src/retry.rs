//! Decides whether a call is tried again, and when: what came of one attempt in, a wait or the call's error out.
//!
//! The steps between attempts grow, and the wait is a random part of the step ("full jitter"), so that the callers of an API
//! that was down for a moment do not come back all at once.
//!
//! Invariant: a write is tried once, unless it carries an idempotency key, which lets the API tell a repeated request from a
//! second one.
//! Invariant: all attempts and the waits between them end within the tool's timeout.
//! Invariant: none begins once [`no_more`] has been said.
//! Invariant: once an attempt of a write may have been carried out, the call ends with a result or with an unknown outcome.

use std::cell::Cell;
use std::fmt;
use std::iter::Take;
use std::time::Duration;

use appsync_mcp_client::{ErrorClass, ErrorTypes, Phase, SendError};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_retry::strategy::{ExponentialBackoff, jitter};

use crate::error::CallError;
use crate::tool::{BindingSource, Kind, ToolSpec};
use crate::turn::{Slot, Turn};

/// The most attempts of a call.
const ATTEMPTS_MAX: usize = 5;

/// The steps between attempts: 100, 200, 400 and 800 ms.
const STEPS: ExponentialBackoff = ExponentialBackoff::from_millis(2).factor(50);

/// The least time that an attempt has for its answer; a quarter of the tool's timeout, if that is less.
const ANSWER_TIME_MIN: Duration = Duration::from_millis(500);

tokio::task_local! {
    /// The attempts of this task's calls, if somebody counts.
    static ATTEMPTS: Attempts;
}

#[derive(Default)]
struct Attempts {
    begun: Cell<u32>,
    no_more: Cell<bool>,
}

/// The attempts of one call.
pub(crate) struct Retry<'a> {
    spec: &'a ToolSpec,
    errors: &'a ErrorTypes,
    deadline: Instant,
    /// What is begun later has no time for an answer, and of a write nobody would know what came of it.
    latest_start: Instant,
    steps: Take<ExponentialBackoff>,
    /// What the attempts so far came to. One that may have been carried out is not forgotten over a later one.
    past: Option<CallError>,
}

/// Why an attempt has no result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Too many other calls were under way until the time was over, or no more may be begun. Nothing was sent.
    NoTurn,
    /// There is no answer, or one whose status is not 200.
    Send(SendError),
    /// The answer is an error, or can't be used.
    Answer(CallError),
}

impl<'a> Retry<'a> {
    /// Begins a call that may take so long.
    pub(crate) fn new(spec: &'a ToolSpec, errors: &'a ErrorTypes, timeout: Duration) -> Self {
        let deadline = Instant::now() + timeout;
        Self {
            spec,
            errors,
            deadline,
            latest_start: deadline - (timeout / 4).min(ANSWER_TIME_MIN),
            steps: STEPS.take(if is_repeatable(spec) { ATTEMPTS_MAX - 1 } else { 0 }),
            past: None,
        }
    }

    /// Waits for the call's turn, and begins an attempt. Returns how long the attempt may take.
    pub(crate) async fn begin(&self, turn: &Turn) -> Result<(Slot, Duration), Failure> {
        let Ok(Some(slot)) = timeout_at(self.latest_start, turn.slot()).await else {
            return Err(Failure::NoTurn);
        };
        // Nobody has to count.
        let may_begin = ATTEMPTS.try_with(|attempts| {
            let may_begin = !attempts.no_more.get();
            attempts.begun.update(|begun| begun + u32::from(may_begin));
            may_begin
        });
        if may_begin == Ok(false) {
            return Err(Failure::NoTurn);
        }
        Ok((slot, self.deadline.saturating_duration_since(Instant::now())))
    }

    /// Returns when the next attempt is due, or the error that the call ends with.
    pub(crate) async fn after(&mut self, failure: Failure) -> Result<(), CallError> {
        let least = failure.least_wait(self.errors);
        let why = failure.to_string();
        let error = match failure {
            Failure::NoTurn => return Err(self.past.take().unwrap_or(CallError::Busy)),
            Failure::Send(error) => CallError::from_send(error, self.spec.kind, self.errors),
            Failure::Answer(error) => error,
        };
        let past = self
            .past
            .take()
            .filter(|past| matches!(past, CallError::OutcomeUnknown { .. }));
        let step = least.and_then(|least| Some((least, self.steps.next()?)));
        let wait = step.map(|(least, step)| least.max(jitter(step)));
        let Some(wait) = wait.filter(|wait| Instant::now() + *wait < self.latest_start) else {
            return Err(past.unwrap_or(error));
        };
        self.past = past.or(Some(error));
        tracing::debug!(tool = %self.spec.name, %why, wait_ms = wait.as_millis(), "call repeated");
        sleep(wait).await;
        Ok(())
    }
}

/// Runs calls one after the other, and returns what they come to with how many attempts they began.
pub(crate) async fn count<T>(calls: impl Future<Output = T>) -> (T, u32) {
    let counted = async { (calls.await, ATTEMPTS.with(|attempts| attempts.begun.get())) };
    ATTEMPTS.scope(Attempts::default(), counted).await
}

/// Lets the calls within [`count`] begin no further attempt, and returns how many they have begun.
pub(crate) fn no_more() -> u32 {
    let begun = ATTEMPTS.try_with(|attempts| {
        attempts.no_more.set(true);
        attempts.begun.get()
    });
    begun.unwrap_or_default()
}

/// Says whether the API takes a second request of a call for what it is.
fn is_repeatable(spec: &ToolSpec) -> bool {
    let mut sources = spec.bindings.iter().map(|binding| binding.source);
    spec.kind == Kind::Read || sources.any(|source| source == BindingSource::IdempotencyKey)
}

impl Failure {
    /// Returns how long to wait at least before the same request may fare better; `None` if it would not.
    ///
    /// Not a request that was sent and not answered in time; not what the API refuses, and not a resolver that failed; not what
    /// somebody has to mend on this machine.
    fn least_wait(&self, errors: &ErrorTypes) -> Option<Duration> {
        match self {
            Self::Send(
                SendError::Unreachable(_)
                | SendError::ProxyFailed { .. }
                | SendError::ConnectionLost { .. }
                | SendError::TimedOut {
                    phase: Phase::Connecting,
                    ..
                },
            ) => Some(Duration::ZERO),
            Self::Answer(error) => error.is_throttled().then_some(Duration::ZERO),
            Self::Send(SendError::Status {
                status,
                error_type,
                retry_after,
                ..
            }) => {
                let class = errors.classify_status(*status, error_type.as_deref(), None);
                let passes = class == ErrorClass::Throttled || matches!(status, 500 | 502..=504);
                passes.then(|| retry_after.unwrap_or_default())
            }
            Self::NoTurn | Self::Send(_) => None,
        }
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        Self::Send(error)
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::Answer(error)
    }
}

/// For logs; without the API's own words.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTurn => f.write_str("too many calls are under way"),
            Self::Send(error) => error.fmt(f),
            Self::Answer(error) => f.write_str(error.kind()),
        }
    }
}

#[cfg(test)]
mod tests;

//! Sends a request of a call, and lets whoever verifies see what went over the wire, or answers from a recording.
//!
//! Invariant: outside of [`watch`] and [`replay`] this is [`Client::send`] and nothing else.
//! Invariant: within [`replay`] nothing is sent, whatever is recorded.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use appsync_mcp_client::{Client, Request, Response, SendError};
use bytes::Bytes;

/// Longer than any call may take.
const FOR_EVER: Duration = Duration::from_hours(24);

tokio::task_local! {
    /// What the calls of this task are watched by, if anybody watches.
    static WATCH: Watch;
}

/// What is seen, and what is answered instead of the API.
#[derive(Default)]
struct Watch {
    seen: RefCell<Vec<Exchange>>,
    recorded: Option<RefCell<VecDeque<Answer>>>,
}

/// One request and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    /// The request's body.
    pub(crate) request: Bytes,
    /// What came back.
    pub(crate) answer: Answer,
}

/// What came back for a request.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// An answer with status 200, without the credential.
    Body(Bytes),
    /// Another status, and what the body said of it.
    Status {
        status: u16,
        error_type: Option<String>,
        message: Option<String>,
    },
    /// No answer; the text says why.
    Nothing(String),
}

/// Runs a call; returns what came of it and all that it exchanged.
pub(crate) async fn watch<T>(call: impl Future<Output = T>) -> (T, Vec<Exchange>) {
    within(Watch::default(), call).await
}

/// Runs a call whose answers are these, in their order; returns what came of it and all that it would have exchanged.
pub(crate) async fn replay<T>(answers: Vec<Answer>, call: impl Future<Output = T>) -> (T, Vec<Exchange>) {
    let watch = Watch {
        recorded: Some(RefCell::new(answers.into())),
        ..Watch::default()
    };
    within(watch, call).await
}

async fn within<T>(watch: Watch, call: impl Future<Output = T>) -> (T, Vec<Exchange>) {
    let seen = async { (call.await, WATCH.with(|watch| watch.seen.take())) };
    WATCH.scope(watch, seen).await
}

/// Sends a request, or takes the next recorded answer.
pub(crate) async fn send(client: &Client, request: &Request) -> Result<Response, SendError> {
    let recorded = WATCH.try_with(Watch::recorded).ok().flatten();
    let outcome = match recorded {
        Some(answer) => answer.into_outcome(),
        None => client.send(request).await,
    };
    // Nobody has to watch.
    let _ = WATCH.try_with(|watch| {
        watch.seen.borrow_mut().push(Exchange {
            request: request.body.clone(),
            answer: Answer::of(&outcome),
        });
    });
    outcome
}

impl Watch {
    /// Returns the answer to give instead of the API's own, if this is a replay.
    fn recorded(&self) -> Option<Answer> {
        let mut recorded = self.recorded.as_ref()?.borrow_mut();
        let end = || Answer::Nothing("the recording has no more answers".to_owned());
        Some(recorded.pop_front().unwrap_or_else(end))
    }
}

impl Answer {
    fn of(outcome: &Result<Response, SendError>) -> Self {
        match outcome {
            Ok(response) => Self::Body(response.body.clone()),
            Err(SendError::Status {
                status,
                error_type,
                message,
                ..
            }) => Self::Status {
                status: *status,
                error_type: error_type.clone(),
                message: message.clone(),
            },
            Err(error) => Self::Nothing(error.to_string()),
        }
    }

    fn into_outcome(self) -> Result<Response, SendError> {
        match self {
            Self::Body(body) => Ok(Response {
                body,
                request_id: None,
                date: None,
            }),
            Self::Status {
                status,
                error_type,
                message,
            } => Err(SendError::Status {
                status,
                error_type,
                message,
                // A recording does not keep what else was in such a body.
                was_begun: false,
                request_id: None,
                // What is recorded is what the call came to: nobody waits for another answer.
                retry_after: Some(FOR_EVER),
                date: None,
            }),
            Self::Nothing(why) => Err(SendError::Unreachable(why.into())),
        }
    }
}

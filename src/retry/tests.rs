use appsync_mcp_client::{DecodeError, GraphQlError, LocalFault};
use serde_json::json;

use futures_util::FutureExt as _;

use super::*;
use crate::specimen::{ERRORS, spec};
use crate::tool::{Binding, Input, Position};
use crate::turn::{Turns, WITH_API_MAX_OF_TOOL};

const WRITE: Kind = Kind::Write {
    destructive: true,
    idempotent: true,
};

static READ: ToolSpec = spec("find", "Find", Kind::Read);
static KEYLESS: ToolSpec = spec("make", "Make", WRITE);
static KEYED: ToolSpec = ToolSpec {
    bindings: &[Binding {
        variable: "key",
        source: BindingSource::IdempotencyKey,
        value: Position {
            input: Input::Boolean,
            nullable: false,
        },
        required: true,
    }],
    ..spec("make_once", "MakeOnce", WRITE)
};

/// A failure by its short name: a status, with `+SECONDS` of `Retry-After` or `:TYPE`, or what else may go wrong.
fn failure(name: &str, kind: Kind) -> Failure {
    let status = |status: &str, error_type: Option<&str>, retry_after| {
        Failure::Send(SendError::Status {
            status: status.parse().unwrap(),
            error_type: error_type.map(str::to_owned),
            message: None,
            was_begun: false,
            request_id: None,
            retry_after,
            date: None,
        })
    };
    let graphql = |error_type, path: &[&str]| {
        let error = json!({ "errorType": error_type, "path": path });
        let error: GraphQlError = serde_json::from_value(error).unwrap();
        Failure::Answer(CallError::from_graphql(
            &error,
            &spec("t", "T", kind),
            &ERRORS,
            None,
            None,
        ))
    };
    match name {
        "no turn" => Failure::NoTurn,
        "refused" => Failure::Send(SendError::Unreachable("refused".into())),
        "proxy" => Failure::Send(SendError::ProxyFailed {
            variable: "HTTPS_PROXY",
            source: "refused".into(),
        }),
        "local" => Failure::Send(SendError::Local {
            fault: LocalFault::Certificate,
            source: "unknown issuer".into(),
        }),
        "lost" => Failure::Send(SendError::ConnectionLost {
            request_id: None,
            source: "reset".into(),
        }),
        "no connection" => Failure::Send(SendError::TimedOut {
            phase: Phase::Connecting,
            request_id: None,
        }),
        "no answer" => Failure::Send(SendError::TimedOut {
            phase: Phase::AfterSending,
            request_id: None,
        }),
        "redirect" => Failure::Send(SendError::Redirected {
            status: 307,
            request_id: None,
        }),
        "large" => Failure::Send(SendError::TooLarge {
            limit_bytes: 1,
            request_id: None,
        }),
        "not JSON" => {
            let error = DecodeError::NotJson { line: 1, column: 1 };
            Failure::Answer(CallError::undecodable(error, kind, None))
        }
        "slow down" => graphql("SlowDown", &[]),
        "slow resolver" => graphql("SlowDown", &["find"]),
        "resolver" => graphql("Lambda:Unhandled", &["find"]),
        _ => match (name.split_once('+'), name.split_once(':')) {
            (Some((code, seconds)), _) => {
                let seconds = Duration::from_secs(seconds.parse().unwrap());
                status(code, None, Some(seconds))
            }
            (_, Some((code, error_type))) => status(code, Some(error_type), None),
            (None, None) => status(name, None, None),
        },
    }
}

/// Puts a call to these failures, and returns how many of them it outlived, and as what it ended if it did not outlive all.
async fn put(spec: &ToolSpec, failures: &[&str]) -> (usize, Option<CallError>) {
    let mut retry = Retry::new(spec, &ERRORS, Duration::from_secs(u64::from(spec.timeout_seconds)));
    for (n, name) in failures.iter().enumerate() {
        if let Err(error) = retry.after(failure(name, spec.kind)).await {
            return (n, Some(error));
        }
    }
    (failures.len(), None)
}

/// What becomes of a read, of a write, and of a write with an idempotency key, after each failure: `again`, or the error.
#[tokio::test(start_paused = true)]
async fn each_failure_is_repeated_or_not() {
    for (name, expected) in [
        ("refused", ["again", "unreachable", "again"]),
        ("proxy", ["again", "unreachable", "again"]),
        // Nobody mends this machine in a second.
        ("local", ["unreachable", "unreachable", "unreachable"]),
        ("lost", ["again", "outcome_unknown", "again"]),
        ("no connection", ["again", "timed_out", "again"]),
        ("no answer", ["timed_out", "outcome_unknown", "outcome_unknown"]),
        ("no turn", ["busy", "busy", "busy"]),
        ("redirect", ["upstream", "outcome_unknown", "outcome_unknown"]),
        ("large", ["too_large", "outcome_unknown", "outcome_unknown"]),
        (
            "not JSON",
            ["unexpected_response", "outcome_unknown", "outcome_unknown"],
        ),
        ("slow down", ["again", "throttled", "again"]),
        // An earlier step of the resolver may have written; with a key it may do so again.
        ("slow resolver", ["again", "outcome_unknown", "again"]),
        ("resolver", ["upstream", "outcome_unknown", "outcome_unknown"]),
        ("429", ["again", "throttled", "again"]),
        ("429+4", ["again", "throttled", "again"]),
        ("429+5", ["throttled", "throttled", "throttled"]),
        ("400:ThrottlingException", ["again", "throttled", "again"]),
        ("400", ["upstream", "upstream", "upstream"]),
        ("401", ["unauthorized", "unauthorized", "unauthorized"]),
        ("403", ["upstream", "upstream", "upstream"]),
        (
            "403:ForbiddenException",
            ["unauthorized", "unauthorized", "unauthorized"],
        ),
        ("404", ["upstream", "upstream", "upstream"]),
        ("408", ["timed_out", "outcome_unknown", "outcome_unknown"]),
        ("413", ["too_large", "too_large", "too_large"]),
        ("499", ["upstream", "outcome_unknown", "outcome_unknown"]),
        ("500", ["again", "outcome_unknown", "again"]),
        ("501", ["upstream", "outcome_unknown", "outcome_unknown"]),
        ("502", ["again", "outcome_unknown", "again"]),
        ("503", ["again", "outcome_unknown", "again"]),
        ("503+1", ["again", "outcome_unknown", "again"]),
        ("503+9", ["upstream", "outcome_unknown", "outcome_unknown"]),
        ("504", ["again", "outcome_unknown", "again"]),
    ] {
        for (spec, expected) in [&READ, &KEYLESS, &KEYED].into_iter().zip(expected) {
            let (_, end) = put(spec, &[name]).await;
            let end = end.map_or("again", |error| error.kind());
            assert_eq!(end, expected, "{name} {}", spec.name);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_fifth_attempt_is_the_last() {
    for spec in [&READ, &KEYED] {
        let (outlived, end) = put(spec, &["429"; 9]).await;
        assert_eq!((outlived, end.unwrap().kind()), (4, "throttled"));
    }
}

/// What an earlier attempt may have done is not forgotten over a later one that certainly did nothing.
#[tokio::test(start_paused = true)]
async fn a_write_that_may_have_been_carried_out_ends_as_such() {
    for (failures, expected) in [
        (&["lost", "429", "400"][..], "outcome_unknown"),
        (&["503", "refused", "401"], "outcome_unknown"),
        (&["lost", "429+9"], "outcome_unknown"),
        (&["lost", "no turn"], "outcome_unknown"),
        (
            &["refused", "500", "no connection", "429", "slow down"],
            "outcome_unknown",
        ),
        (&["slow resolver", "400"], "outcome_unknown"),
        (&["slow down", "400"], "upstream"),
        (&["429", "refused", "400"], "upstream"),
        (&["429", "no turn"], "throttled"),
    ] {
        let (outlived, end) = put(&KEYED, failures).await;
        assert_eq!(outlived, failures.len() - 1, "{failures:?}");
        assert_eq!(end.unwrap().kind(), expected, "{failures:?}");
    }
    // What came of the first such attempt is what is told.
    let (_, end) = put(&KEYED, &["503", "lost", "400"]).await;
    assert_eq!(
        end.unwrap().to_string(),
        "outcome unknown: this write may have been carried out, at least in part, before the API failed; do not repeat it: read back what it would have changed first"
    );
    // A read has no such thing to tell.
    let (_, end) = put(&READ, &["lost", "400"]).await;
    assert_eq!(end.unwrap().kind(), "upstream");
}

#[tokio::test(start_paused = true)]
async fn waits_are_random_parts_of_steps_that_double() {
    let mut longest = [Duration::ZERO; 4];
    let mut shortest = [Duration::MAX; 4];
    for _ in 0..200 {
        let mut retry = Retry::new(&READ, &ERRORS, Duration::from_mins(1));
        for step in 0..4 {
            let before = Instant::now();
            retry.after(failure("503", Kind::Read)).await.unwrap();
            longest[step] = longest[step].max(before.elapsed());
            shortest[step] = shortest[step].min(before.elapsed());
        }
    }
    for (step, millis) in [100, 200, 400, 800].into_iter().enumerate() {
        let step_time = Duration::from_millis(millis);
        // The clock goes by whole milliseconds, rounded up.
        assert!(longest[step] <= step_time + Duration::from_millis(1), "{longest:?}");
        // All that is random here: one of 200 lies in each outer quarter but once in 10^24 runs.
        assert!(longest[step] > step_time * 3 / 4, "{longest:?}");
        assert!(shortest[step] < step_time / 4, "{shortest:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_api_s_own_wait_is_the_least_and_has_to_fit_into_what_is_left() {
    // Five seconds in all.
    let before = Instant::now();
    let (outlived, end) = put(&READ, &["429+2", "503+2", "429+2"]).await;
    assert_eq!(outlived, 2);
    assert!(before.elapsed() >= Duration::from_secs(4));
    assert!(before.elapsed() < Duration::from_secs(5));
    assert_eq!(
        end.unwrap().to_string(),
        "throttled: the API gets too many requests; wait 2 s and call it again"
    );
}

/// Returns a call for which one place with the API is left, and what holds the others.
fn one_place() -> (Turn, Vec<Slot>) {
    let turn = Turns::default().admit(READ.name).unwrap();
    let slot = || turn.slot().now_or_never().flatten().unwrap();
    let taken = (1..WITH_API_MAX_OF_TOOL).map(|_| slot()).collect();
    (turn, taken)
}

#[tokio::test(start_paused = true)]
async fn an_attempt_gets_what_is_left_of_the_time_and_a_slot_if_there_is_one() {
    let (turn, _taken) = one_place();
    let seconds = Duration::from_secs;
    let mut retry = Retry::new(&READ, &ERRORS, seconds(5));
    let (slot, left) = retry.begin(&turn).await.unwrap();
    assert_eq!(left, seconds(5));
    sleep(seconds(2)).await;
    drop(slot);
    retry.after(failure("429+1", Kind::Read)).await.unwrap();
    assert!(
        turn.slot().now_or_never().is_some(),
        "it is held while nothing is under way"
    );
    let (slot, left) = retry.begin(&turn).await.unwrap();
    assert!(left <= seconds(2), "{left:?}");

    let late = Retry::new(&READ, &ERRORS, seconds(1));
    assert!(matches!(late.begin(&turn).await, Err(Failure::NoTurn)));
    let waiting = Retry::new(&READ, &ERRORS, seconds(3));
    let (waited, ()) = tokio::join!(waiting.begin(&turn), async {
        sleep(seconds(1)).await;
        drop(slot);
    });
    assert_eq!(waited.unwrap().1, seconds(2));
}

#[tokio::test(start_paused = true)]
async fn attempts_are_counted_for_whoever_asks() {
    let (turn, _taken) = one_place();
    let retry = Retry::new(&READ, &ERRORS, Duration::from_secs(1));
    // Nobody asks.
    assert!(retry.begin(&turn).await.is_ok());
    let two = async {
        for _ in 0..2 {
            drop(retry.begin(&turn).await.unwrap());
        }
        "done"
    };
    assert_eq!(count(two).await, ("done", 2));
    // One that gets no turn is none.
    let taken = turn.slot().await;
    assert_eq!(count(async { retry.begin(&turn).await.is_err() }).await, (true, 0));
    drop(taken);
}

#[tokio::test(start_paused = true)]
async fn no_attempt_begins_once_there_are_to_be_no_more() {
    let (turn, _taken) = one_place();
    let retry = Retry::new(&READ, &ERRORS, Duration::from_secs(1));
    let calls = async {
        let before = retry.begin(&turn).await.is_ok();
        let begun = no_more();
        let after = retry.begin(&turn).await;
        (before, begun, matches!(after, Err(Failure::NoTurn)))
    };
    assert_eq!(count(calls).await, ((true, 1, true), 1));
    // That was said of these alone.
    assert_eq!(count(async { retry.begin(&turn).await.is_ok() }).await, (true, 1));
}

//! What becomes of calls whose connection breaks, by what the API itself has seen of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use appsync_mcp_sandbox::Fault;
use serde_json::{Value, json};

use crate::api::Api;
use crate::proxy::{Cut, Place, Proxy};
use crate::session::{Era, Session};

const LOST: &str = "outcome unknown: this write may have been carried out, but its answer was lost; do not repeat it: read back what it would have changed first";
const UNREACHABLE: &str = "unreachable: the API can't be reached just now, and nothing was changed; try again later";

/// How many writes go through the proxy, and how many find it gone.
const WRITES: usize = 1_000;
const REFUSED: usize = 50;

/// How many of them are under way at a time; more than the server has places for.
const SIDE_BY_SIDE: usize = 50;

/// The same numbers for the same seed: `SplitMix64`.
fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn random_cut(random: &mut impl FnMut() -> u64) -> Cut {
    let [place, part, ..] = random().to_le_bytes();
    (Place::ALL[usize::from(place) % Place::ALL.len()], part)
}

/// Counts by name.
fn count(names: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

/// A thousand writes over connections that are cut at random, and not one of them is sent twice, or told wrongly.
#[test]
fn no_write_is_sent_twice_and_each_is_told_for_what_it_came_to() {
    let api = Api::start();
    let mut cuts = random(1);
    let proxy = Proxy::start(&api, move || random_cut(&mut cuts));
    let mut flags = proxy.flags(&api);
    flags.push("--allow-mutations".to_owned());
    let mut session = Session::open(Era::Modern, &flags);
    let mut lengths = random(2);
    let mut outcomes = Vec::new();
    let mut write = |session: &mut Session, n: usize| {
        let description = "x".repeat(usize::try_from(lengths() % 1_500).unwrap());
        let arguments = json!({ "name": format!("Made {n}"), "description": description });
        session.ask(
            "tools/call",
            json!({ "name": "create_collection", "arguments": arguments }),
        )
    };
    for first in (0..WRITES).step_by(SIDE_BY_SIDE) {
        let asked: Vec<_> = (first..first + SIDE_BY_SIDE).map(|n| write(&mut session, n)).collect();
        outcomes.extend(asked.into_iter().map(|id| session.outcome("create_collection", id)));
    }
    let done = proxy.done();
    proxy.close();
    for n in WRITES..WRITES + REFUSED {
        let id = write(&mut session, n);
        outcomes.push(session.outcome("create_collection", id));
    }
    let log = session.end();

    // What the API has seen. It remembers as many requests as there were writes, and there were no more.
    assert!(api.requests() <= WRITES as u64, "{} requests", api.requests());
    let received = api.sandbox.received().into_iter();
    let arrived = count(received.filter_map(|request| Some(request.variables["name"].as_str()?.to_owned())));
    let stored: Vec<Value> = all_collections(&mut Session::start(&api, &[]));
    let made = count(
        stored
            .iter()
            .map(|collection| collection["name"].as_str().unwrap().to_owned()),
    );

    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for (n, outcome) in outcomes.iter().enumerate() {
        let name = format!("Made {n}");
        let of = |counts: &BTreeMap<String, usize>| counts.get(&name).copied().unwrap_or(0);
        let (arrived, made) = (of(&arrived), of(&made));
        assert!(arrived <= 1, "{name} was sent {arrived} times");
        assert_eq!(arrived, made, "{name}");
        let kind = match (&outcome.result, outcome.text.as_str()) {
            (Some(result), _) => {
                assert_eq!(arrived, 1, "{name} was told as made");
                assert!(stored.contains(result), "{name} is not what was made");
                "made"
            }
            (None, UNREACHABLE) => {
                assert_eq!(arrived, 0, "{name} was told as not made");
                "not made"
            }
            // With a request id, where the answer had begun.
            (None, text) if text.starts_with(LOST) && arrived == 1 => "unknown, and made",
            (None, text) if text.starts_with(LOST) => "unknown, and not made",
            (None, text) => panic!("{name}: {text}"),
        };
        *told.entry(kind).or_default() += 1;
    }
    // All of that has happened, and everything often.
    assert_eq!(done.len(), Place::ALL.len(), "{done:?}");
    assert!(done.values().all(|times| *times > 50), "{done:?}");
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told.values().all(|times| *times > REFUSED / 2), "{told:?}");
    let unknown = log
        .matches("tool=create_collection kind=write outcome=outcome_unknown ")
        .count();
    assert_eq!(unknown, told["unknown, and made"] + told["unknown, and not made"]);
    assert!(!log.contains("attempts="), "{log}");
}

/// Every collection of the caller, page by page.
fn all_collections(session: &mut Session) -> Vec<Value> {
    let mut collections = Vec::new();
    let mut arguments = json!({ "limit": 100 });
    loop {
        let mut page = session.result("list_collections", arguments);
        let Value::Array(items) = page["items"].take() else {
            panic!("{page}")
        };
        collections.extend(items);
        match page["nextToken"].take() {
            Value::Null => return collections,
            token => arguments = json!({ "limit": 100, "nextToken": token }),
        }
    }
}

/// What goes wrong with the first exchanges of a call, one after the other, and what comes of it.
struct Case {
    cuts: &'static [Place],
    fault: Option<(Fault, u32)>,
    /// The beginning of what is told; nothing if there is a result.
    told: &'static str,
    /// How often the call was tried.
    attempts: usize,
    /// How many requests the API has seen, in part or whole.
    requests: u64,
}

const fn case(cuts: &'static [Place], told: &'static str, attempts: usize, requests: u64) -> Case {
    Case {
        cuts,
        fault: None,
        told,
        attempts,
        requests,
    }
}

const fn failing(
    cuts: &'static [Place],
    fault: (Fault, u32),
    told: &'static str,
    attempts: usize,
    requests: u64,
) -> Case {
    Case {
        fault: Some(fault),
        ..case(cuts, told, attempts, requests)
    }
}

fn check(tool: &str, arguments: impl Fn(usize) -> Value, cases: &[Case]) {
    let api = Api::start();
    let plan = Arc::new(Mutex::new(VecDeque::new()));
    let cuts = plan.clone();
    let proxy = Proxy::start(&api, move || {
        let place = cuts.lock().unwrap().pop_front().unwrap_or(Place::Nowhere);
        (place, 128)
    });
    let mut flags = proxy.flags(&api);
    flags.extend(["--allow-mutations", "--log", "debug"].map(str::to_owned));
    let mut session = Session::open(Era::Modern, &flags);
    let mut expected = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        plan.lock().unwrap().extend(case.cuts);
        if let Some((fault, times)) = case.fault {
            api.sandbox.set_fault_times(fault, times);
        }
        let before = api.requests();
        let outcome = session.call(tool, arguments(n));
        let name = format!("case {n}, {:?} {:?}: {}", case.cuts, case.fault, outcome.text);
        assert_eq!(outcome.result.is_some(), case.told.is_empty(), "{name}");
        assert!(outcome.text.starts_with(case.told), "{name}");
        assert_eq!(api.requests() - before, case.requests, "{name}");
        assert!(plan.lock().unwrap().is_empty(), "{name}");
        expected.push((case.attempts > 1).then(|| format!(" attempts={} ", case.attempts)));
    }
    let log = session.end();
    let lines: Vec<_> = log.lines().filter(|line| line.contains(" call tool=")).collect();
    assert_eq!(lines.len(), cases.len(), "{log}");
    for (line, expected) in lines.into_iter().zip(expected) {
        match expected {
            Some(attempts) => assert!(line.contains(&attempts), "no{attempts}in {line}"),
            None => assert!(!line.contains("attempts="), "{line}"),
        }
    }
    let repeated: usize = cases.iter().map(|case| case.attempts - 1).sum();
    let why = format!("call repeated tool={tool} why=");
    assert_eq!(log.matches(&why).count(), repeated, "{log}");
}

#[test]
fn a_read_outlives_what_passes() {
    use Place::{AfterAnswer, AfterRequest, BeforeAnswer, BeforeRequest, InAnswer, InBody, InHead};
    let failed = "upstream error: the API failed on its side";
    check(
        "get_company",
        |_| json!({ "id": "c-00001" }),
        &[
            case(&[], "", 1, 1),
            // A part of a body is a request that the API counts and can't read.
            case(&[InBody], "", 2, 2),
            case(&[InHead], "", 2, 1),
            case(&[AfterRequest], "", 2, 1),
            case(&[BeforeAnswer], "", 2, 2),
            case(&[InAnswer], "", 2, 2),
            case(&[BeforeRequest], "", 2, 1),
            // Cut once, then two 503s, then the answer.
            failing(&[AfterRequest], (Fault::Unavailable, 2), "", 4, 3),
            failing(&[], (Fault::CutConnection, 2), "", 3, 3),
            failing(&[], (Fault::ServerError, 4), "", 5, 5),
            failing(&[], (Fault::ServerError, 5), failed, 5, 5),
            case(&[InAnswer; 5], UNREACHABLE, 5, 5),
            failing(&[], (Fault::Throttling, 1), "", 2, 2),
            // Not what passes.
            failing(
                &[],
                (Fault::HtmlError, 1),
                "upstream error: something before the API",
                1,
                1,
            ),
            failing(&[], (Fault::Malformed, 1), "unexpected response: ", 1, 1),
            // The last, since the next call may be quicker than the news that the connection is closed.
            case(&[AfterAnswer], "", 1, 1),
        ],
    );
}

#[test]
fn a_write_does_not() {
    use Place::{AfterAnswer, AfterRequest, BeforeAnswer, InAnswer, InBody, InHead};
    let in_part = "outcome unknown: this write may have been carried out, at least in part, before the API failed";
    check(
        "create_collection",
        |n| json!({ "name": format!("Case {n}") }),
        &[
            case(&[], "", 1, 1),
            case(&[InHead], LOST, 1, 0),
            case(&[InBody], LOST, 1, 1),
            case(&[AfterRequest], LOST, 1, 0),
            case(&[BeforeAnswer], LOST, 1, 1),
            case(&[InAnswer], LOST, 1, 1),
            failing(&[], (Fault::CutConnection, 1), LOST, 1, 1),
            failing(&[], (Fault::ServerError, 1), in_part, 1, 1),
            failing(&[], (Fault::Unavailable, 1), in_part, 1, 1),
            failing(&[], (Fault::Throttling, 1), "throttled: ", 1, 1),
            case(&[AfterAnswer], "", 1, 1),
        ],
    );
}

//! Turns the contract's rates into limits for each tool and caller.
//!
//! A caller who was quiet may call as often as the rate says at once; after that, one more call is due each `seconds / calls`.
//!
//! Invariant: what is kept is bounded: `CALLERS_MAX` callers for each tool. Beyond that, whoever owes the least is forgotten.
//! Invariant: a refused call does not count.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::{Quota, RateLimiter};

use crate::error::CallError;
use crate::tool::{Contract, Rate, Tool, ToolSpec};

/// The most callers that one tool's limit remembers: about a megabyte.
const CALLERS_MAX: usize = 10_000;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Whoever started the server, over stdio or on the command line.
    Local,
    /// Somebody else, by a name that nobody else has.
    Subject(Arc<str>),
}

/// The limits of all tools that have one.
pub(crate) struct Rates {
    limits: HashMap<&'static str, Limit<DefaultClock>>,
}

/// One tool's limit.
struct Limit<C: Clock> {
    rate: Rate,
    limiter: RateLimiter<Caller, Callers, C, NoOpMiddleware<C::Instant>>,
}

/// How much each caller owes: when its calls would have been due had they come evenly, as time since the limiter was made.
#[derive(Default)]
struct Callers {
    due: Mutex<HashMap<Caller, Nanos>>,
}

impl Rates {
    pub(crate) fn new(contract: &Contract) -> Self {
        let specs = contract.tools.iter().map(Tool::spec);
        let limits = specs
            .filter_map(|spec| Some((spec.name, Limit::new(spec.rate?, DefaultClock::default()))))
            .collect();
        Self { limits }
    }

    /// Counts a call, or says how long to wait.
    pub(crate) fn check(&self, spec: &ToolSpec, caller: &Caller) -> Result<(), CallError> {
        match self.limits.get(spec.name) {
            Some(limit) => limit.check(caller).map_err(|seconds| CallError::RateLimited {
                rate: limit.rate,
                seconds,
            }),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.limits.iter().map(|(tool, limit)| (tool, limit.rate)))
            .finish()
    }
}

impl<C: Clock> Limit<C> {
    fn new(rate: Rate, clock: C) -> Self {
        // The build refuses a rate of nothing; one call is the nearest that can be kept.
        let calls = NonZeroU32::new(rate.calls).unwrap_or(NonZeroU32::MIN);
        let seconds = u64::from(rate.per_seconds.max(1));
        let each = Duration::from_secs(seconds) / calls.get();
        let quota = Quota::with_period(each).map_or(Quota::per_second(calls), |quota| quota.allow_burst(calls));
        Self {
            rate,
            limiter: RateLimiter::new(quota, Callers::default(), clock),
        }
    }

    /// Counts a call, or returns how many whole seconds to wait, rounded up.
    fn check(&self, caller: &Caller) -> Result<(), u64> {
        self.limiter.check_key(caller).map_err(|refused| {
            let wait = refused.wait_time_from(self.limiter.clock().now());
            (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
        })
    }
}

impl StateStore for Callers {
    type Key = Caller;

    fn measure_and_replace<T, F, E>(&self, caller: &Caller, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        // A poisoned lock only says that another call panicked; the map is whole between two insertions.
        let mut callers = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let (outcome, due) = measure(callers.get(caller).copied())?;
        if callers.len() >= CALLERS_MAX && !callers.contains_key(caller) {
            let least = callers
                .iter()
                .min_by_key(|(_, due)| **due)
                .map(|(caller, _)| caller.clone());
            least.and_then(|caller| callers.remove(&caller));
        }
        callers.insert(caller.clone(), due);
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::specimen;

    fn subject(name: &str) -> Caller {
        Caller::Subject(name.into())
    }

    fn limit(calls: u32, per_seconds: u32) -> (Limit<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Limit::new(Rate { calls, per_seconds }, clock.clone()), clock)
    }

    #[test]
    fn refuses_the_sixth_call_and_says_when_to_come_back() {
        let (limit, clock) = limit(5, 60);
        for _ in 0..5 {
            assert_eq!(limit.check(&Caller::Local), Ok(()));
        }
        assert_eq!(limit.check(&Caller::Local), Err(12));
        clock.advance(Duration::from_millis(11_500));
        assert_eq!(limit.check(&Caller::Local), Err(1));
        clock.advance(Duration::from_millis(500));
        assert_eq!(limit.check(&Caller::Local), Ok(()));
        assert_eq!(limit.check(&Caller::Local), Err(12));
        clock.advance(Duration::from_mins(1));
        assert_eq!((0..9).filter(|_| limit.check(&Caller::Local).is_ok()).count(), 5);
    }

    #[test]
    fn limits_callers_apart_from_each_other() {
        let (limit, _) = limit(1, 60);
        assert_eq!(limit.check(&subject("a")), Ok(()));
        assert_eq!(limit.check(&subject("b")), Ok(()));
        assert_eq!(limit.check(&subject("a")), Err(60));
        assert_eq!(limit.check(&Caller::Local), Ok(()));
    }

    #[test]
    fn remembers_a_bounded_number_of_callers_and_forgets_who_owes_least() {
        let (limit, clock) = limit(2, 60);
        assert_eq!(limit.check(&subject("quiet")), Ok(()));
        clock.advance(Duration::from_secs(1));
        for _ in 0..2 {
            assert_eq!(limit.check(&subject("busy")), Ok(()));
        }
        for n in 0..CALLERS_MAX {
            assert_eq!(limit.check(&subject(&n.to_string())), Ok(()));
        }
        assert!(limit.check(&subject("busy")).is_err());
        let callers = limit.limiter.into_state_store().due.into_inner().unwrap();
        assert_eq!(callers.len(), CALLERS_MAX);
        assert!(!callers.contains_key(&subject("quiet")));
    }

    #[test]
    fn a_rate_of_nothing_is_no_panic() {
        let (none, _) = limit(0, 0);
        assert_eq!(none.check(&Caller::Local), Ok(()));
        assert!(none.check(&Caller::Local).is_err());
        let (most, _) = limit(u32::MAX, 1);
        assert_eq!(most.check(&Caller::Local), Ok(()));
    }

    #[test]
    fn only_tools_with_a_rate_are_limited() {
        let rates = Rates::new(&specimen::CONTRACT);
        let spec = |name: &str| {
            specimen::CONTRACT
                .tools
                .iter()
                .map(Tool::spec)
                .find(|spec| spec.name == name)
                .unwrap()
        };
        for _ in 0..100 {
            assert!(rates.check(spec("find_things"), &Caller::Local).is_ok());
        }
        assert!(rates.check(spec("make_list"), &Caller::Local).is_ok());
        let refused = rates.check(spec("make_list"), &Caller::Local).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "rate limited: this tool takes 1 call a minute; wait 60 s and call it again"
        );
    }
}

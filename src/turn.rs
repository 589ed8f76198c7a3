//! Says which calls are with the API, which wait for their turn, and which are too many.
//!
//! A call that is with the API holds a connection and up to a whole answer in memory; one that waits holds its arguments, some
//! kilobytes in all, for as long as its tool's timeout.
//!
//! Invariant: no tool has more than three quarters of the places, so that one whose calls hang leaves some to the others.
//! Invariant: those who wait get their turn in the order in which they came, as far as their tool may have one more.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most calls that are with the API at a time, of all tools and of one.
pub(crate) const WITH_API_MAX: usize = 16;
pub(crate) const WITH_API_MAX_OF_TOOL: usize = WITH_API_MAX * 3 / 4;

/// The most calls that are under way at a time, those with the API among them. A model makes ten at a time, some clients some
/// dozens; what comes beyond is told so, and can come again.
pub(crate) const UNDER_WAY_MAX: usize = 128;
pub(crate) const UNDER_WAY_MAX_OF_TOOL: usize = UNDER_WAY_MAX * 3 / 4;

/// The places of all tools.
#[derive(Debug)]
pub(crate) struct Turns {
    all: Places,
    of_tools: Mutex<HashMap<&'static str, Places>>,
}

/// Where calls can be.
#[derive(Debug, Clone)]
struct Places {
    under_way: Arc<Semaphore>,
    with_api: Arc<Semaphore>,
}

/// A call's place among those that are under way.
pub(crate) struct Turn {
    /// Its tool's first: a call that its tool keeps waiting stands in no other one's way.
    queues: [Arc<Semaphore>; 2],
    _places: [OwnedSemaphorePermit; 2],
}

/// A call's place with the API.
pub(crate) struct Slot {
    _places: [OwnedSemaphorePermit; 2],
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            all: Places::new(UNDER_WAY_MAX, WITH_API_MAX),
            of_tools: Mutex::default(),
        }
    }
}

impl Turns {
    /// Takes a call of a tool in, if there is a place.
    pub(crate) fn admit(&self, tool: &'static str) -> Option<Turn> {
        let mut of_tools = self.of_tools.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Places::new(UNDER_WAY_MAX_OF_TOOL, WITH_API_MAX_OF_TOOL);
        let of_tool = of_tools.entry(tool).or_insert_with(new);
        let place = |places: &Places| Arc::clone(&places.under_way).try_acquire_owned().ok();
        Some(Turn {
            _places: [place(of_tool)?, place(&self.all)?],
            queues: [Arc::clone(&of_tool.with_api), Arc::clone(&self.all.with_api)],
        })
    }
}

impl Turn {
    /// Waits for the call's turn.
    pub(crate) async fn slot(&self) -> Option<Slot> {
        let [of_tool, all] = self.queues.clone();
        // Nobody closes them.
        let of_tool = of_tool.acquire_owned().await.ok()?;
        let all = all.acquire_owned().await.ok()?;
        Some(Slot {
            _places: [of_tool, all],
        })
    }
}

impl Places {
    fn new(under_way: usize, with_api: usize) -> Self {
        Self {
            under_way: Arc::new(Semaphore::new(under_way)),
            with_api: Arc::new(Semaphore::new(with_api)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::iter::repeat_with;

    use futures_util::FutureExt as _;

    use super::*;

    /// Lets as many calls of a tool through to the API as can go now.
    fn go(turns: &[Turn]) -> Vec<Slot> {
        turns
            .iter()
            .map_while(|turn| turn.slot().now_or_never().flatten())
            .collect()
    }

    fn admit(turns: &Turns, tool: &'static str, count: usize) -> Vec<Turn> {
        repeat_with(|| turns.admit(tool)).take(count).flatten().collect()
    }

    #[tokio::test]
    async fn one_tool_has_three_quarters_at_most() {
        let turns = Turns::default();
        let one = admit(&turns, "one", 1_000);
        assert_eq!(one.len(), 96);
        let one_with_api = go(&one);
        assert_eq!(one_with_api.len(), 12);
        let two = admit(&turns, "two", 1_000);
        assert_eq!(two.len(), 32);
        let two_with_api = go(&two);
        assert_eq!(two_with_api.len(), 4);
        assert!(turns.admit("three").is_none());
        assert!(go(&one).is_empty() && go(&two).is_empty());

        // What ends makes room for its tool, or for others.
        drop(two);
        assert_eq!(admit(&turns, "one", 1).len(), 0);
        let three = admit(&turns, "three", 1);
        assert_eq!(go(&three).len(), 0, "these are still with the API");
        drop(one_with_api);
        assert_eq!(go(&three).len(), 1);
        drop(two_with_api);
        drop(one);
        assert_eq!(admit(&turns, "one", 1_000).len(), 96);
    }

    #[tokio::test]
    async fn a_call_that_waits_stands_in_no_other_tool_s_way() {
        let turns = Arc::new(Turns::default());
        let one = admit(&turns, "one", 13);
        let slots = go(&one[..12]);
        assert_eq!(slots.len(), 12);
        let waiting = tokio::spawn(async move {
            let slot = one[12].slot().await;
            (one, slot)
        });
        tokio::task::yield_now().await;
        let two = admit(&turns, "two", 4);
        assert_eq!(go(&two).len(), 4);
        assert!(!waiting.is_finished());
        drop(slots);
        assert!(waiting.await.unwrap().1.is_some());
    }
}

//! Keeps one credential that something slow makes, and that expires.
//!
//! Invariant: it is made by one task at a time, which goes on if nobody waits for it any more; whoever waits takes what it
//! comes to, be it a failure.
//! Invariant: nobody waits while there is one that can be sent; it is renewed in the background then.
//! Invariant: what has just failed is not tried again for a moment, and what has just been replaced because it was refused is
//! not replaced again: else each call of a caller without the right would cost a person or a service a question.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// How long a failure is what everybody is told. Whoever mends it and tries again should not have to wait.
const FAILURE_KEPT: Duration = Duration::from_secs(5);

/// The least time between two credentials of which each is made because the one before was refused.
const REFUSED_AGAIN: Duration = Duration::from_mins(1);

/// How far a credential is from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// It will be good for a while.
    Fresh,
    /// It can be sent, and is to be renewed.
    Ageing,
    /// It can't be sent any more.
    Expired,
}

/// The credential, and how the last attempt to make one ended.
pub(super) struct Kept<T, E> {
    state: Mutex<State<T, E>>,
}

struct State<T, E> {
    credential: Option<T>,
    last: Option<(Instant, Result<(), E>)>,
    /// What the attempt that is under way comes to. The sender is gone once it has ended, or broken down.
    coming: Option<watch::Receiver<Option<Result<T, E>>>>,
    refused: Option<Instant>,
}

/// What there is when somebody asks.
pub(super) enum Found<T, E> {
    /// A credential that can be sent.
    There(T),
    /// It is being made.
    Coming(watch::Receiver<Option<Result<T, E>>>),
}

impl<T, E> Default for Kept<T, E> {
    fn default() -> Self {
        Kept {
            state: Mutex::new(State {
                credential: None,
                last: None,
                coming: None,
                refused: None,
            }),
        }
    }
}

impl<T: Clone + Send + Sync + 'static, E: Clone + Send + Sync + 'static> Kept<T, E> {
    /// Returns a credential that can be sent, or why it could not be made; `Err(None)` if it has expired already.
    pub(super) async fn get<F>(
        self: &Arc<Self>,
        age: impl Fn(&T) -> Age,
        make: impl FnOnce() -> Result<F, E>,
    ) -> Result<T, Option<E>>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        let mut coming = match self.find(&age, make)? {
            Found::There(credential) => return Ok(credential),
            Found::Coming(coming) => coming,
        };
        // It is dropped without a word only if its task has panicked, which is reported, or the program ends.
        let outcome = coming.wait_for(Option::is_some).await.map_err(|_| None)?.clone();
        let credential = outcome.ok_or(None)?.map_err(Some)?;
        if age(&credential) == Age::Expired {
            return Err(None);
        }
        Ok(credential)
    }

    /// Returns what there is, without waiting. If that is nothing that will be good for a while, one is being made from now on;
    /// `make` begins, and says at once if it can't. What it returns has to come to an end by itself.
    pub(super) fn find<F>(
        self: &Arc<Self>,
        age: impl Fn(&T) -> Age,
        make: impl FnOnce() -> Result<F, E>,
    ) -> Result<Found<T, E>, Option<E>>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        let mut state = self.state();
        let current = state.current(&age);
        if let Some((credential, Age::Fresh)) = current {
            return Ok(Found::There(credential));
        }
        // One that can be sent and will not be for long was made a moment ago, and yet is to be renewed.
        let recent = state.last_if_recent().filter(|last| current.is_none() || last.is_err());
        let coming = match (state.under_way(), recent) {
            (Some(coming), _) => Ok(coming),
            (None, Some(outcome)) => Err(outcome.err()),
            (None, None) => match make() {
                Ok(making) => Ok(self.begin(&mut state, making)),
                Err(error) => {
                    state.end(Err(error.clone()));
                    Err(Some(error))
                }
            },
        };
        match current {
            Some((credential, _)) => Ok(Found::There(credential)),
            None => coming.map(Found::Coming),
        }
    }

    /// Says whether a credential is being made, and no other one can be sent meanwhile.
    pub(super) fn is_coming(&self, age: impl Fn(&T) -> Age) -> bool {
        let state = self.state();
        state.current(age).is_none() && state.under_way().is_some()
    }

    /// Forgets the credential that was sent at that time and refused, unless one was made since, or for the same reason not
    /// long ago; says whether it did.
    pub(super) fn forget(&self, sent_at: Instant, is_refused: impl Fn(&T) -> bool) -> bool {
        let mut state = self.state();
        let is_kept = state.credential.as_ref().is_some_and(is_refused);
        let is_new = state.last.as_ref().is_some_and(|(ended, _)| *ended >= sent_at);
        let is_again = state.refused.is_some_and(|refused| refused.elapsed() < REFUSED_AGAIN);
        if !is_kept || is_new || is_again {
            return false;
        }
        state.credential = None;
        state.last = None;
        state.refused = Some(Instant::now());
        true
    }

    fn begin(
        self: &Arc<Self>,
        state: &mut State<T, E>,
        making: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> watch::Receiver<Option<Result<T, E>>> {
        let (told, coming) = watch::channel(None);
        state.coming = Some(coming.clone());
        let kept = Arc::clone(self);
        tokio::spawn(async move {
            let made = making.await;
            kept.state().end(made.clone());
            // Nobody has to wait for it.
            let _ = told.send(Some(made));
        });
        coming
    }

    fn state(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone, E: Clone> State<T, E> {
    fn current(&self, age: impl Fn(&T) -> Age) -> Option<(T, Age)> {
        let credential = self.credential.as_ref()?;
        let age = age(credential);
        (age != Age::Expired).then(|| (credential.clone(), age))
    }

    fn under_way(&self) -> Option<watch::Receiver<Option<Result<T, E>>>> {
        self.coming.clone().filter(|coming| coming.has_changed().is_ok())
    }

    /// Returns how the last attempt ended, if that is not long ago.
    fn last_if_recent(&self) -> Option<Result<(), E>> {
        let (ended, outcome) = self.last.as_ref()?;
        (ended.elapsed() < FAILURE_KEPT).then(|| outcome.clone())
    }

    fn end(&mut self, made: Result<T, E>) {
        let outcome = made.map(|credential| self.credential = Some(credential));
        self.last = Some((Instant::now(), outcome));
        self.coming = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::time::{advance, sleep, timeout};

    use super::*;

    /// How long it takes to make one.
    const SLOW: Duration = Duration::from_secs(20);

    /// A credential with the number of the attempt that made it, and where they come from.
    struct Bench {
        kept: Arc<Kept<u32, u32>>,
        begun: Arc<AtomicU32>,
        ended: Arc<AtomicU32>,
    }

    impl Bench {
        fn new() -> Self {
            Self {
                kept: Arc::default(),
                begun: Arc::default(),
                ended: Arc::default(),
            }
        }

        /// Makes those whose numbers `is_good` takes.
        async fn get(&self, age: fn(&u32) -> Age, is_good: fn(u32) -> bool) -> Result<u32, Option<u32>> {
            self.kept.get(age, || Ok(self.make(is_good))).await
        }

        fn make(&self, is_good: fn(u32) -> bool) -> impl Future<Output = Result<u32, u32>> + Send + use<> {
            let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
            let ended = Arc::clone(&self.ended);
            async move {
                sleep(SLOW).await;
                ended.fetch_add(1, Ordering::SeqCst);
                if is_good(number) { Ok(number) } else { Err(number) }
            }
        }

        fn counts(&self) -> (u32, u32) {
            (self.begun.load(Ordering::SeqCst), self.ended.load(Ordering::SeqCst))
        }
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "an age is that of a borrowed credential"
    )]
    fn fresh(_: &u32) -> Age {
        Age::Fresh
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_waits_for_any_more_goes_on_and_serves_the_next() {
        let bench = Bench::new();
        for _ in 0..3 {
            let patience = Duration::from_secs(5);
            assert!(timeout(patience, bench.get(fresh, |_| true)).await.is_err());
        }
        assert_eq!(bench.counts(), (1, 0));
        let start = Instant::now();
        assert_eq!(bench.get(fresh, |_| true).await, Ok(1));
        assert_eq!(start.elapsed().as_secs(), 5);
        assert_eq!(bench.get(fresh, |_| true).await, Ok(1));
        assert_eq!(bench.counts(), (1, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_told_to_all_who_wait_and_for_a_moment_after() {
        let bench = Bench::new();
        let first = |number| number > 1;
        let (one, two) = tokio::join!(bench.get(fresh, first), bench.get(fresh, first));
        assert_eq!((one, two), (Err(Some(1)), Err(Some(1))));
        advance(FAILURE_KEPT / 2).await;
        assert_eq!(bench.get(fresh, first).await, Err(Some(1)));
        assert_eq!(bench.counts(), (1, 1));
        advance(FAILURE_KEPT / 2).await;
        assert_eq!(bench.get(fresh, first).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn what_can_not_begin_says_so_at_once_and_for_a_moment() {
        let bench = Bench::new();
        let start = Instant::now();
        let refuse = || Err::<std::future::Ready<Result<u32, u32>>, u32>(7);
        assert_eq!(bench.kept.get(fresh, refuse).await, Err(Some(7)));
        assert_eq!(bench.get(fresh, |_| true).await, Err(Some(7)));
        assert_eq!(start.elapsed(), Duration::ZERO);
        advance(FAILURE_KEPT).await;
        assert_eq!(bench.get(fresh, |_| true).await, Ok(1));
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_expired_as_it_comes_is_not_asked_for_again_for_a_moment() {
        let bench = Bench::new();
        for _ in 0..3 {
            assert_eq!(bench.get(|_| Age::Expired, |_| true).await, Err(None));
        }
        assert_eq!(bench.counts(), (1, 1));
        advance(FAILURE_KEPT).await;
        assert_eq!(bench.get(|_| Age::Expired, |_| true).await, Err(None));
        assert_eq!(bench.counts(), (2, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_ages_is_renewed_beside_the_calls_and_not_again_at_once_where_that_failed() {
        let bench = Bench::new();
        let ages = |number: &u32| if *number == 1 { Age::Ageing } else { Age::Fresh };
        let not_second = |number| number != 2;
        assert_eq!(bench.get(ages, not_second).await, Ok(1));
        for _ in 0..3 {
            assert_eq!(bench.get(ages, not_second).await, Ok(1));
        }
        assert_eq!(bench.counts(), (2, 1));
        sleep(SLOW + Duration::from_millis(1)).await;
        assert_eq!(bench.get(ages, not_second).await, Ok(1));
        assert_eq!(bench.counts(), (2, 2));
        sleep(FAILURE_KEPT).await;
        assert_eq!(bench.get(ages, not_second).await, Ok(1));
        sleep(SLOW + Duration::from_millis(1)).await;
        assert_eq!(bench.get(ages, not_second).await, Ok(3));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_one_is_replaced_once_and_again_only_after_a_while() {
        let bench = Bench::new();
        let refused = |kept: &Arc<Kept<u32, u32>>, sent_at| kept.forget(sent_at, |_| true);
        assert_eq!(bench.get(fresh, |_| true).await, Ok(1));
        advance(Duration::from_secs(1)).await;
        let sent_at = Instant::now();
        assert!(!bench.kept.forget(sent_at, |_| false), "it is another one");
        assert!(refused(&bench.kept, sent_at));
        assert_eq!(bench.get(fresh, |_| true).await, Ok(2));
        assert!(!refused(&bench.kept, sent_at), "one was made since");
        // Making it takes twenty seconds of the minute.
        for (wait, is_replaced) in [(1, false), (38, false), (1, true), (39, false), (1, true)] {
            advance(Duration::from_secs(wait)).await;
            assert_eq!(refused(&bench.kept, Instant::now()), is_replaced, "{wait}");
            let _ = bench.get(fresh, |_| true).await;
        }
        assert_eq!(bench.counts().0, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_breaks_down_leaves_room_for_the_next() {
        let bench = Bench::new();
        let broken = || Ok(async { panic!("it breaks down") });
        assert_eq!(bench.kept.get(fresh, broken).await, Err(None));
        assert_eq!(bench.get(fresh, |_| true).await, Ok(1));
    }
}

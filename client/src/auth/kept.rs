//! Keeps one credential that something slow makes, and that expires.
//!
//! Invariant: it is made by one task at a time, and whoever waits for that takes what it comes to, be it a failure.
//! Invariant: nobody waits while there is one that can be sent; it is renewed in the background then.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

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
    /// Held by whoever makes one.
    making: Arc<tokio::sync::Mutex<()>>,
}

struct State<T, E> {
    credential: Option<T>,
    last: Option<(Instant, Result<(), E>)>,
}

impl<T, E> Default for Kept<T, E> {
    fn default() -> Self {
        Kept {
            state: Mutex::new(State {
                credential: None,
                last: None,
            }),
            making: Arc::default(),
        }
    }
}

impl<T: Clone + Send + 'static, E: Clone + Send + 'static> Kept<T, E> {
    /// Returns a credential that can be sent, or why the last attempt to make one failed; nothing, if what it made has expired
    /// already. `make` has to come to an end by itself.
    pub(super) async fn get<F>(
        self: &Arc<Self>,
        age: impl Fn(&T) -> Age,
        make: impl FnOnce() -> F,
    ) -> Result<T, Option<E>>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        let asked_at = Instant::now();
        match self.current(&age) {
            Some((credential, Age::Fresh)) => return Ok(credential),
            Some((credential, _)) => {
                if let Ok(guard) = Arc::clone(&self.making).try_lock_owned() {
                    let (kept, coming) = (Arc::clone(self), make());
                    tokio::spawn(async move {
                        kept.keep(coming.await);
                        drop(guard);
                    });
                }
                return Ok(credential);
            }
            None => {}
        }
        let _guard = self.making.lock().await;
        if let Some((credential, _)) = self.current(&age) {
            return Ok(credential);
        }
        let ended = self.state().ended_since(asked_at).cloned();
        // What failed while this call waited would fail again.
        if let Some(outcome) = ended {
            return Err(outcome.err());
        }
        // Boxed, since it would be a part of every call, in every mode.
        let outcome = Box::pin(make()).await;
        self.keep(outcome.clone());
        let credential = outcome.map_err(Some)?;
        if age(&credential) == Age::Expired {
            return Err(None);
        }
        Ok(credential)
    }

    /// Forgets the credential that was sent at that time and refused, unless one was made since; says whether it did.
    pub(super) fn forget(&self, sent_at: Instant, is_refused: impl Fn(&T) -> bool) -> bool {
        let mut state = self.state();
        let is_kept = state.credential.as_ref().is_some_and(is_refused);
        if is_kept && state.ended_since(sent_at).is_none() {
            state.credential = None;
            return true;
        }
        false
    }

    fn current(&self, age: impl Fn(&T) -> Age) -> Option<(T, Age)> {
        let state = self.state();
        let credential = state.credential.as_ref()?;
        let age = age(credential);
        (age != Age::Expired).then(|| (credential.clone(), age))
    }

    fn keep(&self, made: Result<T, E>) {
        let mut state = self.state();
        let outcome = made.map(|credential| state.credential = Some(credential));
        state.last = Some((Instant::now(), outcome));
    }

    fn state(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T, E> State<T, E> {
    /// Returns how the last attempt ended, if that was since.
    fn ended_since(&self, time: Instant) -> Option<&Result<(), E>> {
        let (ended, outcome) = self.last.as_ref()?;
        (*ended >= time).then_some(outcome)
    }
}

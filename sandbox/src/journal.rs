//! What reached the sandbox: counted, and the newest of it kept.
//!
//! Invariant: a request is counted before anything else happens to it, and as carried out by the very code that is about to
//! run its resolver. So the counts are right also for a caller who went away meanwhile.
//! Invariant: however many requests come and however long they are, what is kept has a bound.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::auth::AuthorizationMode;
use crate::fault::Fault;

/// How many requests are kept, and how many bytes of bodies.
const REQUESTS_MAX: usize = 10_000;
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// A request that reached the sandbox.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Received {
    /// The operation's name.
    pub operation_name: Option<String>,
    /// The document; empty if the body was no GraphQL request, or was not read.
    pub document: String,
    /// The variables, as they came; null if there were none.
    pub variables: Value,
    /// The caller's authorization mode; none if they were turned away.
    pub mode: Option<AuthorizationMode>,
    /// The caller, if their mode tells who they are.
    pub subject: Option<String>,
    /// What went wrong.
    pub faults: Vec<Fault>,
    /// Whether a resolver of a root field ran.
    pub carried_out: bool,
}

/// One of the requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry(u64);

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    requests: u64,
    /// Each with the bytes of its body.
    newest: VecDeque<(Received, usize)>,
    bytes: usize,
    carried_out: BTreeMap<String, u64>,
}

impl Journal {
    /// A panic while the lock was held leaves numbers and texts that are whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request that came, with the faults that will hit it.
    pub(crate) fn came(&self, faults: &[Fault]) -> Entry {
        let mut state = self.lock();
        state.requests += 1;
        let received = Received {
            faults: faults.to_vec(),
            ..Received::default()
        };
        state.newest.push_back((received, 0));
        state.forget();
        Entry(state.requests)
    }

    /// Notes the length of a request's body.
    pub(crate) fn read(&self, entry: Entry, bytes: usize) {
        let mut state = self.lock();
        if let Some((_, own)) = state.find(entry) {
            *own = bytes;
            state.bytes += bytes;
            state.forget();
        }
    }

    /// Notes what became known of a request, if it is still kept.
    pub(crate) fn note(&self, entry: Entry, change: impl FnOnce(&mut Received)) {
        if let Some((received, _)) = self.lock().find(entry) {
            change(received);
        }
    }

    /// Notes that the resolver of a root field is about to run.
    pub(crate) fn carries_out(&self, entry: Entry, field: &str) {
        self.note(entry, |received| received.carried_out = true);
        *self.lock().carried_out.entry(field.to_owned()).or_default() += 1;
    }

    /// How many requests came.
    pub(crate) fn requests(&self) -> u64 {
        self.lock().requests
    }

    /// How many times the resolver of a root field ran.
    pub(crate) fn carried_out(&self, field: &str) -> u64 {
        self.lock().carried_out.get(field).copied().unwrap_or_default()
    }

    /// The requests that are kept, oldest first.
    pub(crate) fn newest(&self) -> Vec<Received> {
        self.lock()
            .newest
            .iter()
            .map(|(received, _)| received.clone())
            .collect()
    }
}

impl State {
    fn find(&mut self, entry: Entry) -> Option<&mut (Received, usize)> {
        let forgotten = self.requests - self.newest.len() as u64;
        let index = entry.0.checked_sub(forgotten + 1)?;
        self.newest.get_mut(usize::try_from(index).ok()?)
    }

    /// The newest is always kept.
    fn forget(&mut self) {
        while self.newest.len() > 1 && (self.newest.len() > REQUESTS_MAX || self.bytes > BYTES_MAX) {
            if let Some((_, bytes)) = self.newest.pop_front() {
                self.bytes -= bytes;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES_MAX, Journal, REQUESTS_MAX};

    #[test]
    fn all_are_counted_and_the_newest_are_kept() {
        let journal = Journal::default();
        let first = journal.came(&[]);
        for index in 0..REQUESTS_MAX {
            let entry = journal.came(&[]);
            journal.note(entry, |received| received.document = index.to_string());
        }
        // It is forgotten, and its count is not.
        journal.note(first, |received| received.document = "first".to_owned());
        journal.carries_out(first, "getCompany");
        let newest = journal.newest();
        assert_eq!((newest.len(), newest[0].document.as_str()), (REQUESTS_MAX, "0"));
        assert_eq!(journal.requests(), REQUESTS_MAX as u64 + 1);
        assert_eq!(
            (journal.carried_out("getCompany"), journal.carried_out("getRecord")),
            (1, 0)
        );
    }

    #[test]
    fn long_requests_are_kept_as_far_as_there_is_room() {
        let journal = Journal::default();
        for _ in 0..5 {
            let entry = journal.came(&[]);
            journal.read(entry, BYTES_MAX / 2);
        }
        assert_eq!(journal.newest().len(), 2);
        let entry = journal.came(&[]);
        journal.read(entry, 2 * BYTES_MAX);
        assert_eq!(journal.newest().len(), 1);
        let entry = journal.came(&[]);
        journal.read(entry, 1);
        assert_eq!((journal.newest().len(), journal.requests()), (1, 7));
    }
}

//! All that is wrong with the arguments of a call, for the model to mend at once.
//!
//! Invariant: what is listed is bounded, however much is wrong.

use std::error::Error;
use std::fmt;

/// The most problems that one message lists.
const PROBLEMS_MAX: usize = 50;

/// All that is wrong with the arguments of a call; never empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    more: usize,
}

/// One thing that is wrong with the arguments.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a JSON Pointer into the arguments, such as `/filter/ids/3`; of an unknown name only the beginning is shown.
    pub pointer: String,
    /// What, such as `expected an integer, got "ten"`.
    pub message: String,
}

impl Problems {
    /// Returns the problems in the order in which they were met: the first 50.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// Returns how many problems there are beyond [`Problems::list`].
    pub fn more(&self) -> usize {
        self.more
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds a problem; its message is only made if it will be shown.
    pub(crate) fn push(&mut self, pointer: &str, message: impl FnOnce() -> String) {
        if self.list.len() < PROBLEMS_MAX {
            self.list.push(Problem {
                pointer: pointer.to_owned(),
                message: message(),
            });
        } else {
            self.more += 1;
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let ([problem], 0) = (self.list.as_slice(), self.more) {
            return write!(f, "invalid argument: {problem}");
        }
        f.write_str("invalid arguments:")?;
        for problem in &self.list {
            write!(f, "\n- {problem}")?;
        }
        if self.more > 0 {
            write!(f, "\n- and {} more", self.more)?;
        }
        Ok(())
    }
}

impl Error for Problems {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.pointer, self.message)
        }
    }
}

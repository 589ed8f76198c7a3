//! Turns a JSON number into one within the contract's bounds.
//!
//! Invariant: a number that is rejected is described, one that is capped is noted; none is changed silently, save that
//! `1.0` is the integer 1.

use serde_json::Number;

use super::Walk;
use crate::tool::Excess;

impl Walk {
    pub(super) fn integer(&mut self, number: &Number, (min, max): (i64, i64), excess: Excess) -> Option<i64> {
        let Some(value) = whole(number) else {
            self.problem(|| format!("expected an integer, got {number}"));
            return None;
        };
        // What is within the bounds, both of them i64, is an i64.
        if let Some(value) = i64::try_from(value).ok().filter(|value| (min..=max).contains(value)) {
            return Some(value);
        }
        let (nearest, bound) = if value < i128::from(min) {
            (min, "least")
        } else {
            (max, "most")
        };
        match excess {
            Excess::Clamp => {
                self.note(|name| capped(name, number, bound, &nearest.to_string()));
                Some(nearest)
            }
            Excess::Reject => {
                self.problem(|| format!("expected an integer from {min} to {max}, got {number}"));
                None
            }
        }
    }

    pub(super) fn float(&mut self, number: Number, (min, max): (f64, f64), excess: Excess) -> Option<Number> {
        // Without the feature `arbitrary_precision` every JSON number is a finite f64.
        let value = number.as_f64()?;
        if (min..=max).contains(&value) {
            return Some(number);
        }
        let (nearest, bound) = if value < min { (min, "least") } else { (max, "most") };
        match excess {
            Excess::Clamp => {
                self.note(|name| capped(name, &number, bound, &nearest.to_string()));
                Number::from_f64(nearest)
            }
            Excess::Reject => {
                // Only the bound that is met is shown: the other may be the largest f64, which has 309 digits.
                self.problem(|| format!("expected a number of at {bound} {nearest}, got {number}"));
                None
            }
        }
    }
}

/// Returns the number if it has no fraction: `1`, `1.0`, `1e3`.
fn whole(number: &Number) -> Option<i128> {
    if let Some(value) = number.as_i128() {
        return Some(value);
    }
    let value = number.as_f64().filter(|value| value.fract() == 0.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, far beyond every bound"
    )]
    Some(value as i128)
}

fn capped(name: &str, given: &Number, bound: &str, used: &str) -> String {
    format!("`{name}` was {given}; the {bound} is {used}, so {used} was used")
}

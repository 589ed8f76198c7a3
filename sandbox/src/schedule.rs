//! Which faults hit which requests: `throttling`, `throttling@10%`, `throttling@3`, `throttling@1-2`, `throttling@3-`.
//!
//! Invariant: all faults are off unless somebody switches them on.
//! Invariant: requests are counted from 1, from the one after a fault was switched on. The same seed, faults and order of
//! requests have the same requests hit.

use std::fmt;
use std::str::FromStr;

use crate::fault::{Active, Fault, InvalidFault};
use crate::generate::rng::Rng;

/// A stream of choices for each fault, apart from those of `generate.rs`.
const STREAM: u64 = 1_000;

/// The place of a cut is a choice of its own.
const CUT_STREAM: u64 = 2_000;

/// Everything, where a rate is a number in so many.
const WHOLE: u32 = 1_000_000;

/// When a fault hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Every request.
    Always,
    /// So many requests in a million, by the seed.
    Rate {
        /// From 1 to 1,000,000.
        per_million: u32,
    },
    /// These requests, both included.
    Requests {
        /// The first, counted from 1.
        first: u64,
        /// The last; `None` is: for ever.
        last: Option<u64>,
    },
}

/// A fault and when it hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultRule {
    /// What goes wrong.
    pub fault: Fault,
    /// When.
    pub when: When,
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        let when = When::Always;
        Self { fault, when }
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(formatter)?;
        match self.when {
            When::Always => Ok(()),
            When::Rate { per_million } => write!(formatter, "@{}%", f64::from(per_million) / 1e4),
            When::Requests {
                first,
                last: Some(last),
            } if first == last => write!(formatter, "@{first}"),
            When::Requests {
                first,
                last: Some(last),
            } => write!(formatter, "@{first}-{last}"),
            When::Requests { first, last: None } => write!(formatter, "@{first}-"),
        }
    }
}

impl FromStr for FaultRule {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((fault, when)) = text.split_once('@') else {
            return Ok(Fault::from_str(text)?.into());
        };
        let fault = Fault::from_str(fault)?;
        match read_when(when) {
            Ok(when) => Ok(Self { fault, when }),
            Err(problem) => Err(InvalidFault::When {
                fault,
                when: when.to_owned(),
                problem,
            }),
        }
    }
}

fn read_when(text: &str) -> Result<When, &'static str> {
    if let Some(rate) = text.strip_suffix('%') {
        let per_million = read_rate(rate).ok_or("a rate is a number such as `10` or `0.5`")?;
        return if (1..=WHOLE).contains(&per_million) {
            Ok(When::Rate { per_million })
        } else {
            Err("a rate is more than 0% and at most 100%")
        };
    }
    let number = |text: &str| text.parse().map_err(|_| "it says no requests");
    let (first, last) = match text.split_once('-') {
        None => (number(text)?, Some(number(text)?)),
        Some((first, "")) => (number(first)?, None),
        Some((first, last)) => (number(first)?, Some(number(last)?)),
    };
    if first == 0 {
        return Err("requests are counted from 1");
    }
    if last.is_some_and(|last| last < first) {
        return Err("the range ends before it begins");
    }
    Ok(When::Requests { first, last })
}

/// Reads per cent, with up to four digits after the point, as parts of a million.
fn read_rate(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() > 4 {
        return None;
    }
    let part: u32 = format!("{part:0<4}").parse().ok()?;
    whole.parse::<u32>().ok()?.checked_mul(WHOLE / 100)?.checked_add(part)
}

/// Which faults are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    /// Each with the number of requests since it was switched on.
    on: Vec<(FaultRule, u64)>,
    delay_ms: u64,
}

impl Faults {
    /// No fault at all; [`Fault::Slow`] would mean two seconds.
    pub const NONE: Self = Self {
        on: Vec::new(),
        delay_ms: 2_000,
    };

    /// The same and this fault; one fault may have several rules.
    #[must_use]
    pub fn with(mut self, rule: impl Into<FaultRule>) -> Self {
        self.on.push((rule.into(), 0));
        self
    }

    /// The same with another delay for [`Fault::Slow`].
    #[must_use]
    pub fn with_delay_ms(mut self, delay_ms: u64) -> Self {
        self.delay_ms = delay_ms;
        self
    }

    pub(crate) fn set(&mut self, rule: FaultRule) {
        self.clear(rule.fault);
        self.on.push((rule, 0));
    }

    pub(crate) fn clear(&mut self, fault: Fault) {
        self.on.retain(|(rule, _)| rule.fault != fault);
    }

    pub(crate) fn set_delay_ms(&mut self, delay_ms: u64) {
        self.delay_ms = delay_ms;
    }

    /// The faults of the next request.
    pub(crate) fn take(&mut self, seed: u64) -> Active {
        let mut faults = Vec::new();
        for (FaultRule { fault, when }, requests) in &mut self.on {
            *requests += 1;
            let request = *requests;
            let hits = match *when {
                When::Always => true,
                When::Rate { per_million } => {
                    let stream = STREAM + *fault as u64;
                    Rng::of(seed, stream, request).below(WHOLE) < per_million
                }
                When::Requests { first, last } => request >= first && last.is_none_or(|last| request <= last),
            };
            if !hits {
                continue;
            }
            faults.push(match fault {
                Fault::CutAnywhere => cut(seed, request),
                fault => *fault,
            });
        }
        Active {
            faults,
            delay_ms: self.delay_ms,
        }
    }
}

fn cut(seed: u64, request: u64) -> Fault {
    let cuts = u32::try_from(Fault::CUTS.len()).unwrap_or_default();
    let place = Rng::of(seed, CUT_STREAM, request).below(cuts);
    Fault::CUTS.get(place as usize).copied().unwrap_or(Fault::CutConnection)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{FaultRule, Faults};
    use crate::fault::Fault;

    /// The requests, of so many, that the rules hit.
    fn hit(rules: &[&str], seed: u64, requests: u64) -> Vec<u64> {
        let mut faults = rules.iter().fold(Faults::NONE, |faults, rule| {
            faults.with(rule.parse::<FaultRule>().unwrap())
        });
        (1..=requests)
            .filter(|_| !faults.take(seed).faults.is_empty())
            .collect()
    }

    #[test]
    fn a_rule_says_which_requests_are_hit() {
        assert_eq!(hit(&["throttling"], 1, 4), [1, 2, 3, 4]);
        assert_eq!(hit(&["throttling@3"], 1, 6), [3]);
        assert_eq!(hit(&["throttling@1-2"], 1, 6), [1, 2]);
        assert_eq!(hit(&["throttling@4-"], 1, 6), [4, 5, 6]);
        assert_eq!(hit(&["throttling@2", "throttling@5", "slow@5-6"], 1, 8), [2, 5, 6]);
        assert_eq!(hit(&["throttling@100%"], 1, 4), [1, 2, 3, 4]);
    }

    #[test]
    fn a_rate_is_met_and_is_the_same_for_the_same_seed() {
        let hit_by = |seed| hit(&["throttling@10%"], seed, 10_000);
        let one = hit_by(1);
        assert!((900..1_100).contains(&one.len()), "{}", one.len());
        assert_eq!(one, hit_by(1));
        assert_ne!(one, hit_by(2));
        // Faults do not go together.
        assert_ne!(one, hit(&["unavailable@10%"], 1, 10_000));
        let rare = hit(&["throttling@0.5%"], 1, 100_000).len();
        assert!((400..600).contains(&rare), "{rare}");
    }

    #[test]
    fn a_cut_anywhere_is_each_of_the_four_in_time() {
        let cuts = |seed| {
            let mut faults = Faults::NONE.with(Fault::CutAnywhere);
            (0..100).map(|_| faults.take(seed).faults).collect::<Vec<_>>()
        };
        let all: BTreeSet<_> = cuts(1).into_iter().flatten().collect();
        assert_eq!(all, Fault::CUTS.iter().copied().collect());
        assert_eq!(cuts(1), cuts(1));
        assert_ne!(cuts(1), cuts(2));
    }

    #[test]
    fn rules_are_read_as_they_are_written() {
        for text in [
            "slow",
            "cut-connection@3",
            "unavailable@1-2",
            "hang@7-",
            "throttling@10%",
            "throttling@0.0001%",
            "throttling@33.3333%",
        ] {
            assert_eq!(text.parse::<FaultRule>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_rule_is_refused_with_what_is_possible() {
        for (text, problem) in [
            ("throttling@", "it says no requests"),
            ("throttling@often", "it says no requests"),
            ("throttling@-3", "it says no requests"),
            ("throttling@1-2-3", "it says no requests"),
            ("throttling@0", "requests are counted from 1"),
            ("throttling@0-4", "requests are counted from 1"),
            ("throttling@5-2", "the range ends before it begins"),
            ("throttling@0%", "a rate is more than 0% and at most 100%"),
            ("throttling@100.1%", "a rate is more than 0% and at most 100%"),
            ("throttling@%", "a rate is a number such as `10` or `0.5`"),
            ("throttling@-1%", "a rate is a number such as `10` or `0.5`"),
            ("throttling@1e1%", "a rate is a number such as `10` or `0.5`"),
            ("throttling@99999999999%", "a rate is a number such as `10` or `0.5`"),
        ] {
            let expected = format!(
                "`{text}`: {problem}; write `throttling@3` for the third request, `throttling@1-2` for the first two, \
                 `throttling@3-` from the third on, or `throttling@10%` for one in ten"
            );
            assert_eq!(text.parse::<FaultRule>().unwrap_err().to_string(), expected);
        }
        let error = "throtling@3".parse::<FaultRule>().unwrap_err().to_string();
        assert!(
            error.starts_with("no fault is called `throtling`; did you mean `throttling`?"),
            "{error}"
        );
    }
}

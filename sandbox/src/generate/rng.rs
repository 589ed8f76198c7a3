//! A seed and the name of a thing -> the same choices every time.
//!
//! Invariant: no state is shared. Whatever is drawn for company 42 does not depend on how many companies there are, or on
//! which of them was asked for first.

/// `SplitMix64`: small, fast and good enough to make up companies with.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The choices for one thing: `stream` tells kinds of things apart, `number` things of a kind.
    pub(crate) fn of(seed: u64, stream: u64, number: u64) -> Self {
        let mut rng = Self(seed ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        rng.0 = rng.next() ^ number.wrapping_mul(0xA076_1D64_78BD_642F);
        rng.next();
        rng
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 up to, not including, `bound`; 0 if `bound` is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let high = self.next() >> 32;
        u32::try_from((high * u64::from(bound)) >> 32).unwrap_or(0)
    }

    /// A whole number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: u32, most: u32) -> u32 {
        least.saturating_add(self.below(most.saturating_sub(least).saturating_add(1)))
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    /// One of the items; the default of their type if there are none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let bound = u32::try_from(items.len()).unwrap_or(u32::MAX);
        items.get(self.below(bound) as usize).copied().unwrap_or_default()
    }

    /// Up to `most` different items, in the order of the list.
    pub(crate) fn some<T: Copy>(&mut self, items: &[T], most: u32) -> Vec<T> {
        let mut wanted = most;
        let mut left = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let mut picked = Vec::new();
        for item in items {
            if self.below(left) < wanted {
                picked.push(*item);
                wanted -= 1;
            }
            left -= 1;
        }
        picked
    }

    /// One of the items, each as likely as its weight says.
    pub(crate) fn weighted<T: Copy + Default>(&mut self, items: &[T], weight: fn(&T) -> u32) -> T {
        let mut point = self.below(items.iter().map(weight).sum());
        for item in items {
            let weight = weight(item);
            if point < weight {
                return *item;
            }
            point -= weight;
        }
        T::default()
    }

    /// The template with each `#` replaced by a digit.
    pub(crate) fn digits(&mut self, template: &str) -> String {
        template
            .chars()
            .map(|sign| {
                if sign == '#' {
                    char::from_digit(self.below(10), 10).unwrap_or('0')
                } else {
                    sign
                }
            })
            .collect()
    }
}

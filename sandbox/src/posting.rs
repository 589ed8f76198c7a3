//! Companies -> for each word and each place, which companies have it there.
//!
//! These are what a search intersects and counts. A full-text index that visits every match takes seconds to count and rank
//! the companies that have a common word; bitmaps take microseconds, however many there are.
//! Invariant: a word of a company stands in its best place only, so that no company is counted twice.

use std::collections::HashMap;

use roaring::RoaringBitmap;

use crate::generate::{Facts, World};
use crate::words::{fold, folded_words};

/// Where companies have their words, best place first, and what a word counts there.
pub(crate) const PLACES: [(&str, u32); 5] = [
    ("name", 10),
    ("industry", 4),
    ("city", 3),
    ("technologies", 2),
    ("description", 1),
];

/// What a company is, as a whole: no words are looked for here.
pub(crate) const COUNTRY_IS: &str = "country is";
/// Folded, so that capitals make no difference.
pub(crate) const CITY_IS: &str = "city is";
pub(crate) const INDUSTRY_IS: &str = "industry is";

/// Numbers of companies, each kept as the bits that are set in it, from the lowest: the place's words are `0` to `31`.
pub(crate) const EMPLOYEES: &str = "employees";
pub(crate) const FOUNDED: &str = "founded";
pub(crate) const SCORE: &str = "score";
/// The word, in a number's place, of those that have the number at all.
pub(crate) const KNOWN: &str = "known";

/// The companies that have a word in some place, by word.
type Words = HashMap<String, RoaringBitmap>;

/// The postings of companies, by place and word.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    places: HashMap<&'static str, Words>,
}

impl Postings {
    /// Those of a whole world; `made` is told how many companies are done, after each.
    pub(crate) fn of(world: World, mut made: impl FnMut(u32)) -> Self {
        let mut postings = Self::default();
        for number in 1..=world.companies {
            postings.add(number, &world.facts(number));
            made(number);
        }
        postings
    }

    fn add(&mut self, number: u32, facts: &Facts) {
        let mut seen: Vec<String> = Vec::new();
        for ((place, _), text) in PLACES.iter().zip(facts.texts()) {
            let words = self.places.entry(place).or_default();
            for word in folded_words(&text) {
                if !seen.contains(&word) {
                    put(words, &word, number);
                    seen.push(word);
                }
            }
        }
        let whole = [
            (COUNTRY_IS, facts.country.code),
            (CITY_IS, &fold(facts.city.name)),
            (INDUSTRY_IS, facts.industry.value),
        ];
        for (place, text) in whole {
            put(self.places.entry(place).or_default(), text, number);
        }
        let numbers = [
            (EMPLOYEES, facts.employees),
            (FOUNDED, facts.founded.map(newness)),
            (SCORE, Some(facts.score_percent)),
        ];
        for (place, value) in numbers {
            let Some(mut left) = value else { continue };
            let words = self.places.entry(place).or_default();
            put(words, KNOWN, number);
            while left != 0 {
                put(words, &left.trailing_zeros().to_string(), number);
                // Without its lowest bit.
                left &= left - 1;
            }
        }
    }

    /// All of them, in the order of their places and words.
    pub(crate) fn into_sorted(self) -> Vec<(&'static str, String, RoaringBitmap)> {
        let mut sorted: Vec<_> = self
            .places
            .into_iter()
            .flat_map(|(place, words)| words.into_iter().map(move |(word, companies)| (place, word, companies)))
            .collect();
        sorted.sort_unstable_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        sorted
    }
}

fn put(words: &mut Words, word: &str, number: u32) {
    // A text of its own is for the first time only.
    match words.get_mut(word) {
        Some(companies) => companies.insert(number),
        None => words.entry(word.to_owned()).or_default().insert(number),
    };
}

/// Days since 1870-01-01 of a day since 1970-01-01; companies are old at times, and numbers here have no sign.
fn newness(day: i64) -> u32 {
    u32::try_from(day + 36_524).unwrap_or_default()
}

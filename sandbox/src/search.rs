//! Words and filters -> the companies that are found, counted, ranked and cut to a page.
//!
//! Invariant: no step visits companies one by one but those of the page, so a search takes as long for a word that all have
//! as for one that few have, and for the last page as for the first.
//! Invariant: the order is total. Where rank is the same, lower numbers come first.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::failure::Failure;
use crate::index::Index;
use crate::posting::{CITY_IS, COUNTRY_IS, EMPLOYEES, FOUNDED, INDUSTRY_IS, KNOWN, PLACES, SCORE};
use crate::words::fold;

/// Which of the words a company needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    Every,
    Any,
}

/// What companies are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    /// Where they have the words; see [`PLACES`].
    #[default]
    Relevance,
    /// Most employees first.
    Employees,
    /// Newest first.
    Founded,
}

/// Which companies are looked for, and in what order.
#[derive(Debug)]
pub(crate) struct Search {
    /// Folded, each once.
    pub(crate) words: Vec<String>,
    pub(crate) needs: Needs,
    pub(crate) country: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) employees_min: Option<i64>,
    pub(crate) employees_max: Option<i64>,
    /// Any of them; all if there are none.
    pub(crate) industries: Vec<String>,
    pub(crate) score_min: Option<f64>,
    pub(crate) sort: Sort,
}

impl Search {
    /// One for words only.
    pub(crate) fn new(words: Vec<String>, needs: Needs) -> Self {
        Self {
            words,
            needs,
            country: None,
            city: None,
            employees_min: None,
            employees_max: None,
            industries: Vec::new(),
            score_min: None,
            sort: Sort::default(),
        }
    }

    /// Numbers of the companies of a page, and how many are found in all, of so many companies.
    pub(crate) fn run(
        &self,
        index: &Index,
        companies: u32,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<u32>, u64), Failure> {
        if self.words.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let mut everybody = RoaringBitmap::new();
        everybody.insert_range(1..=companies);
        let ranked = self.rank(index, self.filter(index, everybody)?)?;
        let total = ranked.values().map(RoaringBitmap::len).sum();
        let mut page = Page {
            skip: offset.into(),
            limit: limit as usize,
            numbers: Vec::new(),
        };
        match self.sort {
            Sort::Relevance => ranked.values().rev().for_each(|companies| page.take(companies)),
            Sort::Employees => Number::read(index, EMPLOYEES)?.descending(union(ranked), &mut page),
            Sort::Founded => Number::read(index, FOUNDED)?.descending(union(ranked), &mut page),
        }
        Ok((page.numbers, total))
    }

    /// Those that fit all but the words.
    fn filter(&self, index: &Index, mut companies: RoaringBitmap) -> Result<RoaringBitmap, Failure> {
        if let Some(country) = &self.country {
            companies &= index.companies(COUNTRY_IS, country)?;
        }
        if let Some(city) = &self.city {
            companies &= index.companies(CITY_IS, &fold(city))?;
        }
        if !self.industries.is_empty() {
            let mut any = RoaringBitmap::new();
            for industry in &self.industries {
                any |= index.companies(INDUSTRY_IS, industry)?;
            }
            companies &= any;
        }
        if self.employees_min.is_some() || self.employees_max.is_some() {
            let employees = Number::read(index, EMPLOYEES)?;
            companies &= employees.at_least(self.employees_min.unwrap_or(0));
            if let Some(max) = self.employees_max {
                companies -= employees.at_least(max.saturating_add(1));
            }
        }
        if let Some(min) = self.score_min {
            // Scores are whole hundredths, and those that callers write are compared with what callers read.
            let percent = (0..=100).find(|percent| f64::from(*percent) / 100.0 >= min);
            companies &= Number::read(index, SCORE)?.at_least(percent.unwrap_or(101).into());
        }
        Ok(companies)
    }

    /// Those of the companies that have the words, by what their places count together.
    fn rank(&self, index: &Index, companies: RoaringBitmap) -> Result<BTreeMap<u32, RoaringBitmap>, Failure> {
        let mut ranked = BTreeMap::from([(0, companies)]);
        for word in &self.words {
            let mut next: BTreeMap<u32, RoaringBitmap> = BTreeMap::new();
            for (place, counts) in PLACES {
                let there = index.companies(place, word)?;
                if there.is_empty() {
                    continue;
                }
                for (rank, companies) in &mut ranked {
                    let both = &*companies & &there;
                    *companies -= &both;
                    *next.entry(rank + counts).or_default() |= both;
                }
            }
            if self.needs == Needs::Any {
                for (rank, without) in ranked {
                    *next.entry(rank).or_default() |= without;
                }
            }
            next.retain(|_, companies| !companies.is_empty());
            ranked = next;
            if ranked.is_empty() {
                break;
            }
        }
        // What has none of the words.
        ranked.remove(&0);
        Ok(ranked)
    }
}

fn union(ranked: BTreeMap<u32, RoaringBitmap>) -> RoaringBitmap {
    ranked.into_values().fold(RoaringBitmap::new(), |all, some| all | some)
}

/// The part of a listing that is wanted.
struct Page {
    /// How many are yet to be passed over.
    skip: u64,
    limit: usize,
    numbers: Vec<u32>,
}

impl Page {
    fn is_full(&self) -> bool {
        self.numbers.len() >= self.limit
    }

    /// Takes what is next in the listing, in the order of its numbers.
    fn take(&mut self, companies: &RoaringBitmap) {
        let left = self.limit.saturating_sub(self.numbers.len());
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX);
        self.numbers.extend(companies.iter().skip(skip).take(left));
        self.skip = self.skip.saturating_sub(companies.len());
    }
}

/// A number of each company, as bitmaps of its bits (a bit-sliced index).
struct Number {
    known: RoaringBitmap,
    /// The lowest first.
    bits: Vec<RoaringBitmap>,
}

impl Number {
    fn read(index: &Index, place: &str) -> Result<Self, Failure> {
        Ok(Self {
            known: index.companies(place, KNOWN)?,
            bits: (0..u32::BITS)
                .map(|bit| index.companies(place, &bit.to_string()))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The companies whose number is known and at least this.
    fn at_least(&self, least: i64) -> RoaringBitmap {
        let Ok(least) = u32::try_from(least.max(0)) else {
            return RoaringBitmap::new();
        };
        // From the highest bit on: those that are above already, and those that are the same so far.
        let (mut above, mut same) = (RoaringBitmap::new(), self.known.clone());
        for (bit, set) in (0..u32::BITS).zip(&self.bits).rev() {
            if least >> bit & 1 == 1 {
                same &= set;
            } else {
                above |= &same & set;
                same -= set;
            }
        }
        above | same
    }

    /// Takes the companies from the largest number to the smallest, and last those whose number is not known.
    fn descending(&self, companies: RoaringBitmap, page: &mut Page) {
        let unknown = &companies - &self.known;
        descend(&self.bits, companies & &self.known, page);
        page.take(&unknown);
    }
}

/// Those that have the highest bit come first, then the others, and among each it is the next bit that counts.
fn descend(bits: &[RoaringBitmap], companies: RoaringBitmap, page: &mut Page) {
    if companies.is_empty() || page.is_full() {
        return;
    }
    match bits.split_last() {
        // As many as are passed over anyway need no order.
        Some((highest, lower)) if companies.len() > page.skip => {
            descend(lower, &companies & highest, page);
            descend(lower, companies - highest, page);
        }
        _ => page.take(&companies),
    }
}

#[cfg(test)]
mod tests {
    use super::{Needs, Search, Sort};
    use crate::generate::{Facts, World};
    use crate::index::Index;
    use crate::posting::{PLACES, Postings};
    use crate::words::folded_words;

    const WORLD: World = World {
        seed: 1,
        companies: 2_000,
    };

    /// A company as it is looked at one by one.
    struct Company {
        number: u32,
        facts: Facts,
        words: [Vec<String>; 5],
    }

    fn companies() -> Vec<Company> {
        let company = |number| {
            let facts = WORLD.facts(number);
            let words = facts.texts().map(|text| folded_words(&text));
            Company { number, facts, words }
        };
        (1..=WORLD.companies).map(company).collect()
    }

    /// What a search has to find, asked of each company in turn.
    fn looked_through(search: &Search, companies: &[Company]) -> Vec<u32> {
        let mut found: Vec<_> = companies
            .iter()
            .filter_map(|company| Some((company, rank(search, company)?)))
            .collect();
        found.sort_by_key(|(company, rank)| {
            let (employees, founded) = (company.facts.employees.map(i64::from), company.facts.founded);
            let key = match search.sort {
                Sort::Relevance => i64::from(*rank),
                Sort::Employees => employees.unwrap_or(-1),
                Sort::Founded => founded.unwrap_or(i64::MIN + 1),
            };
            (-key, company.number)
        });
        found.into_iter().map(|(company, _)| company.number).collect()
    }

    fn rank(search: &Search, Company { facts, words, .. }: &Company) -> Option<u32> {
        let employees = facts.employees.map(i64::from);
        let (country, city, industry) = (facts.country.code, facts.city.name, facts.industry.value);
        let fits = search.country.as_deref().is_none_or(|wanted| wanted == country)
            && search
                .city
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(city))
            && search
                .employees_min
                .is_none_or(|min| employees.is_some_and(|number| number >= min))
            && search
                .employees_max
                .is_none_or(|max| employees.is_some_and(|number| number <= max))
            && (search.industries.is_empty() || search.industries.iter().any(|wanted| wanted == industry))
            && search
                .score_min
                .is_none_or(|min| f64::from(facts.score_percent) / 100.0 >= min);
        let counts: Vec<_> = search
            .words
            .iter()
            .filter_map(|word| {
                let place = words.iter().position(|words| words.contains(word))?;
                Some(PLACES[place].1)
            })
            .collect();
        let enough = match search.needs {
            Needs::Every => counts.len() == search.words.len(),
            Needs::Any => !counts.is_empty(),
        };
        (fits && enough).then(|| counts.iter().sum())
    }

    fn searches() -> Vec<Search> {
        let every = |text: &str| Search::new(folded_words(text), Needs::Every);
        let mut searches = vec![
            every("SaaS"),
            every("offers to and from"),
            every("software berlin"),
            every("Kraków software"),
            every("quokka"),
            every("software quokka"),
            Search::new(folded_words("software berlin quokka cloud data"), Needs::Any),
        ];
        for (min, max) in [
            (Some(50), Some(200)),
            (None, Some(9)),
            (Some(1_000), None),
            (Some(-5), Some(i64::MAX)),
            (Some(i64::MAX), None),
            (None, Some(-1)),
            (Some(100), Some(20)),
        ] {
            searches.push(Search {
                employees_min: min,
                employees_max: max,
                ..every("offers")
            });
        }
        for sort in [Sort::Employees, Sort::Founded] {
            searches.push(Search {
                sort,
                ..every("offers")
            });
        }
        for score_min in [-1.0, 0.0, 0.29, 0.57, 1.0, 1.01, f64::NAN] {
            searches.push(Search {
                score_min: Some(score_min),
                ..every("software")
            });
        }
        searches.push(Search {
            country: Some("DE".to_owned()),
            city: Some("munich".to_owned()),
            industries: ["SOFTWARE", "FINANCE", "NOTHING"].map(str::to_owned).to_vec(),
            sort: Sort::Employees,
            ..every("offers")
        });
        searches
    }

    #[test]
    fn finds_what_looking_through_all_companies_finds() {
        let index = Index::in_memory(Postings::of(WORLD, |_| {})).unwrap();
        let companies = companies();
        let mut found_something = 0;
        for search in searches() {
            let expected = looked_through(&search, &companies);
            let (found, total) = search.run(&index, WORLD.companies, 0, WORLD.companies).unwrap();
            assert_eq!((total, &found), (expected.len() as u64, &expected), "{search:?}");
            // Any page is a part of the whole.
            for offset in [1, 7, 100, expected.len().saturating_sub(3), expected.len(), 5_000] {
                let page = search.run(&index, WORLD.companies, u32::try_from(offset).unwrap(), 10);
                let rest = expected.iter().skip(offset).take(10);
                assert!(page.unwrap().0.iter().eq(rest), "{offset}: {search:?}");
            }
            found_something += u32::from(total > 0);
        }
        assert!(found_something > 14, "{found_something}");
    }
}

//! A seed and a number -> a company, its people and its funding.
//!
//! Invariant: everything here is a pure function of (seed, number). So only what is searched and sorted need be kept; a
//! million companies take no more room than their index.
//! Invariant: no clock and no I/O.

pub(crate) mod rng;
mod vocabulary;

use serde_json::{Value, json};

use crate::datetime::{DAY, date, date_time};
use rng::Rng;
use vocabulary::{
    COUNTRIES, CUSTOMERS, City, Country, FAMILY_NAMES, GIVEN_NAMES, INDUSTRIES, INVESTORS, Industry, NAME_ENDS,
    NAME_MIDDLES, NAME_STARTS, ROLES, STREETS,
};

/// The day that generated data ends with: 2026-06-30.
const LAST_DAY: i64 = 20_634;

/// Streams of choices, one for each kind of thing.
const FACTS: u64 = 1;
const PROFILE: u64 = 2;
const CONTACT: u64 = 3;
const FUNDING: u64 = 4;

/// Size classes: value of the schema's enum `EmployeeRange`, weight, least and most.
const SIZES: &[(&str, u32, u32, u32)] = &[
    ("MICRO", 35, 1, 9),
    ("SMALL", 28, 10, 49),
    ("MEDIUM", 23, 50, 249),
    ("LARGE", 10, 250, 999),
    ("ENTERPRISE", 4, 1000, 40_000),
];

/// Values of the schema's enum `SocialNetwork` that are not deprecated.
const NETWORKS: &[&str] = &["LINKEDIN", "X", "FACEBOOK", "GITHUB", "YOUTUBE"];

/// A made-up world: the same seed, the same companies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    pub(crate) seed: u64,
    /// How many companies there are; they are numbered from 1.
    pub(crate) companies: u32,
}

/// What companies are found and sorted by.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) name: String,
    pub(crate) industry: Industry,
    pub(crate) country: Country,
    pub(crate) city: City,
    pub(crate) employee_range: &'static str,
    pub(crate) employees: Option<u32>,
    /// The day, as days since 1970-01-01.
    pub(crate) founded: Option<i64>,
    /// In hundredths.
    pub(crate) score_percent: u32,
    pub(crate) technologies: Vec<&'static str>,
    pub(crate) description: String,
}

/// Writes a company's id, such as `c-00042`.
pub(crate) fn company_id(number: u32) -> String {
    format!("c-{number:05}")
}

impl World {
    /// The number in a company's id, if there is such a company.
    pub(crate) fn company_number(self, id: &str) -> Option<u32> {
        let number = id.strip_prefix("c-")?.parse().ok()?;
        ((1..=self.companies).contains(&number) && company_id(number) == id).then_some(number)
    }

    /// The numbers in a contact's id, such as `p-00042-1`, if there is such a contact.
    pub(crate) fn contact_numbers(self, id: &str) -> Option<(u32, u32)> {
        let (company, index) = id.strip_prefix("p-")?.split_once('-')?;
        let (company, index) = (self.company_number(&format!("c-{company}"))?, index.parse().ok()?);
        ((1..=self.contact_count(company)).contains(&index) && contact_id(company, index) == id)
            .then_some((company, index))
    }

    /// What a company is found and sorted by.
    pub(crate) fn facts(self, number: u32) -> Facts {
        let mut rng = Rng::of(self.seed, FACTS, number.into());
        let industry = rng.weighted(INDUSTRIES, |industry| industry.weight);
        let country = rng.weighted(COUNTRIES, |country| country.weight);
        let city = rng.pick(country.cities);
        let name = format!(
            "{}{}{} {}",
            rng.pick(NAME_STARTS),
            rng.pick(NAME_MIDDLES),
            rng.pick(NAME_ENDS),
            rng.pick(industry.nouns)
        );
        let (employee_range, _, least, most) = rng.weighted(SIZES, |size| size.1);
        let employees = rng.between(least, most);
        let oldest = rng.between(3_000, 30_000);
        let founded = LAST_DAY - 200 - i64::from(rng.below(oldest));
        let description = format!(
            "{name} offers {} to {} from {}.",
            rng.some(industry.products, 2).join(" and "),
            rng.pick(CUSTOMERS),
            city.name
        );
        Facts {
            industry,
            country,
            city,
            employee_range,
            employees: (!rng.percent(5)).then_some(employees),
            founded: (!rng.percent(4)).then_some(founded),
            score_percent: rng.between(20, 100),
            technologies: rng.some(industry.technologies, 4),
            description,
            name,
        }
    }

    /// A company's profile: the plain fields of the schema's `Company`.
    pub(crate) fn company(self, number: u32) -> Value {
        let facts = self.facts(number);
        let mut rng = Rng::of(self.seed, PROFILE, number.into());
        let host = host(&facts.name, number);
        let updated = LAST_DAY * DAY - i64::from(rng.below(90 * 86_400));
        let created = updated - i64::from(rng.between(1, 1_500)) * DAY;
        let emails: Vec<_> = rng
            .some(&["info", "sales", "press"], 2)
            .into_iter()
            .map(|name| format!("{name}@{host}"))
            .collect();
        let social_links: Vec<_> = rng
            .some(NETWORKS, 2)
            .into_iter()
            .map(|network| social_link(network, &facts.name))
            .collect();
        json!({
            "__typename": "Company",
            "id": company_id(number),
            "name": facts.name,
            "legalName": format!("{} {}", facts.name, rng.pick(facts.country.legal_forms)),
            "registrationId": rng.percent(85).then(|| format!("{}-{:07}", facts.country.code, u64::from(number) * 7_919 % 10_000_000)),
            "country": facts.country.code,
            "city": facts.city.name,
            "address": address(&facts, &mut rng),
            "industry": facts.industry.value,
            "industryCodes": [
                { "scheme": "NACE", "code": facts.industry.nace, "label": facts.industry.label },
                { "scheme": "NAICS", "code": facts.industry.naics, "label": facts.industry.label },
            ],
            "employees": facts.employees,
            "employeeRange": facts.employee_range,
            "revenue": revenue(&facts, &mut rng),
            "founded": facts.founded.map(date),
            "website": rng.percent(92).then(|| format!("https://{host}/")),
            "emails": emails,
            "phone": rng.percent(80).then(|| rng.digits(facts.country.phone)),
            "technologies": facts.technologies,
            "socialLinks": social_links,
            "description": rng.percent(95).then_some(facts.description),
            "score": f64::from(facts.score_percent) / 100.0,
            "crawl": json!({ "status": 200, "pages": rng.between(1, 400), "language": facts.country.code.to_lowercase() }).to_string(),
            "crawledAt": updated - i64::from(rng.below(86_400)),
            "serverAddress": format!("198.51.100.{}", rng.between(1, 254)),
            "fax": rng.percent(10).then(|| rng.digits(facts.country.phone)),
            "editorNotes": rng.percent(30).then_some("Checked by hand."),
            "createdAt": date_time(created),
            "updatedAt": date_time(updated),
        })
    }

    /// The number of the company that owns this one. Owners have smaller numbers, so there are no circles.
    pub(crate) fn parent(self, number: u32) -> Option<u32> {
        let mut rng = Rng::of(self.seed, PROFILE, u64::from(number) << 32);
        (number > 1 && rng.percent(12)).then(|| rng.between(1, number - 1))
    }

    /// How many contacts a company has.
    pub(crate) fn contact_count(self, number: u32) -> u32 {
        Rng::of(self.seed, CONTACT, number.into()).below(9)
    }

    /// A company's contact, counted from 1; `found` says that a discovery found the e-mail address.
    pub(crate) fn contact(self, number: u32, index: u32, found: bool) -> Value {
        let mut rng = Rng::of(self.seed, CONTACT, u64::from(number) << 8 | u64::from(index));
        let (given, family) = (rng.pick(GIVEN_NAMES), rng.pick(FAMILY_NAMES));
        let (seniority, roles) = rng.pick(ROLES);
        let role = rng.pick(roles);
        let facts = self.facts(number);
        let known = rng.percent(40);
        let email = (known || found).then(|| format!("{}.{}@{}", slug(given), slug(family), host(&facts.name, number)));
        json!({
            "__typename": "Contact",
            "id": contact_id(number, index),
            "name": format!("{given} {family}"),
            "role": rng.percent(90).then_some(role),
            "seniority": seniority,
            "email": email,
            "phone": rng.percent(30).then(|| rng.digits(facts.country.phone)),
            "updatedAt": date_time(LAST_DAY * DAY - i64::from(rng.below(200 * 86_400))),
            "companyId": company_id(number),
        })
    }

    /// A company's rounds of funding, newest first.
    pub(crate) fn funding_rounds(self, number: u32) -> Vec<Value> {
        const SERIES: &[&str] = &["PRE_SEED", "SEED", "A", "B", "C", "LATER"];
        let mut rng = Rng::of(self.seed, FUNDING, number.into());
        if !rng.percent(35) {
            return Vec::new();
        }
        let rounds = rng.between(1, 6) as usize;
        let currency = self.facts(number).country.currency;
        let mut day = LAST_DAY - i64::from(rng.between(10, 900));
        let mut newest_first: Vec<Value> = Vec::new();
        for (index, series) in SERIES.iter().enumerate().take(rounds).rev() {
            let millions = f64::from(rng.between(2, 9)) / 10.0 * f64::from(1 << (2 * index).min(16));
            newest_first.push(json!({
                "id": format!("f-{number:05}-{}", index + 1),
                "series": if rng.percent(8) { "GRANT" } else { series },
                "raised": rng.percent(90).then(|| json!({ "amount": millions * 1e6, "currency": currency, "year": null })),
                "announced": date(day),
                "investors": rng.some(INVESTORS, 3),
            }));
            day -= i64::from(rng.between(200, 700));
        }
        newest_first
    }
}

impl Facts {
    /// The texts that are searched, in the order of the places of an index: name, industry, city, technologies, description.
    pub(crate) fn texts(&self) -> [String; 5] {
        [
            self.name.clone(),
            self.industry.label.to_owned(),
            self.city.name.to_owned(),
            self.technologies.join(", "),
            self.description.clone(),
        ]
    }
}

fn contact_id(company: u32, index: u32) -> String {
    format!("p-{company:05}-{index}")
}

fn social_link(network: &str, name: &str) -> Value {
    json!({ "network": network, "url": format!("https://{}.example/{}", network.to_lowercase(), slug(name)) })
}

fn address(facts: &Facts, rng: &mut Rng) -> Option<Value> {
    let near = |rng: &mut Rng, degrees: f64| (degrees * 1e4 + f64::from(rng.below(600)) - 300.0).round() / 1e4;
    rng.percent(94).then(|| {
        json!({
            "street": rng.percent(90).then(|| format!("{} {}", rng.pick(STREETS), rng.between(1, 180))),
            "postalCode": rng.digits(facts.country.postal_code),
            "city": facts.city.name,
            "region": facts.city.region,
            "country": facts.country.code,
            "location": { "latitude": near(rng, facts.city.latitude), "longitude": near(rng, facts.city.longitude) },
        })
    })
}

fn revenue(facts: &Facts, rng: &mut Rng) -> Option<Value> {
    let employees = facts.employees?;
    rng.percent(70).then(|| {
        let amount = f64::from(employees) * f64::from(rng.between(60, 350)) * 1e3;
        json!({ "amount": amount, "currency": facts.country.currency, "year": rng.between(2023, 2025) })
    })
}

/// A host under `.example` (RFC 2606), which nobody can own. The number keeps two companies of one name apart.
fn host(name: &str, number: u32) -> String {
    format!("{}-{number}.example", slug(name))
}

/// Lower-case ASCII letters and hyphens.
fn slug(text: &str) -> String {
    let plain = text.chars().map(|sign| match sign {
        'ó' => 'o',
        _ if sign.is_ascii_alphanumeric() => sign.to_ascii_lowercase(),
        _ => '-',
    });
    plain.collect()
}

#[cfg(test)]
mod tests {
    use super::World;

    #[test]
    fn the_same_seed_makes_the_same_company_whatever_the_size_of_the_world() {
        let (small, large) = (
            World { seed: 7, companies: 50 },
            World {
                seed: 7,
                companies: 1_000_000,
            },
        );
        assert_eq!(small.company(42).to_string(), large.company(42).to_string());
        assert_eq!(small.contact(42, 1, true), large.contact(42, 1, true));
        assert_eq!(small.funding_rounds(42), large.funding_rounds(42));
        assert_ne!(small.company(42), World { seed: 8, companies: 50 }.company(42));
    }

    #[test]
    fn only_ids_as_they_are_written_name_a_company() {
        let world = World { seed: 1, companies: 50 };
        assert_eq!(world.company_number("c-00050"), Some(50));
        for id in [
            "c-50",
            "c-00051",
            "c-00000",
            "c-+0050",
            "p-00050",
            "",
            "c-99999999999999",
        ] {
            assert_eq!(world.company_number(id), None, "{id}");
        }
    }

    #[test]
    fn owners_come_before_what_they_own() {
        let world = World {
            seed: 1,
            companies: 500,
        };
        let owned: Vec<_> = (1..=500)
            .filter_map(|number| world.parent(number).map(|parent| (parent, number)))
            .collect();
        assert!(!owned.is_empty());
        assert!(owned.iter().all(|(parent, number)| parent < number));
    }

    #[test]
    fn optional_fields_are_sometimes_null() {
        let world = World {
            seed: 1,
            companies: 1_000,
        };
        let companies: Vec<_> = (1..=1_000).map(|number| world.company(number)).collect();
        for (field, least, most) in [
            ("website", 40, 130),
            ("employees", 20, 90),
            ("phone", 140, 270),
            ("description", 20, 90),
        ] {
            let nulls = companies.iter().filter(|company| company[field].is_null()).count();
            assert!(
                (least..=most).contains(&nulls),
                "{field} is null {nulls} times in a thousand"
            );
        }
    }

    #[test]
    fn hosts_are_reserved_ones() {
        let world = World {
            seed: 1,
            companies: 200,
        };
        for number in 1..=200 {
            let company = world.company(number);
            if let Some(website) = company["website"].as_str() {
                assert!(website.ends_with(".example/"), "{website}");
            }
            for email in company["emails"].as_array().into_iter().flatten() {
                assert!(
                    email.as_str().is_some_and(|email| email.ends_with(".example")),
                    "{email}"
                );
            }
        }
    }
}

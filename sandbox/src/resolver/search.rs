//! Keywords, filters and questions -> companies.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Ctx, contact, object, optional_text, owner, text, texts};
use crate::failure::Failure;
use crate::fault::Fault;
use crate::page::Page;
use crate::search::{Needs, Search, Sort};
use crate::words::{fold, folded_words, telling_words};

pub(super) fn search_companies(ctx: &Ctx<'_>, _: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let filter = object(arguments, "filter");
    let page = Page::of(arguments, 20, &format!("searchCompanies {}", in_order(&filter)))?;
    if page.limit == 100 && ctx.faults.has(Fault::SearchLimit100) {
        return Err(Failure::new("Lambda:Unhandled", "JavaScript heap out of memory"));
    }
    let (location, employees) = (object(&filter, "location"), object(&filter, "employees"));
    let search = Search {
        country: optional_text(&location, "country").map(str::to_owned),
        city: optional_text(&location, "city").map(str::to_owned),
        employees_min: employees.get("min").and_then(Value::as_i64),
        employees_max: employees.get("max").and_then(Value::as_i64),
        industries: industries(&filter),
        score_min: filter.get("minScore").and_then(Value::as_f64),
        sort: match optional_text(&filter, "sort") {
            Some("EMPLOYEES") => Sort::Employees,
            Some("FOUNDED") => Sort::Founded,
            _ => Sort::Relevance,
        },
        // Keywords without a letter or digit, such as `"*"`, are no words, and find nothing.
        ..Search::new(folded_words(text(&filter, "keywords")), Needs::Every)
    };
    let (numbers, total) = search.run(ctx.index, ctx.world.companies, page.offset, page.fetch())?;
    let mut connection = page.connection(numbers.iter().map(|number| ctx.world.company(*number)).collect());
    if total == 0 {
        check_first(ctx)?;
    }
    connection.insert("total".to_owned(), total.into());
    if ctx.faults.has(Fault::LastPage) && connection.get("nextToken").is_some_and(Value::is_null) {
        // Of the first page there is none.
        let own = arguments.get("nextToken").cloned().unwrap_or_default();
        connection.insert("nextToken".to_owned(), own);
    }
    Ok(Value::Object(connection))
}

/// The keys of a filter and of what is in it. A token is for a filter, in whatever order the schema has its fields.
const FILTER: [&str; 10] = [
    "keywords",
    "location",
    "country",
    "city",
    "employees",
    "min",
    "max",
    "industries",
    "minScore",
    "sort",
];

fn in_order(object: &Map<String, Value>) -> Value {
    let mut keys: Vec<_> = object.keys().collect();
    keys.sort_by_key(|key| FILTER.iter().position(|known| known == key));
    let value = |key: &String| match object.get(key) {
        Some(Value::Object(inner)) => in_order(inner),
        other => other.cloned().unwrap_or_default(),
    };
    keys.into_iter().map(|key| (key.clone(), value(key))).collect()
}

/// A toy, but one over real data: companies that have any telling word of the question, best first, with a person of the best
/// one and the caller's collections that fit.
pub(super) fn ai_search(ctx: &Ctx<'_>, _: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let input = object(arguments, "input");
    let limit = input.get("limit").and_then(Value::as_i64).unwrap_or(10);
    let limit = u32::try_from(limit).ok().filter(|limit| (1..=100).contains(limit));
    let limit = limit.ok_or_else(|| Failure::bad_request("limit must be from 1 to 100"))?;
    if ctx.faults.has(Fault::EnumValue) && industries(&input).iter().any(|industry| industry == "HEALTHCARE") {
        return Err(Failure::new("Lambda:Unhandled", "KeyError: 'HEALTHCARE'"));
    }
    let words = telling_words(text(&input, "question"));
    if words.is_empty() {
        check_first(ctx)?;
        return Ok(json!({ "interpretation": "The question has no word to search for.", "hits": [] }));
    }
    let search = Search {
        industries: industries(&input),
        ..Search::new(words.iter().map(|word| fold(word)).collect(), Needs::Any)
    };
    let (numbers, _) = search.run(ctx.index, ctx.world.companies, 0, limit)?;
    if numbers.is_empty() {
        check_first(ctx)?;
    }
    let mut hits: Vec<_> = numbers.iter().map(|number| company_hit(ctx, *number, &words)).collect();
    // Whoever is calling: that the schema shows people to some modes only is not for a resolver to know.
    let best = numbers.iter().find(|number| ctx.world.contact_count(**number) > 0);
    if let (Some(number), true) = (best, limit > 2) {
        let reason = "Works at a company that fits the question.";
        hits.insert(
            hits.len().min(2),
            json!({ "__typename": "AiContactHit", "reason": reason, "contact": contact(ctx, *number, 1)? }),
        );
    }
    // An API key has no collections.
    if ctx.identity.subject.is_some() {
        for collection in ctx.store.collections(owner(ctx), 0, 100)? {
            let name = collection
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_lowercase();
            if words
                .iter()
                .any(|word| word.starts_with("collection") || name.split(' ').any(|part| part == word))
            {
                hits.insert(
                    hits.len().min(3),
                    json!({ "__typename": "AiCollectionHit", "collection": collection }),
                );
            }
        }
    }
    hits.truncate(limit as usize);
    score(&mut hits);
    Ok(json!({ "interpretation": interpretation(&words, &input), "hits": hits }))
}

/// What a resolver does that looks at the first hit without asking whether there is one.
fn check_first(ctx: &Ctx<'_>) -> Result<(), Failure> {
    if ctx.faults.has(Fault::EmptyPage) {
        return Err(Failure::new("Lambda:Unhandled", "IndexError: list index out of range"));
    }
    Ok(())
}

/// The industries to stay within; none if there is no such wish.
fn industries(arguments: &Map<String, Value>) -> Vec<String> {
    texts(arguments, "industries").into_iter().map(str::to_owned).collect()
}

fn company_hit(ctx: &Ctx<'_>, number: u32, words: &[String]) -> Value {
    let texts = ctx.world.facts(number).texts().join(" ").to_lowercase();
    let met: Vec<_> = words
        .iter()
        .filter(|word| texts.contains(*word))
        .map(String::as_str)
        .collect();
    let reason = format!("Its profile mentions {}.", met.join(", "));
    json!({ "__typename": "AiCompanyHit", "reason": reason, "company": ctx.world.company(number) })
}

/// Scores fall from place to place, so that best first is what a reader sees.
fn score(hits: &mut [Value]) {
    for (hit, place) in hits.iter_mut().filter_map(Value::as_object_mut).zip(0_u32..) {
        let percent = f64::from(97_u32.saturating_sub(3 * place).max(1));
        hit.insert("score".to_owned(), json!(percent / 100.0));
    }
}

fn interpretation(words: &[String], input: &Map<String, Value>) -> String {
    let mut sentence = format!("Companies whose profiles mention {}", words.join(" or "));
    let industries = industries(input);
    if !industries.is_empty() {
        // Writing to a String can't fail.
        let _ = write!(sentence, ", within {}", industries.join(", "));
    }
    sentence + "."
}

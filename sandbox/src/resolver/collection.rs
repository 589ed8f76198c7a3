//! Collections, and discoveries of e-mail addresses: what callers own and change.
//!
//! Invariant: a caller sees their own collections only. Somebody else's is answered exactly as one that does not exist.

use serde_json::{Map, Value, json};

use super::{Ctx, at_most_50, contact, ids, object, optional_text, owner, text, texts};
use crate::datetime::{date_time, now};
use crate::failure::Failure;
use crate::fault::Fault;
use crate::page::Page;

/// What a discovery looks for when its caller says nothing.
const SENIORITIES: &[&str] = &["OWNER", "EXECUTIVE"];
const EMAILS: i64 = 5;

pub(super) fn list_collections(ctx: &Ctx<'_>, _: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let page = Page::of(arguments, 20, &format!("listCollections {}", owner(ctx)))?;
    let collections = ctx.store.collections(owner(ctx), page.offset, page.fetch())?;
    Ok(Value::Object(page.connection(collections)))
}

pub(super) fn get_collection(ctx: &Ctx<'_>, _: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    Ok(ctx
        .store
        .collection(owner(ctx), text(arguments, "id"))?
        .unwrap_or_default())
}

pub(super) fn list_collection_items(
    ctx: &Ctx<'_>,
    _: &Value,
    arguments: &Map<String, Value>,
) -> Result<Value, Failure> {
    let id = own_collection(ctx, text(arguments, "collectionId"))?;
    let page = Page::of(arguments, 20, &format!("listCollectionItems {id}"))?;
    let items = ctx.store.collection_items(&id, page.offset, page.fetch())?;
    Ok(Value::Object(page.connection(items)))
}

pub(super) fn create_collection(ctx: &Ctx<'_>, _: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let input = object(arguments, "input");
    let name = text(&input, "name").trim();
    if ctx.faults.has(Fault::CreateCollectionNullPointer) {
        dereference_description(&input)?;
    }
    if ctx.faults.has(Fault::NonAscii) && !name.is_ascii() {
        return Err(Failure::new(
            "Lambda:Unhandled",
            "'ascii' codec can't encode characters: ordinal not in range(128)",
        ));
    }
    if name.is_empty() {
        return Err(Failure::bad_request("name must not be empty"));
    }
    let visibility = optional_text(&input, "visibility").unwrap_or("PRIVATE");
    ctx.store
        .create_collection(owner(ctx), name, optional_text(&input, "description"), visibility)
}

pub(super) fn add_to_collection(ctx: &Ctx<'_>, _: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let input = object(arguments, "input");
    let wanted = texts(&input, "companyIds");
    at_most_50("companyIds", wanted.len())?;
    let id = own_collection(ctx, text(&input, "collectionId"))?;
    let (mut companies, mut unknown) = (Vec::new(), Vec::new());
    for wanted in wanted {
        match ctx.world.company_number(wanted) {
            Some(number) => companies.push(number),
            None => unknown.push(wanted),
        }
    }
    let already_there = ctx
        .store
        .add_to_collection(&id, &companies, optional_text(&input, "note"))?;
    Ok(json!({
        "collection": ctx.store.collection(owner(ctx), &id)?,
        "added": companies.len() - already_there.len(),
        "alreadyThere": ids(&already_there),
        "unknown": unknown,
    }))
}

pub(super) fn request_email_discovery(
    ctx: &Ctx<'_>,
    _: &Value,
    arguments: &Map<String, Value>,
) -> Result<Value, Failure> {
    let input = object(arguments, "input");
    let id = text(&input, "companyId");
    let company = ctx
        .world
        .company_number(id)
        .ok_or_else(|| Failure::new("NotFound", format!("No company has the id '{id}'.")))?;
    let target = object(&input, "target");
    let mut seniorities = texts(&target, "seniorities");
    if seniorities.is_empty() {
        seniorities = SENIORITIES.to_vec();
    }
    let limit = target.get("limit").and_then(Value::as_i64).unwrap_or(EMAILS);
    let limit = u32::try_from(limit).ok().filter(|limit| (1..=50).contains(limit));
    let limit = limit.ok_or_else(|| Failure::bad_request("target.limit must be from 1 to 50"))?;
    let found = contacts_without_email(ctx, company, &seniorities)?
        .into_iter()
        .take(limit as usize)
        .collect::<Vec<_>>();
    // Looking costs, whether anything is found or not.
    let (number, left) = ctx.store.discover_emails(owner(ctx), company, &found, limit)?;
    Ok(json!({
        "id": format!("ed-{number}"),
        "companyId": id,
        "status": "QUEUED",
        "creditsCharged": limit,
        "creditsLeft": left,
        "requestedAt": date_time(now()),
        "expectedAt": date_time(now() + 60),
    }))
}

/// The id again, if the collection is the caller's.
fn own_collection(ctx: &Ctx<'_>, id: &str) -> Result<String, Failure> {
    match ctx.store.collection(owner(ctx), id)? {
        Some(_) => Ok(id.to_owned()),
        None => Err(Failure::new(
            "CollectionNotFound",
            format!("No collection of yours has the id '{id}'."),
        )),
    }
}

fn contacts_without_email(ctx: &Ctx<'_>, company: u32, seniorities: &[&str]) -> Result<Vec<u32>, Failure> {
    let mut without = Vec::new();
    for index in 1..=ctx.world.contact_count(company) {
        let contact = contact(ctx, company, index)?;
        let has = |key| contact.get(key).and_then(Value::as_str);
        if has("email").is_none() && has("seniority").is_some_and(|seniority| seniorities.contains(&seniority)) {
            without.push(index);
        }
    }
    Ok(without)
}

/// What a Lambda function written in JavaScript does with `input.description.trim()`.
fn dereference_description(input: &Map<String, Value>) -> Result<(), Failure> {
    let missing = match input.get("description") {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(_) => return Ok(()),
    };
    Err(Failure::new(
        "Lambda:Unhandled",
        format!("Cannot read properties of {missing} (reading 'trim')"),
    ))
}

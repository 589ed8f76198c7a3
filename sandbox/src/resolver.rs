//! (type, field) -> the function that resolves it.
//!
//! Invariant: a field that is not listed here is a property of its parent's value, as in AppSync without a resolver.
//! Invariant: resolvers cope with arguments that are absent and with those that are null, alike: AppSync fills in no default.
//! The exceptions are faults, such as `create-collection-null-pointer`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every resolver has the type `Resolver`, those that can't fail too"
)]

mod collection;
mod search;

use serde_json::{Map, Value, json};

use crate::auth::Identity;
use crate::failure::Failure;
use crate::fault::{Active, Fault};
use crate::generate::{World, company_id};
use crate::index::Index;
use crate::journal::{Entry, Journal};
use crate::page::Page;
use crate::store::Store;

/// What every resolver of a request may use.
pub(crate) struct Ctx<'a> {
    pub(crate) index: &'a Index,
    pub(crate) store: &'a Store,
    pub(crate) world: World,
    pub(crate) identity: &'a Identity,
    pub(crate) faults: &'a Active,
    pub(crate) journal: &'a Journal,
    pub(crate) entry: Entry,
}

/// A resolver gets its parent's value (AppSync's `ctx.source`) and its arguments (`ctx.arguments`).
pub(crate) type Resolver = fn(&Ctx<'_>, &Value, &Map<String, Value>) -> Result<Value, Failure>;

/// The field's resolver.
pub(crate) fn resolver(type_name: &str, field: &str) -> Option<Resolver> {
    Some(match (type_name, field) {
        ("Query", "searchCompanies") => search::search_companies,
        ("Query", "aiSearch") => search::ai_search,
        ("Query", "getCompany") => get_company,
        ("Query", "getCompanies") => get_companies,
        ("Query", "getRecord") => get_record,
        ("Query", "listCollections") => collection::list_collections,
        ("Query", "getCollection") => collection::get_collection,
        ("Query", "listCollectionItems") => collection::list_collection_items,
        ("Mutation", "createCollection") => collection::create_collection,
        ("Mutation", "addToCollection") => collection::add_to_collection,
        ("Mutation", "requestEmailDiscovery") => collection::request_email_discovery,
        ("Company", "emails") => emails,
        ("Company", "contacts") => contacts,
        ("Company", "fundingRounds") => funding_rounds,
        ("Company", "parent") => parent,
        ("Contact" | "CollectionItem" | "EmailDiscovery", "company") => company_of,
        _ => return None,
    })
}

fn get_company(ctx: &Ctx<'_>, _: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    Ok(company(ctx, text(arguments, "id")))
}

fn get_companies(ctx: &Ctx<'_>, _: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let ids = texts(arguments, "ids");
    at_most_50("ids", ids.len())?;
    if ids.len() == 50 && ctx.faults.has(Fault::BatchOfFifty) {
        return Err(Failure::new("Lambda:Unhandled", "Too many keys for one read: 50"));
    }
    Ok(ids.into_iter().map(|id| company(ctx, id)).collect())
}

fn get_record(ctx: &Ctx<'_>, _: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let id = text(arguments, "id");
    if let Some((company, index)) = ctx.world.contact_numbers(id) {
        return contact(ctx, company, index);
    }
    match company(ctx, id) {
        Value::Null => Ok(ctx.store.collection(owner(ctx), id)?.unwrap_or_default()),
        company => Ok(company),
    }
}

fn emails(_: &Ctx<'_>, source: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let limit = arguments.get("limit").and_then(Value::as_i64).unwrap_or(5);
    let limit = usize::try_from(limit).map_err(|_| Failure::bad_request("limit must not be negative"))?;
    let emails = source
        .get("emails")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    Ok(emails.iter().take(limit).cloned().collect())
}

fn contacts(ctx: &Ctx<'_>, source: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let number = source_company(ctx, source, "id");
    let page = Page::of(arguments, 10, &format!("contacts {number}"))?;
    let first = page.offset.saturating_add(1);
    let last = page
        .offset
        .saturating_add(page.fetch())
        .min(ctx.world.contact_count(number));
    let contacts = (first..=last)
        .map(|index| contact(ctx, number, index))
        .collect::<Result<_, _>>()?;
    Ok(Value::Object(page.connection(contacts)))
}

fn funding_rounds(ctx: &Ctx<'_>, source: &Value, arguments: &Map<String, Value>) -> Result<Value, Failure> {
    let number = source_company(ctx, source, "id");
    let page = Page::of(arguments, 10, &format!("fundingRounds {number}"))?;
    let rounds = ctx
        .world
        .funding_rounds(number)
        .into_iter()
        .skip(page.offset as usize)
        .take(page.fetch() as usize);
    Ok(Value::Object(page.connection(rounds.collect())))
}

fn parent(ctx: &Ctx<'_>, source: &Value, _: &Map<String, Value>) -> Result<Value, Failure> {
    let parent = ctx.world.parent(source_company(ctx, source, "id"));
    Ok(parent.map(|parent| ctx.world.company(parent)).unwrap_or_default())
}

/// The company whose id the parent's value has.
fn company_of(ctx: &Ctx<'_>, source: &Value, _: &Map<String, Value>) -> Result<Value, Failure> {
    Ok(company(
        ctx,
        source.get("companyId").and_then(Value::as_str).unwrap_or_default(),
    ))
}

/// The company, or null.
fn company(ctx: &Ctx<'_>, id: &str) -> Value {
    ctx.world
        .company_number(id)
        .map(|number| ctx.world.company(number))
        .unwrap_or_default()
}

fn contact(ctx: &Ctx<'_>, company: u32, index: u32) -> Result<Value, Failure> {
    Ok(ctx
        .world
        .contact(company, index, ctx.store.is_email_found(company, index)?))
}

fn source_company(ctx: &Ctx<'_>, source: &Value, key: &str) -> u32 {
    source
        .get(key)
        .and_then(Value::as_str)
        .and_then(|id| ctx.world.company_number(id))
        .unwrap_or_default()
}

/// The subject that collections and credits belong to. The schema lets nobody without one near them.
fn owner<'a>(ctx: &'a Ctx<'_>) -> &'a str {
    ctx.identity.subject.as_deref().unwrap_or_default()
}

/// A text argument; empty if it is absent or null.
fn text<'a>(arguments: &'a Map<String, Value>, name: &str) -> &'a str {
    optional_text(arguments, name).unwrap_or_default()
}

fn optional_text<'a>(arguments: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    arguments.get(name).and_then(Value::as_str)
}

/// A list of texts; empty if it is absent or null.
fn texts<'a>(arguments: &'a Map<String, Value>, name: &str) -> Vec<&'a str> {
    arguments
        .get(name)
        .and_then(Value::as_array)
        .map(|values| values.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default()
}

/// An input object; empty if it is absent or null.
fn object<'a>(arguments: &'a Map<String, Value>, name: &str) -> std::borrow::Cow<'a, Map<String, Value>> {
    arguments
        .get(name)
        .and_then(Value::as_object)
        .map(std::borrow::Cow::Borrowed)
        .unwrap_or_default()
}

fn at_most_50(name: &str, count: usize) -> Result<(), Failure> {
    if count > 50 {
        let error_info = json!({ "max": 50, "given": count });
        return Err(Failure {
            error_info,
            ..Failure::bad_request(format!("{name}: at most 50 at a time"))
        });
    }
    Ok(())
}

/// Ids of the companies with these numbers.
fn ids(numbers: &[u32]) -> Value {
    numbers.iter().map(|number| company_id(*number)).collect()
}

//! `limit` and `nextToken` -> a page.
//!
//! Invariant: a token is good for the listing that it came from only; another listing, another filter or another caller
//! answers what AppSync says of such a token: the type that `DynamoDB`'s data source has for any argument, and these words.
//! Invariant: the third page of every listing is empty and still has a token, as a filtered `DynamoDB` read that met no match
//! (`EMPTY_PAGE`). A client that takes an empty page for the end misses data here, always, and not once a month.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// The page that is always empty, counted from 0.
const EMPTY_PAGE: u32 = 2;

/// The most items of a page.
const LIMIT_MAX: u32 = 100;

/// Where a page starts and how long it may be.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) offset: u32,
    pub(crate) limit: u32,
    index: u32,
    listing: u64,
}

impl Page {
    /// Reads the arguments `limit` and `nextToken`; `listing` names what is listed, for whom and how it is filtered.
    ///
    /// The schema's default of `limit` does not arrive here, so `default_limit` says it again.
    pub(crate) fn of(arguments: &Map<String, Value>, default_limit: u32, listing: &str) -> Result<Self, Failure> {
        let limit = match arguments.get("limit") {
            None | Some(Value::Null) => default_limit,
            Some(limit) => limit
                .as_u64()
                .and_then(|limit| u32::try_from(limit).ok())
                .filter(|limit| (1..=LIMIT_MAX).contains(limit))
                .ok_or_else(|| Failure::bad_request(format!("limit must be from 1 to {LIMIT_MAX}")))?,
        };
        let listing = fingerprint(listing);
        let (offset, index) = match arguments.get("nextToken") {
            None | Some(Value::Null) => (0, 0),
            Some(token) => token
                .as_str()
                .and_then(|token| read_token(token, listing))
                .ok_or_else(|| {
                    Failure::new(
                        "DynamoDB:UserIllegalArgumentException",
                        "Invalid pagination token given.",
                    )
                })?,
        };
        Ok(Self {
            offset,
            limit,
            index,
            listing,
        })
    }

    /// How many items to fetch: one more than fit, to see whether there are more.
    pub(crate) fn fetch(&self) -> u32 {
        if self.index == EMPTY_PAGE { 0 } else { self.limit + 1 }
    }

    /// A connection of what was fetched.
    pub(crate) fn connection(&self, mut fetched: Vec<Value>) -> Map<String, Value> {
        let limit = self.limit as usize;
        let next = if self.index == EMPTY_PAGE {
            Some(self.offset)
        } else {
            (fetched.len() > limit).then(|| self.offset.saturating_add(self.limit))
        };
        fetched.truncate(limit);
        let mut connection = Map::new();
        connection.insert("items".to_owned(), fetched.into());
        connection.insert("nextToken".to_owned(), json!(next.map(|offset| self.token(offset))));
        connection
    }

    fn token(&self, offset: u32) -> String {
        URL_SAFE_NO_PAD.encode(format!("{:016x}:{offset}:{}", self.listing, self.index + 1))
    }
}

fn read_token(token: &str, listing: u64) -> Option<(u32, u32)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (of, place) = text.split_once(':')?;
    let (offset, index) = place.split_once(':')?;
    (u64::from_str_radix(of, 16).ok()? == listing).then_some((offset.parse().ok()?, index.parse().ok()?))
}

/// FNV-1a: the same on every machine, which `std`'s hashers do not promise.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

//! SQL: what callers own and change.
//!
//! Invariant: every value is bound, none is written into SQL text.
//! Invariant: the database is in memory and is gone with its [`Store`]; nothing that a caller writes gets into a file.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, params};
use serde_json::{Value, json};

use crate::datetime::{date_time, now};
use crate::failure::Failure;
use crate::generate::{World, company_id};

const TABLES: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE collection (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT, visibility TEXT NOT NULL, owner TEXT NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE (owner, name)
    );
    CREATE TABLE collection_item (
        collection INTEGER NOT NULL REFERENCES collection, company INTEGER NOT NULL, note TEXT, added_at INTEGER NOT NULL,
        PRIMARY KEY (collection, company)
    );
    CREATE TABLE credit (owner TEXT PRIMARY KEY, remaining INTEGER NOT NULL);
    CREATE TABLE email_discovery (number INTEGER PRIMARY KEY, owner TEXT NOT NULL, company INTEGER NOT NULL, requested_at INTEGER NOT NULL);
    CREATE TABLE found_email (company INTEGER NOT NULL, contact INTEGER NOT NULL, PRIMARY KEY (company, contact)) WITHOUT ROWID;
";

/// Collections that are there from the start: name, description, owner. The first is `col-1`.
const COLLECTIONS: &[(&str, Option<&str>, &str)] = &[
    (
        "SaaS prospects",
        Some("Companies to call in the first half of the year."),
        "user-1",
    ),
    ("Fintech watch list", None, "user-1"),
    ("Trade fair contacts", Some("Met at the spring fair."), "user-1"),
    ("Private notes", Some("Nobody else's business."), "user-2"),
    ("Suppliers", None, "user-1"),
];

/// The database.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Mutex<Connection>,
    credits: u32,
}

impl Store {
    /// A new database; each caller of `request_email_discovery` starts with so many credits.
    pub(crate) fn new(world: World, credits: u32) -> Result<Self, rusqlite::Error> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(TABLES)?;
        insert_collections(&connection, world)?;
        Ok(Self {
            connection: Mutex::new(connection),
            credits,
        })
    }

    /// A panic while the lock was held leaves the database as it was: there is no state beside it.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A caller's collections, newest first.
    pub(crate) fn collections(&self, owner: &str, offset: u32, limit: u32) -> Result<Vec<Value>, Failure> {
        let connection = self.lock();
        let mut statement = connection.prepare(&format!(
            "{COLLECTION} WHERE owner = ?1 ORDER BY created_at DESC, number DESC LIMIT ?2 OFFSET ?3"
        ))?;
        Ok(statement
            .query_map(params![owner, limit, offset], collection)?
            .collect::<Result<_, _>>()?)
    }

    /// One of a caller's collections.
    pub(crate) fn collection(&self, owner: &str, id: &str) -> Result<Option<Value>, Failure> {
        let Some(number) = collection_number(id) else {
            return Ok(None);
        };
        let connection = self.lock();
        Ok(connection
            .query_row(
                &format!("{COLLECTION} WHERE owner = ?1 AND number = ?2"),
                params![owner, number],
                collection,
            )
            .optional()?)
    }

    /// Makes a collection.
    pub(crate) fn create_collection(
        &self,
        owner: &str,
        name: &str,
        description: Option<&str>,
        visibility: &str,
    ) -> Result<Value, Failure> {
        let connection = self.lock();
        let time = now();
        let inserted = connection.execute(
            "INSERT INTO collection (name, description, visibility, owner, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            params![name, description, visibility, owner, time],
        );
        match inserted {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                return Err(Failure::new(
                    "DuplicateName",
                    format!("A collection named '{name}' already exists."),
                ));
            }
            other => other?,
        };
        let number = connection.last_insert_rowid();
        Ok(connection.query_row(&format!("{COLLECTION} WHERE number = ?1"), [number], collection)?)
    }

    /// A collection's items, in the order in which they were put there.
    pub(crate) fn collection_items(&self, collection: &str, offset: u32, limit: u32) -> Result<Vec<Value>, Failure> {
        let connection = self.lock();
        let mut statement = connection.prepare(
            "SELECT company, note, added_at FROM collection_item WHERE collection = ?1 ORDER BY rowid LIMIT ?2 OFFSET ?3",
        )?;
        let items = statement.query_map(params![collection_number(collection), limit, offset], |row| {
            Ok(json!({
                "companyId": company_id(row.get(0)?),
                "note": row.get::<_, Option<String>>(1)?,
                "addedAt": date_time(row.get(2)?),
            }))
        })?;
        Ok(items.collect::<Result<_, _>>()?)
    }

    /// Puts companies into a collection and returns those that were in it before.
    pub(crate) fn add_to_collection(
        &self,
        collection: &str,
        companies: &[u32],
        note: Option<&str>,
    ) -> Result<Vec<u32>, Failure> {
        let number = collection_number(collection);
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let mut already_there = Vec::new();
        for company in companies {
            let added = transaction.execute(
                "INSERT OR IGNORE INTO collection_item (collection, company, note, added_at) VALUES (?1, ?2, ?3, ?4)",
                params![number, company, note, now()],
            )?;
            if added == 0 {
                already_there.push(*company);
            }
        }
        if already_there.len() < companies.len() {
            transaction.execute(
                "UPDATE collection SET updated_at = ?2 WHERE number = ?1",
                params![number, now()],
            )?;
        }
        transaction.commit()?;
        Ok(already_there)
    }

    /// Records a discovery that found these contacts' e-mail addresses; returns its number and the credits that are left.
    pub(crate) fn discover_emails(
        &self,
        owner: &str,
        company: u32,
        contacts: &[u32],
        cost: u32,
    ) -> Result<(i64, u32), Failure> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        transaction.execute(
            "INSERT OR IGNORE INTO credit (owner, remaining) VALUES (?1, ?2)",
            params![owner, self.credits],
        )?;
        let remaining: u32 =
            transaction.query_row("SELECT remaining FROM credit WHERE owner = ?1", [owner], |row| {
                row.get(0)
            })?;
        let Some(left) = remaining.checked_sub(cost) else {
            let message = format!("The request costs {cost} credits, and {remaining} are left.");
            let error_info = json!({ "creditsNeeded": cost, "creditsLeft": remaining });
            return Err(Failure {
                error_info,
                ..Failure::new("InsufficientCredits", message)
            });
        };
        transaction.execute(
            "UPDATE credit SET remaining = ?2 WHERE owner = ?1",
            params![owner, left],
        )?;
        for contact in contacts {
            transaction.execute(
                "INSERT OR IGNORE INTO found_email (company, contact) VALUES (?1, ?2)",
                [company, *contact],
            )?;
        }
        transaction.execute(
            "INSERT INTO email_discovery (owner, company, requested_at) VALUES (?1, ?2, ?3)",
            params![owner, company, now()],
        )?;
        let number = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok((number, left))
    }

    /// Whether a discovery found the contact's e-mail address.
    pub(crate) fn is_email_found(&self, company: u32, contact: u32) -> Result<bool, Failure> {
        let connection = self.lock();
        Ok(connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM found_email WHERE company = ?1 AND contact = ?2)",
            [company, contact],
            |row| row.get(0),
        )?)
    }
}

const COLLECTION: &str = "SELECT number, name, description, visibility, owner, created_at, updated_at,
    (SELECT count(*) FROM collection_item WHERE collection = collection.number) FROM collection";

fn collection(row: &Row<'_>) -> Result<Value, rusqlite::Error> {
    Ok(json!({
        "__typename": "Collection",
        "id": format!("col-{}", row.get::<_, i64>(0)?),
        "name": row.get::<_, String>(1)?,
        "description": row.get::<_, Option<String>>(2)?,
        "visibility": row.get::<_, String>(3)?,
        "owner": row.get::<_, String>(4)?,
        "createdAt": date_time(row.get(5)?),
        "updatedAt": date_time(row.get(6)?),
        "itemCount": row.get::<_, u32>(7)?,
    }))
}

fn collection_number(id: &str) -> Option<i64> {
    let number: i64 = id.strip_prefix("col-")?.parse().ok()?;
    (format!("col-{number}") == id).then_some(number)
}

fn insert_collections(connection: &Connection, world: World) -> Result<(), rusqlite::Error> {
    // 2026-05-01T08:00:00Z, and a day later for each.
    let mut time = 1_777_622_400;
    for (index, (name, description, owner)) in COLLECTIONS.iter().enumerate() {
        connection.execute(
            "INSERT INTO collection (name, description, visibility, owner, created_at, updated_at)
             VALUES (?1, ?2, 'PRIVATE', ?3, ?4, ?4)",
            params![name, description, owner, time],
        )?;
        let collection = connection.last_insert_rowid();
        // `col-1` has the companies 1 to 30, `col-2` 11 to 20, and so on: sizes that fill no page, one page and several.
        let items = if index == 0 {
            1..=30
        } else {
            u32::try_from(collection * 10 - 9).unwrap_or(1)..=u32::try_from(collection * 10).unwrap_or(1)
        };
        for company in items.filter(|company| *company <= world.companies) {
            connection.execute(
                "INSERT INTO collection_item (collection, company, note, added_at) VALUES (?1, ?2, ?3, ?4)",
                params![
                    collection,
                    company,
                    (company % 4 == 0).then_some("Call again in autumn."),
                    time
                ],
            )?;
        }
        time += 86_400;
    }
    Ok(())
}

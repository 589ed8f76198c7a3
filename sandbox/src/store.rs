//! SQL: what is searched, sorted and changed.
//!
//! Invariant: the only file that knows rusqlite. Every value is bound, none is written into SQL text.
//! Invariant: the database is in memory and is gone with its [`Store`].

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, params};
use serde_json::{Value, json};

use crate::Progress;
use crate::datetime::{date_time, now};
use crate::failure::Failure;
use crate::generate::{World, company_id};

const TABLES: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE company (
        number INTEGER PRIMARY KEY, country TEXT NOT NULL, city TEXT NOT NULL, industry TEXT NOT NULL,
        employees INTEGER, founded TEXT, score REAL NOT NULL
    );
    -- Contentless: the texts can be generated again, so only their index is kept.
    CREATE VIRTUAL TABLE company_text USING fts5(name, industry, city, technologies, description, content = '');
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

/// How many rows lie between two reports of progress.
const PROGRESS_ROWS: u32 = 10_000;

/// Which companies are looked for, and in what order.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// An FTS5 expression; see `words.rs`.
    pub(crate) expression: String,
    pub(crate) country: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) employees_min: Option<i64>,
    pub(crate) employees_max: Option<i64>,
    /// A JSON array of industries.
    pub(crate) industries: Option<String>,
    pub(crate) score_min: Option<f64>,
    /// A value of the schema's enum `CompanySort`.
    pub(crate) sort: Option<String>,
}

/// The database.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Mutex<Connection>,
    credits: u32,
}

impl Store {
    /// Fills a new database from the world; each caller of `request_email_discovery` starts with so many credits.
    pub(crate) fn generate(world: World, credits: u32, progress: Option<Progress>) -> Result<Self, rusqlite::Error> {
        let mut connection = Connection::open_in_memory()?;
        connection.execute_batch(TABLES)?;
        insert_companies(&mut connection, world, progress)?;
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

    /// Numbers of the companies that are found, and how many there are in all.
    pub(crate) fn search(&self, search: &Search, offset: u32, limit: u32) -> Result<(Vec<u32>, u32), Failure> {
        const MATCHING: &str = "FROM company_text JOIN company ON company.number = company_text.rowid
            WHERE company_text MATCH ?1 AND (?2 IS NULL OR company.country = ?2)
              AND (?3 IS NULL OR company.city = ?3 COLLATE NOCASE)
              AND (?4 IS NULL OR company.employees >= ?4) AND (?5 IS NULL OR company.employees <= ?5)
              AND (?6 IS NULL OR company.industry IN (SELECT value FROM json_each(?6)))
              AND (?7 IS NULL OR company.score >= ?7)";
        // Columns can't be ordered by through a bound value, so the order is one of three texts of our own.
        let order = match search.sort.as_deref() {
            Some("EMPLOYEES") => "company.employees DESC NULLS LAST",
            Some("FOUNDED") => "company.founded DESC NULLS LAST",
            _ => "bm25(company_text, 10.0, 4.0, 2.0, 2.0, 1.0)",
        };
        let Search {
            expression,
            country,
            city,
            employees_min,
            employees_max,
            industries,
            score_min,
            sort: _,
        } = search;
        let connection = self.lock();
        let total = connection.query_row(
            &format!("SELECT count(*) {MATCHING}"),
            params![
                expression,
                country,
                city,
                employees_min,
                employees_max,
                industries,
                score_min
            ],
            |row| row.get(0),
        )?;
        let numbers = connection
            .prepare(&format!(
                "SELECT company.number {MATCHING} ORDER BY {order}, company.number LIMIT ?8 OFFSET ?9"
            ))?
            .query_map(
                params![
                    expression,
                    country,
                    city,
                    employees_min,
                    employees_max,
                    industries,
                    score_min,
                    limit,
                    offset
                ],
                |row| row.get(0),
            )?
            .collect::<Result<_, _>>()?;
        Ok((numbers, total))
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

/// One company at a time: nothing but the database grows with their number.
fn insert_companies(
    connection: &mut Connection,
    world: World,
    progress: Option<Progress>,
) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction()?;
    {
        let mut company = transaction.prepare("INSERT INTO company VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
        let mut company_text = transaction.prepare(
            "INSERT INTO company_text (rowid, name, industry, city, technologies, description) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for number in 1..=world.companies {
            let facts = world.facts(number);
            let (country, city, industry) = (facts.country.code, facts.city.name, facts.industry.value);
            company.execute(params![
                number,
                country,
                city,
                industry,
                facts.employees,
                facts.founded,
                facts.score
            ])?;
            let [name, industry, city, technologies, description] = facts.texts();
            company_text.execute(params![number, name, industry, city, technologies, description])?;
            if let Some(progress) = progress
                && (number % PROGRESS_ROWS == 0 || number == world.companies)
            {
                progress(number, world.companies);
            }
        }
    }
    transaction.commit()
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

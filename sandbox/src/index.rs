//! Postings -> tables of a database, and a place and a word -> the companies that have it there.
//!
//! Invariant: nothing is written after [`Index::write`], so that a file of it can be shared by many and is opened read-only.
//! Invariant: a file is used only if every byte that searches will read is the one that was written: [`Index::open`] compares
//! their digest.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use roaring::RoaringBitmap;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};

use crate::posting::Postings;

/// `digest` stands for all rows of `posting`, in their order.
const TABLES: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA page_size = 32768;
    CREATE TABLE digest (posting INTEGER NOT NULL);
    -- Without an index beside it, which could be damaged while the rows are not.
    CREATE TABLE posting (place TEXT, word TEXT, companies BLOB NOT NULL, PRIMARY KEY (place, word)) WITHOUT ROWID;
";

/// Why a file is not used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("{0}")]
    Database(#[from] rusqlite::Error),
    #[error("its content is not what was written")]
    Changed,
}

/// Which companies have which words where.
#[derive(Debug)]
pub(crate) struct Index {
    connection: Mutex<Connection>,
}

impl Index {
    /// An index in memory.
    pub(crate) fn in_memory(postings: Postings) -> Result<Self, rusqlite::Error> {
        let mut connection = Connection::open_in_memory()?;
        write(&mut connection, postings)?;
        Ok(Self::over(connection))
    }

    /// Writes a new file.
    pub(crate) fn write(file: &Path, postings: Postings) -> Result<(), rusqlite::Error> {
        let mut connection = Connection::open(file)?;
        write(&mut connection, postings)?;
        connection.close().map_err(|(_, error)| error)
    }

    /// Opens a file, if it holds what was written.
    pub(crate) fn open(file: &Path) -> Result<Self, Unusable> {
        // Without a mutex of SQLite's own, since there is one around it.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        let written: i64 = connection.query_row("SELECT posting FROM digest", [], |row| row.get(0))?;
        let mut found = Digest::NOTHING;
        let mut statement = connection.prepare("SELECT place, word, companies FROM posting ORDER BY place, word")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..3 {
                found.add(row.get_ref(column)?.as_bytes().map_err(rusqlite::Error::from)?);
            }
        }
        drop(rows);
        drop(statement);
        if found.0.cast_signed() == written {
            Ok(Self::over(connection))
        } else {
            Err(Unusable::Changed)
        }
    }

    fn over(connection: Connection) -> Self {
        Self {
            connection: Mutex::new(connection),
        }
    }

    /// The companies that have the word in the place.
    pub(crate) fn companies(&self, place: &str, word: &str) -> Result<RoaringBitmap, rusqlite::Error> {
        // A panic while the lock was held leaves nothing behind: it is only read here.
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement = connection.prepare("SELECT companies FROM posting WHERE place = ?1 AND word = ?2")?;
        let found = statement
            .query_row([place, word], |row| {
                let bytes = row.get_ref(0)?.as_blob()?;
                RoaringBitmap::deserialize_from(bytes).map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, Box::new(error))
                })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }
}

fn write(connection: &mut Connection, postings: Postings) -> Result<(), rusqlite::Error> {
    connection.execute_batch(TABLES)?;
    let transaction = connection.transaction()?;
    let mut digest = Digest::NOTHING;
    {
        let mut insert = transaction.prepare("INSERT INTO posting VALUES (?1, ?2, ?3)")?;
        for (place, word, companies) in postings.into_sorted() {
            let mut bytes = Vec::with_capacity(companies.serialized_size());
            companies
                .serialize_into(&mut bytes)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
            insert.execute(params![place, word, bytes])?;
            for column in [place.as_bytes(), word.as_bytes(), &bytes] {
                digest.add(column);
            }
        }
    }
    transaction.execute("INSERT INTO digest VALUES (?1)", [digest.0.cast_signed()])?;
    transaction.commit()
}

/// FNV-1a over words of eight bytes: fast enough for a whole file, and no single change goes unseen. It guards against
/// accidents and not against people.
pub(crate) struct Digest(pub(crate) u64);

impl Digest {
    pub(crate) const NOTHING: Self = Self(0xcbf2_9ce4_8422_2325);

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.mix(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        self.mix(u64::from_le_bytes(last));
    }

    fn mix(&mut self, word: u64) {
        // Turned, so that high bits get to the low ones too.
        self.0 = (self.0 ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
    }
}

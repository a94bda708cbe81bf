//! The SQL: identifications in SQLite or PostgreSQL, by the same statements.
//!
//! SQLite takes one writer at a time. With a connection for writing, requests wait for each other here, in order of
//! arrival, and not inside SQLite, where they may fail at the busy timeout.
//!
//! Counts and probes have a connection each: neither clients that ask for counts of a large table nor those that wait
//! for a reader keep a probe waiting.

mod error;
mod row;
mod stats;

use std::sync::Arc;

use kiln::migrate::Engine;
use metrics::gauge;
use serde::Serialize;
use sqlx::{AnyPool, AssertSqlSafe, any::AnyPoolOptions, query, raw_sql};
use uuid::Uuid;

use self::stats::RecentStats;
pub use self::{
    error::StoreError,
    stats::{GroupCount, LabelCount, Stats},
};

use crate::{
    identification::Identification,
    settings::{Database, Pool},
};

/// The database; clones are cheap and share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    reader: AnyPool,
    writer: AnyPool,
    probe: AnyPool,
    stats: RecentStats,
}

/// A page of identifications, newest first.
#[derive(Debug, Serialize)]
pub struct Page {
    /// The identifications.
    pub identifications: Vec<Identification>,
    /// The start of the next page; none on the last.
    pub next_before: Option<Uuid>,
}

/// Sorting and the like stay in memory: the seal leaves no folder for temporary files.
///
/// WAL lets readers go on while one writes. With it, `NORMAL` loses nothing when the process dies, and at
/// most the last moments when the machine does (<https://www.sqlite.org/pragma.html#pragma_synchronous>).
const SQLITE_SET_UP: &str = "PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;";

/// The columns by name: a release that adds one must not change the result of an older statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, identified_at, name, size, sha256, label, description, mime_type, group_name, ",
            "is_text, score, alternatives FROM identifications ",
            $rest
        )
    };
}

impl Store {
    /// Connects to a database whose schema fits this program.
    ///
    /// # Errors
    /// When there is no such database, or it cannot be reached.
    pub async fn open(Database { url, target }: &Database, limits: Pool) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        // A connection is tested before it is used, so one that a restart of the server has cut off is replaced.
        let pool = AnyPoolOptions::new().acquire_timeout(limits.timeout).test_before_acquire(true);
        let connections = limits.connections.get();
        let (pool, reader, writer) = match target.engine() {
            Engine::Postgres => {
                let reader = pool.clone().max_connections(connections).connect(url).await?;
                (pool, reader.clone(), reader)
            }
            Engine::Sqlite => {
                // A lock of another process is waited for as a connection is.
                let set_up = format!("PRAGMA busy_timeout = {}; {SQLITE_SET_UP}", limits.timeout.as_millis());
                let set_up: Arc<str> = set_up.into();
                let pool = pool.after_connect(move |connection, _| {
                    let set_up = AssertSqlSafe(Arc::clone(&set_up));
                    Box::pin(async move { raw_sql(set_up).execute(connection).await.map(drop) })
                });
                let writer = pool.clone().max_connections(1).connect(url).await?;
                let reader = pool.clone().max_connections(connections).connect(url).await?;
                (pool, reader, writer)
            }
        };
        let single = pool.max_connections(1);
        let probe = single.clone().connect(url).await?;
        Ok(Self { reader, writer, probe, stats: RecentStats::new(single.connect(url).await?) })
    }

    /// Stores an identification.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert(&self, identification: &Identification) -> Result<(), StoreError> {
        query(
            "INSERT INTO identifications (id, identified_at, name, size, sha256, label, description,
                 mime_type, group_name, is_text, score, alternatives)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(identification.id.to_string())
        .bind(&*identification.identified_at)
        .bind(identification.name.as_deref())
        .bind(i64::try_from(identification.size).unwrap_or(i64::MAX))
        .bind(&*identification.sha256)
        .bind(&*identification.label)
        .bind(&*identification.description)
        .bind(&*identification.mime_type)
        .bind(&*identification.group)
        .bind(i32::from(identification.is_text))
        .bind(identification.score)
        .bind(serde_json::json!(identification.alternatives).to_string())
        .execute(&self.writer)
        .await?;
        self.stats.outdate().await;
        Ok(())
    }

    /// At most `limit` identifications, newest first, from the one before `before` on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(&self, before: Option<Uuid>, limit: u8) -> Result<Page, StoreError> {
        let rows = query(select!("WHERE id < $1 ORDER BY id DESC LIMIT $2"))
            .bind(before.unwrap_or(Uuid::max()).to_string())
            // One more than the limit shows whether there is a next page.
            .bind(i64::from(limit) + 1)
            .fetch_all(&self.reader)
            .await?;
        let more = rows.len() > usize::from(limit);
        let rows = rows.iter().take(usize::from(limit));
        let identifications: Vec<Identification> = rows.map(row::read).collect::<Result<_, _>>()?;
        let next_before = identifications.last().filter(|_| more).map(|last| last.id);
        Ok(Page { identifications, next_before })
    }

    /// The identification with this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, id: Uuid) -> Result<Option<Identification>, StoreError> {
        let row = query(select!("WHERE id = $1")).bind(id.to_string()).fetch_optional(&self.reader).await?;
        row.as_ref().map(row::read).transpose()
    }

    /// Counts of the identified files, from a moment ago at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stats(&self) -> Result<Arc<Stats>, Arc<StoreError>> {
        self.stats.read().await
    }

    /// Sets the gauges of the connections.
    pub fn measure(&self) {
        let pools = [("reader", &self.reader), ("writer", &self.writer), ("probe", &self.probe)];
        for (pool, connections) in pools.into_iter().chain([("stats", self.stats.connection())]) {
            let idle = u32::try_from(connections.num_idle()).unwrap_or(u32::MAX);
            let used = connections.size().saturating_sub(idle);
            gauge!("db_connections", "pool" => pool, "state" => "idle").set(idle);
            gauge!("db_connections", "pool" => pool, "state" => "used").set(used);
        }
    }

    /// Tests whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        query("SELECT 1").execute(&self.probe).await?;
        Ok(())
    }

    /// Closes every connection, once those in use have been returned.
    pub async fn close(self) {
        self.stats.connection().close().await;
        self.probe.close().await;
        self.reader.close().await;
        // SQLite's last connection moves the write-ahead log into the database as it closes.
        self.writer.close().await;
    }
}

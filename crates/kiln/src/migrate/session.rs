//! One connection for migrating, and everything in which the engines differ.

use std::{path::Path, time::Duration};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection, query, query_as, query_scalar,
    raw_sql,
};
use tokio::time::{Instant, sleep};

use super::{Target, plan::Record};

/// The key of the advisory lock, the same for every release: `kiln_mig` in ASCII.
const LOCK: i64 = 0x6b69_6c6e_5f6d_6967;

/// How often a busy lock is tried again.
const RETRY: Duration = Duration::from_millis(50);

const TABLE: &str = "CREATE TABLE IF NOT EXISTS kiln_migrations (
    version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)";
const RECORDS: &str = "SELECT version, name, checksum, applied_at FROM kiln_migrations ORDER BY version";

pub(super) enum Session {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Whether the lock was had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    Held,
    Busy,
}

impl Session {
    /// Connects to change the schema, making a SQLite file that does not exist. A statement waits this long
    /// for other writers.
    pub(super) async fn to_write(target: &Target, wait: Duration) -> sqlx::Result<Self> {
        match target {
            // https://www.sqlite.org/lang_altertable.html#otheralter asks for foreign keys to be off while
            // tables are made anew; they are checked before each commit.
            Target::Sqlite(options) => {
                let options = options.as_ref().clone().create_if_missing(true).foreign_keys(false);
                options.busy_timeout(wait).connect().await.map(Self::Sqlite)
            }
            Target::Postgres(options) => options.connect().await.map(Self::Postgres),
        }
    }

    /// Connects to look; `None` for a SQLite file that does not exist, since opening it would make it.
    pub(super) async fn to_read(target: &Target) -> sqlx::Result<Option<Self>> {
        match target {
            Target::Sqlite(options) if !exists(options.get_filename()) => Ok(None),
            // Not opened read-only: a database whose last process was killed has to be recovered by its
            // next reader, and that writes.
            Target::Sqlite(options) => {
                let options = options.as_ref().clone().create_if_missing(false).pragma("query_only", "ON");
                options.connect().await.map(Self::Sqlite).map(Some)
            }
            Target::Postgres(options) => options.connect().await.map(Self::Postgres).map(Some),
        }
    }

    /// Keeps other runners out. SQLite's own write lock does that, from [`begin`](Self::begin) on.
    ///
    /// The lock is tried and tried again rather than waited for, because a waiting session holds a snapshot
    /// that blocks `CREATE INDEX CONCURRENTLY` of the runner that it waits for.
    pub(super) async fn lock(&mut self, wait: Duration) -> sqlx::Result<Lock> {
        let Self::Postgres(connection) = self else { return Ok(Lock::Held) };
        let deadline = Instant::now() + wait;
        loop {
            let taken: bool = query_scalar("SELECT pg_try_advisory_lock($1)")
                .bind(LOCK)
                .fetch_one(&mut *connection)
                .await?;
            if taken {
                return Ok(Lock::Held);
            }
            if Instant::now() >= deadline {
                return Ok(Lock::Busy);
            }
            sleep(RETRY).await;
        }
    }

    /// Ends the session, and with it, whatever happened, the lock and any open transaction.
    pub(super) async fn close(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        }
    }

    /// Begins a transaction that may write from the start, so that it cannot lose its snapshot to another
    /// runner half way.
    pub(super) async fn begin(&mut self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(_) => self.script("BEGIN IMMEDIATE").await,
            Self::Postgres(_) => self.script("BEGIN").await,
        }
    }

    pub(super) async fn commit(&mut self) -> sqlx::Result<()> {
        self.script("COMMIT").await
    }

    pub(super) async fn roll_back(&mut self) -> sqlx::Result<()> {
        self.script("ROLLBACK").await
    }

    pub(super) async fn create_table(&mut self) -> sqlx::Result<()> {
        self.script(TABLE).await
    }

    /// Runs statements that come from the executable itself.
    pub(super) async fn script(&mut self, sql: &str) -> sqlx::Result<()> {
        let statements = raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => statements.execute(connection).await.map(drop),
            Self::Postgres(connection) => statements.execute(connection).await.map(drop),
        }
    }

    /// A table with a row whose foreign key points to nothing. PostgreSQL checks by itself.
    pub(super) async fn dangling(&mut self) -> sqlx::Result<Option<String>> {
        match self {
            Self::Sqlite(connection) => {
                query_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
                    .fetch_optional(connection)
                    .await
            }
            Self::Postgres(_) => Ok(None),
        }
    }

    pub(super) async fn records(&mut self) -> sqlx::Result<Vec<Record>> {
        type Row = (i64, String, String, String);
        let rows: Vec<Row> = match self {
            Self::Sqlite(connection) => {
                let known: i64 =
                    query_scalar("SELECT count(*) FROM sqlite_master WHERE name = 'kiln_migrations'")
                        .fetch_one(&mut *connection)
                        .await?;
                if known == 0 { Vec::new() } else { query_as(RECORDS).fetch_all(connection).await? }
            }
            Self::Postgres(connection) => {
                let known: bool = query_scalar("SELECT to_regclass('kiln_migrations') IS NOT NULL")
                    .fetch_one(&mut *connection)
                    .await?;
                if known { query_as(RECORDS).fetch_all(connection).await? } else { Vec::new() }
            }
        };
        let record = |(version, name, checksum, applied_at)| Record { version, name, checksum, applied_at };
        Ok(rows.into_iter().map(record).collect())
    }

    pub(super) async fn record(&mut self, version: i64, name: &str, checksum: &str) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(connection) => query(
                "INSERT INTO kiln_migrations (version, name, checksum, applied_at)
                 VALUES ($1, $2, $3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
            )
            .bind(version)
            .bind(name)
            .bind(checksum)
            .execute(connection)
            .await
            .map(drop),
            Self::Postgres(connection) => query(
                "INSERT INTO kiln_migrations (version, name, checksum, applied_at)
                 VALUES ($1, $2, $3, to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'))",
            )
            .bind(version)
            .bind(name)
            .bind(checksum)
            .execute(connection)
            .await
            .map(drop),
        }
    }
}

fn exists(file: &Path) -> bool {
    // Anything else than a clear no is for the engine to say.
    file.try_exists().unwrap_or(true)
}

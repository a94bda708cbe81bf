//! A connection for migrating, and all differences between the engines.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection, query, query_as, query_scalar,
    raw_sql,
};
use tokio::time::{Instant, sleep};

use super::{
    Engine, LockHolder, Migration, Target, lock_holder,
    plan::{Progress, Record},
    private_file,
    transient::is_transient,
};
use crate::lifespan::{Backoff, retry};

/// The key of the advisory lock, the same for every release: `kiln_mig` in ASCII.
const LOCK: i64 = 0x6b69_6c6e_5f6d_6967;

/// Interval at which a busy lock is tried again.
pub(super) const RETRY: Duration = Duration::from_millis(50);

const TABLE: &str = "CREATE TABLE IF NOT EXISTS kiln_migrations (
    version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL,
    compatible_from BIGINT, progress TEXT NOT NULL)";
const RECORDS: &str = "SELECT version, name, checksum, applied_at, compatible_from, progress
    FROM kiln_migrations ORDER BY version";

/// Values of the column `progress`.
const APPLIED: &str = "applied";
const BEGUN: &str = "begun";

/// `application_name` of a session, unless the URL has another.
const NAME: &str = "kiln migrate";

pub(super) enum Session {
    Sqlite(SqliteConnection, PathBuf),
    Postgres(PgConnection),
}

/// The same expression with the connection of either engine, whose types differ.
macro_rules! with_connection {
    ($session:expr, $connection:ident => $work:expr) => {
        match $session {
            Session::Sqlite($connection, _) => $work,
            Session::Postgres($connection) => $work,
        }
    };
}

/// Outcome of taking the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LockOutcome {
    Acquired,
    Busy,
}

impl Session {
    /// Connects to change the schema, and makes a SQLite file that does not exist. `wait` is the time for which a
    /// statement waits for other writers, and for which a server that does not answer yet is tried again.
    pub(super) async fn to_write(target: &Target, wait: Duration) -> sqlx::Result<Self> {
        match target {
            // https://www.sqlite.org/lang_altertable.html#otheralter asks for foreign keys to be off while
            // tables are made anew; they are checked before each commit.
            Target::Sqlite(options) => {
                let options = options.as_ref().clone().create_if_missing(true).foreign_keys(false);
                let file = options.get_filename().to_owned();
                private_file::create(&file);
                options.busy_timeout(wait).connect().await.map(|connection| Self::Sqlite(connection, file))
            }
            Target::Postgres(options) => {
                let options = match options.get_application_name() {
                    None => options.as_ref().clone().application_name(NAME),
                    Some(_) => options.as_ref().clone(),
                };
                let connect = || options.connect();
                retry(Backoff::default(), wait, is_transient, connect).await.map(Self::Postgres)
            }
        }
    }

    /// Connects to read; `None` for a SQLite file that does not exist, since opening it would make it.
    pub(super) async fn to_read(target: &Target) -> sqlx::Result<Option<Self>> {
        match target {
            Target::Sqlite(options) if !exists(options.get_filename()) => Ok(None),
            // Not opened read-only: a database whose last process was killed has to be recovered by its
            // next reader, and that writes.
            Target::Sqlite(options) => {
                let options = options.as_ref().clone().create_if_missing(false).pragma("query_only", "ON");
                let file = options.get_filename().to_owned();
                let connection = options.connect().await?;
                Ok(Some(Self::Sqlite(connection, file)))
            }
            Target::Postgres(options) => options.connect().await.map(Self::Postgres).map(Some),
        }
    }

    /// Keeps other runners out. SQLite's own write lock does that, from [`begin`](Self::begin) on.
    ///
    /// The lock is tried and tried again rather than waited for, because a waiting session holds a snapshot
    /// that blocks `CREATE INDEX CONCURRENTLY` of the runner that it waits for.
    pub(super) async fn lock(&mut self, wait: Duration) -> sqlx::Result<LockOutcome> {
        let Self::Postgres(connection) = self else { return Ok(LockOutcome::Acquired) };
        let deadline = Instant::now() + wait;
        let mut logged = false;
        loop {
            let taken: bool = query_scalar("SELECT pg_try_advisory_lock($1)")
                .bind(LOCK)
                .fetch_one(&mut *connection)
                .await?;
            if taken {
                return Ok(LockOutcome::Acquired);
            }
            if Instant::now() >= deadline {
                return Ok(LockOutcome::Busy);
            }
            if !logged {
                log_wait(postgres_holder(connection).await?);
                logged = true;
            }
            sleep(RETRY).await;
        }
    }

    /// The holder of the lock, as far as the database shows it.
    pub(super) async fn holder(&mut self) -> Option<LockHolder> {
        match self {
            Self::Sqlite(_, file) => lock_holder::of_sqlite(file),
            // An addition to an error, which a failure here must not replace.
            Self::Postgres(connection) => postgres_holder(connection).await.ok().flatten(),
        }
    }

    /// Ends the session, and with it the lock and any open transaction.
    pub(super) async fn close(self) -> sqlx::Result<()> {
        with_connection!(self, connection => connection.close().await)
    }

    /// Begins a transaction that may write from the start, so that it cannot lose its snapshot to another
    /// runner half way.
    pub(super) async fn begin(&mut self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(..) => self.script("BEGIN IMMEDIATE").await,
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
        with_connection!(self, connection => statements.execute(connection).await.map(drop))
    }

    /// A table with a row that violates a foreign key. PostgreSQL checks by itself.
    pub(super) async fn dangling(&mut self) -> sqlx::Result<Option<String>> {
        match self {
            Self::Sqlite(connection, _) => {
                query_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
                    .fetch_optional(connection)
                    .await
            }
            Self::Postgres(_) => Ok(None),
        }
    }

    pub(super) async fn records(&mut self) -> sqlx::Result<Vec<Record>> {
        let rows: Vec<RecordRow> = match self {
            Self::Sqlite(connection, _) => {
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
        Ok(rows.into_iter().map(record).collect())
    }

    /// Records that a migration was begun, or applied.
    pub(super) async fn record(
        &mut self,
        migration: &Migration,
        engine: Engine,
        progress: Progress,
    ) -> sqlx::Result<()> {
        const SQLITE: &str = "INSERT INTO kiln_migrations
                (version, name, checksum, compatible_from, progress, applied_at)
             VALUES ($1, $2, $3, $4, $5, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))";
        const POSTGRES: &str = "INSERT INTO kiln_migrations
                (version, name, checksum, compatible_from, progress, applied_at)
             VALUES ($1, $2, $3, $4, $5,
                 to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'))";
        let insert = match engine {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        };
        with_connection!(self, connection => {
            query(insert)
                .bind(migration.version())
                .bind(migration.name())
                .bind(migration.checksum(engine))
                .bind(migration.compatible_from(engine))
                .bind(value(progress))
                .execute(connection)
                .await
                .map(drop)
        })
    }

    /// Records that a migration that was begun is applied.
    pub(super) async fn finish(&mut self, version: i64) -> sqlx::Result<()> {
        const FINISH: &str = "UPDATE kiln_migrations SET progress = $1 WHERE version = $2";
        with_connection!(self, connection => {
            query(FINISH).bind(APPLIED).bind(version).execute(connection).await.map(drop)
        })
    }

    /// Deletes the record of a migration.
    pub(super) async fn forget(&mut self, version: i64) -> sqlx::Result<()> {
        const FORGET: &str = "DELETE FROM kiln_migrations WHERE version = $1";
        with_connection!(self, connection => {
            query(FORGET).bind(version).execute(connection).await.map(drop)
        })
    }
}

/// The columns of [`RECORDS`].
type RecordRow = (i64, String, String, String, Option<i64>, String);

fn record((version, name, checksum, applied_at, compatible_from, progress): RecordRow) -> Record {
    // Any other value counts as not finished.
    let progress = if progress == APPLIED { Progress::Applied } else { Progress::Begun };
    Record { version, name, checksum, applied_at, compatible_from, progress }
}

fn value(progress: Progress) -> &'static str {
    match progress {
        Progress::Begun => BEGUN,
        Progress::Applied => APPLIED,
    }
}

async fn postgres_holder(connection: &mut PgConnection) -> sqlx::Result<Option<LockHolder>> {
    // An advisory lock of 64 bits stands in the list as two halves, with 1 for the third column
    // (https://www.postgresql.org/docs/current/view-pg-locks.html). Another role sees of a session its id alone.
    const HOLDER: &str = "SELECT pid::bigint, application_name,
            to_char(backend_start AT TIME ZONE 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),
            coalesce(host(client_addr), 'this machine')
        FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND objsubid = 1
            AND (classid::bigint << 32) | objid::bigint = $1
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    type HolderRow = (i64, Option<String>, Option<String>, String);
    let row: Option<HolderRow> = query_as(HOLDER).bind(LOCK).fetch_optional(connection).await?;
    Ok(row.map(|(process, name, since, from)| LockHolder {
        process,
        name: name.filter(|name| !name.is_empty()),
        since: since.map(|since| format!("connected from {from} since {since}")),
    }))
}

fn log_wait(holder: Option<impl Display>) {
    let holder = holder.map_or_else(|| "unknown".to_owned(), |holder| holder.to_string());
    tracing::info!(holder, "waiting for another migration runner");
}

fn exists(file: &Path) -> bool {
    // Other errors than "not found" are left to the engine.
    file.try_exists().unwrap_or(true)
}

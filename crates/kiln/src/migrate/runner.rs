//! The operations on a database: apply, settle, status, pending, check.

use std::time::Duration;

use kiln_manifest::migration::Transaction;
use tokio::time::{Instant, sleep};

use super::{
    Engine, Goal, MigrateError, Migration, MigrationStatus, Migrations, Target,
    plan::{self, Progress},
    session::{LockOutcome, RETRY, Session},
    transient::is_busy,
};

/// Applies every pending migration up to `goal`, each in a transaction of its own together with its record, and
/// returns them. Waits up to `wait` for another runner, and for a server that does not answer yet.
///
/// # Errors
/// When a migration fails (those before it stay applied), when files and database disagree, or when
/// another runner does not finish in time.
pub async fn apply<'a>(
    migrations: &'a Migrations,
    target: &Target,
    goal: Goal,
    wait: Duration,
) -> Result<Vec<&'a Migration>, MigrateError> {
    let mut runner = Runner::connect(target, wait).await?;
    let applied = runner.apply(migrations, goal).await;
    close(runner.session, target, applied).await
}

/// Resolution by hand of a half-applied migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The migration was completed.
    Applied,
    /// The migration was undone.
    Pending,
}

/// Records the resolution of a half-applied migration.
///
/// # Errors
/// When it is not half applied, when another runner does not finish in time, or when the database fails.
pub async fn settle(
    target: &Target,
    version: i64,
    resolution: Resolution,
    wait: Duration,
) -> Result<(), MigrateError> {
    let mut runner = Runner::connect(target, wait).await?;
    let settled = runner.settle(version, resolution).await;
    close(runner.session, target, settled).await
}

/// All migrations of the executable and of the database. Changes nothing.
///
/// # Errors
/// When the database cannot be read.
pub async fn status(migrations: &Migrations, target: &Target) -> Result<Vec<MigrationStatus>, MigrateError> {
    Ok(plan::entries(migrations, target.engine(), records(target).await?))
}

/// The migrations that [`apply`] would apply. Changes nothing.
///
/// A database that is newer than the executable has none pending, when each of its newer migrations is marked
/// as compatible with the executable's newest.
///
/// # Errors
/// When files and database disagree, or the database cannot be read.
pub async fn pending<'a>(
    migrations: &'a Migrations,
    target: &Target,
    goal: Goal,
) -> Result<Vec<&'a Migration>, MigrateError> {
    plan::pending(migrations, target.engine(), records(target).await?, goal)
}

/// Checks, at start-up, that the schema of the database is that of this executable, or a newer one that is marked as
/// compatible. Changes nothing; a SQLite file that does not exist counts as one without migrations, and is not made.
///
/// # Errors
/// When migrations are pending, naming `command`, which applies them; and as [`pending()`].
pub async fn check(migrations: &Migrations, target: &Target, command: &str) -> Result<(), MigrateError> {
    let pending = pending(migrations, target, Goal::Newest).await?;
    match pending.first() {
        None => Ok(()),
        Some(first) => Err(MigrateError::Pending {
            count: pending.len(),
            version: first.version(),
            name: first.name().to_owned(),
            command: command.to_owned(),
        }),
    }
}

async fn records(target: &Target) -> Result<Vec<plan::Record>, MigrateError> {
    let Some(mut session) = Session::to_read(target).await.map_err(connect(target))? else {
        return Ok(Vec::new());
    };
    let records = session.records().await.map_err(migrations_table(target));
    close(session, target, records).await
}

/// Ends the session. Its first error is the one to report.
async fn close<T>(
    session: Session,
    target: &Target,
    outcome: Result<T, MigrateError>,
) -> Result<T, MigrateError> {
    let closed = session.close().await.map_err(migrations_table(target));
    outcome.and_then(|value| closed.map(|()| value))
}

/// A session that changes the schema, and waits for other runners.
struct Runner<'t> {
    session: Session,
    target: &'t Target,
    wait: Duration,
}

impl<'t> Runner<'t> {
    async fn connect(target: &'t Target, wait: Duration) -> Result<Self, MigrateError> {
        let session = Session::to_write(target, wait).await.map_err(connect(target))?;
        Ok(Self { session, target, wait })
    }

    async fn apply<'a>(
        &mut self,
        migrations: &'a Migrations,
        goal: Goal,
    ) -> Result<Vec<&'a Migration>, MigrateError> {
        let deadline = Instant::now() + self.wait;
        self.lock().await?;
        let mut applied = Vec::new();
        loop {
            self.begin().await?;
            match self.step(migrations, goal).await {
                Ok(Some(migration)) => applied.push(migration),
                Ok(None) => {
                    self.session.roll_back().await.map_err(migrations_table(self.target))?;
                    return Ok(applied);
                }
                Err(error) => {
                    // The first error is the one to report. Should the roll-back fail too, the end of the
                    // session rolls back.
                    let _ = self.session.roll_back().await;
                    if !self.may_be_running(&error) || Instant::now() >= deadline {
                        return Err(error);
                    }
                    sleep(RETRY).await;
                }
            }
        }
    }

    async fn settle(&mut self, version: i64, resolution: Resolution) -> Result<(), MigrateError> {
        self.lock().await?;
        self.begin().await?;
        let records = self.session.records().await.map_err(migrations_table(self.target))?;
        let is_half_applied =
            |record: &plan::Record| record.version == version && record.progress == Progress::Begun;
        if !records.iter().any(is_half_applied) {
            return Err(MigrateError::NotHalfApplied { version });
        }
        let written = match resolution {
            Resolution::Applied => self.session.finish(version).await,
            Resolution::Pending => self.session.forget(version).await,
        };
        written.map_err(migrations_table(self.target))?;
        self.session.commit().await.map_err(migrations_table(self.target))
    }

    async fn lock(&mut self) -> Result<(), MigrateError> {
        let taken = self.session.lock(self.wait).await.map_err(migrations_table(self.target))?;
        if taken == LockOutcome::Busy {
            return Err(self.locked().await);
        }
        let made = self.session.create_table().await;
        self.unless_busy(made).await
    }

    async fn begin(&mut self) -> Result<(), MigrateError> {
        let begun = self.session.begin().await;
        self.unless_busy(begun).await
    }

    /// Applies the next pending migration, if any, inside the open transaction. The list is read there too, so that the
    /// work of another runner counts.
    async fn step<'a>(
        &mut self,
        migrations: &'a Migrations,
        goal: Goal,
    ) -> Result<Option<&'a Migration>, MigrateError> {
        let engine = self.target.engine();
        let records = self.session.records().await.map_err(migrations_table(self.target))?;
        let pending = plan::pending(migrations, engine, records, goal)?;
        let Some(next) = pending.first().copied() else { return Ok(None) };
        match next.transaction(engine) {
            Transaction::Whole => self.in_transaction(next).await?,
            Transaction::None => self.without_transaction(next).await?,
        }
        tracing::info!(version = next.version(), name = next.name(), "migration applied");
        Ok(Some(next))
    }

    /// Runs a migration and writes its record in the open transaction, and commits.
    async fn in_transaction(&mut self, next: &Migration) -> Result<(), MigrateError> {
        let (session, engine, failed) = (&mut self.session, self.target.engine(), failed(next));
        session.script(next.sql(engine)).await.map_err(&failed)?;
        if let Some(table) = session.dangling().await.map_err(&failed)? {
            let (version, name) = (next.version(), next.name().to_owned());
            return Err(MigrateError::ForeignKey { version, name, table });
        }
        session.record(next, engine, Progress::Applied).await.map_err(&failed)?;
        session.commit().await.map_err(|source| {
            let (version, name) = (next.version(), next.name().to_owned());
            match &source {
                // The database itself refused, so nothing was committed.
                sqlx::Error::Database(_) => MigrateError::Failed { version, name, source },
                _ => MigrateError::Commit { version, name, source },
            }
        })
    }

    /// Runs a migration that cannot run inside a transaction. A record that it was begun is committed first, so that
    /// the next runner reports it after a crash.
    async fn without_transaction(&mut self, next: &Migration) -> Result<(), MigrateError> {
        let (session, engine) = (&mut self.session, self.target.engine());
        session.record(next, engine, Progress::Begun).await.map_err(failed(next))?;
        session.commit().await.map_err(failed(next))?;
        let finished = match session.script(next.sql(engine)).await {
            Ok(()) => session.finish(next.version()).await,
            failed => failed,
        };
        finished.map_err(|source| MigrateError::HalfApplied {
            version: next.version(),
            name: next.name().to_owned(),
            begun_at: None,
            source: Some(Box::new(source)),
        })
    }

    /// Whether another runner may be running the half-applied migration. PostgreSQL's lock is held all the while;
    /// SQLite's is that of a transaction, which such a migration does not have.
    fn may_be_running(&self, error: &MigrateError) -> bool {
        let half = matches!(error, MigrateError::HalfApplied { source: None, .. });
        half && self.target.engine() == Engine::Sqlite
    }

    async fn locked(&mut self) -> MigrateError {
        let holder = self.session.holder().await.map(Box::new);
        MigrateError::Locked { target: self.target.to_string(), waited: self.wait, holder }
    }

    async fn unless_busy(&mut self, outcome: sqlx::Result<()>) -> Result<(), MigrateError> {
        match outcome {
            Ok(()) => Ok(()),
            Err(error) if is_busy(&error) => Err(self.locked().await),
            Err(error) => Err(migrations_table(self.target)(error)),
        }
    }
}

fn connect(target: &Target) -> impl Fn(sqlx::Error) -> MigrateError {
    move |source| MigrateError::Connect { target: target.to_string(), source }
}

fn migrations_table(target: &Target) -> impl Fn(sqlx::Error) -> MigrateError {
    move |source| MigrateError::MigrationsTable { target: target.to_string(), source }
}

fn failed(migration: &Migration) -> impl Fn(sqlx::Error) -> MigrateError {
    let (version, name) = (migration.version(), migration.name().to_owned());
    move |source| MigrateError::Failed { version, name: name.clone(), source }
}

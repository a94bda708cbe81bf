//! Applies, looks, and checks.

use std::time::Duration;

use sqlx::error::DatabaseError;

use super::{
    Engine, Entry, MigrateError, Migration, Migrations, Target, plan,
    session::{Lock, Session},
};

/// Applies every pending migration, each in a transaction of its own together with its record, and tells
/// which they were. Waits up to `wait` for another runner.
///
/// # Errors
/// When a migration fails (those before it stay applied), when files and database disagree, or when
/// another runner does not finish in time.
pub async fn apply<'a>(
    migrations: &'a Migrations,
    target: &Target,
    wait: Duration,
) -> Result<Vec<&'a Migration>, MigrateError> {
    let mut session = Session::to_write(target, wait).await.map_err(connect(target))?;
    let runner = Runner { migrations, target, wait };
    let outcome = runner.apply(&mut session).await;
    let closed = session.close().await.map_err(ledger(target));
    let applied = outcome?;
    closed.map(|()| applied)
}

/// Every migration that the executable or the database knows. Changes nothing.
///
/// # Errors
/// When the database cannot be read.
pub async fn status(migrations: &Migrations, target: &Target) -> Result<Vec<Entry>, MigrateError> {
    Ok(plan::entries(migrations, target.engine(), records(target).await?))
}

/// The migrations that [`apply`] would apply. Changes nothing.
///
/// # Errors
/// When files and database disagree, or the database cannot be read.
pub async fn pending<'a>(
    migrations: &'a Migrations,
    target: &Target,
) -> Result<Vec<&'a Migration>, MigrateError> {
    plan::pending(migrations, target.engine(), records(target).await?)
}

/// For start-up: succeeds only when the database's schema is that of this executable. Changes nothing;
/// a SQLite file that does not exist counts as one without migrations, and is not made.
///
/// # Errors
/// When migrations are pending, naming `command` as what applies them; and as [`pending()`].
pub async fn check(migrations: &Migrations, target: &Target, command: &str) -> Result<(), MigrateError> {
    let pending = pending(migrations, target).await?;
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
    let records = session.records().await.map_err(ledger(target));
    let closed = session.close().await.map_err(ledger(target));
    let records = records?;
    closed.map(|()| records)
}

struct Runner<'a, 't> {
    migrations: &'a Migrations,
    target: &'t Target,
    wait: Duration,
}

impl<'a> Runner<'a, '_> {
    async fn apply(&self, session: &mut Session) -> Result<Vec<&'a Migration>, MigrateError> {
        if session.lock(self.wait).await.map_err(ledger(self.target))? == Lock::Busy {
            return Err(self.locked());
        }
        session.create_table().await.map_err(|error| self.busy_or_broken(error))?;
        let mut applied = Vec::new();
        loop {
            session.begin().await.map_err(|error| self.busy_or_broken(error))?;
            match self.step(session).await {
                Ok(Some(migration)) => applied.push(migration),
                Ok(None) => {
                    session.roll_back().await.map_err(ledger(self.target))?;
                    return Ok(applied);
                }
                Err(error) => {
                    // The first error is the one to tell. Should the roll-back fail too, the end of the
                    // session is one.
                    let _ = session.roll_back().await;
                    return Err(error);
                }
            }
        }
    }

    /// Applies the next pending migration, if any, inside the open transaction. What is next is read there,
    /// so that another runner's work is seen.
    async fn step(&self, session: &mut Session) -> Result<Option<&'a Migration>, MigrateError> {
        let engine = self.target.engine();
        let records = session.records().await.map_err(ledger(self.target))?;
        let pending = plan::pending(self.migrations, engine, records)?;
        let Some(next) = pending.first().copied() else { return Ok(None) };
        let failed = failed(next);
        session.script(next.sql(engine)).await.map_err(&failed)?;
        if let Some(table) = session.dangling().await.map_err(&failed)? {
            let (version, name) = (next.version(), next.name().to_owned());
            return Err(MigrateError::ForeignKey { version, name, table });
        }
        session.record(next.version(), next.name(), &next.checksum(engine)).await.map_err(&failed)?;
        session.commit().await.map_err(&failed)?;
        tracing::info!(version = next.version(), name = next.name(), "migration applied");
        Ok(Some(next))
    }

    fn locked(&self) -> MigrateError {
        MigrateError::Locked { target: self.target.to_string(), waited: self.wait }
    }

    fn busy_or_broken(&self, error: sqlx::Error) -> MigrateError {
        match self.target.engine() {
            Engine::Sqlite if is_busy(&error) => self.locked(),
            Engine::Sqlite | Engine::Postgres => ledger(self.target)(error),
        }
    }
}

/// Whether SQLite says `SQLITE_BUSY` or one of its extended codes, whose lowest byte is 5 (<https://www.sqlite.org/rescode.html>).
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

fn connect(target: &Target) -> impl Fn(sqlx::Error) -> MigrateError {
    move |source| MigrateError::Connect { target: target.to_string(), source }
}

fn ledger(target: &Target) -> impl Fn(sqlx::Error) -> MigrateError {
    move |source| MigrateError::Ledger { target: target.to_string(), source }
}

fn failed(migration: &Migration) -> impl Fn(sqlx::Error) -> MigrateError {
    let (version, name) = (migration.version(), migration.name().to_owned());
    move |source| MigrateError::Failed { version, name: name.clone(), source }
}

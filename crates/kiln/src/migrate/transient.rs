//! Transient errors of a database, after which the same may succeed: it cannot be reached, or is busy.

use std::io::ErrorKind;

use sqlx::{error::DatabaseError, sqlite::SqliteError};

/// Whether `error` is transient: the database cannot be reached, is starting or is stopping.
#[must_use]
pub fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(source) => !matches!(
            source.kind(),
            ErrorKind::InvalidInput | ErrorKind::PermissionDenied | ErrorKind::Unsupported
        ),
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_transient_state(&code)),
        // `Protocol` is the error of a connection that was cut off half way through an answer.
        sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) => true,
        _ => false,
    }
}

/// Whether this is the SQLSTATE of a server that is starting, stopping, or full
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>): class 08, and some of 53 and 57.
fn is_transient_state(code: &str) -> bool {
    code.starts_with("08") || matches!(code, "53300" | "57P01" | "57P02" | "57P03")
}

/// Whether another process has locked a SQLite database: `SQLITE_BUSY` or one of its extended codes, whose lowest byte
/// is 5 (<https://www.sqlite.org/rescode.html>).
#[must_use]
pub fn is_busy(error: &sqlx::Error) -> bool {
    let error = error.as_database_error().and_then(|error| error.try_downcast_ref::<SqliteError>());
    let code = error.and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

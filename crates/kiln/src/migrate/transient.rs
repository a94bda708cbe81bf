//! Whether a database could not be reached, or refused what it was asked: the first may pass by itself.

use std::io::ErrorKind;

use sqlx::error::DatabaseError;

/// Whether `error` says that the database could not be reached, or is about to stop or still starting, so that
/// the same may well work in a moment.
#[must_use]
pub fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(source) => !matches!(
            source.kind(),
            ErrorKind::InvalidInput | ErrorKind::PermissionDenied | ErrorKind::Unsupported
        ),
        sqlx::Error::Database(said) => said.code().is_some_and(|code| passes(&code)),
        // The last is how a connection that was cut off half way through an answer is told.
        sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) => true,
        _ => false,
    }
}

/// The SQLSTATEs of a server that is starting, stopping, or full
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>): class 08, and some of 53 and 57.
fn passes(code: &str) -> bool {
    code.starts_with("08") || matches!(code, "53300" | "57P01" | "57P02" | "57P03")
}

/// Whether SQLite says `SQLITE_BUSY` or one of its extended codes, whose lowest byte is 5
/// (<https://www.sqlite.org/rescode.html>).
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

//! Failures of the database, sorted by their responses.

use kiln::migrate::{is_busy, is_transient};

/// Failure of the database, or of a row.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection or no lock in time: none was free, none could be made, or another process writes.
    #[error("the database is too busy, or not there: {0}")]
    Busy(#[source] sqlx::Error),
    /// No database at the address.
    #[error("the database is not there: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// Any other failure.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
    /// Row that this program did not write.
    #[error("identification {id} cannot be read: {cause}; the row was not written by this program")]
    Row {
        /// Id of the row.
        id: String,
        /// First value that does not parse.
        cause: String,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            error if matches!(error, sqlx::Error::PoolTimedOut) || is_busy(&error) => Self::Busy(error),
            error if is_transient(&error) => Self::Unreachable(error),
            error => Self::Database(error),
        }
    }
}

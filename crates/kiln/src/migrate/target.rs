//! The database that migrations are for.

use std::{fmt, str::FromStr};

use sqlx::{postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

use super::MigrateError;

/// The engine of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// A database, from its URL.
#[derive(Clone, Debug)]
pub enum Target {
    /// `sqlite://FILE`
    Sqlite(Box<SqliteConnectOptions>),
    /// `postgres://USER@HOST/DATABASE`
    Postgres(Box<PgConnectOptions>),
}

impl Target {
    /// The engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

impl FromStr for Target {
    type Err = MigrateError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let reason = |error: sqlx::Error| MigrateError::Url { reason: error.to_string() };
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => url.parse().map(|options| Self::Sqlite(Box::new(options))).map_err(reason),
            Some("postgres" | "postgresql") => {
                url.parse().map(|options| Self::Postgres(Box::new(options))).map_err(reason)
            }
            Some(scheme) => Err(MigrateError::Url { reason: format!("no driver for `{scheme}:`") }),
            None => Err(MigrateError::Url { reason: "it has no scheme".to_owned() }),
        }
    }
}

/// Names the database without its password.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(options) => write!(f, "SQLite database {}", options.get_filename().display()),
            Self::Postgres(options) => {
                let database = options.get_database().unwrap_or_else(|| options.get_username());
                write!(f, "PostgreSQL database {database} at {}", options.get_host())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_chooses_the_engine() {
        let engine = |url: &str| url.parse::<Target>().map(|target| target.engine()).ok();
        assert_eq!(engine("sqlite://a.db"), Some(Engine::Sqlite));
        assert_eq!(engine("postgres://u@h/d"), Some(Engine::Postgres));
        assert_eq!(engine("postgresql://u@h/d"), Some(Engine::Postgres));
        assert_eq!(engine("mysql://u@h/d"), None);
        assert_eq!(engine("a.db"), None);
    }

    #[test]
    fn a_password_is_never_shown() {
        let target: Target = "postgres://ann:secret@db.internal/app".parse().expect("a URL");
        assert_eq!(target.to_string(), "PostgreSQL database app at db.internal");
        let error = "mysql://ann:secret@h/d".parse::<Target>().expect_err("no driver");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

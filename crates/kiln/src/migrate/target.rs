//! The database to migrate.

use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use sqlx::{postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

use super::{Engine, MigrateError};
use crate::seal::Needs;

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

    /// Files and ports that the database needs: for SQLite the folder of its file, since the journal comes and
    /// goes beside it; for PostgreSQL the server's port, and the file of passwords.
    #[must_use]
    pub fn needs(&self) -> Needs {
        match self {
            Self::Sqlite(options) => file_needs(options.get_filename()),
            Self::Postgres(options) => {
                let needs = password_file().map_or_else(Needs::new, |file| Needs::new().read(file));
                let host = options.get_host();
                if let Some(folder) = options.get_socket() {
                    return needs.connect_unix(folder);
                }
                if host.starts_with('/') {
                    return needs.connect_unix(host);
                }
                let needs = needs.connect(options.get_port());
                if host.parse::<IpAddr>().is_ok() { needs } else { needs.resolve_names() }
            }
        }
    }
}

/// Needs of a SQLite file; none of a database in memory, whose name is a URI.
fn file_needs(file: &Path) -> Needs {
    if file.to_string_lossy().starts_with("file:") {
        return Needs::new();
    }
    // The journal lies beside the file that a link leads to.
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    Needs::new().write(folder.unwrap_or(Path::new(".")))
}

/// The password file of libpq (PostgreSQL documentation, "The Password File").
fn password_file() -> Option<PathBuf> {
    let named = std::env::var_os("PGPASSFILE").map(PathBuf::from);
    named.or_else(|| std::env::home_dir().map(|home| home.join(".pgpass")))
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
            Some(scheme) => Err(MigrateError::Url { reason: format!("unknown scheme `{scheme}:`") }),
            None => Err(MigrateError::Url { reason: "missing scheme".to_owned() }),
        }
    }
}

/// The name of the database, without its password.
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
    fn needs_are_those_of_the_url() {
        let needs = |url: &str| url.parse::<Target>().expect("a URL").needs();
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.db");
        assert_eq!(needs(&format!("sqlite://{}", file.display())), Needs::new().write(folder.path()));
        assert_eq!(needs("sqlite://a.db"), Needs::new().write("."));
        assert_eq!(needs("sqlite::memory:"), Needs::new());
        let files = password_file().map_or_else(Needs::new, |file| Needs::new().read(file));
        assert_eq!(
            needs("postgres://u@%2Frun%2Fpostgresql/d"),
            files.clone().connect_unix("/run/postgresql")
        );
        assert_eq!(needs("postgres://u@127.0.0.1:5433/d"), files.clone().connect(5433));
        assert_eq!(needs("postgres://u@db.internal/d"), files.connect(5432).resolve_names());
    }

    #[test]
    fn a_password_is_never_printed() {
        let target: Target = "postgres://ann:secret@db.internal/app".parse().expect("a URL");
        assert_eq!(target.to_string(), "PostgreSQL database app at db.internal");
        let error = "mysql://ann:secret@h/d".parse::<Target>().expect_err("no driver");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

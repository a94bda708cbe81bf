//! The scratch database: the whole sequence is applied to an empty SQLite database in memory, as `migrate` applies it to
//! a file. A statement that SQLite rejects fails the build, and not the release.

use std::ops::Range;

use kiln_manifest::migration::{Engine, Migration, Migrations, Transaction};
use rusqlite::{
    Batch, Connection, ErrorCode,
    fallible_iterator::FallibleIterator,
    hooks::{AuthAction, AuthContext, Authorization},
};

use super::place::path;
use crate::{Error, Result, text::Text};

/// Applies all migrations, in order.
///
/// # Errors
/// The first statement that SQLite rejects, at its place.
pub(super) fn apply(migrations: &Migrations) -> Result<()> {
    let scratch = open().map_err(|error| unusable(&error))?;
    for migration in migrations.iter() {
        match migration.transaction(Engine::Sqlite) {
            Transaction::Whole => apply_in_transaction(&scratch, migration)?,
            Transaction::None => apply_without_transaction(&scratch, migration)?,
        }
    }
    Ok(())
}

/// A database in memory as `migrate` opens one: foreign keys are off while tables are rebuilt, and checked at the end.
fn open() -> rusqlite::Result<Connection> {
    let scratch = Connection::open_in_memory()?;
    scratch.pragma_update(None, "foreign_keys", false)?;
    scratch.authorizer(Some(authorize))?;
    Ok(scratch)
}

/// Denies access to files. `VACUUM` attaches a database without a name; the authorizer does not see computed names.
fn authorize(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { filename: "" } => Authorization::Allow,
        AuthAction::Attach { .. } | AuthAction::Unknown { .. } => Authorization::Deny,
        _ => Authorization::Allow,
    }
}

/// Applies a migration in a transaction of its own.
fn apply_in_transaction(scratch: &Connection, migration: &Migration) -> Result<()> {
    scratch.execute_batch("BEGIN IMMEDIATE").map_err(|error| unusable(&error))?;
    run(scratch, migration)?;
    let dangling = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";
    let mut tables = scratch.prepare(dangling).map_err(|error| unusable(&error))?;
    let mut tables = tables.query_map([], |row| row.get::<_, String>(0)).map_err(|error| unusable(&error))?;
    if let Some(table) = tables.next().transpose().map_err(|error| unusable(&error))? {
        let (text, end) = end_of(migration);
        return Err(text
            .error(end, format!("foreign key constraint failed: table `{table}` has rows without a parent"))
            .with_label("after the last statement")
            .with_help("fix the rows in the same migration: `migrate` would roll it back")
            .into());
    }
    scratch.execute_batch("COMMIT").map_err(|error| unusable(&error))
}

/// Applies a migration without a transaction.
fn apply_without_transaction(scratch: &Connection, migration: &Migration) -> Result<()> {
    run(scratch, migration)?;
    if scratch.is_autocommit() {
        return Ok(());
    }
    let (text, end) = end_of(migration);
    Err(text
        .error(end, "migration leaves a transaction open")
        .with_label("without `COMMIT` or `ROLLBACK`")
        .with_help("remove `-- kiln: no-transaction`, and the statement that begins the transaction")
        .into())
}

/// Runs the statements of a migration, one after another.
fn run(scratch: &Connection, migration: &Migration) -> Result<()> {
    let sql = migration.sql(Engine::Sqlite);
    let mut statements = Batch::new(scratch, sql);
    let mut done = 0;
    loop {
        let statement = statements.next().map_err(|error| rejected(migration, done, error))?;
        let Some(mut statement) = statement else { return Ok(()) };
        let expanded = statement.expanded_sql().unwrap_or_default();
        let mut rows = statement.raw_query();
        while rows.next().map_err(|error| rejected(migration, done, error))?.is_some() {}
        if scratch.is_autocommit() && migration.transaction(Engine::Sqlite) == Transaction::Whole {
            return Err(ended(migration, done));
        }
        // Expansion replaces unbound parameters by NULL: the text of such a statement is not found.
        done += sql[done..].find(&expanded).map_or(0, |start| start + expanded.len());
    }
}

/// The error of SQLite at the place that it names, or at the statement after the first `done` bytes.
fn rejected(migration: &Migration, done: usize, error: rusqlite::Error) -> Error {
    let text = text_of(migration);
    let statement = || first_token(text.content(), done);
    let (offset, message) = match error {
        rusqlite::Error::SqlInputError { msg, sql, offset, .. } => {
            let rest = text.content().len() - sql.len();
            (rest + usize::try_from(offset).unwrap_or_default(), msg)
        }
        rusqlite::Error::SqliteFailure(failure, message) => {
            let is_denied = failure.code == ErrorCode::AuthorizationForStatementDenied;
            let denied = is_denied.then(|| "not allowed: accesses another database".to_owned());
            (statement(), denied.or(message).unwrap_or_else(|| failure.to_string()))
        }
        other => (statement(), other.to_string()),
    };
    let span = text.word_at(offset);
    let twin = format!("{:04}_{}.sqlite.sql", migration.version(), migration.name());
    let engines = if migration.file(Engine::Sqlite) == twin {
        String::new()
    } else {
        format!("; for SQL that PostgreSQL alone accepts, add `{twin}`")
    };
    text.error(span, "SQLite rejects this migration")
        .with_label(message)
        .with_help(format!("fix the SQL: the build applies `migrations/` to an empty database{engines}; for PostgreSQL alone, set `check-sql = false`"))
        .into()
}

fn ended(migration: &Migration, done: usize) -> Error {
    let text = text_of(migration);
    let span = text.word_at(first_token(text.content(), done));
    text.error(span, "migration ends its own transaction")
        .with_label("ends the transaction")
        .with_help("remove the statement: a migration and its record are one transaction")
        .into()
}

/// The offset of the first statement after the first `done` bytes, behind white space and comments.
fn first_token(sql: &str, done: usize) -> usize {
    let mut rest = &sql[done..];
    loop {
        rest = rest.trim_start();
        let comment = if rest.starts_with("--") {
            rest.find('\n')
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            None
        };
        match comment {
            Some(end) => rest = &rest[end..],
            None => return sql.len() - rest.len(),
        }
    }
}

/// The text, and the span of its last character.
fn end_of(migration: &Migration) -> (Text, Range<usize>) {
    let text = text_of(migration);
    let written = text.content().trim_end();
    let last = written.char_indices().next_back().map_or(0, |(start, _)| start);
    let end = last..written.len();
    (text, end)
}

fn text_of(migration: &Migration) -> Text {
    Text::new(path(migration.file(Engine::Sqlite)), migration.sql(Engine::Sqlite))
}

fn unusable(error: &rusqlite::Error) -> Error {
    Error::Tool { tool: "SQLite", problem: error.to_string(), help: None }
}

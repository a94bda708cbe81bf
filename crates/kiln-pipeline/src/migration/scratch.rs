//! The whole sequence, applied to an empty SQLite database in memory as `migrate` would apply it to a file: what
//! SQLite does not take fails the build, and not the release.

use std::ops::Range;

use kiln_manifest::migration::{Engine, Migration, Migrations, Transaction};
use rusqlite::{
    Batch, Connection, ErrorCode,
    fallible_iterator::FallibleIterator,
    hooks::{AuthAction, AuthContext, Authorization},
};

use super::place::path;
use crate::{Error, Result, text::Text};

/// Applies all of them, in order.
///
/// # Errors
/// The first statement that SQLite does not take, at its place.
pub(super) fn apply(migrations: &Migrations) -> Result<()> {
    let scratch = open().map_err(|error| unusable(&error))?;
    for migration in migrations.iter() {
        match migration.transaction(Engine::Sqlite) {
            Transaction::Whole => whole(&scratch, migration)?,
            Transaction::None => bare(&scratch, migration)?,
        }
    }
    Ok(())
}

/// A database as `migrate` opens it: foreign keys are off while tables are made anew, and checked at the end. It
/// reaches no file.
fn open() -> rusqlite::Result<Connection> {
    let scratch = Connection::open_in_memory()?;
    scratch.pragma_update(None, "foreign_keys", false)?;
    scratch.authorizer(Some(within_the_database))?;
    Ok(scratch)
}

/// `VACUUM` attaches a database without a name; a name that is computed is not known here.
fn within_the_database(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { filename: "" } => Authorization::Allow,
        AuthAction::Attach { .. } | AuthAction::Unknown { .. } => Authorization::Deny,
        _ => Authorization::Allow,
    }
}

/// One in a transaction of its own.
fn whole(scratch: &Connection, migration: &Migration) -> Result<()> {
    scratch.execute_batch("BEGIN IMMEDIATE").map_err(|error| unusable(&error))?;
    run(scratch, migration)?;
    let dangling = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";
    let mut tables = scratch.prepare(dangling).map_err(|error| unusable(&error))?;
    let mut tables = tables.query_map([], |row| row.get::<_, String>(0)).map_err(|error| unusable(&error))?;
    if let Some(table) = tables.next().transpose().map_err(|error| unusable(&error))? {
        let (text, end) = end_of(migration);
        return Err(text
            .error(end, format!("table `{table}` holds rows whose foreign key points to nothing"))
            .with_label("after the last statement")
            .with_help("`migrate` would roll it back; fix the rows in the same migration")
            .into());
    }
    scratch.execute_batch("COMMIT").map_err(|error| unusable(&error))
}

/// One outside of any transaction.
fn bare(scratch: &Connection, migration: &Migration) -> Result<()> {
    run(scratch, migration)?;
    if scratch.is_autocommit() {
        return Ok(());
    }
    let (text, end) = end_of(migration);
    Err(text
        .error(end, "the migration leaves a transaction open")
        .with_label("nothing has ended it")
        .with_help("take out `-- kiln: no-transaction`, and the statement that opens one")
        .into())
}

/// Runs the statements of one, one after the other.
fn run(scratch: &Connection, migration: &Migration) -> Result<()> {
    let sql = migration.sql(Engine::Sqlite);
    let mut statements = Batch::new(scratch, sql);
    let mut done = 0;
    loop {
        let statement = statements.next().map_err(|error| refused(migration, done, error))?;
        let Some(mut statement) = statement else { return Ok(()) };
        let own = statement.expanded_sql().unwrap_or_default();
        let mut rows = statement.raw_query();
        while rows.next().map_err(|error| refused(migration, done, error))?.is_some() {}
        if scratch.is_autocommit() && migration.transaction(Engine::Sqlite) == Transaction::Whole {
            return Err(ended(migration, done));
        }
        // What was bound to no value is not in the text as SQLite shows it.
        done += sql[done..].find(&own).map_or(0, |start| start + own.len());
    }
}

/// What SQLite said, where it says so; otherwise at the statement after the first `done` bytes.
fn refused(migration: &Migration, done: usize, error: rusqlite::Error) -> Error {
    let text = text_of(migration);
    let statement = || first_token(text.content(), done);
    let (offset, said) = match error {
        rusqlite::Error::SqlInputError { msg, sql, offset, .. } => {
            let rest = text.content().len() - sql.len();
            (rest + usize::try_from(offset).unwrap_or_default(), msg)
        }
        rusqlite::Error::SqliteFailure(failure, said) => {
            let denied = failure.code == ErrorCode::AuthorizationForStatementDenied;
            let denied = denied.then(|| "a migration changes its own database only".to_owned());
            (statement(), denied.or(said).unwrap_or_else(|| failure.to_string()))
        }
        other => (statement(), other.to_string()),
    };
    let span = text.word_at(offset);
    let twin = format!("{:04}_{}.sqlite.sql", migration.version(), migration.name());
    let engines = if migration.file(Engine::Sqlite) == twin {
        String::new()
    } else {
        format!("; where the engines differ, `{twin}` is the text for SQLite")
    };
    text.error(span, "SQLite does not take this migration")
        .with_label(said)
        .with_help(format!("all of `migrations/` is applied to an empty database in memory{engines}"))
        .into()
}

fn ended(migration: &Migration, done: usize) -> Error {
    let text = text_of(migration);
    let span = text.word_at(first_token(text.content(), done));
    text.error(span, "the migration ends the transaction that it runs in")
        .with_label("the transaction is over")
        .with_help("remove the statement: a migration and its record are one transaction")
        .into()
}

/// Where the first statement after the first `done` bytes begins, behind blanks and comments.
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

/// The text with its last character.
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

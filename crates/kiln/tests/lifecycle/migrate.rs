//! Migrations on real databases.

use std::{path::PathBuf, time::Duration};

use clap::Parser;
use include_dir::{Dir, DirEntry, File};
use kiln::{
    Exit,
    cli::MigrateCommand,
    migrate::{Goal, MigrateError, MigrationState, Migrations, Target, apply, check, load, status},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use crate::harness::SECOND;

pub(crate) type Files = [(&'static str, &'static str)];

pub(crate) const NOTES: (&str, &str) =
    ("0001_notes.sql", "CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT);");
pub(crate) const TAGS: (&str, &str) = (
    "0002_tags.sql",
    "CREATE TABLE tags (note BIGINT NOT NULL REFERENCES notes (id), tag TEXT);
     INSERT INTO notes VALUES (1, 'first');
     INSERT INTO tags VALUES (1, 'new');",
);
const ARCHIVE: (&str, &str) = ("0003_archive.sql", "CREATE TABLE archive (id BIGINT PRIMARY KEY);");
const BROKEN: (&str, &str) =
    ("0003_archive.sql", "CREATE TABLE archive (id BIGINT PRIMARY KEY); INSERT INTO nowhere VALUES (1);");

pub(crate) fn migrations(files: &Files) -> Migrations {
    let entry =
        |(name, text): &(&'static str, &'static str)| DirEntry::File(File::new(name, text.as_bytes()));
    let entries: Vec<DirEntry<'_>> = files.iter().map(entry).collect();
    load(&Dir::new("", &entries)).expect("valid files")
}

#[cfg(unix)]
fn migrations_of(files: impl Iterator<Item = (String, String)>) -> Migrations {
    let files: Vec<_> = files.collect();
    let entries = files.iter().map(|(name, text)| DirEntry::File(File::new(name, text.as_bytes())));
    let entries: Vec<DirEntry<'_>> = entries.collect();
    load(&Dir::new("", &entries)).expect("valid files")
}

/// A temporary database file.
struct Database {
    folder: TempDir,
}

impl Database {
    fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder") }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    fn target(&self) -> Target {
        format!("sqlite://{}", self.file().display()).parse().expect("a URL")
    }

    async fn connect(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.file()).connect().await.expect("the file exists")
    }

    async fn apply(&self, files: &Files) -> Result<Vec<i64>, MigrateError> {
        let migrations = migrations(files);
        let applied = apply(&migrations, &self.target(), Goal::Newest, SECOND).await?;
        Ok(applied.iter().map(|migration| migration.version()).collect())
    }

    async fn check(&self, files: &Files) -> Result<(), MigrateError> {
        check(&migrations(files), &self.target(), "app migrate").await
    }

    async fn command(&self, arguments: &[&str], files: &Files) -> Result<String, MigrateError> {
        run(arguments, files, &self.target()).await
    }

    async fn execute(&self, sql: &str) {
        let mut connection = self.connect().await;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("valid SQL");
        connection.close().await.expect("closed");
    }

    async fn count(&self, sql: &str) -> i64 {
        let mut connection = self.connect().await;
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut connection).await.expect("a count")
    }
}

async fn run(arguments: &[&str], files: &Files, target: &Target) -> Result<String, MigrateError> {
    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        migrate: MigrateCommand,
    }

    let line = Line::try_parse_from(["migrate"].iter().chain(arguments)).expect("valid arguments");
    let mut out = Vec::new();
    line.migrate.run(&migrations(files), target, &mut out).await?;
    Ok(String::from_utf8(out).expect("text"))
}

#[tokio::test]
async fn a_fresh_database_is_pending_until_it_is_migrated_and_a_check_creates_no_file() {
    let database = Database::new();
    let error = database.check(&[NOTES, TAGS]).await.expect_err("nothing is applied");
    assert_eq!(error.to_string(), "2 migrations are pending, the first is 1 (notes); run `app migrate`");
    let error = database.check(&[NOTES]).await.expect_err("nothing is applied");
    assert_eq!(error.to_string(), "1 migration is pending, 1 (notes); run `app migrate`");
    assert_eq!(error.exit(), Exit::Schema);
    assert!(!database.file().exists());

    assert_eq!(database.apply(&[NOTES, TAGS]).await.expect("applied"), [1, 2]);
    database.check(&[NOTES, TAGS]).await.expect("up to date");
    assert_eq!(database.apply(&[NOTES, TAGS]).await.expect("nothing to do"), [0_i64; 0]);
    assert_eq!(database.count("SELECT count(*) FROM tags JOIN notes ON note = id").await, 1);
}

#[tokio::test]
async fn a_failed_migration_is_rolled_back_and_runs_once_fixed() {
    let database = Database::new();
    let error = database.apply(&[NOTES, TAGS, BROKEN]).await.expect_err("the third fails");
    assert!(matches!(error, MigrateError::Failed { version: 3, .. }), "{error}");
    assert_eq!(error.exit(), Exit::Schema);
    assert_eq!(database.count("SELECT count(*) FROM sqlite_master WHERE name = 'archive'").await, 0);
    assert_eq!(database.apply(&[NOTES, TAGS, ARCHIVE]).await.expect("fixed"), [3]);
}

#[tokio::test]
async fn an_edited_migration_is_refused() {
    let database = Database::new();
    database.apply(&[NOTES]).await.expect("applied");
    let edited = [("0001_notes.sql", "CREATE TABLE notes (id TEXT);"), TAGS];
    for error in [database.apply(&edited).await.err(), database.check(&edited).await.err()] {
        let error = error.expect("refused");
        assert!(matches!(error, MigrateError::Edited { version: 1, .. }), "{error}");
        assert_eq!(error.exit(), Exit::Schema);
    }
    let states = status(&migrations(&edited), &database.target()).await.expect("readable");
    assert!(matches!(states[0].state, MigrationState::Edited { .. }), "{states:?}");
    assert_eq!(states[1].state, MigrationState::Pending);
}

#[tokio::test]
async fn line_endings_are_not_an_edit() {
    let database = Database::new();
    database.apply(&[("0001_notes.sql", "CREATE TABLE notes (\n id BIGINT);\n")]).await.expect("applied");
    let elsewhere = [("0001_notes.sql", "CREATE TABLE notes (\r\n id BIGINT);\r\n")];
    database.check(&elsewhere).await.expect("the same migration");
}

#[tokio::test]
async fn a_migration_before_an_applied_one_is_refused() {
    let database = Database::new();
    database.apply(&[NOTES, TAGS, ARCHIVE]).await.expect("applied");
    database.execute("DELETE FROM kiln_migrations WHERE version = 2").await;
    let error = database.apply(&[NOTES, TAGS, ARCHIVE]).await.expect_err("out of order");
    assert!(matches!(error, MigrateError::OutOfOrder { version: 2, applied: 3, .. }), "{error}");
}

#[tokio::test]
async fn a_database_newer_than_the_executable_is_refused() {
    let database = Database::new();
    database.apply(&[NOTES, TAGS]).await.expect("applied");
    let error = database.check(&[NOTES]).await.expect_err("newer");
    assert!(matches!(error, MigrateError::Newer { version: 2, .. }), "{error}");
    assert_eq!(error.exit(), Exit::Schema);
}

#[tokio::test]
async fn a_newer_database_is_accepted_back_to_compatible_from() {
    const OPEN: (&str, &str) =
        ("0003_archive.sql", "-- kiln: compatible-from = 1\nCREATE TABLE archive (id BIGINT);");
    const NARROW: (&str, &str) = ("0004_b.sql", "-- kiln: compatible-from = 2\nCREATE TABLE b (id BIGINT);");
    let database = Database::new();
    database.apply(&[NOTES, TAGS, OPEN]).await.expect("applied");
    database.check(&[NOTES, TAGS]).await.expect("the newer migration is marked");
    let error = database.check(&[NOTES]).await.expect_err("the second one is not marked");
    assert!(matches!(error, MigrateError::Newer { version: 2, .. }), "{error}");

    database.apply(&[NOTES, TAGS, OPEN, NARROW]).await.expect("applied");
    database.check(&[NOTES, TAGS]).await.expect("both newer migrations reach back to the second");
    let output = database.command(&[], &[NOTES, TAGS]).await.expect("a roll-back runs the release step too");
    assert!(output.starts_with("nothing to apply"), "{output}");
    let states = status(&migrations(&[NOTES, TAGS]), &database.target()).await.expect("readable");
    assert!(matches!(states[3].state, MigrationState::Newer { .. }), "{states:?}");
}

#[tokio::test]
async fn migrate_to_a_version_stops_there_and_never_goes_back() {
    let (database, files) = (Database::new(), [NOTES, TAGS, ARCHIVE]);
    let plan = database.command(&["--dry-run", "--to=1"], &files).await.expect("a plan");
    assert!(plan.contains("CREATE TABLE notes") && !plan.contains("CREATE TABLE tags"), "{plan}");
    let output = database.command(&["--to=2"], &files).await.expect("applied");
    assert_eq!(output, "applied 0001 notes\napplied 0002 tags\n");
    database.command(&["--to=2"], &files).await.expect("it is there already");
    let error = database.command(&["--to=1"], &files).await.expect_err("no way back");
    assert!(matches!(error, MigrateError::Backward { goal: 1, applied: 2 }), "{error}");
    assert_eq!(error.exit(), Exit::Usage);
    let error = database.command(&["--to=4"], &files).await.expect_err("no such migration");
    assert!(matches!(error, MigrateError::NoSuchGoal { goal: 4, newest: 3 }), "{error}");
    assert_eq!(database.apply(&files).await.expect("the rest"), [3]);
}

#[tokio::test]
async fn a_half_applied_migration_is_reported_until_it_is_settled() {
    const BARE: (&str, &str) = (
        "0002_tags.sql",
        "-- kiln: no-transaction\nCREATE TABLE half (id BIGINT); INSERT INTO nowhere VALUES (1);",
    );
    let database = Database::new();
    let error = database.apply(&[NOTES, BARE]).await.expect_err("its second statement fails");
    assert!(matches!(error, MigrateError::HalfApplied { version: 2, source: Some(_), .. }), "{error}");
    assert_eq!(database.count("SELECT count(*) FROM half").await, 0, "the first statement stands");
    for error in [database.apply(&[NOTES, BARE]).await.err(), database.check(&[NOTES, BARE]).await.err()] {
        let error = error.expect("it is still half applied");
        assert!(error.to_string().contains("was begun at 20"), "{error}");
        assert_eq!(error.exit(), Exit::Schema);
    }
    let output = database.command(&["status"], &[NOTES, BARE]).await.expect("a status");
    assert!(output.lines().nth(1).is_some_and(|line| line.starts_with("0002  half")), "{output}");

    let error = database.command(&["settle", "1", "pending"], &[NOTES, BARE]).await.expect_err("it is whole");
    assert!(matches!(error, MigrateError::NotHalfApplied { version: 1 }), "{error}");
    database.command(&["settle", "2", "applied"], &[NOTES, BARE]).await.expect("settled");
    database.check(&[NOTES, BARE]).await.expect("nothing is left to do");
}

#[tokio::test]
async fn a_migration_settled_as_pending_runs_again() {
    let database = Database::new();
    let broken = ("0001_notes.sql", "-- kiln: no-transaction\nINSERT INTO nowhere VALUES (1);");
    database.apply(&[broken]).await.expect_err("it fails");
    database.command(&["settle", "1", "pending"], &[broken]).await.expect("settled");
    let fixed = ("0001_notes.sql", "-- kiln: no-transaction\nVACUUM;");
    assert_eq!(database.apply(&[fixed]).await.expect("no transaction is in its way"), [1]);
}

#[tokio::test]
async fn a_dangling_foreign_key_rolls_a_migration_back() {
    let database = Database::new();
    let dangling = ("0003_archive.sql", "INSERT INTO tags VALUES (99, 'lost');");
    let error = database.apply(&[NOTES, TAGS, dangling]).await.expect_err("no such note");
    assert!(matches!(&error, MigrateError::ForeignKey { table, .. } if table == "tags"), "{error}");
    assert_eq!(database.count("SELECT count(*) FROM tags").await, 1);
}

#[tokio::test]
async fn the_file_of_the_engine_runs() {
    let database = Database::new();
    let twins =
        [NOTES, ("0002_tags.sql", "nonsense"), ("0002_tags.sqlite.sql", "CREATE TABLE twin (id INT);")];
    assert_eq!(database.apply(&twins).await.expect("applied"), [1, 2]);
    assert_eq!(database.count("SELECT count(*) FROM twin").await, 0);
}

/// Migrations that twenty concurrent runners have applied in sum.
pub(crate) async fn apply_by_twenty_runners(target: &Target) -> usize {
    let runners: Vec<_> = (0..20)
        .map(|_| {
            let target = target.clone();
            tokio::spawn(async move {
                let migrations = migrations(&[NOTES, TAGS, ARCHIVE]);
                apply(&migrations, &target, Goal::Newest, 60 * SECOND).await.map(|applied| applied.len())
            })
        })
        .collect();
    let mut applied = 0;
    for runner in runners {
        applied += runner.await.expect("no panic").expect("every runner succeeds");
    }
    applied
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_runners_at_once_apply_each_migration_once() {
    let database = Database::new();
    assert_eq!(apply_by_twenty_runners(&database.target()).await, 3);
    assert_eq!(database.count("SELECT count(*) FROM tags").await, 1);
}

#[tokio::test]
async fn a_runner_waits_for_the_lock_until_its_timeout() {
    let database = Database::new();
    database.apply(&[NOTES]).await.expect("applied");
    let mut other = database.connect().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.expect("locked");
    let waited = Duration::from_millis(50);
    let migrations = migrations(&[NOTES, TAGS]);
    let locked_out = apply(&migrations, &database.target(), Goal::Newest, waited).await;
    let error = locked_out.expect_err("locked out");
    assert!(matches!(error, MigrateError::Locked { .. }), "{error}");
    if cfg!(target_os = "linux") {
        let holder = format!("held by process {}, `", std::process::id());
        assert!(error.to_string().contains(&holder), "{error}");
        assert!(error.to_string().contains("running for"), "{error}");
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("unlocked");
    assert_eq!(database.apply(&[NOTES, TAGS]).await.expect("the way is free"), [2]);
}

#[tokio::test]
async fn the_command_prints_plan_progress_and_status() {
    let database = Database::new();
    database.apply(&[NOTES]).await.expect("applied");
    let plan = database.command(&["--dry-run"], &[NOTES, ARCHIVE_SECOND]).await.expect("a plan");
    assert_eq!(plan, "-- 0002 archive\nCREATE TABLE archive (id BIGINT PRIMARY KEY);\n");
    assert_eq!(database.count("SELECT count(*) FROM kiln_migrations").await, 1, "a dry run runs nothing");

    let output = database.command(&["status"], &[NOTES, ARCHIVE_SECOND]).await.expect("a status");
    let lines: Vec<Vec<&str>> = output.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!((lines[0][0], lines[0][1], lines[0][3]), ("0001", "applied", "notes"));
    assert!(lines[0][2].starts_with("20") && lines[0][2].ends_with('Z'), "{output}");
    assert_eq!(lines[1], ["0002", "pending", "-", "archive"]);

    let output = database.command(&[], &[NOTES, ARCHIVE_SECOND]).await.expect("applied");
    assert_eq!(output, "applied 0002 archive\n");
    let output = database.command(&[], &[NOTES, ARCHIVE_SECOND]).await.expect("nothing to do");
    assert!(output.starts_with("nothing to apply"), "{output}");
    let output = database.command(&["status"], &[NOTES]).await.expect("a status");
    assert!(output.lines().nth(1).is_some_and(|line| line.contains("unknown")), "{output}");
}

const ARCHIVE_SECOND: (&str, &str) = ("0002_archive.sql", ARCHIVE.1);

#[cfg(unix)]
mod killed;
#[cfg(unix)]
pub(crate) mod postgres;

//! Migrations on a PostgreSQL server of the test's own, where PostgreSQL is installed.

use kiln::migrate::{Goal, MigrateError, Target, apply, check, status};
use kiln_testing::{Postgres, PostgresError};
use sqlx::{Connection, PgConnection};

use super::{ARCHIVE, BROKEN, NOTES, TAGS, apply_by_twenty_runners, migrations, run};
use crate::harness::SECOND;

/// `None`, with a message, on a machine without PostgreSQL.
pub(crate) fn server() -> Option<Postgres> {
    match Postgres::start() {
        Err(PostgresError::Missing) => {
            eprintln!("SKIPPED: {}", PostgresError::Missing);
            None
        }
        started => Some(started.expect("the server starts")),
    }
}

fn target(server: &Postgres) -> Target {
    server.url().parse().expect("a URL")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres_migrates_under_one_lock_and_releases_it() {
    let Some(server) = server() else { return };
    let target = target(&server);
    let error = check(&migrations(&[NOTES]), &target, "app migrate").await.expect_err("nothing is applied");
    assert!(matches!(error, MigrateError::Pending { count: 1, .. }), "{error}");

    let error = apply(&migrations(&[NOTES, TAGS, BROKEN]), &target, Goal::Newest, SECOND)
        .await
        .expect_err("the third fails");
    assert!(matches!(error, MigrateError::Failed { version: 3, .. }), "{error}");

    // The failed runner has released the lock; twenty take it in turn.
    assert_eq!(apply_by_twenty_runners(&target).await, 1);
    check(&migrations(&[NOTES, TAGS, ARCHIVE]), &target, "app migrate").await.expect("up to date");
    assert_eq!(status(&migrations(&[NOTES, TAGS, ARCHIVE]), &target).await.expect("readable").len(), 3);

    let mut holder = PgConnection::connect(&server.url()).await.expect("a connection");
    let lock = "SELECT pg_advisory_lock(7739836655916116327)";
    sqlx::raw_sql(lock).execute(&mut holder).await.expect("locked");
    let (id,): (i32,) =
        sqlx::query_as("SELECT pg_backend_pid()").fetch_one(&mut holder).await.expect("an id");
    let migrations = migrations(&[NOTES]);
    let locked_out = apply(&migrations, &target, Goal::Newest, SECOND / 10).await;
    let error = locked_out.expect_err("locked out");
    assert!(matches!(error, MigrateError::Locked { .. }), "{error}");
    let holder = format!("held by process {id}, connected from this machine since 20");
    assert!(error.to_string().contains(&holder), "{error}");
}

#[tokio::test]
async fn an_index_is_created_outside_a_transaction_and_a_failed_one_is_half_applied() {
    const NOTHING: (&str, &str) = ("0002_index.sqlite.sql", "SELECT 1;");
    const INDEX: (&str, &str) = (
        "0002_index.postgres.sql",
        "-- kiln: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY by_text ON notes (text);",
    );
    let Some(server) = server() else { return };
    let target = target(&server);
    let mut connection = PgConnection::connect(&server.url()).await.expect("a connection");
    apply(&migrations(&[NOTES]), &target, Goal::Newest, SECOND).await.expect("applied");
    let twice = "INSERT INTO notes VALUES (1, 'same'), (2, 'same')";
    sqlx::raw_sql(twice).execute(&mut connection).await.expect("two rows");

    let files = [NOTES, NOTHING, INDEX];
    let error = apply(&migrations(&files), &target, Goal::Newest, SECOND).await.expect_err("not unique");
    assert!(matches!(error, MigrateError::HalfApplied { version: 2, .. }), "{error}");
    let repair = "DROP INDEX by_text; DELETE FROM notes WHERE id = 2;";
    sqlx::raw_sql(repair).execute(&mut connection).await.expect("the invalid index exists");
    run(&["settle", "2", "pending"], &files, &target).await.expect("settled");
    let output = run(&[], &files, &target).await.expect("applied");
    assert_eq!(output, "applied 0002 index\n");
}

#[tokio::test]
async fn a_server_that_starts_late_is_waited_for() {
    let Some(server) = server() else { return };
    server.stop().expect("it stops");
    let target = target(&server);
    let error =
        apply(&migrations(&[NOTES]), &target, Goal::Newest, SECOND / 10).await.expect_err("no server");
    assert!(error.is_transient(), "{error}");
    let late = tokio::task::spawn_blocking(move || server.start_again().map(|()| server));
    let migrations = migrations(&[NOTES]);
    let applied = apply(&migrations, &target, Goal::Newest, 60 * SECOND).await.expect("it comes");
    assert_eq!(applied.len(), 1);
    late.await.expect("no panic").expect("it starts");
}

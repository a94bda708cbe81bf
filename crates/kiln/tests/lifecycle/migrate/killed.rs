//! Runners killed at random moments.

use std::{
    fmt::Write,
    hash::{BuildHasher, RandomState},
    process::{Child, Command, Stdio},
};

use kiln::{
    Exit,
    launch::{ProcessOptions, launch},
    migrate::{Goal, MigrationState, Migrations, Target, apply, status},
};
use sqlx::{AssertSqlSafe, ConnectOptions, query_scalar};

use super::{Database, migrations_of, postgres};
use crate::harness::SECOND;

const URL: &str = "KILN_TEST_URL";
const MIGRATIONS: i64 = 120;
const ROWS: i64 = 2000;
const KILLS: u64 = 10;
/// Upper bound of migrations between two kills, so that the last runner has some left.
const MOST_BETWEEN_KILLS: u64 = 6;

/// Migrations that each create a table with rows: enough work to be killed in.
fn files() -> Migrations {
    let files = (1..=MIGRATIONS).map(|number| {
        let mut sql = String::new();
        write!(
            sql,
            "CREATE TABLE t{number} (n BIGINT PRIMARY KEY);
             INSERT INTO t{number} WITH RECURSIVE c (n) AS
                 (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {ROWS}) SELECT n FROM c;"
        )
        .expect("a string");
        (format!("{number:04}_t.sql"), sql)
    });
    migrations_of(files)
}

/// Not a test: the runner that the tests kill.
#[test]
#[ignore = "runs only when another test starts it"]
fn runner() {
    let Ok(url) = std::env::var(URL) else { return };
    let target: Target = url.parse().expect("a URL");
    let options = ProcessOptions { needs: target.needs(), ..ProcessOptions::default() };
    let exit = launch(&options, async |_| {
        apply(&files(), &target, Goal::Newest, 30 * SECOND).await?;
        Ok(())
    });
    std::process::exit(exit.code().into());
}

fn start(url: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this executable"));
    command.args(["--exact", "migrate::killed::runner", "--ignored", "--nocapture"]).env(URL, url);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process")
}

async fn pending(target: &Target, files: &Migrations) -> u64 {
    let states = status(files, target).await.expect("readable");
    states.iter().map(|entry| u64::from(entry.state == MigrationState::Pending)).sum()
}

/// Kills runners at random moments, lets one finish, and expects every migration applied once and whole.
async fn survive(url: &str) {
    let (target, files) = (url.parse::<Target>().expect("a URL"), files());
    for round in 0..KILLS {
        let some = RandomState::new().hash_one(round) % MOST_BETWEEN_KILLS;
        let enough = pending(&target, &files).await.saturating_sub(some);
        let mut runner = start(url);
        while pending(&target, &files).await > enough {
            assert_eq!(runner.try_wait().expect("ours"), None, "the runner ended by itself");
        }
        runner.kill().expect("ours");
        runner.wait().expect("ours");
    }
    assert_ne!(pending(&target, &files).await, 0, "nothing was interrupted");
    let last = tokio::task::spawn_blocking({
        let url = url.to_owned();
        move || start(&url).wait()
    });
    assert_eq!(last.await.expect("no panic").expect("ours").code(), Some(Exit::Clean.code().into()));
    let states = status(&files, &target).await.expect("readable");
    assert!(states.iter().all(|entry| matches!(entry.state, MigrationState::Applied { .. })), "{states:?}");
    let counts: Vec<String> =
        (1..=MIGRATIONS).map(|number| format!("(SELECT count(*) FROM t{number})")).collect();
    let sum = format!("SELECT {}", counts.join(" + "));
    let rows: i64 = match &target {
        Target::Sqlite(options) => {
            let mut connection = options.connect().await.expect("a connection");
            let check: String =
                query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.expect("an answer");
            assert_eq!(check, "ok");
            query_scalar(AssertSqlSafe(sum)).fetch_one(&mut connection).await.expect("a count")
        }
        Target::Postgres(options) => {
            let mut connection = options.connect().await.expect("a connection");
            query_scalar(AssertSqlSafe(sum)).fetch_one(&mut connection).await.expect("a count")
        }
    };
    assert_eq!(rows, MIGRATIONS * ROWS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runner_after_a_killed_one_completes_on_sqlite() {
    let database = Database::new();
    survive(&format!("sqlite://{}", database.file().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runner_after_a_killed_one_completes_on_postgres() {
    let Some(server) = postgres::server() else { return };
    survive(&server.url()).await;
}

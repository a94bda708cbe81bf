//! More to do than the server can: a database that others hold, and a limit of open files.

use std::{sync::Arc, time::Duration};

use reqwest::Method;
use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};
use whatsit::settings::Pool;

use crate::harness::{Answer, Whatsit, postgres_url};

#[tokio::test]
async fn a_probe_is_answered_while_clients_hold_every_connection_with_counts_and_lists() {
    let Some(url) = tokio::task::spawn_blocking(postgres_url).await.expect("no panic") else { return };
    let pool = Pool { connections: const { std::num::NonZeroU32::new(1).unwrap() }, ..patient() };
    let whatsit = Arc::new(Whatsit::on(&url, pool).await);
    let mut owner = PgConnection::connect(&url).await.expect("a connection");
    owner.execute("BEGIN; LOCK TABLE identifications").await.expect("the lock");

    let get = |path: &'static str| {
        let whatsit = Arc::clone(&whatsit);
        tokio::spawn(async move { whatsit.get(path).await })
    };
    let clients: Vec<_> = ["/api/stats", "/api/identifications"].repeat(8).into_iter().map(get).collect();
    let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
        AND wait_event_type = 'Lock'";
    while owner.fetch_one(waiting).await.expect("a count").get::<i64, _>(0) < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(whatsit.get("/readyz").await.status, 200, "the probe has a connection of its own");

    owner.execute("ROLLBACK").await.expect("the lock is free");
    for client in clients {
        assert_eq!(client.await.expect("no panic").status, 200);
    }
    owner.close().await.expect("it closes");
    Arc::into_inner(whatsit).expect("the last reference").stop().await;
}

#[tokio::test]
async fn an_upload_while_another_process_writes_to_sqlite_is_503_with_retry_after() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("whatsit.db").display());
    let whatsit = Whatsit::on(&url, Pool::default()).await;
    let mut other = SqliteConnection::connect(&url).await.expect("a connection");
    other.execute("BEGIN IMMEDIATE").await.expect("the lock");

    let answer = Answer::to(whatsit.request(Method::POST, "/api/identify").body("fn f() {}")).await;
    assert_eq!(answer.header("retry-after"), "2", "{}", answer.text);
    assert!(answer.problem(503).contains("the database is unavailable"), "{}", answer.text);
    assert_eq!(whatsit.get("/readyz").await.status, 200);

    other.execute("ROLLBACK").await.expect("the lock is free");
    whatsit.identify("fn f() {}").await;
    other.close().await.expect("it closes");
    whatsit.stop().await;
}

/// A pool whose connections are waited for as long as a test may take.
fn patient() -> Pool {
    Pool { timeout: Duration::from_mins(5), ..Pool::default() }
}

#[cfg(target_os = "linux")]
mod processes {
    use std::{fs, path::Path, process::Command};

    use rustix::process::Signal;
    use sqlx::{Connection, Executor, SqliteConnection};

    use crate::process::{Serving, folder, output_of, text, whatsit};

    #[tokio::test]
    async fn refusals_for_load_are_one_warning_and_no_error() {
        let folder = folder();
        let serving = Serving::spawn(whatsit(folder.path(), &[]));
        let url = format!("sqlite://{}", folder.path().join("whatsit.db").display());
        let mut other = SqliteConnection::connect(&url).await.expect("a connection");
        other.execute("BEGIN IMMEDIATE").await.expect("the lock");
        let refused = (0..5).map(|number| {
            let upload = reqwest::Client::new().post(format!("{}/api/identify", serving.origin));
            upload.body(format!("fn f{number}() {{}}")).send()
        });
        for answer in futures_util::future::join_all(refused).await {
            assert_eq!(answer.expect("an answer").status(), 503);
        }
        other.close().await.expect("it closes");
        serving.signal(Signal::TERM);
        let (code, log) = serving.wait();
        assert_eq!(code, Some(0), "{log}");
        let warnings: Vec<_> = log.lines().filter(|line| line.contains("refused for load")).collect();
        assert!((1..5).contains(&warnings.len()), "{log}");
        assert!(warnings[0].contains("WARN") && warnings[0].contains("the database is unavailable"), "{log}");
        let errors = log.lines().filter(|line| line.contains("ERROR") && line.contains("kiln::request"));
        assert_eq!(errors.count(), 0, "{log}");
    }

    /// A server of 500 connections that is started with these limits of open files.
    fn limited(folder: &Path, soft: u32, hard: u32, command: &str) -> Command {
        let server = whatsit(folder, &[]);
        let script =
            format!("ulimit -Sn {soft} && ulimit -Hn {hard} && exec \"$0\" {command} --max-connections=500");
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(script).arg(server.get_program()).current_dir(folder).env_clear();
        command.envs(server.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
    }

    #[test]
    fn the_limit_of_open_files_is_raised_as_far_as_it_may_be() {
        for (hard, expected) in [(1000, "756"), (400, "400")] {
            let folder = folder();
            let serving = Serving::spawn(limited(folder.path(), 100, hard, ""));
            let limits = fs::read_to_string(format!("/proc/{}/limits", serving.id())).expect("the limits");
            let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("a line");
            assert_eq!(line.split_whitespace().next(), Some(expected));
            serving.signal(Signal::TERM);
            let (code, log) = serving.wait();
            assert_eq!(code, Some(0), "{log}");
        }
    }

    #[test]
    fn more_connections_than_open_files_are_a_warning_with_the_limit_to_set() {
        // The start fails for want of a migration, which ends the log.
        let log = |hard| {
            let folder = folder();
            text(&output_of(&mut limited(folder.path(), 100, hard, "serve")).stderr)
        };
        let told = "--max-connections=500 is beyond the limit of open files; raise it to 756";
        assert!(log(400).contains(told), "{}", log(400));
        assert!(!log(1000).contains("open files"), "{}", log(1000));
    }
}

//! SIGKILL under write load: every acknowledged identification is stored once, and the database is intact.

use std::{collections::HashSet, env, path::Path};

use reqwest::Client;
use rustix::process::Signal;
use serde_json::Value;
use sqlx::{AnyConnection, Connection, any::install_default_drivers, query, query_scalar};
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    harness::postgres_url,
    process::{Serving, folder, output_of, whatsit},
};

const CLIENTS: usize = 4;

/// Number of kills. `KILLS=20` is the full test; a few are enough to find a mistake.
fn kills() -> usize {
    env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(4)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_identifications_survive_a_kill_on_sqlite() {
    let folder = folder();
    let url = format!("sqlite://{}", folder.path().join("whatsit.db").display());
    survive(folder.path(), &url, &["PRAGMA integrity_check"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_identifications_survive_a_kill_on_postgres() {
    let Some(url) = tokio::task::spawn_blocking(postgres_url).await.expect("no panic") else { return };
    let check = [
        "CREATE EXTENSION amcheck",
        "SELECT 'ok' FROM (SELECT bt_index_check(indexrelid, true) FROM pg_index
            WHERE indrelid = 'identifications'::regclass) AS checked LIMIT 1",
    ];
    survive(folder().path(), &url, &check).await;
}

async fn survive(folder: &Path, url: &str, integrity: &[&'static str]) {
    let migrated = output_of(whatsit(folder, &["migrate"]).env("DATABASE_URL", url));
    assert!(migrated.status.success(), "{migrated:?}");
    let mut answered = Vec::new();
    for round in 0..kills() {
        answered.extend(killed_once(folder, url, round).await);
    }
    // The last process starts without a repair.
    let mut command = whatsit(folder, &["serve"]);
    command.env("DATABASE_URL", url);
    let serving = tokio::task::spawn_blocking(|| Serving::spawn(command)).await.expect("it serves");
    serving.signal(Signal::TERM);
    let (code, log) = tokio::task::spawn_blocking(|| serving.wait()).await.expect("it ends");
    assert_eq!(code, Some(0), "{log}");

    install_default_drivers();
    let mut database = AnyConnection::connect(url).await.expect("a connection");
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, sha256 FROM identifications")
        .fetch_all(&mut database)
        .await
        .expect("rows");
    let stored: HashSet<&str> = rows.iter().map(|(id, _)| id.as_str()).collect();
    let contents: HashSet<&str> = rows.iter().map(|(_, content)| content.as_str()).collect();
    assert_eq!(contents.len(), rows.len(), "every content was sent once, so it is stored once");
    let lost: Vec<&String> = answered.iter().filter(|id| !stored.contains(id.as_str())).collect();
    assert!(lost.is_empty(), "{} of {} were lost", lost.len(), answered.len());
    let (check, set_up) = integrity.split_last().expect("a check");
    for statement in set_up {
        query(*statement).execute(&mut database).await.expect("it is set up");
    }
    let whole: String = query_scalar(*check).fetch_one(&mut database).await.expect("an answer");
    assert_eq!(whole, "ok");
}

/// Ids that a server acknowledged before it was killed under load.
async fn killed_once(folder: &Path, url: &str, round: usize) -> Vec<String> {
    let mut command = whatsit(folder, &["serve"]);
    command.env("DATABASE_URL", url);
    let serving = tokio::task::spawn_blocking(|| Serving::spawn(command)).await.expect("it serves");
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(write(serving.origin.clone(), format!("{round} {client}"), sender.clone()));
    }
    drop(sender);
    let mut answered = Vec::new();
    // Another number in each round, for kills at different moments.
    while answered.len() < 12 + round {
        answered.push(receiver.recv().await.expect("the clients go on until the end"));
    }
    serving.signal(Signal::KILL);
    while let Some(id) = receiver.recv().await {
        answered.push(id);
    }
    clients.join_all().await;
    let (code, _) = tokio::task::spawn_blocking(|| serving.wait()).await.expect("it ends");
    assert_eq!(code, None, "it was killed");
    answered
}

/// Uploads new content without a pause until the server is gone.
async fn write(origin: String, client: String, sender: mpsc::UnboundedSender<String>) {
    let http = Client::new();
    for number in 0.. {
        let body = format!("fn main() {{ println!(\"{client} {number}\"); }}\n");
        let Ok(answer) = http.post(format!("{origin}/api/identify")).body(body).send().await else { return };
        assert_eq!(answer.status().as_u16(), 200);
        // A truncated response is no acknowledgement.
        let Ok(identification) = answer.json::<Value>().await else { return };
        let id = identification["id"].as_str().expect("an id").to_owned();
        if sender.send(id).is_err() {
            return;
        }
    }
}

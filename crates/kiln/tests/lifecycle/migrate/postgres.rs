//! The same on a PostgreSQL server that the test starts, where the machine has one.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use kiln::migrate::{MigrateError, Target, apply, check, status};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use super::{ARCHIVE, BROKEN, NOTES, TAGS, migrations};
use crate::harness::SECOND;

/// A server of its own in a temporary folder, reached by a Unix socket there and by a TCP port.
pub(crate) struct Server {
    folder: TempDir,
    port: u16,
    process: Child,
}

impl Server {
    /// `None` on a machine without PostgreSQL.
    pub(crate) async fn start() -> Option<Self> {
        let folder = TempDir::new().expect("a folder");
        // The server refuses to run as root, so root hands the folder to the account that packages make.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("our own folder");
        let data = folder.path().join("data");
        let made = as_server("initdb", &data).args(["--auth=trust", "--username=test", "--no-sync"]).status();
        if !made.is_ok_and(|status| status.success()) {
            return None;
        }
        let sockets = folder.path().display().to_string();
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let process = as_server("postgres", &data)
            .args(["-c", "listen_addresses=127.0.0.1", "-p", &port.to_string()])
            .args(["-c", "fsync=off", "-k", &sockets])
            .spawn()
            .expect("initdb and postgres come together");
        let mut server = Self { folder, port, process };
        while PgConnection::connect(&server.url()).await.is_err() {
            let ended = server.process.try_wait().expect("our child");
            assert!(ended.is_none(), "the server did not start: {ended:?}");
            tokio::time::sleep(SECOND / 20).await;
        }
        Some(server)
    }

    /// By TCP.
    pub(crate) fn tcp_url(&self) -> String {
        format!("postgres://test@localhost:{}/postgres", self.port)
    }

    /// By the Unix socket.
    pub(crate) fn url(&self) -> String {
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://test@{socket}:{}/postgres", self.port)
    }

    fn target(&self) -> Target {
        self.url().parse().expect("a URL")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT to the server is its fast shut-down, in which it also ends its children.
        let id = self.process.id().to_string();
        let _ = Command::new("kill").args(["-INT", &id]).status();
        let _ = self.process.wait();
    }
}

/// A server's program on its data; `setpriv` replaces itself by it, so that the process is the server.
fn as_server(program: &str, data: &Path) -> Command {
    let root =
        fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0);
    let mut command = if root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", program]);
        command
    } else {
        Command::new(program)
    };
    command.arg("-D").arg(data).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres_migrates_under_one_lock_and_lets_it_go() {
    let Some(server) = Server::start().await else {
        eprintln!("skipped: this machine has no initdb that can be run");
        return;
    };
    let target = server.target();
    let error = check(&migrations(&[NOTES]), &target, "app migrate").await.expect_err("nothing is applied");
    assert!(matches!(error, MigrateError::Pending { count: 1, .. }), "{error}");

    let error =
        apply(&migrations(&[NOTES, TAGS, BROKEN]), &target, SECOND).await.expect_err("the third fails");
    assert!(matches!(error, MigrateError::Failed { version: 3, .. }), "{error}");

    // The failed runner has let the lock go, and twenty take turns.
    let runners: Vec<_> = (0..20)
        .map(|_| {
            let target = target.clone();
            tokio::spawn(async move {
                let migrations = migrations(&[NOTES, TAGS, ARCHIVE]);
                apply(&migrations, &target, 30 * SECOND).await.map(|applied| applied.len())
            })
        })
        .collect();
    let mut applied = 0;
    for runner in runners {
        applied += runner.await.expect("no panic").expect("every runner succeeds");
    }
    assert_eq!(applied, 1);
    check(&migrations(&[NOTES, TAGS, ARCHIVE]), &target, "app migrate").await.expect("up to date");
    assert_eq!(status(&migrations(&[NOTES, TAGS, ARCHIVE]), &target).await.expect("readable").len(), 3);

    let mut holder = PgConnection::connect(&server.url()).await.expect("a connection");
    let lock = "SELECT pg_advisory_lock(7739836655916116327)";
    sqlx::raw_sql(lock).execute(&mut holder).await.expect("locked");
    let error = apply(&migrations(&[NOTES]), &target, SECOND / 10).await.expect_err("locked out");
    assert!(matches!(error, MigrateError::Locked { .. }), "{error}");
}

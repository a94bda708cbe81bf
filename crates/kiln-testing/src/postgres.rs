//! A PostgreSQL server of the test's own, in a temporary folder.
//!
//! Dropping the [`Postgres`] ends the server and removes the folder, and so does the end of the test process, killed or
//! not: a shell waits for the end of a pipe that only the test process holds, and cleans up then. One server may stand in
//! a `static`, for all tests of a process.

use std::{
    env, fs, io,
    net::TcpListener,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use tempfile::TempDir;

/// A server with its data in a folder of its own, reached by a Unix socket there or by TCP.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    databases: AtomicU32,
    _guard: Guard,
}

/// An error of the server, or of PostgreSQL's programs.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// No PostgreSQL on the machine.
    #[error("this machine has no PostgreSQL; install it, or put its `initdb` into PATH")]
    Missing,
    /// A program that could not be run.
    #[error("cannot {operation}: {source}")]
    System {
        /// The operation.
        operation: &'static str,
        /// The operating system's error.
        source: io::Error,
    },
    /// A program that failed.
    #[error("`{program}` failed: {output}")]
    Failed {
        /// The program.
        program: &'static str,
        /// Its standard error.
        output: String,
    },
}

/// The shell that cleans up.
#[derive(Debug)]
struct Guard {
    shell: Child,
    /// The pipe for whose end the shell waits.
    pipe: Option<ChildStdin>,
}

impl Postgres {
    /// Creates an empty cluster and starts a server on it. For root, the server runs as the account `postgres`, since
    /// PostgreSQL refuses root.
    ///
    /// # Errors
    /// When the machine has no PostgreSQL, or the server does not start.
    pub fn start() -> Result<Self, PostgresError> {
        let programs = programs().ok_or(PostgresError::Missing)?;
        let folder = TempDir::with_prefix("postgres-").map_err(system("make a folder"))?;
        // The account that the server runs as owns nothing here yet.
        let open = fs::Permissions::from_mode(0o777);
        fs::set_permissions(folder.path(), open).map_err(system("open the folder to the server"))?;
        // The port is free now; the server takes it a moment later.
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.map_err(system("find a free port"))?.port();
        let guard = Guard::new(&programs, folder.path()).map_err(system("start a shell"))?;
        let server =
            Self { programs, folder: folder.keep(), port, databases: AtomicU32::new(0), _guard: guard };
        server.run("initdb", &["--auth=trust", "--username=test", "--encoding=UTF8", "--no-sync"])?;
        server.start_again()?;
        Ok(server)
    }

    /// The URL of the database `postgres`, which every cluster has, by the Unix socket.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The URL of a database, by the Unix socket.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://test@{socket}:{}/{database}", self.port)
    }

    /// The URL of a database, by TCP.
    #[must_use]
    pub fn tcp_url_of(&self, database: &str) -> String {
        format!("postgres://test@localhost:{}/{database}", self.port)
    }

    /// Creates an empty database and returns its name.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn database(&self) -> Result<String, PostgresError> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let host = self.folder.display().to_string();
        let port = self.port.to_string();
        let mut createdb = Command::new(self.programs.join("createdb"));
        createdb.args(["--host", &host, "--port", &port, "--username=test", &name]);
        finish("createdb", createdb).map(|()| name)
    }

    /// Stops the server at once, as a crash would, and keeps its data.
    ///
    /// # Errors
    /// When the server does not run.
    pub fn stop(&self) -> Result<(), PostgresError> {
        self.run("pg_ctl", &["stop", "--mode=immediate", "--wait"])
    }

    /// Starts the server again on the same data, at the same addresses.
    ///
    /// # Errors
    /// When the server runs already, or does not start.
    pub fn start_again(&self) -> Result<(), PostgresError> {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} -c max_connections=200",
            self.port,
            self.folder.display(),
        );
        let log = self.folder.join("log").display().to_string();
        self.run("pg_ctl", &["start", "--wait", "--silent", "--log", &log, "--options", &options])
    }

    fn run(&self, program: &'static str, arguments: &[&str]) -> Result<(), PostgresError> {
        let mut command = as_server(&self.programs.join(program));
        command.arg("-D").arg(data(&self.folder)).args(arguments);
        finish(program, command)
    }
}

impl Guard {
    fn new(programs: &Path, folder: &Path) -> io::Result<Self> {
        let mut stop = as_server(&programs.join("pg_ctl"));
        stop.arg("-D").arg(data(folder)).args(["stop", "--mode=immediate"]);
        let mut shell = Command::new("sh");
        shell
            .args(["-c", r#"folder=$1; shift; read -r _; "$@"; rm -rf "$folder""#, "sh"])
            .arg(folder)
            .arg(stop.get_program())
            .args(stop.get_args())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A signal to the group of the tests must not end the shell that cleans up after them.
            .process_group(0);
        let mut shell = shell.spawn()?;
        let pipe = shell.stdin.take();
        Ok(Self { shell, pipe })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.shell.wait();
    }
}

/// The folder of PostgreSQL's programs: that of PATH, or the newest of those where Debian keeps them.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut packaged: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .collect();
    packaged.sort();
    env::split_paths(&path)
        .chain(packaged.into_iter().rev().map(|(_, folder)| folder))
        // A link in PATH stands beside other programs than those of its version.
        .filter_map(|folder| folder.join("initdb").canonicalize().ok()?.parent().map(Path::to_path_buf))
        .find(|folder| ["pg_ctl", "createdb"].iter().all(|program| folder.join(program).is_file()))
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// A program as the account that the server runs as.
fn as_server(program: &Path) -> Command {
    let us = fs::metadata("/proc/self").map(|process| std::os::unix::fs::MetadataExt::uid(&process));
    if us.is_ok_and(|us| us == 0) {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn finish(program: &'static str, mut command: Command) -> Result<(), PostgresError> {
    // Not a pipe for standard output: the server that `pg_ctl` leaves behind would hold it open.
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).current_dir("/");
    let output =
        command.spawn().and_then(Child::wait_with_output).map_err(system("run PostgreSQL's programs"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(PostgresError::Failed { program, output: String::from_utf8_lossy(&output.stderr).trim().to_owned() })
}

fn system(operation: &'static str) -> impl Fn(io::Error) -> PostgresError {
    move |source| PostgresError::System { operation, source }
}

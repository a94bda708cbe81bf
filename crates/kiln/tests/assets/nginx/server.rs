//! A real nginx, on a socket in a folder of the test's own.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
};

use tokio::net::UnixStream;

use crate::client::exchange_over;

/// The settings under which nginx does what an administrator would want of these files: exported variants are
/// used, for every client that takes them.
const HTTP: &str = "
    access_log off;
    client_body_temp_path body;
    default_type application/octet-stream;
    types { text/html html; text/css css; text/javascript js; text/plain txt; }
    charset utf-8;
    gzip_static on;
    gzip_vary on;
    gzip_proxied any;
    gzip_http_version 1.0;
    server { listen unix:socket; root site/public; index index.html; }
";

/// A process that ends when it is dropped, and also when the test is killed.
pub(crate) struct Nginx {
    process: Child,
    socket: PathBuf,
    /// Left open: a closed pipe ends its writer (SIGPIPE).
    _log: BufReader<ChildStderr>,
}

/// The machine has no nginx.
#[derive(Debug, thiserror::Error)]
#[error("this machine has no nginx; install Debian's nginx-light")]
pub(crate) struct Missing;

impl Nginx {
    /// Serves `site/public` of this folder.
    pub(crate) fn serve(folder: &Path) -> Result<Self, Missing> {
        let program =
            ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].into_iter().find(|path| Path::new(path).is_file());
        let program = program.ok_or(Missing)?;
        let text = format!(
            "daemon off; master_process off; pid pid; error_log stderr notice; \
             events {{}} http {{ error_log errors; {HTTP} }}"
        );
        let settings = folder.join("nginx.conf");
        std::fs::write(
            &settings,
            text.replace("unix:socket", &format!("unix:{}", folder.join("socket").display())),
        )
        .expect("write");
        let mut process = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", program, "-p"])
            .arg(folder)
            .arg("-c")
            .arg(settings)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("setpriv, of Debian's util-linux");
        let mut log = BufReader::new(process.stderr.take().expect("a pipe"));
        let mut said = String::new();
        // The line is logged once the socket listens.
        while !said.contains("event method") {
            let length = log.read_line(&mut said).expect("a line");
            assert_ne!(length, 0, "nginx does not serve: {said}");
        }
        Ok(Self { process, socket: folder.join("socket"), _log: log })
    }

    /// Sends `request` and reads until the server closes.
    pub(crate) async fn exchange(&self, request: &str) -> Vec<u8> {
        exchange_over(UnixStream::connect(&self.socket).await.expect("connect"), request).await
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The process may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

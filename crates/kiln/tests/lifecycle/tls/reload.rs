//! A certificate that is replaced while the application serves.

use std::{fs, os::unix::fs::symlink, path::PathBuf, time::Duration};

use kiln::{
    Exit, Options, Server,
    launch::ProcessOptions,
    observe::LogFormat,
    seal::SealMode,
    server::DrainOptions,
    tls::{TlsError, TlsFiles, TlsOptions},
};
use tokio_rustls::{client::TlsStream, rustls::version::TLS13};

use super::{
    Secure,
    certificates::{Authority, Issued},
    client::{Client, shake, shown},
};
use crate::process::Process;

type Stream = TlsStream<tokio::net::TcpStream>;

fn replace(served: &Issued, by: &Issued) {
    for (old, new) in [(served.files().certificate, &by.certificate), (served.files().key, &by.key)] {
        fs::write(old.with_extension("new"), new).expect("a file");
        fs::rename(old.with_extension("new"), old).expect("renamed");
    }
}

async fn met(server: &Secure, name: &'static str) -> std::io::Result<Stream> {
    shake(server.running.address, server.authority.roots(), name, &["h2"], &TLS13).await
}

#[tokio::test]
async fn new_handshakes_meet_the_new_certificate_and_connections_go_on() {
    let server = Secure::start(DrainOptions::default());
    let mut early = server.connect().await;
    early.get("/").await.expect("an answer");
    let second = server.authority.issue("second.test");
    replace(&server.issued, &second);
    assert_eq!(shown(&met(&server, "first.test").await.expect("nobody has said so yet")), server.issued.der);

    server.tls.reload().expect("a certificate");
    assert_eq!(shown(&met(&server, "second.test").await.expect("a handshake")), second.der);
    assert!(met(&server, "first.test").await.is_err(), "it is no longer named so");
    assert_eq!(early.get("/").await.expect("an answer").status(), 200);
    server.ended().await;
}

#[tokio::test]
async fn a_pair_that_cannot_be_used_leaves_the_old_one() {
    let server = Secure::start(DrainOptions::default());
    fs::write(server.issued.files().key, &server.authority.issue("second.test").key).expect("a file");
    let error = server.tls.reload().expect_err("they do not belong together");
    assert!(matches!(error, TlsError::Mismatch { .. }), "{error}");
    fs::remove_file(server.issued.files().certificate).expect("removed");
    let error = server.tls.reload().expect_err("it is gone");
    assert!(matches!(error, TlsError::Read { .. }), "{error}");
    assert_eq!(shown(&met(&server, "first.test").await.expect("a handshake")), server.issued.der);
    server.ended().await;
}

/// A role of [`Process`].
pub(crate) const ROLE: &str = "secure";

const CERTIFICATE: &str = "KILN_TEST_CERTIFICATE";
const KEY: &str = "KILN_TEST_KEY";

/// Serves with the certificate that the environment names, and sealed.
pub(crate) fn play() -> Exit {
    let path = |name: &str| PathBuf::from(std::env::var(name).expect("the test sets it"));
    let files = TlsFiles { certificate: path(CERTIFICATE), key: path(KEY) };
    let options = Options {
        listen: ([127, 0, 0, 1], 0).into(),
        tls: Some(TlsOptions { files, hsts_max_age: Duration::ZERO }),
        process: ProcessOptions {
            log: "info".parse().expect("a filter"),
            log_format: LogFormat::Json,
            seal: SealMode::BestEffort,
            ..ProcessOptions::default()
        },
        ..Options::default()
    };
    // A file that no need names, to be sure that the seal is in force.
    let beside = async || {
        let beside = std::env::var("KILN_TEST_BESIDE").expect("the test sets it");
        format!("{:?}", fs::read(beside).map_err(|error| error.kind()))
    };
    Server::from(options)
        .start(async |_| Ok(()))
        .routes(move |(), config| {
            config.route("/beside", actix_web::web::get().to(beside));
        })
        .run()
}

fn start(files: &TlsFiles, beside: &std::path::Path) -> Process {
    let text = |path: &std::path::Path| path.display().to_string();
    let environment = [
        (CERTIFICATE, &*text(&files.certificate)),
        (KEY, &*text(&files.key)),
        ("KILN_TEST_BESIDE", &*text(beside)),
    ];
    Process::start_with(ROLE, &environment)
}

/// A folder of which one part is for certificates.
struct Kept {
    folder: tempfile::TempDir,
}

impl Kept {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("beside"), "secret").expect("a file");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a pair into a folder of this name.
    fn put(&self, folder: &str, version: &str, issued: &Issued) {
        fs::create_dir_all(self.path(folder)).expect("a folder");
        fs::write(self.path(folder).join(format!("tls{version}.crt")), &issued.certificate).expect("a file");
        fs::write(self.path(folder).join(format!("tls{version}.key")), &issued.key).expect("a file");
    }

    fn files(&self, folder: &str) -> TlsFiles {
        TlsFiles { certificate: self.path(folder).join("tls.crt"), key: self.path(folder).join("tls.key") }
    }

    fn link(&self, target: &str, link: &str) {
        symlink(target, self.path("new-link")).expect("a link");
        fs::rename(self.path("new-link"), self.path(link)).expect("renamed");
    }
}

/// Serves what is there, has it replaced by `renew`, and says so with the signal: by a sealed process.
async fn is_renewed(
    kept: &Kept,
    files: &TlsFiles,
    authority: &Authority,
    [first, second]: [&Issued; 2],
    renew: impl FnOnce(),
) {
    let mut process = start(files, &kept.path("beside"));
    let address = process.address();
    let meet = |name| shake(address, authority.roots(), name, &["h2"], &TLS13);
    assert_eq!(shown(&meet("first.test").await.expect("a handshake")), first.der);
    let mut early = Client::connect(address, authority.roots()).await.expect("it listens");
    let sealed = early.get("/beside").await.expect("an answer");
    assert_eq!(sealed.text(), "Err(PermissionDenied)");

    renew();
    process.signal("HUP");
    // Either outcome is told with this word.
    let log = process.logged_up_to("reloaded");
    assert!(log.contains("certificate reloaded") && log.contains("2100-01-01T00:00:00Z"), "{log}");
    assert_eq!(shown(&meet("second.test").await.expect("a handshake")), second.der);
    assert_eq!(early.get("/beside").await.expect("an answer").status(), 200);

    fs::write(&files.certificate, "").expect("a file");
    process.signal("HUP");
    let log = process.logged_up_to("reloaded");
    assert!(
        log.contains("still serving with the previous one")
            && log.contains("no certificate in")
            && log.contains("ERROR"),
        "{log}"
    );
    assert_eq!(shown(&meet("second.test").await.expect("a handshake")), second.der);
    process.signal("TERM");
    let (code, log) = process.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains(r#""resource":"certificate""#), "{log}");
}

#[tokio::test]
async fn a_sealed_process_is_given_files_that_were_renamed() {
    let (kept, authority) = (Kept::new(), Authority::new());
    let [first, second] = ["first.test", "second.test"].map(|name| authority.issue(name));
    kept.put("tls", "", &first);
    is_renewed(&kept, &kept.files("tls"), &authority, [&first, &second], || {
        kept.put("tls", ".new", &second);
        for kind in ["crt", "key"] {
            let file = |name: &str| kept.path("tls").join(format!("{name}.{kind}"));
            fs::rename(file("tls.new"), file("tls")).expect("renamed");
        }
    })
    .await;
}

/// As certbot keeps them: links in a folder of names, to numbered files in another.
#[tokio::test]
async fn a_sealed_process_is_given_links_that_lead_to_new_files() {
    let (kept, authority) = (Kept::new(), Authority::new());
    let [first, second] = ["first.test", "second.test"].map(|name| authority.issue(name));
    kept.put("archive", "1", &first);
    fs::create_dir(kept.path("live")).expect("a folder");
    let point = |version: &str| {
        for kind in ["crt", "key"] {
            kept.link(&format!("../archive/tls{version}.{kind}"), &format!("live/tls.{kind}"));
        }
    };
    point("1");
    is_renewed(&kept, &kept.files("live"), &authority, [&first, &second], || {
        kept.put("archive", "2", &second);
        point("2");
    })
    .await;
}

/// As Kubernetes mounts them: links through a link to a folder, which is swapped.
#[tokio::test]
async fn a_sealed_process_is_given_a_folder_that_was_swapped() {
    let (kept, authority) = (Kept::new(), Authority::new());
    let [first, second] = ["first.test", "second.test"].map(|name| authority.issue(name));
    kept.put("mount/..1", "", &first);
    kept.link("..1", "mount/..data");
    for kind in ["crt", "key"] {
        kept.link(&format!("..data/tls.{kind}"), &format!("mount/tls.{kind}"));
    }
    is_renewed(&kept, &kept.files("mount"), &authority, [&first, &second], || {
        kept.put("mount/..2", "", &second);
        kept.link("..2", "mount/..data");
        fs::remove_dir_all(kept.path("mount/..1")).expect("removed");
    })
    .await;
}

#[test]
fn a_certificate_that_has_expired_is_told_and_served_and_one_that_is_missing_is_not() {
    let (kept, authority) = (Kept::new(), Authority::new());
    kept.put("tls", "", &authority.issue_until("first.test", 2021));
    let mut process = start(&kept.files("tls"), &kept.path("beside"));
    let log = process.logged_up_to("serving at https://");
    assert!(log.contains("certificate has expired") && log.contains("WARN"), "{log}");
    process.signal("TERM");
    assert_eq!(process.ended().0, Some(0));

    let (code, log) = start(&kept.files("elsewhere"), &kept.path("beside")).ended();
    assert_eq!(code, Some(3), "{log}");
    assert!(log.contains("elsewhere/tls.crt") && log.contains("check the path"), "{log}");
}

/// As it was before there was TLS.
#[test]
fn a_process_without_tls_ends_at_a_hangup() {
    let mut process = Process::start("serving");
    process.address();
    process.signal("HUP");
    assert_eq!(process.ended().0, None, "the signal ends it");
}

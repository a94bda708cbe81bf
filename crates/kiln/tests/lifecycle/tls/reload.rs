//! Reload of a certificate while the application serves.

use std::{fs, os::unix::fs::symlink, path::PathBuf, time::Duration};

use kiln::{
    Exit, Options, Server, ServerOptions,
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
    client::{Client, handshake, peer_certificate},
};
use crate::process::Process;

type Stream = TlsStream<tokio::net::TcpStream>;

fn replace(served: &Issued, by: &Issued) {
    for (old, new) in [(served.files().certificate, &by.certificate), (served.files().key, &by.key)] {
        fs::write(old.with_extension("new"), new).expect("a file");
        fs::rename(old.with_extension("new"), old).expect("renamed");
    }
}

async fn connect(server: &Secure, name: &'static str) -> std::io::Result<Stream> {
    handshake(server.running.address, server.authority.roots(), name, &["h2"], &TLS13).await
}

#[tokio::test]
async fn new_handshakes_get_the_new_certificate_and_connections_stay_open() {
    let server = Secure::start(DrainOptions::default());
    let mut early = server.connect().await;
    early.get("/").await.expect("an answer");
    let second = server.authority.issue("second.test");
    replace(&server.issued, &second);
    assert_eq!(
        peer_certificate(&connect(&server, "first.test").await.expect("before the reload")),
        server.issued.der
    );

    server.tls.reload().expect("a certificate");
    assert_eq!(peer_certificate(&connect(&server, "second.test").await.expect("a handshake")), second.der);
    assert!(connect(&server, "first.test").await.is_err(), "the old name is gone");
    assert_eq!(early.get("/").await.expect("an answer").status(), 200);
    server.ended().await;
}

#[tokio::test]
async fn an_invalid_pair_leaves_the_previous_one_in_use() {
    let server = Secure::start(DrainOptions::default());
    fs::write(server.issued.files().key, &server.authority.issue("second.test").key).expect("a file");
    let error = server.tls.reload().expect_err("the pair does not match");
    assert!(matches!(error, TlsError::Mismatch { .. }), "{error}");
    fs::remove_file(server.issued.files().certificate).expect("removed");
    let error = server.tls.reload().expect_err("it is gone");
    assert!(matches!(error, TlsError::Read { .. }), "{error}");
    assert_eq!(
        peer_certificate(&connect(&server, "first.test").await.expect("a handshake")),
        server.issued.der
    );
    server.ended().await;
}

/// A role of [`Process`].
pub(crate) const ROLE: &str = "secure";

const CERTIFICATE: &str = "KILN_TEST_CERTIFICATE";
const KEY: &str = "KILN_TEST_KEY";

/// Serves, sealed, with the certificate that the environment names.
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
        // The test does not ask by a name of this machine.
        server: ServerOptions::default(),
        ..Options::default()
    };
    // A file outside the needs, as a proof that the seal is in force.
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

/// A folder with folders of certificates, and a file outside the needs.
struct CertificateStore {
    folder: tempfile::TempDir,
}

impl CertificateStore {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("beside"), "secret").expect("a file");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a pair into the folder `folder`.
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

/// Asserts that a sealed process serves `first`, and `second` after `renew` and SIGHUP.
async fn assert_renewal(
    store: &CertificateStore,
    files: &TlsFiles,
    authority: &Authority,
    [first, second]: [&Issued; 2],
    renew: impl FnOnce(),
) {
    let mut process = start(files, &store.path("beside"));
    let address = process.address();
    let connect = |name| handshake(address, authority.roots(), name, &["h2"], &TLS13);
    assert_eq!(peer_certificate(&connect("first.test").await.expect("a handshake")), first.der);
    let mut early = Client::connect(address, authority.roots()).await.expect("it listens");
    let sealed = early.get("/beside").await.expect("an answer");
    assert_eq!(sealed.text(), "Err(PermissionDenied)");

    renew();
    process.signal("HUP");
    // Both outcomes are logged with this word.
    let log = process.logged_up_to("reloaded");
    assert!(log.contains("certificate reloaded") && log.contains("2100-01-01T00:00:00Z"), "{log}");
    assert_eq!(peer_certificate(&connect("second.test").await.expect("a handshake")), second.der);
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
    assert_eq!(peer_certificate(&connect("second.test").await.expect("a handshake")), second.der);
    process.signal("TERM");
    let (code, log) = process.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains(r#""resource":"certificate""#), "{log}");
}

#[tokio::test]
async fn a_sealed_process_reloads_renamed_files() {
    let (store, authority) = (CertificateStore::new(), Authority::new());
    let [first, second] = ["first.test", "second.test"].map(|name| authority.issue(name));
    store.put("tls", "", &first);
    assert_renewal(&store, &store.files("tls"), &authority, [&first, &second], || {
        store.put("tls", ".new", &second);
        for kind in ["crt", "key"] {
            let file = |name: &str| store.path("tls").join(format!("{name}.{kind}"));
            fs::rename(file("tls.new"), file("tls")).expect("renamed");
        }
    })
    .await;
}

/// The layout of certbot: links in one folder to numbered files in another.
#[tokio::test]
async fn a_sealed_process_reloads_replaced_links() {
    let (store, authority) = (CertificateStore::new(), Authority::new());
    let [first, second] = ["first.test", "second.test"].map(|name| authority.issue(name));
    store.put("archive", "1", &first);
    fs::create_dir(store.path("live")).expect("a folder");
    let point = |version: &str| {
        for kind in ["crt", "key"] {
            store.link(&format!("../archive/tls{version}.{kind}"), &format!("live/tls.{kind}"));
        }
    };
    point("1");
    assert_renewal(&store, &store.files("live"), &authority, [&first, &second], || {
        store.put("archive", "2", &second);
        point("2");
    })
    .await;
}

/// The layout of Kubernetes: links through a link to a folder, which is replaced.
#[tokio::test]
async fn a_sealed_process_reloads_a_replaced_folder() {
    let (store, authority) = (CertificateStore::new(), Authority::new());
    let [first, second] = ["first.test", "second.test"].map(|name| authority.issue(name));
    store.put("mount/..1", "", &first);
    store.link("..1", "mount/..data");
    for kind in ["crt", "key"] {
        store.link(&format!("..data/tls.{kind}"), &format!("mount/tls.{kind}"));
    }
    assert_renewal(&store, &store.files("mount"), &authority, [&first, &second], || {
        store.put("mount/..2", "", &second);
        store.link("..2", "mount/..data");
        fs::remove_dir_all(store.path("mount/..1")).expect("removed");
    })
    .await;
}

#[test]
fn an_expired_certificate_is_logged_and_served_and_a_missing_one_fails_the_start() {
    let (store, authority) = (CertificateStore::new(), Authority::new());
    store.put("tls", "", &authority.issue_until("first.test", 2021));
    let mut process = start(&store.files("tls"), &store.path("beside"));
    let log = process.logged_up_to("serving at https://");
    assert!(log.contains("certificate has expired") && log.contains("WARN"), "{log}");
    process.signal("TERM");
    assert_eq!(process.ended().0, Some(0));

    let (code, log) = start(&store.files("elsewhere"), &store.path("beside")).ended();
    assert_eq!(code, Some(3), "{log}");
    assert!(log.contains("elsewhere/tls.crt") && log.contains("check the path"), "{log}");
}

/// The default action of SIGHUP.
#[test]
fn a_process_without_tls_ends_by_sighup() {
    let mut process = Process::start("serving");
    process.address();
    process.signal("HUP");
    assert_eq!(process.ended().0, None, "the signal ends it");
}

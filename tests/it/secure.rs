//! TLS under the enforced seal: certificate and key are read again, a successor takes over, and a stop is clean.

use std::{fs, path::Path, process::Command};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustix::process::Signal;

use crate::process::{Serving, folder, output, text, whatsit};

/// Puts a certificate into `folder`, valid until the first of January of `year`, in the way of its renewal.
fn put(folder: &Path, year: i32) {
    let key = KeyPair::generate().expect("a key");
    let mut parameters = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    parameters.not_before = date_time_ymd(2020, 1, 1);
    parameters.not_after = date_time_ymd(year, 1, 1);
    let certificate = parameters.self_signed(&key).expect("a certificate");
    for (name, content) in [("tls.key", key.serialize_pem()), ("tls.crt", certificate.pem())] {
        fs::write(folder.join("new"), content).expect("a file");
        fs::rename(folder.join("new"), folder.join(name)).expect("renamed");
    }
}

fn serve(folder: &Path, listen: &str) -> Command {
    let files = ["--tls-cert", "tls/tls.crt", "--tls-key", "tls/tls.key"];
    let mut command = whatsit(folder, &["serve", "--reuse-port", "--listen", listen]);
    command.args(files);
    command
}

/// Asserts that a new handshake succeeds, and that what the server says at `path` holds `expected`.
fn expect(folder: &Path, origin: &str, path: &str, expected: &str) {
    let probed = output(folder, &["probe", &format!("{origin}{path}")]);
    let (said, error) = (text(&probed.stdout), text(&probed.stderr));
    assert_eq!(probed.status.code(), Some(0), "{path}: {error}");
    assert!(said.contains(expected), "{path}: {said}");
}

#[test]
fn a_sealed_process_reloads_its_certificate_hands_its_port_over_and_stops() {
    let folder = folder();
    let folder = folder.path();
    assert_eq!(output(folder, &["migrate"]).status.code(), Some(0));
    fs::create_dir(folder.join("tls")).expect("a folder");
    put(&folder.join("tls"), 2100);
    let first = Serving::spawn(serve(folder, "127.0.0.1:0"));
    let origin = first.origin.clone();
    let address = origin.strip_prefix("https://").expect("served by TLS").to_owned();
    expect(folder, &origin, "/readyz", "ready");
    expect(folder, &origin, "/api/stats", "total");

    put(&folder.join("tls"), 2101);
    first.signal(Signal::HUP);
    let ends = first.logged("ends=");
    assert!(ends.contains("2101-01-01"), "{ends}");
    expect(folder, &origin, "/readyz", "ready");

    let second = Serving::spawn(serve(folder, &address));
    first.signal(Signal::TERM);
    let (code, log) = first.wait();
    assert_eq!(code, Some(0), "{log}");
    expect(folder, &origin, "/api/stats", "total");
    second.signal(Signal::TERM);
    let (code, log) = second.wait();
    assert_eq!(code, Some(0), "{log}");
}

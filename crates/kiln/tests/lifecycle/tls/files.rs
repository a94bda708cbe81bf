//! Certificates and keys that cannot be used, and the forms of a key.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use kiln::tls::{Tls, TlsError, TlsFiles, TlsOptions};

use super::certificates::Authority;

fn load(certificate: &Path, key: &Path) -> Result<Tls, TlsError> {
    let files = TlsFiles { certificate: certificate.to_owned(), key: key.to_owned() };
    Tls::load(&TlsOptions { files, hsts_max_age: Duration::ZERO })
}

#[test]
fn an_unusable_pair_is_reported_with_its_file_and_the_remedy() {
    let authority = Authority::new();
    let (issued, other) = (authority.issue("a.test"), authority.issue("b.test"));
    let (certificate, key) = (issued.files().certificate, issued.files().key);
    let written = |name: &str, content: &str| -> PathBuf {
        fs::write(issued.path(name), content).expect("a file");
        issued.path(name)
    };
    let broken = issued.certificate.replace('M', "!");
    let encrypted = issued.key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let unknown = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (certificate, key, named, remedy) in [
        (&issued.path("missing.pem"), &key, "missing.pem", "check the path"),
        (&certificate, &issued.path("missing.pem"), "missing.pem", "check the path"),
        (&written("empty.pem", ""), &key, "empty.pem", "-----BEGIN CERTIFICATE-----"),
        (&certificate, &written("empty.pem", ""), "empty.pem", "-----BEGIN PRIVATE KEY-----"),
        (&key, &key, "tls.key", "no certificate in"),
        (&certificate, &certificate, "tls.crt", "no private key in"),
        (&certificate, &written("locked.pem", &encrypted), "locked.pem", "decrypt"),
        (&written("cut.pem", &issued.certificate[..200]), &key, "cut.pem", "missing end of a section"),
        (&written("broken.pem", &broken), &key, "broken.pem", "invalid Base64"),
        (&written("nonsense.pem", nonsense), &key, "nonsense.pem", "invalid certificate"),
        (&certificate, &written("unknown.pem", unknown), "unknown.pem", "ECDSA"),
        (&certificate, &other.files().key, "tls.key", "does not match the first certificate"),
    ] {
        let message = load(certificate, key).expect_err(named).to_string();
        assert!(message.contains(named) && message.contains(remedy), "{message}");
        let secret = issued.key.lines().nth(1).expect("a line");
        assert!(!message.contains(secret), "{message}");
    }
    load(&certificate, &key).expect("a matching pair");
}

#[test]
fn a_key_is_read_in_each_of_its_forms() {
    let issued = Authority::new().issue("a.test");
    let (certificate, key) = (issued.files().certificate, issued.files().key);
    load(&certificate, &key).expect("PKCS #8");
    // RFC 5915: for P-256, PKCS #8 wraps the last 109 bytes.
    let inner = &issued.key_der[issued.key_der.len() - 109..];
    let inner = BASE64_STANDARD.encode(inner);
    fs::write(&key, format!("-----BEGIN EC PRIVATE KEY-----\n{inner}\n-----END EC PRIVATE KEY-----\n"))
        .expect("a file");
    load(&certificate, &key).expect("SEC1");

    let arguments =
        "req -x509 -newkey rsa:2048 -nodes -subj /CN=a.test -days 2 -out rsa.crt -keyout pkcs8.key";
    for arguments in [arguments, "rsa -in pkcs8.key -traditional -out rsa.key"] {
        let written =
            Command::new("openssl").args(arguments.split(' ')).current_dir(issued.folder.path()).output();
        if !written.is_ok_and(|written| written.status.success()) {
            return eprintln!("SKIPPED: there is no openssl to make a key of RSA");
        }
    }
    let pem = fs::read_to_string(issued.path("rsa.key")).expect("a file");
    assert!(pem.starts_with("-----BEGIN RSA PRIVATE KEY-----"), "openssl made another form");
    load(&issued.path("rsa.crt"), &issued.path("rsa.key")).expect("PKCS #1");
}

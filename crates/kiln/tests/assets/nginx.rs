//! Requests to Kiln and to a real nginx that serves the exported files, by the table in `nginx/table.md`:
//! they agree, or the table says which section of RFC 9110 lets or makes them differ.

mod outcome;
mod server;
mod table;

use std::{collections::HashMap, path::Path};

use kiln::{
    assets::Assets,
    manifest::{Coding, Exposure, Mode},
};
use tempfile::TempDir;

use self::{
    outcome::{Files, outcome},
    server::Nginx,
    table::Row,
};
use crate::{
    client::{Reply, exchange},
    loading::load,
    site::{Build, Site, big},
};

/// Least number of rows in the table.
const ROWS: usize = 120;

/// `Last-Modified` in place of an absent one.
const SOME_DATE: &str = "Tue, 15 Nov 1994 12:45:26 GMT";

/// Values of the placeholders of a row, at one server.
type Validators = HashMap<&'static str, String>;

#[actix_web::test]
async fn kiln_agrees_with_nginx_or_the_table_gives_the_reason() {
    let folder = TempDir::new().expect("a folder");
    let assets = site();
    assets.export(&folder.path().join("site")).expect("an export");
    let nginx = match Nginx::serve(folder.path()) {
        Ok(nginx) => nginx,
        Err(error) => return eprintln!("SKIPPED: {error}"),
    };
    let kiln = Site::serve(assets);

    let rows = table::rows();
    assert!(rows.len() >= ROWS, "only {} rows", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let files = files(folder.path(), row.path());
        let from_nginx = async |request: String| nginx.exchange(&request).await;
        let from_kiln = async |request: String| exchange(kiln.address, &request).await;
        for (server, expected, found) in [
            ("nginx", &row.nginx, judge(row, &files, from_nginx).await),
            ("Kiln", &row.kiln, judge(row, &files, from_kiln).await),
        ] {
            if *expected != found {
                wrong.push(format!("{row}: {server} answered `{found}`, the table says `{expected}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers of {}:\n{}", wrong.len(), 2 * rows.len(), wrong.join("\n"));
}

/// Requests the validators of the resource from a server, then sends the request of the row.
async fn judge(row: &Row, files: &Files, ask: impl AsyncFn(String) -> Vec<u8>) -> String {
    let mut validators = Validators::new();
    for (name, accepted) in [("{identity}", "identity"), ("{gzip}", "gzip")] {
        let wire = ask(row.probe(accepted)).await;
        let (reply, _) = Reply::parse(&wire, wire.len());
        validators.insert(name, reply.header("etag").unwrap_or(r#""none""#).to_owned());
        validators.insert("{date}", reply.header("last-modified").unwrap_or(SOME_DATE).to_owned());
    }
    let wire = ask(row.request(&validators)).await;
    outcome(row.method(), &Reply::parse(&wire, wire.len()).0, files)
}

/// Exported representations of the resource at `path`.
fn files(folder: &Path, path: &str) -> Files {
    let name = if path == "/" { "/index.html" } else { path };
    let read = |coding: Coding| {
        let file = format!("site/public{name}{}", coding.suffix());
        Some((coding.token(), std::fs::read(folder.join(file)).ok()?))
    };
    Coding::ALL.into_iter().filter_map(read).collect()
}

/// A site whose coded bytes are placeholders, one letter each: nginx does not decode them either.
fn site() -> Assets {
    use Coding::{Brotli, Gzip, Identity, Zstd};
    let page: &[u8] = b"<!doctype html><title>Home</title>";
    let files = Build::new(Mode::Release)
        .with(Exposure::Page, "index.html", Some("/"), &[(Identity, page), (Gzip, b"gzip of home")])
        .with(
            Exposure::Verbatim,
            "app.css",
            Some("/app.css"),
            &[(Identity, &[b'i'; 1000]), (Gzip, &[b'g'; 300])],
        )
        .with(
            Exposure::Verbatim,
            "app.js",
            Some("/app.js"),
            &[(Identity, &[b'i'; 900]), (Gzip, &[b'g'; 400]), (Zstd, &[b'z'; 300]), (Brotli, &[b'b'; 200])],
        )
        .with(Exposure::Verbatim, "digits.txt", Some("/digits.txt"), &[(Identity, b"0123456789")])
        .with(Exposure::Verbatim, "empty.txt", Some("/empty.txt"), &[(Identity, b"")])
        .with(Exposure::Verbatim, "big.bin", Some("/big.bin"), &[(Identity, &big())])
        .finish();
    load(files).expect("the site")
}

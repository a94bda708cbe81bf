//! A folder that is rewritten while it is served.

use std::{
    borrow::Cow,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use kiln::{
    assets::Assets,
    manifest::{Coding, Exposure, Mode},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::site::{Build, Files, Site, embedded_file};

static FOLDER: Mutex<Files> = Mutex::new(Files::new());

/// The folder of a debug build: files are read at each call, into memory of their own.
struct Folder;

impl RustEmbed for Folder {
    fn get(file: &str) -> Option<EmbeddedFile> {
        let files = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(file).map(|bytes| embedded_file(Cow::Owned(bytes.clone())))
    }

    fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static {
        std::iter::empty()
    }
}

impl Folder {
    fn write(file: &str, bytes: &[u8]) {
        FOLDER.lock().unwrap_or_else(PoisonError::into_inner).insert(file.to_owned(), bytes.to_vec());
    }
}

/// A folder that is replaced as a whole after the first read of its manifest.
struct Replaced;

static READS: AtomicUsize = AtomicUsize::new(0);

impl RustEmbed for Replaced {
    fn get(file: &str) -> Option<EmbeddedFile> {
        let is_manifest = file == "manifest.json";
        let earlier = READS.fetch_add(usize::from(is_manifest), Ordering::SeqCst);
        let css: &[u8] = if is_manifest && earlier == 0 { b"a{}" } else { b"a{color:red}" };
        built(css).remove(file).map(|bytes| embedded_file(Cow::Owned(bytes)))
    }

    fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static {
        std::iter::empty()
    }
}

#[actix_web::test]
async fn a_folder_that_is_replaced_while_it_is_read_is_read_again() {
    let site = Site::serve(Assets::load::<Replaced>().expect("the later folder"));
    assert_eq!(site.get("/assets/app.css").send().await.text(), "a{color:red}");
}

fn built(css: &[u8]) -> Files {
    Build::new(Mode::Dev)
        .with(Exposure::Page, "index.html", Some("/"), &[(Coding::Identity, b"<title>Home</title>")])
        .with(Exposure::Hashed, "app.css", Some("/assets/app.css"), &[(Coding::Identity, css)])
        .finish()
}

#[actix_web::test]
async fn a_change_is_served_at_the_next_request_once_the_manifest_is_written() {
    for (file, bytes) in built(b"a{}") {
        Folder::write(&file, &bytes);
    }
    let site = Site::serve(Assets::load::<Folder>().expect("the folder"));
    let css = async || site.get("/assets/app.css").send().await;

    let first = css().await;
    assert_eq!((first.status, first.text()), (200, "a{}"));
    assert_eq!(first.header("cache-control"), Some("no-cache"), "nothing is immutable without a hash");
    let page = site.get("/").send().await;
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("connect-src 'self' http://127.0.0.1:*;"), "{policy}");

    let changed = built(b"a{color:red}");
    Folder::write("public/app.css", &changed["public/app.css"]);
    let between = css().await;
    assert_eq!((between.text(), between.header("etag")), ("a{}", first.header("etag")));

    Folder::write("manifest.json", &changed["manifest.json"]);
    let second = css().await;
    assert_eq!((second.status, second.text()), (200, "a{color:red}"));
    assert_ne!(second.header("etag"), first.header("etag"));

    let next = built(b"a{color:green}");
    Folder::write("manifest.json", &next["manifest.json"]);
    assert_eq!(css().await.text(), "a{color:red}", "a manifest without its files is not taken");
    Folder::write("public/app.css", &next["public/app.css"]);
    assert_eq!(css().await.text(), "a{color:green}");
}

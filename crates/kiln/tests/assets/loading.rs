//! Invalid assets are refused at start-up, with help.

use std::{borrow::Cow, cell::RefCell};

use kiln::{
    assets::{Assets, AssetsError},
    manifest::{Coding, Exposure, Mode},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::site::{Build, Files, embedded_file};

thread_local! {
    static FILES: RefCell<Files> = const { RefCell::new(Files::new()) };
}

/// The files of the test that runs on this thread.
pub(crate) struct OnThisThread;

impl RustEmbed for OnThisThread {
    fn get(file: &str) -> Option<EmbeddedFile> {
        FILES.with_borrow(|files| files.get(file).map(|bytes| embedded_file(Cow::Owned(bytes.clone()))))
    }

    fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static {
        std::iter::empty()
    }
}

pub(crate) fn load(files: Files) -> Result<Assets, AssetsError> {
    FILES.set(files);
    Assets::load::<OnThisThread>()
}

fn build() -> Build {
    Build::new(Mode::Release)
}

fn text(result: Result<Assets, AssetsError>) -> String {
    result.expect_err("the assets were loaded").to_string()
}

#[test]
fn an_empty_folder_is_refused_with_help() {
    let message = text(load(Files::new()));
    assert!(message.contains("call kiln_build in build.rs"), "{message}");
}

#[test]
fn a_manifest_of_another_version_is_refused() {
    let message = text(load(Files::from([("manifest.json".to_owned(), b"{}".to_vec())])));
    assert!(message.contains("the same version"), "{message}");
}

#[test]
fn a_missing_or_truncated_file_is_refused() {
    let site =
        || build().with(Exposure::Verbatim, "a.txt", Some("/a.txt"), &[(Coding::Identity, b"abc")]).finish();
    let mut missing = site();
    missing.remove("public/a.txt");
    let message = text(load(missing));
    assert!(message.contains("`public/a.txt` of `a.txt` is not embedded"), "{message}");

    let mut cut = site();
    cut.insert("public/a.txt".to_owned(), b"ab".to_vec());
    let message = text(load(cut));
    assert!(message.contains("has 2 bytes, expected 3"), "{message}");
}

#[test]
fn an_asset_without_identity_is_refused() {
    let files = build().with(Exposure::Verbatim, "a.txt", Some("/a.txt"), &[(Coding::Gzip, b"abc")]).finish();
    assert!(matches!(load(files), Err(AssetsError::NoIdentity { .. })));
}

#[test]
fn unreachable_and_duplicate_urls_are_refused() {
    for url in ["//a.txt", "a.txt", "/../a.txt", "/a%2Fb", "/100%"] {
        let files = build().with(Exposure::Verbatim, "a.txt", Some(url), &[(Coding::Identity, b"")]).finish();
        assert!(matches!(load(files), Err(AssetsError::Url { .. })), "{url}");
    }
    let twice = build().with(Exposure::Verbatim, "a.txt", Some("/a.txt"), &[(Coding::Identity, b"")]).with(
        Exposure::Verbatim,
        "b.txt",
        Some("/%61.txt"),
        &[(Coding::Identity, b"")],
    );
    assert!(matches!(load(twice.finish()), Err(AssetsError::DuplicateUrl { .. })));
}

#[test]
fn a_site_without_a_404_page_answers_in_plain_text() {
    let assets = load(build().finish()).expect("an empty site");
    let request = actix_web::test::TestRequest::get().uri("/missing").to_http_request();
    let response = assets.not_found(&request);
    assert_eq!(response.status(), 404);
    let media_type = response.headers().get("content-type").expect("a media type");
    assert_eq!(media_type, "text/plain; charset=utf-8");
}

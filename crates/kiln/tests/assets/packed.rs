//! A release whose variants lie in the pack: the responses of one in files, and refused when the pack is damaged.

use std::{borrow::Cow, fs, sync::OnceLock};

use kiln::{
    assets::{Assets, AssetsError},
    cli::AssetsCommand,
    manifest::{Coding, Exposure, MANIFEST_FILE, Mode, PACK_FILE},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::{
    loading::load,
    site::{Build, Embedded, Files, MODEL, Site, embedded_file, release, site},
};

/// The site of most tests as one pack, in static memory.
struct Packed;

static MANIFEST: OnceLock<Vec<u8>> = OnceLock::new();
static PACK: OnceLock<Vec<u8>> = OnceLock::new();

impl RustEmbed for Packed {
    fn get(file: &str) -> Option<EmbeddedFile> {
        let cell = match file {
            MANIFEST_FILE => &MANIFEST,
            PACK_FILE => &PACK,
            _ => return None,
        };
        let made = || site().packed().finish().remove(file).expect(file);
        Some(embedded_file(Cow::Borrowed(cell.get_or_init(made))))
    }

    fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static {
        std::iter::empty()
    }
}

fn packed() -> Assets {
    Assets::load::<Packed>().expect("the packed site")
}

#[actix_web::test]
async fn a_packed_site_responds_like_one_in_files() {
    let (one, other) = (Site::start(), Site::serve(packed()));
    let manifest = one.assets.manifest();
    for url in manifest.assets.iter().filter_map(|asset| asset.url.as_deref()) {
        for accepted in ["identity", "gzip", "zstd", "br"] {
            let [one, other] = [&one, &other].map(|site| site.get(url).header("Accept-Encoding", accepted));
            let (one, other) = (one.send().await, other.send().await);
            assert_eq!((one.status, &one.body), (other.status, &other.body), "{url} in {accepted}");
            assert_eq!(one.header("etag"), other.header("etag"), "{url} in {accepted}");
            assert_eq!(one.header("content-encoding"), other.header("content-encoding"), "{url}");
        }
    }
}

#[test]
fn packed_bytes_are_not_copied() {
    let assets = packed();
    let memory = PACK.get().expect("a pack that was read").as_ptr_range();
    for name in ["app.css", "model/model.onnx"] {
        let Some(Cow::Borrowed(bytes)) = assets.contents(name) else { panic!("{name} was copied") };
        assert!(memory.contains(&bytes.as_ptr()), "{name} lies elsewhere");
        assert_eq!(assets.get(name).expect(name).as_ptr(), bytes.as_ptr(), "{name} was copied");
    }
    assert_eq!(assets.contents("model/model.onnx").as_deref(), Some(MODEL));
}

#[test]
fn packed_files_are_listed_and_exported_as_files() {
    let run = |assets: &Assets, command: AssetsCommand| {
        let mut out = Vec::new();
        command.run(assets, &mut out).expect("the command");
        String::from_utf8(out).expect("UTF-8")
    };
    let loose = Assets::load::<Embedded>().expect("the site");
    for command in [AssetsCommand::Ls { json: false }, AssetsCommand::Verify { source: None }] {
        assert_eq!(run(&packed(), command.clone()), run(&loose, command));
    }
    let folder = tempfile::tempdir().expect("a folder");
    run(&packed(), AssetsCommand::Export { dir: folder.path().to_owned() });
    for (name, bytes) in release() {
        assert!(fs::read(folder.path().join(&name)).expect(&name) == bytes, "{name}");
    }
    assert!(!folder.path().join(PACK_FILE).exists());
}

/// A site of two files in the pack: a served one, and a private one behind it.
fn two() -> Files {
    Build::new(Mode::Release)
        .with(Exposure::Verbatim, "a.txt", Some("/a.txt"), &[(Coding::Identity, b"abc")])
        .with(Exposure::Private, "key", None, &[(Coding::Identity, b"secret")])
        .packed()
        .finish()
}

fn with_manifest(from: &str, to: &str) -> Files {
    let mut files = two();
    let manifest = String::from_utf8(files[MANIFEST_FILE].clone()).expect("UTF-8");
    assert_eq!(manifest.matches(from).count(), 1, "{manifest}");
    files.insert(MANIFEST_FILE.to_owned(), manifest.replace(from, to).into_bytes());
    files
}

fn with_pack(bytes: &[u8]) -> Files {
    two().into_iter().chain([(PACK_FILE.to_owned(), bytes.to_vec())]).collect()
}

#[test]
fn a_missing_pack_is_reported_with_the_asset() {
    let mut files = two();
    files.remove(PACK_FILE);
    let message = load(files).expect_err("no pack").to_string();
    assert!(message.starts_with("`assets.pack` of `a.txt` is not embedded; "), "{message}");
}

#[test]
fn a_variant_beyond_the_pack_is_reported_with_the_asset() {
    let beyond = |files: Files, length: u64| {
        let message = load(files).expect_err("too short a pack").to_string();
        let expected =
            format!("`public/a.txt` of `a.txt` is not in `assets.pack`, which has {length} bytes; ");
        assert!(message.starts_with(&expected), "{message}");
    };
    beyond(with_pack(b"ab"), 2);
    beyond(with_manifest("\"offset\": 0", "\"offset\": 7"), 9);
    beyond(with_manifest("\"offset\": 0", "\"offset\": 18446744073709551615"), 9);
    beyond(with_manifest("\"length\": 3", "\"length\": 10"), 9);
}

#[test]
fn a_place_with_more_than_an_offset_is_of_another_version() {
    for place in ["\"offset\": 0, \"end\": 3", "\"offset\": -1", "\"start\": 0"] {
        let refused = load(with_manifest("\"offset\": 0", place));
        assert!(matches!(refused, Err(AssetsError::Manifest(_))), "{place}");
    }
}

#[test]
fn verify_names_the_variant_with_a_changed_byte() {
    let faults = |pack: &[u8]| {
        let audit = load(with_pack(pack)).expect("the lengths are right").verify();
        audit.faults.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(faults(b"abcsecret"), [""; 0]);
    for position in 0..9 {
        let mut pack = *b"abcsecret";
        pack[position] ^= 1;
        let named = if position < 3 { "public/a.txt of a.txt has" } else { "public/key of key has" };
        let found = faults(&pack);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(named), "{found:?}");
    }
    assert_eq!(faults(b"abcsecre"), ["public/key of key is missing"]);
}

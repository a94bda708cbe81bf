//! The pack of a release, and names of variants.

use kiln_manifest::{Digest, Mode, Place};

use crate::project::{Project, files};

#[test]
fn small_files_of_a_release_lie_in_a_pack_and_large_ones_do_not() {
    let project = Project::new("private = [\"secret/**\"]\nverbatim = [\"*.bin\", \"*.txt\"]")
        .file("assets/index.html", "<title>Site</title>")
        .file("assets/notes.txt", "a text that compresses well. ".repeat(3_000))
        .file("assets/large.bin", vec![7; 65_537])
        .file("assets/small.bin", vec![7; 65_536])
        .file("assets/empty.bin", "")
        .file("assets/secret/key.txt", "key");
    let out = project.config(Mode::Release).expect("configuration").out;
    let written = || files(&out).into_keys().collect::<Vec<_>>();

    let output = project.build(Mode::Release);
    let expected = [
        "kiln.lock",
        "kiln/assets.pack",
        "kiln/manifest.json",
        "kiln/public/large.bin",
        "kiln/public/notes.txt",
        "kiln_assets.rs",
    ];
    assert_eq!(written(), expected);
    let packed: Vec<_> = output
        .report
        .manifest
        .assets
        .iter()
        .flat_map(|asset| &asset.variants)
        .filter_map(|variant| match variant.place {
            Place::Pack { offset } => Some((variant, offset)),
            Place::File => None,
        })
        .collect();
    let names: Vec<_> = packed.iter().map(|(variant, _)| variant.file.as_str()).collect();
    let expected = [
        "public/empty.bin",
        "public/index.html",
        "public/notes.txt.gz",
        "public/notes.txt.zst",
        "public/notes.txt.br",
        "private/secret/key.txt",
        "public/small.bin",
    ];
    assert_eq!(names, expected);
    let mut end = 0;
    for (variant, offset) in packed {
        assert_eq!(offset, end, "{}", variant.file);
        assert_eq!(Digest::of(&output.files[&format!("kiln/{}", variant.file)]), variant.digest);
        end += variant.length;
    }
    assert_eq!(output.files["kiln/assets.pack"].len() as u64, end);

    let project =
        project.without("assets/index.html").without("assets/notes.txt").without("assets/empty.bin");
    let project = project.without("assets/small.bin").without("assets/secret/key.txt");
    project.build(Mode::Release);
    assert_eq!(written(), ["kiln.lock", "kiln/manifest.json", "kiln/public/large.bin", "kiln_assets.rs"]);
}

#[test]
fn a_development_build_has_no_pack() {
    let project = Project::new("").file("assets/a.txt", "a");
    project.build(Mode::Release);
    let output = project.build(Mode::Dev);
    let places = output.report.manifest.assets.iter().flat_map(|asset| &asset.variants);
    assert!(places.map(|variant| variant.place).all(|place| place == Place::File));
    assert!(!output.names().contains(&"kiln/assets.pack"), "{:?}", output.names());
    assert_eq!(output.text("a.txt"), "a");
}

#[test]
fn an_asset_may_have_the_name_of_a_variant() {
    let (text, packed) = ("a text that compresses well. ".repeat(100), [31, 139, 8, 0, 42]);
    let output = Project::new("verbatim = [\"notes.txt*\"]")
        .file("assets/notes.txt", &text)
        .file("assets/notes.txt.GZ", packed)
        .file("assets/notes.txt.br", packed)
        .build(Mode::Release);
    let assets = &output.report.manifest.assets;
    for asset in assets {
        for variant in &asset.variants {
            let written = &output.files[&format!("kiln/{}", variant.file)];
            assert_eq!(kiln_manifest::Digest::of(written), variant.digest, "{}", variant.file);
        }
    }
    let files: Vec<&str> =
        assets.iter().flat_map(|asset| &asset.variants).map(|variant| variant.file.as_str()).collect();
    let mut distinct: Vec<String> = files.iter().map(|file| file.to_lowercase()).collect();
    distinct.sort();
    distinct.dedup();
    assert_eq!((assets.len(), files.len(), distinct.len()), (3, 6, 6), "{files:?}");
}

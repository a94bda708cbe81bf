//! A real Vite build: `examples/keep-your-vite`.

use std::{path::Path, process::Command};

use kiln_manifest::{Asset, Digest, Exposure, Mode};

use crate::{project::Project, supervised::Supervised};

pub(crate) const TESTS: &[(&str, fn())] = &[("the_example_with_vite_is_embedded_completely", keeps_its_vite)];

fn keeps_its_vite() {
    if Command::new("npm").arg("--version").output().is_err() {
        eprintln!("SKIPPED: npm is not here, and Vite comes from it");
        return;
    }
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/keep-your-vite");
    let names = [
        "Cargo.toml",
        "package.json",
        "package-lock.json",
        "vite.config.js",
        "web/index.html",
        "web/main.ts",
        "web/lazy.ts",
        "web/style.css",
        "web/logo.svg",
    ];
    let project = names.into_iter().fold(Project::new("").supervised(), |project, name| {
        project.file(name, std::fs::read(example.join(name)).expect(name))
    });
    let output = project.build(Mode::Release);
    let assets = &output.report.manifest.assets;
    let page = output.text("index.html");
    for asset in assets.iter().filter(|asset| asset.exposure == Exposure::Hashed) {
        assert_eq!(asset.url, Some(format!("/{}", asset.path)), "the name that Vite gave");
    }
    let of_type = |extension: &str| -> Vec<&Asset> {
        let hashed = assets.iter().filter(|asset| asset.exposure == Exposure::Hashed);
        hashed.filter(|asset| asset.path.extension() == Some(extension)).collect()
    };
    let ([style], [image]) = (&of_type("css")[..], &of_type("svg")[..]) else {
        panic!("one style and one image in {assets:?}")
    };
    let style_text = output.text(style.path.as_str());
    assert!(page.contains(&Digest::of(style_text.as_bytes()).integrity()), "{page}");
    assert!(style_text.contains(image.path.file_name()), "the style refers to the image as Vite named it");
    let (entries, others): (Vec<_>, Vec<_>) =
        of_type("js").into_iter().partition(|script| page.contains(script.url.as_deref().expect("a URL")));
    let ([entry], [lazy]) = (&entries[..], &others[..]) else {
        panic!("an entry, and what it loads later, in {assets:?}")
    };
    let entry_text = output.text(entry.path.as_str());
    assert!(entry_text.contains(lazy.path.file_name()), "the entry loads the other as Vite named it");
    assert!(page.contains(&Digest::of(entry_text.as_bytes()).integrity()), "{page}");
    assert!(entry.variants.len() > 1, "compressed");
}

//! Builds without the toolchain: pages, and finished files of other tools. Run by `make features`.
#![cfg(not(feature = "toolchain"))]

#[allow(dead_code)]
#[path = "build/project.rs"]
mod project;

use kiln_manifest::{Exposure, Mode};

use self::project::{Project, rendered};

#[test]
fn a_finished_folder_is_embedded_unchanged() {
    let script = "import \"./part.js\";\n".repeat(100);
    let output = Project::new("hashed = [\"assets/*\"]")
        .file("assets/notes.txt", "")
        .file("assets/app.css", "a { background: url(logo.svg) }")
        .file("assets/app.js", &script)
        .file("assets/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("assets/assets/part-1234abcd.js", "")
        .build(Mode::Release);
    let assets = output.report.manifest.assets.iter();
    let served: Vec<_> = assets
        .map(|asset| (asset.url.as_deref().expect("a URL"), asset.exposure, asset.variants.len()))
        .collect();
    let expected = [
        ("/app.css", Exposure::Verbatim, 1),
        ("/app.js", Exposure::Verbatim, 2),
        ("/assets/part-1234abcd.js", Exposure::Hashed, 1),
        ("/logo.svg", Exposure::Verbatim, 1),
        ("/notes.txt", Exposure::Verbatim, 1),
    ];
    assert_eq!(served, expected);
    assert_eq!(output.text("app.js"), script);
}

#[test]
fn a_page_gives_integrity_to_a_script_that_keeps_its_name() {
    let output = Project::new("")
        .file("assets/index.html", "<script type=module src=app.js></script>")
        .file("assets/app.js", "import \"./part.js\";\n")
        .file("assets/part.js", "")
        .build(Mode::Release);
    let integrity = kiln_manifest::Digest::of(b"import \"./part.js\";\n").integrity();
    let expected = format!("<script integrity=\"{integrity}\" type=module src=/app.js></script>");
    assert_eq!(output.text("index.html"), expected);
}

#[test]
fn a_source_that_requires_a_compiler_is_an_error_that_names_the_feature() {
    for name in ["app.ts", "app.scss"] {
        let project = Project::new("").file(&format!("assets/{name}"), "");
        let error = rendered(&project.try_build(Mode::Release).map(drop).expect_err("built"));
        assert!(error.contains(name) && error.contains("\"toolchain\""), "{error}");
    }
}

#[test]
fn a_coding_that_requires_a_compressor_is_an_error_that_names_the_feature() {
    let project = Project::new("compression = { codings = [\"zstd\"] }").file("assets/index.html", "");
    let error = rendered(&project.try_build(Mode::Release).map(drop).expect_err("built"));
    assert!(error.contains("Cargo.toml") && error.contains("\"toolchain\""), "{error}");
}

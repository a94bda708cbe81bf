//! What a build without some of the languages makes of their sources. Compiled with fewer features only:
//! `make features`.

use kiln_manifest::Mode;

use crate::project::{Project, rendered};

#[cfg(not(any(feature = "pages", feature = "scripts", feature = "styles")))]
#[test]
fn without_languages_a_finished_folder_is_embedded_as_it_is() {
    use kiln_manifest::Exposure;

    let script = "import \"./part.js\";\n".repeat(100);
    let output = Project::new("hashed = [\"assets/*\"]")
        .file("assets/index.html", "<link rel=stylesheet href=app.css><script src=app.js></script>")
        .file("assets/app.css", "a { background: url(logo.svg) }")
        .file("assets/app.js", &script)
        .file("assets/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("assets/assets/part-1234abcd.js", "")
        .build(Mode::Release);
    let served: Vec<_> = output
        .report
        .manifest
        .assets
        .iter()
        .map(|asset| (asset.url.as_deref().expect("a URL"), asset.exposure, asset.variants.len()))
        .collect();
    let codings = [true, cfg!(feature = "gzip"), cfg!(feature = "zstd"), cfg!(feature = "brotli")];
    let codings = codings.into_iter().filter(|is_made| *is_made).count();
    let expected = [
        ("/app.css", Exposure::Verbatim, 1),
        ("/app.js", Exposure::Verbatim, codings),
        ("/assets/part-1234abcd.js", Exposure::Hashed, 1),
        ("/", Exposure::Page, 1),
        ("/logo.svg", Exposure::Verbatim, 1),
    ];
    assert_eq!(served, expected);
    assert_eq!(output.text("app.js"), script);
}

#[cfg(all(feature = "pages", not(feature = "scripts")))]
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

#[cfg(not(feature = "scripts"))]
#[test]
fn without_scripts_typescript_is_an_error_that_names_the_feature() {
    let project = Project::new("").file("assets/app.ts", "");
    let told = rendered(&project.try_build(Mode::Release).map(drop).expect_err("built"));
    assert!(told.contains("assets/app.ts") && told.contains("\"scripts\""), "{told}");
}

#[cfg(not(feature = "sass"))]
#[test]
fn without_sass_its_sources_are_an_error_that_names_the_feature() {
    let project = Project::new("").file("assets/app.scss", "");
    let told = rendered(&project.try_build(Mode::Release).map(drop).expect_err("built"));
    assert!(told.contains("assets/app.scss") && told.contains("\"sass\""), "{told}");
}

#[cfg(all(feature = "styles", not(feature = "tailwind")))]
#[test]
fn without_tailwind_a_sheet_that_needs_it_is_an_error_that_names_the_feature() {
    let project = Project::new("entries = [\"app.css\"]").file("assets/app.css", "@import \"tailwindcss\";");
    let told = rendered(&project.try_build(Mode::Release).map(drop).expect_err("built"));
    assert!(told.contains("assets/app.css") && told.contains("\"tailwind\""), "{told}");
}

#[cfg(not(feature = "zstd"))]
#[test]
fn a_coding_whose_compressor_is_off_is_an_error_that_names_the_feature() {
    let project = Project::new("compression = { codings = [\"zstd\"] }").file("assets/index.html", "");
    let told = rendered(&project.try_build(Mode::Release).map(drop).expect_err("built"));
    assert!(told.contains("Cargo.toml") && told.contains("add \"zstd\" to the features"), "{told}");
}

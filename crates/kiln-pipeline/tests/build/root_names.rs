//! Files that are served under their own names: those for which clients ask at the root, `public/`, and `verbatim`.

use kiln_manifest::{Exposure, Mode};

use crate::project::Project;

#[test]
fn names_for_which_clients_ask_at_the_root_are_kept() {
    let names = [
        ".well-known/security.txt",
        "ads.txt",
        "apple-touch-icon-120x120.png",
        "apple-touch-icon.png",
        "browserconfig.xml",
        "favicon.ico",
        "google0123456789abcdef.html",
        "humans.txt",
        "robots.txt",
        "sitemap.xml",
    ];
    let project = names.iter().fold(Project::new(""), |project, name| match name.rsplit('.').next() {
        Some("png") => project.file(&format!("assets/{name}"), PNG),
        Some("ico") => project.file(&format!("assets/{name}"), ICO),
        _ => project.file(&format!("assets/{name}"), "text\n"),
    });
    let output = project.assets(&[("deep/robots.txt", "")]).build(Mode::Release);
    for name in names {
        assert_eq!(output.url(name), format!("/{name}"));
        assert_eq!(output.asset(name).exposure, Exposure::Verbatim, "{name}");
    }
    assert!(output.url("deep/robots.txt").starts_with("/assets/deep/robots-"), "only at the root");
}

#[test]
fn a_web_manifest_at_the_root_keeps_its_name_and_refers_to_fingerprinted_icons() {
    let manifest = "{ \"icons\": [{ \"src\": \"icon.png\" }] }";
    let output = Project::new("")
        .file("assets/icon.png", PNG)
        .assets(&[
            ("index.html", "<link rel=manifest href=manifest.webmanifest>"),
            ("manifest.webmanifest", manifest),
        ])
        .build(Mode::Release);
    assert_eq!(output.url("manifest.webmanifest"), "/manifest.webmanifest");
    assert_eq!(output.text("index.html"), "<link rel=manifest href=/manifest.webmanifest>");
    assert_eq!(output.text("manifest.webmanifest"), manifest.replace("icon.png", &output.url("icon.png")));
}

#[test]
fn verbatim_adds_names_and_takes_names_out() {
    let output = Project::new("verbatim = [\"key.txt\", \"!sitemap.xml\"]")
        .assets(&[("key.txt", "k"), ("robots.txt", "r"), ("sitemap.xml", "s")])
        .build(Mode::Release);
    assert_eq!(output.url("key.txt"), "/key.txt");
    assert_eq!(output.url("robots.txt"), "/robots.txt");
    assert!(output.url("sitemap.xml").starts_with("/assets/sitemap-"), "{}", output.url("sitemap.xml"));
}

#[test]
fn files_in_public_are_served_unchanged_at_the_root() {
    let script = "import \"./nothing\";\n";
    let page = "<!doctype html><title>About</title><img src=logo.png>";
    let output = Project::new("")
        .assets(&[("index.html", "<img src=/img/dot.png><script src=/old.js></script>")])
        .file("public/img/dot.png", PNG)
        .file("public/old.js", script)
        .file("public/about.html", page)
        .build(Mode::Release);
    for (name, content) in [("old.js", script), ("about.html", page)] {
        assert_eq!((output.url(name), output.text(name)), (format!("/{name}"), content.to_owned()));
    }
    assert!(output.text("index.html").starts_with("<img src=/img/dot.png>"), "{}", output.text("index.html"));
    let sources = output.report.manifest.sources.iter().map(|source| source.path.as_str());
    assert!(sources.clone().any(|source| source == "public/old.js"), "{:?}", sources.collect::<Vec<_>>());
}

#[test]
fn a_file_in_public_replaces_none_in_assets() {
    let error = Project::new("")
        .assets(&[("robots.txt", "a")])
        .file("public/robots.txt", "b")
        .try_build(Mode::Release)
        .expect_err("two files for one URL");
    assert_eq!(error.to_string(), "public/robots.txt: same asset name as `assets/robots.txt`");
}

#[test]
fn a_transport_stream_is_no_script_and_its_playlist_names_it() {
    let packets = [&[0x47, 0x40, 0, 0x10][..], &[0xff; 184]].concat().repeat(2);
    let playlist =
        "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"key.bin\"\n#EXTINF:4,\nseg0.ts\n#EXT-X-ENDLIST\n";
    let output = Project::new("")
        .assets(&[("index.html", "<video src=hls/i.m3u8></video>"), ("hls/i.m3u8", playlist)])
        .file("assets/hls/seg0.ts", packets)
        .file("assets/hls/key.bin", "key")
        .build(Mode::Release);
    assert_eq!(output.asset("hls/seg0.ts").media_type, "video/mp2t");
    assert_eq!(output.text("index.html"), format!("<video src={}></video>", output.url("hls/i.m3u8")));
    let rewritten = playlist.replace("key.bin", &output.url("hls/key.bin"));
    assert_eq!(output.text("hls/i.m3u8"), rewritten.replace("seg0.ts", &output.url("hls/seg0.ts")));
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const ICO: &[u8] = b"\0\0\x01\0";

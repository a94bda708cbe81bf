//! URLs that other machines read, absolute URLs of the site, and the origin of hashed assets.

use kiln_manifest::{CorsSetting, Destination, Mode};

use crate::project::{Output, Project, rendered};

const SITE: &str = "site = \"https://site.test\"\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn project(options: &str, html: &str) -> Project {
    Project::new(options).file("assets/index.html", html).file("assets/cover.png", PNG)
}

fn release(options: &str, html: &str) -> Output {
    project(options, html).build(Mode::Release)
}

#[test]
fn metadata_for_other_machines_is_absolute_and_hashed() {
    let html = "<meta property=\"og:image\" content=\"cover.png\"><meta name=\"twitter:image\" content=\"https://site.test/cover.png\">\
                <meta property=og:url content=\"/\"><link rel=canonical href=\"/\"><link rel=alternate hreflang=de href=\"/de/1\">\
                <link rel=icon href=cover.png>\
                <script type=\"application/ld+json\">{\"image\": [\"https://site.test/cover.png\", \"cover.png#x\"], \"name\": \"cover.png\", \"url\": \"/about.html\", \"id\": \"https://other.test/cover.png\"}</script>";
    let output = project(SITE, html).file("assets/about.html", "").build(Mode::Release);
    let cover = output.url("cover.png");
    let expected = format!(
        "<meta property=\"og:image\" content=\"https://site.test{cover}\"><meta name=\"twitter:image\" content=\"https://site.test{cover}\">\
         <meta property=og:url content=\"https://site.test/\"><link rel=canonical href=\"https://site.test/\"><link rel=alternate hreflang=de href=\"https://site.test/de/1\">\
         <link rel=icon href={cover}>\
         <script type=\"application/ld+json\">{{\"image\": [\"https://site.test{cover}\", \"https://site.test{cover}#x\"], \"name\": \"cover.png\", \"url\": \"https://site.test/about\", \"id\": \"https://other.test/cover.png\"}}</script>"
    );
    assert_eq!(output.text("index.html"), expected);
    assert!(output.report.warnings.is_empty(), "{:?}", output.report.warnings);
}

#[test]
fn an_absolute_url_of_the_site_that_names_a_file_is_rewritten() {
    let html = "<a href=https://site.test/shop/about.html>a</a><img src=https://site.test/shop/cover.png>\
                <a href=https://site.test/shop/orders/1>b</a><img src=https://site.test/cover.png>\
                <img src=https://site.test.evil/shop/cover.png>";
    let options = "site = \"https://site.test/\"\nmount = \"/shop/\"";
    let output = project(options, html).file("assets/about.html", "").build(Mode::Release);
    let expected = format!(
        "<a href=https://site.test/shop/about>a</a><img src=https://site.test{}>\
         <a href=https://site.test/shop/orders/1>b</a><img src=https://site.test/cover.png>\
         <img src=https://site.test.evil/shop/cover.png>",
        output.url("cover.png")
    );
    assert_eq!(output.text("index.html"), expected);
    let warnings = &output.report.warnings;
    assert!(warnings.iter().all(|one| one.contains("https://site.test.evil")), "{warnings:?}");
    assert_eq!(warnings.len(), 1);
}

#[test]
fn a_relative_url_for_other_machines_is_a_warning_without_a_site() {
    let html = "<meta property=og:image content=cover.png>\n<meta name=twitter:image content=https://site.test/cover.png>\n\
                <link rel=canonical href=/>\n<script type=application/ld+json>{\"image\": \"cover.png\"}</script>\n\
                <link rel=canonical href=https://site.test/><meta property=og:title content=cover.png>";
    let output = release("", html);
    let expected = [
        "assets/index.html:1:33: `og:image` with a relative URL, which other sites do not resolve; add `site = \"https://…\"` to [package.metadata.kiln]",
        "assets/index.html:2:34: `twitter:image` names `/cover.png`, but the file is served under a hashed name; add `site = \"https://site.test\"` to [package.metadata.kiln]",
        "assets/index.html:3:26: `canonical` with a relative URL, which other sites do not resolve; add `site = \"https://…\"` to [package.metadata.kiln]",
        "assets/index.html:4:45: `cover.png` in JSON-LD is a relative URL, which crawlers do not resolve; add `site = \"https://…\"` to [package.metadata.kiln]",
        "assets/index.html:5:77: path `cover.png` in `content` not rewritten, but the file is served under a hashed name; add `verbatim = [\"cover.png\"]` to [package.metadata.kiln]",
    ];
    assert_eq!(output.report.warnings, expected);
}

const CDN: &str = "asset-origin = \"https://cdn.test\"\n";
const APP: &str = "<link rel=stylesheet href=app.css><script src=old.js></script><script type=module src=app.ts></script>\
                   <img src=cover.png><svg><use href=i.svg#a /></svg><a download href=cover.png>x</a><a href=about.html>y</a>";

fn on_cdn(options: &str, files: &[(&str, &str)]) -> Project {
    let files = [
        &[
            ("about.html", ""),
            ("app.css", ".a { background: url(cover.png) }"),
            ("app.ts", "import('./lazy.ts'); console.log(new URL('./cover.png', import.meta.url));"),
            ("i.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><g id=\"a\"/></svg>"),
            ("lazy.ts", "console.log(1);"),
            ("old.js", "var a = 1;"),
        ],
        files,
    ]
    .concat();
    let project = project(&format!("{CDN}{options}"), APP);
    files.into_iter().fold(project, |project, (name, text)| project.file(&format!("assets/{name}"), text))
}

#[test]
fn hashed_urls_of_a_release_have_the_origin_of_assets() {
    let output = on_cdn("", &[]).build(Mode::Release);
    let cdn = |name: &str| format!("https://cdn.test{}", output.url(name));
    let page = output.text("index.html");
    for expected in [
        format!("rel=stylesheet href={}", cdn("app.css")),
        format!("src={}", cdn("old.js")),
        format!("type=module src={}", cdn("app.js")),
        format!("<img src={}>", cdn("cover.png")),
        format!("<use href={}#a />", output.url("i.svg")),
        format!("<a download href={}>", output.url("cover.png")),
        "<a href=/about>".to_owned(),
    ] {
        assert!(page.contains(&expected), "{expected} in {page}");
    }
    assert_eq!(page.matches(" crossorigin").count(), 2, "the style sheet and the classic script: {page}");
    assert!(output.text("app.css").contains(&cdn("cover.png")));
    let app = output.text("app.js");
    assert!(app.contains(&cdn("cover.png")) && app.contains(&cdn("chunks/lazy.js")), "{app}");
    assert!(output.url("app.js").starts_with("/assets/app-"), "the server routes by paths");
}

#[test]
fn headers_preloads_and_policy_follow_the_origin_of_assets() {
    let output = on_cdn("", &[]).build(Mode::Release);
    let preloads = &output.asset("index.html").preloads;
    let found: Vec<_> = preloads.iter().map(|one| (one.destination, one.cors)).collect();
    let expected = [
        (Destination::Style, CorsSetting::Anonymous),
        (Destination::Script, CorsSetting::Anonymous),
        (Destination::Module, CorsSetting::NoCors),
    ];
    assert_eq!(found, expected);
    assert!(preloads.iter().all(|one| one.url.starts_with("https://cdn.test/assets/")), "{preloads:?}");
    let policy = output.policy("index.html");
    for directive in ["script-src", "style-src", "font-src", "connect-src", "media-src"] {
        let expected = format!("{directive} 'self' https://cdn.test");
        assert!(policy.split("; ").any(|one| one == expected), "{expected} in {policy}");
    }
    let shared = ("access-control-allow-origin".to_owned(), "*".to_owned());
    assert_eq!(output.asset("app.js").headers, [shared]);
    assert!(output.asset("index.html").headers.is_empty());
    let table = String::from_utf8(output.files["kiln_assets.rs"].clone()).expect("UTF-8");
    assert!(table.contains(&format!("{{ \"https://cdn.test{}\" }}", output.url("cover.png"))), "{table}");
}

#[test]
fn a_development_build_has_one_origin() {
    let output = on_cdn("", &[]).build(Mode::Dev);
    assert!(output.files.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("cdn.test")));
}

const WORKER: (&str, &str) = (
    "app.ts",
    "console.log(new Worker(new URL('./w.ts', import.meta.url)), new URL('/robots.txt', import.meta.url));",
);

#[test]
fn workers_keep_the_origin_of_the_site() {
    let files = [WORKER, ("w.ts", "import('./lazy.ts');"), ("robots.txt", "")];
    let output = on_cdn(SITE, &files).build(Mode::Release);
    let (app, worker) = (output.text("app.js"), output.text("w.js"));
    assert!(app.contains(&format!("https://site.test{}", output.url("w.js"))), "{app}");
    assert!(app.contains("https://site.test/robots.txt"), "{app}");
    assert!(worker.contains(&format!("https://cdn.test{}", output.url("chunks/lazy.js"))), "{worker}");
}

#[test]
fn a_worker_on_another_origin_is_an_error_without_a_site() {
    let error = on_cdn("", &[WORKER, ("w.ts", "postMessage(1);"), ("robots.txt", "")]);
    let error = rendered(&error.try_build(Mode::Release).expect_err("an error"));
    for expected in [
        "`w.js` is loaded from the origin of the page alone",
        "`robots.txt` is loaded from the origin of the page alone",
        "[assets/app.ts:1:32]",
        "add `site = \"https://…\"`",
    ] {
        assert!(error.contains(expected), "{expected} in {error}");
    }
}

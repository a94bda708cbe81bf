//! The output of a build: names, URLs, variants, manifest, reports.

use kiln_manifest::{Coding, Digest, Directive, Exposure, LogicalPath, Mode};

use crate::project::{Output, Project, files};

const PAGE: &str = r#"<!doctype html>
<title>Site</title>
<link rel="icon" href="img/logo.svg#mark">
<link rel="stylesheet" href="css/app.css">
<style>p { color: red }</style>
<script>document.title += "!";</script>
<script type="module" src="app.ts"></script>
<img srcset="img/logo.svg 1x, /img/logo.svg?v=2 2x" src="https://example.org/x.png" alt="">
<a href="about">About</a> <a href="/f/1">Route</a> <a href="mailto:a@example.org">Mail</a>
"#;

fn site() -> Project {
    Project::new("private = [\"secret/**\"]\nprefix = \"/static/\"")
        .file("assets/index.html", PAGE)
        .file("assets/about.html", "<!doctype html><a href=\"index.html\">Back</a>")
        .file("assets/docs/index.html", "<!doctype html><script src=\"../classic.js\"></script>")
        .file("assets/classic.js", "window.classic = true;\n")
        .file(
            "assets/app.ts",
            "import logo from \"./img/logo.svg\";\nimport(\"./lazy\").then((lazy) => lazy.show(logo));\n",
        )
        .file("assets/lazy.ts", "export const show = (url: string): void => console.log(url);\n")
        .file("assets/unused.ts", "console.log(\"unused\");\n")
        .file(
            "assets/css/app.css",
            "@import \"./base.css\" layer(base);\n.a { background: url(../img/logo.svg) }\n",
        )
        .file("assets/css/base.css", ".b { mask: url(\"../img/logo.svg#m\"); & .c { color: #ff0000 } }\n")
        .file("assets/img/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n")
        .file("assets/secret/key.txt", "key\n")
        .file("assets/robots.txt", "User-agent: *\n")
        .file("assets/.DS_Store", "temporary")
        .file("assets/app.ts~", "temporary")
}

#[test]
fn a_development_build_keeps_names_and_compresses_nothing() {
    let output = site().build(Mode::Dev);
    let paths: Vec<&str> = output.report.manifest.assets.iter().map(|asset| asset.path.as_str()).collect();
    let expected = [
        "about.html",
        "app.js",
        "app.js.map",
        "chunks/lazy.js",
        "chunks/lazy.js.map",
        "chunks/rolldown-runtime.js",
        "classic.js",
        "css/app.css",
        "css/app.css.map",
        "docs/index.html",
        "img/logo.svg",
        "index.html",
        "kiln/listen.js",
        "kiln/reload.js",
        "robots.txt",
        "secret/key.txt",
    ];
    assert_eq!(paths, expected);
    let beside = ["kiln.lock", "kiln/manifest.json", "kiln_assets.rs"];
    assert_eq!(output.files.len(), expected.len() + beside.len(), "{:?}", output.names());
    assert_eq!(output.url("app.js"), "/static/app.js");
    let logo = "/static/img/logo.svg";
    insta::assert_snapshot!("dev_page", output.text("index.html"));
    assert!(output.text("app.js").contains(&format!("\"{logo}\"")), "{}", output.text("app.js"));
    assert!(
        output.text("app.js").contains("import(\"/static/chunks/lazy.js\")"),
        "{}",
        output.text("app.js")
    );
    assert!(output.text("css/app.css").contains(logo));
}

#[test]
fn a_release_build_names_files_by_their_content() {
    let output = site().build(Mode::Release);
    insta::assert_snapshot!("release_page", output.text("index.html"));
    insta::assert_snapshot!("release_style", output.text("css/app.css"));
    insta::assert_snapshot!("release_table", String::from_utf8_lossy(&output.files["kiln_assets.rs"]));
    for asset in &output.report.manifest.assets {
        for variant in &asset.variants {
            let bytes = &output.files[&format!("kiln/{}", variant.file)];
            assert_eq!(variant.digest, Digest::of(bytes), "{}", variant.file);
            assert_eq!(variant.length, bytes.len() as u64, "{}", variant.file);
        }
        if asset.exposure == Exposure::Hashed {
            let url = asset.url.as_deref().expect("hashed assets have a URL");
            assert!(url.contains(&asset.variants[0].digest.fingerprint()), "{url}");
        }
    }
}

#[test]
fn integrity_and_policy_hashes_match_the_served_bytes() {
    let output = site().build(Mode::Release);
    let page = output.text("index.html");
    for asset in ["app.js", "css/app.css"] {
        let integrity = Digest::of(output.text(asset).as_bytes()).integrity();
        assert!(page.contains(&format!("integrity=\"{integrity}\"")), "{asset}: {page}");
    }
    assert_eq!(
        output.hashes("index.html", Directive::StyleSrc),
        [Digest::of(b"p { color: red }").integrity()]
    );
    assert_eq!(
        output.hashes("index.html", Directive::ScriptSrc),
        [Digest::of(b"document.title += \"!\";").integrity()]
    );
}

#[test]
fn pages_have_pretty_urls_and_private_files_none() {
    let manifest = site().build(Mode::Release).report.manifest;
    let urls: Vec<_> = manifest
        .assets
        .iter()
        .filter(|asset| asset.exposure != Exposure::Hashed)
        .map(|asset| (asset.path.as_str(), asset.url.as_deref()))
        .collect();
    let expected = [
        ("about.html", Some("/about")),
        ("docs/index.html", Some("/docs/")),
        ("index.html", Some("/")),
        ("robots.txt", Some("/robots.txt")),
        ("secret/key.txt", None),
    ];
    assert_eq!(urls, expected);
}

#[test]
fn a_changed_leaf_changes_the_names_of_its_referrers_and_no_others() {
    let before = site().build(Mode::Release);
    let after = site()
        .file("assets/lazy.ts", "export const show = (url: string) => alert(url);\n")
        .build(Mode::Release);
    assert_ne!(before.url("chunks/lazy.js"), after.url("chunks/lazy.js"));
    assert_ne!(before.url("app.js"), after.url("app.js"));
    for same in ["css/app.css", "img/logo.svg", "classic.js"] {
        assert_eq!(before.url(same), after.url(same));
    }
    assert!(after.text("index.html").contains(&after.url("app.js")));
}

#[test]
fn modules_that_import_each_other_are_named_together() {
    let cycle = |b: &str| {
        Project::new("entries = [\"a.ts\", \"b.ts\"]")
            .file("assets/a.ts", "export const load = () => import(\"./b\");\nconsole.log(\"a\");\n")
            .file(
                "assets/b.ts",
                format!("export const back = () => import(\"./a\");\nconsole.log(\"{b}\");\n"),
            )
            .build(Mode::Release)
    };
    let (one, same, other) = (cycle("b"), cycle("b"), cycle("c"));
    assert!(one.text("a.js").contains(&one.url("b.js")), "{}", one.text("a.js"));
    assert!(one.text("b.js").contains(&one.url("a.js")), "{}", one.text("b.js"));
    assert_eq!(one.files, same.files);
    assert_ne!(one.url("a.js"), other.url("a.js"));
    assert_ne!(one.url("b.js"), other.url("b.js"));
}

#[test]
fn text_is_embedded_in_every_coding_that_saves_enough() {
    let style = (0..200).fold(String::new(), |style, n| style + &format!(".x{n} {{ margin: {n}px }}\n"));
    let output = Project::new("entries = [\"big.css\", \"small.css\"]")
        .file("assets/big.css", style)
        .file("assets/small.css", ".a { color: red }")
        .build(Mode::Release);
    let codings = |name: &str| -> Vec<Coding> {
        output.asset(name).variants.iter().map(|variant| variant.coding).collect()
    };
    assert_eq!(codings("big.css"), [Coding::Identity, Coding::Gzip, Coding::Zstd, Coding::Brotli]);
    assert_eq!(codings("small.css"), [Coding::Identity]);
}

#[test]
fn tailwind_styles_hold_the_classes_of_the_sources_and_the_theme() {
    let output = Project::new("")
        .file("assets/index.html", "<link rel=\"stylesheet\" href=\"app.css\"><p class=\"md:p-[13px] text-kiln\">Hot</p>")
        .file("assets/app.css", "@import \"tailwindcss\" source(none);\n@source \"./**/*.html\";\n@theme { --color-kiln: #c2410c; }\n.b { @apply underline; background: url(a.svg) }\n")
        .file("assets/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .with_npm()
        .build(Mode::Release);
    let css = output.text("app.css");
    for expected in [
        ".md\\:p-\\[13px\\]{padding:13px}",
        ".text-kiln{color:var(--color-kiln)}",
        "--color-kiln:#c2410c",
        "text-decoration-line:underline",
    ] {
        assert!(css.contains(expected), "{expected} is missing in {css}");
    }
    assert!(css.contains(&output.url("a.svg")), "{css}");
    assert!(!css.contains(".flex{"), "{css}");
}

#[test]
fn a_stale_output_is_removed() {
    let project = site();
    project.build(Mode::Dev);
    let output = project
        .file("assets/index.html", "<title>Empty</title>")
        .without("assets/about.html")
        .build(Mode::Dev);
    let gone = |name: &&str| name.contains("about") || name.contains("public/app");
    assert_eq!(output.names().into_iter().find(gone), None);
}

#[test]
fn changed_content_of_a_development_build_gets_a_new_file() {
    let file = |output: &Output| {
        let asset = output.asset("robots.txt");
        (asset.url.clone(), asset.variants[0].file.clone())
    };
    let project = site();
    let before = file(&project.build(Mode::Dev));
    let after = file(&project.file("assets/robots.txt", "User-agent: x\n").build(Mode::Dev));
    assert_eq!(before.0, after.0, "the URL stays");
    assert_ne!(before.1, after.1, "a reader of the former manifest never reads the later content");
}

#[test]
fn only_pages_of_a_development_build_listen_to_the_watcher_at_a_port_of_the_package() {
    let output = site().build(Mode::Dev);
    let script = output.text("kiln/reload.js");
    assert!(script.contains("\"kiln watcher 2"), "{script}");
    assert!(
        output
            .text("about.html")
            .ends_with("<script type=\"module\" src=\"/static/kiln/reload.js\"></script>\n")
    );
    let other = Project::new("watcher-port = 7777").file("assets/index.html", "<title>Other</title>");
    assert!(other.build(Mode::Dev).text("kiln/reload.js").contains("\"kiln watcher 7777\""));
    let released = other.build(Mode::Release);
    assert!(!released.names().iter().any(|name| name.contains("reload")), "{:?}", released.names());
    assert_eq!(released.text("index.html"), "<title>Other</title>");
}

#[test]
fn a_failed_build_leaves_the_previous_output() {
    let project = site();
    project.build(Mode::Dev);
    let out = project.config(Mode::Dev).expect("configuration").out;
    let before = files(&out);
    let project =
        project.file("assets/app.ts", "import nothing from \"./nothing\";\nconsole.log(nothing);\n");
    project.try_build(Mode::Dev).map(|_| ()).expect_err("a dangling import was built");
    assert_eq!(files(&out), before);
}

#[test]
fn a_file_that_another_tool_has_fingerprinted_keeps_its_name_and_is_immutable() {
    let output = Project::new("hashed = [\"assets/**\"]")
        .file("assets/index.html", "<script type=module src=/assets/app-Cx81_q2B.js></script>")
        .file("assets/assets/app-Cx81_q2B.js", "import(\"./lazy-D0ab12_x.js\");\n")
        .file("assets/assets/lazy-D0ab12_x.js", "console.log(1);\n")
        .build(Mode::Release);
    let served: Vec<_> =
        output.report.manifest.assets.iter().map(|a| (a.url.as_deref(), a.exposure)).collect();
    let expected = [
        (Some("/assets/app-Cx81_q2B.js"), Exposure::Hashed),
        (Some("/assets/lazy-D0ab12_x.js"), Exposure::Hashed),
        (Some("/"), Exposure::Page),
    ];
    assert_eq!(served, expected);
    assert_eq!(output.text("assets/app-Cx81_q2B.js"), "import(\"./lazy-D0ab12_x.js\");\n");
}

#[test]
fn a_report_lists_the_referrers_of_each_output() {
    let referrers = site().build(Mode::Release).report.referrers;
    let of = |asset: &str| {
        let (_, found) = referrers.iter().find(|(path, _)| path.as_str() == asset).expect(asset);
        found.iter().map(LogicalPath::as_str).collect::<Vec<_>>()
    };
    assert_eq!(of("img/logo.svg"), ["app.js", "css/app.css", "index.html"]);
    assert_eq!(of("chunks/lazy.js"), ["app.js"]);
    assert_eq!(of("app.js"), ["index.html"]);
}

//! The output of a build: names, URLs, variants, manifest, reports.

use kiln_manifest::{Coding, Digest, Exposure, LogicalPath, Mode, Place};

use crate::project::{Output, Project, files, rendered};

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
        .file("assets/unused.ts", "console.log(\"nobody asks for this\");\n")
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
    let manifest = &output.report.manifest;
    let index = manifest.assets.iter().find(|asset| asset.url.as_deref() == Some("/")).expect("index");
    assert_eq!(index.inline.styles, [Digest::of(b"p { color: red }").integrity()]);
    assert_eq!(index.inline.scripts, [Digest::of(b"document.title += \"!\";").integrity()]);
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
        let asset =
            output.report.manifest.assets.iter().find(|asset| asset.path.as_str() == name).expect(name);
        asset.variants.iter().map(|variant| variant.coding).collect()
    };
    assert_eq!(codings("big.css"), [Coding::Identity, Coding::Gzip, Coding::Zstd, Coding::Brotli]);
    assert_eq!(codings("small.css"), [Coding::Identity]);
}

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
        let assets = &output.report.manifest.assets;
        let found = assets.iter().find(|asset| asset.path.as_str() == "robots.txt").expect("robots.txt");
        (found.url.clone(), found.variants[0].file.clone())
    };
    let project = site();
    let before = file(&project.build(Mode::Dev));
    let after = file(&project.file("assets/robots.txt", "User-agent: x\n").build(Mode::Dev));
    assert_eq!(before.0, after.0, "the URL stays");
    assert_ne!(before.1, after.1, "who reads by the former manifest never reads the later content");
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

/// A release of `html` as a page, with `files` beside it.
fn page(html: &str, files: &[(&str, &str)]) -> crate::project::Output {
    let project =
        Project::new("private = [\"secret/**\"]\nverbatim = [\"sw.js\"]").file("assets/index.html", html);
    files
        .iter()
        .fold(project, |project, (name, content)| project.file(&format!("assets/{name}"), content))
        .build(Mode::Release)
}

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

#[test]
fn names_are_escaped_in_html_and_urls() {
    let output = page("<img src=\"a&amp;b%20c.svg?x=1&amp;y\" alt=\"\">", &[("a&b c.svg", SVG)]);
    let url = output.url("a&b c.svg");
    assert!(url.starts_with("/assets/a%26b%20c-"), "{url}");
    assert_eq!(output.text("index.html"), format!("<img src=\"{url}?x=1&amp;y\" alt=\"\">"));
}

#[test]
fn a_link_to_a_folder_leads_to_its_page() {
    let output =
        page("<a href=\"docs/\">1</a><a href=\"./\">2</a>", &[("docs/index.html", "<a href=\"../\">3</a>")]);
    assert_eq!(output.text("index.html"), "<a href=\"/docs/\">1</a><a href=\"/\">2</a>");
    assert_eq!(output.text("docs/index.html"), "<a href=\"/\">3</a>");
}

#[test]
fn a_verbatim_script_is_served_under_its_own_name() {
    let output = page("<title>Worker</title>", &[("sw.js", "self.x = 1;\n")]);
    assert_eq!(output.url("sw.js"), "/sw.js");
    assert_eq!(output.text("sw.js"), "self.x = 1;\n");
}

#[test]
fn inline_styles_refer_to_files_and_are_hashed_as_browsers_read_them() {
    let output = page("<style>\r\na{background:url('x.svg')}\r\n</style>", &[("x.svg", SVG)]);
    let style = format!("\na{{background:url(\"{}\")}}\n", output.url("x.svg"));
    assert_eq!(output.text("index.html"), format!("<style>{}</style>", style.replace('\n', "\r\n")));
    let index =
        output.report.manifest.assets.iter().find(|asset| asset.url.as_deref() == Some("/")).expect("index");
    assert_eq!(index.inline.styles, [Digest::of(style.as_bytes()).integrity()]);
}

#[test]
fn a_sheet_uses_tailwind_when_one_of_its_imports_does() {
    let output = Project::new("entries = [\"app.css\"]")
        .file("assets/app.css", "@import \"./button.css\";\n")
        .file("assets/button.css", "@reference \"tailwindcss\";\n.button { @apply p-4 }\n")
        .with_npm()
        .build(Mode::Release);
    assert!(output.text("app.css").contains("padding:"), "{}", output.text("app.css"));
    assert!(!output.text("app.css").contains("@apply"), "{}", output.text("app.css"));
}

#[test]
fn a_query_in_a_style_sheet_does_not_end_its_url() {
    let output = page(
        "<link rel=stylesheet href=app.css>",
        &[("app.css", ".a { background: url(\"x.svg?a=(b) c'd#e\") }"), ("x.svg", SVG)],
    );
    let expected = format!("url({}?a=%28b%29%20c%27d#e)", output.url("x.svg"));
    assert!(output.text("app.css").contains(&expected), "{}", output.text("app.css"));
}

#[test]
fn urls_in_scripts_are_resolved() {
    let output = page(
        "<script type=module src=app.js></script>",
        &[("app.js", "console.log(new URL('./x.svg', import.meta.url).href);"), ("x.svg", SVG)],
    );
    assert!(output.text("app.js").contains(&output.url("x.svg")), "{}", output.text("app.js"));
}

#[test]
fn chunks_with_equal_names_are_numbered() {
    let output = page(
        "<script type=module src=app.js></script>",
        &[
            ("app.js", "import('./a/view.js'); import('./b/view.js');"),
            ("a/view.js", "console.log('a');"),
            ("b/view.js", "console.log('b');"),
        ],
    );
    let scripts =
        output.names().into_iter().filter(|name| name.starts_with("kiln/public/assets/chunks/")).count();
    assert_eq!(scripts, 2, "{:?}", output.names());
}

#[test]
fn a_folder_may_replace_a_file_and_a_file_a_folder() {
    let project = Project::new("").file("assets/a", "file").build_then();
    let project = project.without("assets/a").file("assets/a/b.txt", "in a folder").build_then();
    let output =
        project.without("assets/a/b.txt").without("assets/a").file("assets/a", "file").build(Mode::Dev);
    assert_eq!(output.text("a"), "file");
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
fn the_manifest_records_the_sources_of_the_build() {
    let output = Project::new("spa = \"index.html\"")
        .file("assets/index.html", "<script type=\"module\" src=\"app.ts\"></script>")
        .file("assets/app.ts", "import { one } from \"../shared/one\";\nconsole.log(one);\n")
        .file("assets/unused.ts", "")
        .file("assets/.DS_Store", "temporary")
        .file("shared/one.ts", "export const one = 1;\n")
        .file("migrations/0001_a.sql", "create table a (id integer);\r\n")
        .file("README.md", "nobody reads this")
        .build(Mode::Release);
    let manifest = &output.report.manifest;
    assert_eq!(manifest.spa.as_ref().map(kiln_manifest::LogicalPath::as_str), Some("index.html"));
    let sources: Vec<_> =
        manifest.sources.iter().map(|source| (source.path.as_str(), source.digest)).collect();
    let digest = |content: &str| Digest::of(content.as_bytes());
    let expected =
        ["assets/app.ts", "assets/index.html", "assets/unused.ts", "migrations/0001_a.sql", "shared/one.ts"];
    let named = sources.iter().filter(|(path, _)| *path != "Cargo.toml").map(|(path, _)| *path);
    assert_eq!(named.collect::<Vec<_>>(), expected);
    assert!(sources.contains(&("assets/unused.ts", digest(""))));
    assert!(sources.contains(&("migrations/0001_a.sql", digest("create table a (id integer);\n"))));
}

#[test]
fn the_build_and_the_command_ignore_the_same_files() {
    let folders = Project::new("")
        .file("assets/index.html", "")
        .file("assets/.well-known/a.txt", "")
        .file("assets/.git/config", "")
        .file("assets/a.bak", "");
    let manifest = folders.build(Mode::Dev).report.manifest;
    let names: Vec<_> = manifest.sources.iter().map(|source| source.path.as_str()).collect();
    assert_eq!(names, ["Cargo.toml", "assets/.well-known/a.txt", "assets/index.html"]);
}

#[test]
fn an_exceeded_budget_reports_the_growth_and_leaves_the_previous_output() {
    let site = |rules: usize| {
        let style: Vec<_> = (0..rules).map(|rule| format!(".a{rule} {{ color: #{rule:06} }}\n")).collect();
        (style.concat(), "<link rel=stylesheet href=app.css>")
    };
    let (style, html) = site(10);
    let project = Project::new("budgets.pages = { \"index.html\" = { identity = 1_000 } }")
        .file("assets/index.html", html)
        .file("assets/app.css", style);
    let out = project.config(Mode::Release).expect("configuration").out;
    project.build(Mode::Release);
    let previous = files(&out);
    let project = project.file("assets/app.css", site(60).0);
    let error = project.try_build(Mode::Release).map(|_| ()).expect_err("over the budget");
    insta::assert_snapshot!("exceeded_budget", rendered(&error));
    assert_eq!(files(&out), previous);
    project.build(Mode::Dev);
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

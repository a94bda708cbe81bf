//! The policy of pages: the defaults, what the configuration adds, what the build infers, and warnings of the rest.

use kiln_manifest::{Enforcement, Mode};

use crate::project::{Output, Project};

const PAGE: &str = "<!doctype html><title>t</title>";
const SCRIPT: &str = "<script type=module src=app.ts></script>";

fn project(options: &str, html: &str, files: &[(&str, &str)]) -> Project {
    Project::new(options).file("assets/index.html", format!("{PAGE}\n{html}")).assets(files)
}

fn build(options: &str, html: &str, files: &[(&str, &str)]) -> Output {
    project(options, html, files).build(Mode::Release)
}

#[track_caller]
fn has(output: &Output, page: &str, directive: &str) {
    let policy = output.policy(page);
    assert!(
        policy.split("; ").any(|one| one == directive),
        "`{directive}` is missing in `{policy}` of {page}"
    );
}

#[track_caller]
fn warns(output: &Output, expected: &[&str]) {
    assert_eq!(output.report.warnings, expected);
}

fn blocked(place: &str, origin: &str, directive: &str) -> String {
    format!(
        "{place}: `{origin}` blocked by the Content-Security-Policy; add `{directive} = [\"{origin}\"]` to [package.metadata.kiln.policy]"
    )
}

#[test]
fn sources_of_the_configuration_are_added_to_the_hashes_of_every_page() {
    let options = "policy = { script-src = [\"'wasm-unsafe-eval'\"], connect-src = [\"https://api.example\"], frame-ancestors = [\"'self'\"] }";
    let output = build(options, "<script>let x = 1</script>", &[("about.html", PAGE)]);
    let hash = &output.hashes("index.html", kiln_manifest::Directive::ScriptSrc)[0];
    has(&output, "index.html", &format!("script-src 'self' 'wasm-unsafe-eval' '{hash}'"));
    has(&output, "about.html", "script-src 'self' 'wasm-unsafe-eval'");
    for page in ["index.html", "about.html"] {
        has(&output, page, "connect-src 'self' https://api.example");
        has(&output, page, "frame-ancestors 'self'");
    }
}

#[test]
fn sources_of_a_glob_are_those_of_its_pages_alone() {
    let options =
        "[package.metadata.kiln.policy]\n\"editor/**.html\" = { style-src = [\"'unsafe-inline'\"] }";
    let files = [
        ("editor/index.html", "<!doctype html><style>a{}</style><p style='top:0'>"),
        ("editor/a/b.html", PAGE),
    ];
    let output = build(options, "", &files);
    has(&output, "index.html", "style-src 'self'");
    has(&output, "editor/a/b.html", "style-src 'self'");
    has(&output, "editor/index.html", "style-src 'self' 'unsafe-inline'");
    has(&output, "editor/index.html", "style-src-attr 'unsafe-inline' 'unsafe-hashes'");
    warns(&output, &[]);
}

#[test]
fn a_glob_without_a_page_is_a_warning_with_the_nearest_name() {
    let options = "[package.metadata.kiln.policy]\n\"editr.html\" = { style-src = [\"'unsafe-inline'\"] }";
    let output = build(options, "", &[("editor.html", PAGE)]);
    warns(
        &output,
        &["Cargo.toml:6:1: glob `editr.html` of `policy` matches no page; did you mean `editor.html`?"],
    );
}

#[test]
fn a_glob_of_any_key_that_matches_nothing_is_a_warning_with_the_nearest_name() {
    let options = "verbatim = [\"ap.css\", \"!robot.txt\", \"app.css\"]\nprivate = [\"model/**\"]\nhashed = [\"zzz/**\"]\n\
                   [package.metadata.kiln.headers]\n\"indx.html\" = { X-A = \"1\" }\n\"*.css\" = { X-A = \"1\" }\n\
                   [package.metadata.kiln.budgets.pages]\n\"abut.html\" = 9_000\n\"*.html\" = 9_000\n\
                   [package.metadata.kiln.budgets.assets]\n\"x.js\" = 9_000\n\"app.css\" = 9_000";
    let project = project(options, PAGE, &[("about.html", PAGE), ("app.css", ""), ("robots.txt", "")]);
    let names = "names are those below assets/";
    let sources = [
        format!("Cargo.toml:7:11: glob `zzz/**` of `hashed` matches no file; {names}"),
        format!("Cargo.toml:6:12: glob `model/**` of `private` matches no file; {names}"),
        "Cargo.toml:5:13: glob `ap.css` of `verbatim` matches no file; did you mean `app.css`?".to_owned(),
        "Cargo.toml:5:23: glob `robot.txt` of `verbatim` matches no file; did you mean `robots.txt`?"
            .to_owned(),
    ];
    let headers = "Cargo.toml:9:1: glob `indx.html` of `headers` matches no file; did you mean `index.html`?"
        .to_owned();
    let budgets = [
        format!("Cargo.toml:15:1: glob `x.js` of `budgets.assets` matches no file; {names}"),
        "Cargo.toml:12:1: glob `abut.html` of `budgets.pages` matches no page; did you mean `about.html`?"
            .to_owned(),
    ];
    let built = [&sources[..], &[headers]].concat();
    assert_eq!(project.build(Mode::Dev).report.warnings, built);
    assert_eq!(project.build(Mode::Release).report.warnings, [&built[..], &budgets].concat());
}

#[test]
fn a_policy_may_be_reported_only_or_off() {
    let html = "<img src=https://img.example/a.png><p onclick='x()'>";
    let output = build("policy = { report-only = true }", html, &[]);
    assert_eq!(output.report.manifest.policy.enforcement, Enforcement::ReportOnly);
    assert_eq!(output.report.warnings.len(), 2, "reports are warned of: {:?}", output.report.warnings);
    let output = build("policy = false", html, &[]);
    assert_eq!(output.report.manifest.policy.enforcement, Enforcement::Off);
    warns(&output, &[]);
}

#[test]
fn a_policy_in_headers_replaces_that_of_its_page_and_its_warnings() {
    let options = "headers = { \"index.html\" = { Content-Security-Policy = \"default-src *\" } }";
    let html = "<img src=https://img.example/a.png>";
    warns(&build(options, html, &[]), &[]);
    let other = build(options, html, &[("b.html", html)]);
    warns(&other, &[&blocked("assets/b.html:1:10", "https://img.example", "img-src")]);
}

#[test]
fn integrity_metadata_may_be_left_out() {
    let files = [("app.ts", "import './part'; console.log(1);"), ("part.ts", "console.log(2);")];
    let html = format!("{SCRIPT}<link rel=stylesheet href=a.css>");
    let files = [&files[..], &[("a.css", "a{color:red}")]].concat();
    let output = build("", &html, &files);
    assert_eq!(output.text("index.html").matches("integrity=").count(), 2);
    assert!(output.asset("index.html").preloads.iter().all(|preload| preload.integrity.is_some()));
    let output = build("integrity = false", &html, &files);
    assert!(!output.text("index.html").contains("integrity"), "{}", output.text("index.html"));
    assert!(output.asset("index.html").preloads.iter().all(|preload| preload.integrity.is_none()));
}

#[test]
fn a_page_whose_scripts_load_webassembly_may_compile_it() {
    let wasm = "export const url = new URL('./m.wasm', import.meta.url);";
    for (app, more) in [
        ("import url from './m.wasm?url'; console.log(url);", ("a.ts", "")),
        ("import init from './m.wasm?init'; init();", ("a.ts", "")),
        ("import('./lazy').then((lazy) => console.log(lazy.url));", ("lazy.ts", wasm)),
        (
            "new Worker(new URL('./worker.ts', import.meta.url));",
            ("worker.ts", "fetch(new URL('./m.wasm', import.meta.url));"),
        ),
        ("WebAssembly.instantiate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));", ("a.ts", "")),
    ] {
        let files = [
            ("app.ts", app),
            ("m.wasm", "\0asm\x01\0\0\0"),
            more,
            ("plain.html", "<a href=index.html>x</a>"),
        ];
        let output = build("", SCRIPT, &files);
        has(&output, "index.html", "script-src 'self' 'wasm-unsafe-eval'");
        has(&output, "plain.html", "script-src 'self'");
    }
}

#[test]
fn fonts_in_data_urls_are_allowed_where_a_style_sheet_holds_them() {
    let font = "@font-face { font-family: F; src: url(data:font/woff2;base64,d09GMg==) }";
    let image = ".a { mask-image: url(data:image/gif;base64,R0lGODlhAQABAAAAACw=) }";
    let linked = build("", "<link rel=stylesheet href=a.css>", &[("a.css", font), ("plain.html", PAGE)]);
    has(&linked, "index.html", "font-src 'self' data:");
    has(&linked, "plain.html", "font-src 'self'");
    let imported = build("", SCRIPT, &[("app.ts", "import './a.css';"), ("a.css", font)]);
    has(&imported, "index.html", "font-src 'self' data:");
    has(&build("", &format!("<style>{font}</style>"), &[]), "index.html", "font-src 'self' data:");
    has(&build("", &format!("<style>{image}</style>"), &[]), "index.html", "font-src 'self'");
}

#[test]
fn other_origins_in_a_page_are_warnings_with_the_line_to_add() {
    for (html, column, origin, directive) in [
        ("<script src=https://s.example/a.js></script>", 13, "https://s.example", "script-src"),
        ("<link rel=stylesheet href=//c.example/a.css>", 27, "https://c.example", "style-src"),
        ("<link rel=icon href=https://i.example/a.png>", 21, "https://i.example", "img-src"),
        ("<img src=https://i.example:8443/a.png>", 10, "https://i.example:8443", "img-src"),
        ("<img srcset='https://i.example/a.png 2x'>", 14, "https://i.example", "img-src"),
        ("<iframe src=https://f.example/></iframe>", 13, "https://f.example", "frame-src"),
        ("<video src=https://v.example/a.mp4></video>", 12, "https://v.example", "media-src"),
        ("<video poster=https://v.example/a.png></video>", 15, "https://v.example", "img-src"),
        ("<form action=https://p.example/></form>", 14, "https://p.example", "form-action"),
        ("<object data=https://o.example/a></object>", 14, "https://o.example", "object-src"),
        ("<p style='background:url(https://i.example/a.png)'>", 26, "https://i.example", "img-src"),
        ("<style>@import 'https://c.example/a.css';</style>", 17, "https://c.example", "style-src"),
        ("<script>fetch('https://a.example/x')</script>", 15, "https://a.example", "connect-src"),
        (
            "<script type=module>import 'https://m.example/m.js';</script>",
            28,
            "https://m.example",
            "script-src",
        ),
    ] {
        let warning = blocked(&format!("assets/index.html:2:{column}"), origin, directive);
        warns(&build("", html, &[]), &[&warning]);
        let allowed = format!("policy = {{ {directive} = [\"{origin}\"] }}");
        warns(&build(&allowed, html, &[]), &[]);
    }
    let html = "<a href=https://a.example/>x</a><link rel=canonical href=https://a.example/><img src=data:image/gif;base64,R0lGODlhAQABAAAAACw=>";
    warns(&build("", html, &[]), &[]);
}

#[test]
fn other_origins_in_style_sheets_are_warnings_for_the_pages_that_load_them() {
    let css = "@import url(\"https://fonts.example/css2?family=Inter\");\n@font-face { font-family: F; src: url(https://f.example/f.woff2) }\n.a { background: url(https://i.example/a.png) }";
    let page = "<link rel=stylesheet href=a.css>";
    let output = build("", page, &[("a.css", css), ("unused.css", css)]);
    warns(
        &output,
        &[
            &blocked("assets/a.css:1:14", "https://fonts.example", "style-src"),
            &blocked("assets/a.css:2:39", "https://f.example", "font-src"),
            &blocked("assets/a.css:3:22", "https://i.example", "img-src"),
        ],
    );
    let glob = "[package.metadata.kiln.policy]\n\"index.html\" = { style-src = [\"https://fonts.example\"], img-src = [\"https://*.example\"], font-src = [\"https:\"] }";
    warns(&build(glob, page, &[("a.css", css)]), &[]);
    let other = build(glob, page, &[("a.css", css), ("b.html", "<link rel=stylesheet href=a.css>")]);
    assert_eq!(other.report.warnings.len(), 3, "b.html loads it too: {:?}", other.report.warnings);
}

#[test]
fn calls_of_own_scripts_to_other_origins_are_warnings() {
    let app = "fetch('https://api.example/users');\nnew WebSocket('wss://live.example');\nimport('https://cdn.example/m.js');\nnew Worker('https://w.example/w.js');\n";
    let output = build("", SCRIPT, &[("app.ts", app), ("unused.ts", app)]);
    warns(
        &output,
        &[
            &blocked("assets/app.ts:1:7", "https://api.example", "connect-src"),
            &blocked("assets/app.ts:2:15", "wss://live.example", "connect-src"),
            &blocked("assets/app.ts:3:8", "https://cdn.example", "script-src"),
            "assets/app.ts:4:12: worker `https://w.example/w.js` of another origin refused by browsers; bundle its script from a package",
        ],
    );
    let allowed = "policy = { connect-src = [\"https://api.example\", \"wss:\"], script-src = [\"https://cdn.example\"] }";
    assert_eq!(build(allowed, SCRIPT, &[("app.ts", app)]).report.warnings.len(), 1);
}

#[test]
fn code_from_text_is_a_warning_that_names_the_package_once() {
    let make = "export const make = (text) => new Function('x', text);\nexport const run = (text) => eval(text);\nexport const can = () => new Function('');\n";
    let project = project("", SCRIPT, &[("app.ts", "import { make, run } from 'maker'; import { can } from 'asker'; console.log(make('1'), run('2'), can());")])
        .file("node_modules/maker/package.json", r#"{"name":"maker","version":"1.0.0","type":"module","exports":"./i.js"}"#)
        .file("node_modules/maker/i.js", "export * from './a.js';\nexport * from './b.js';\n")
        .file("node_modules/maker/a.js", make)
        .file("node_modules/maker/b.js", "export const again = (text) => eval(text);\nconsole.log(again('1' + Date.now()));\n")
        .file("node_modules/asker/package.json", r#"{"name":"asker","version":"1.0.0","type":"module","exports":"./i.js"}"#)
        .file("node_modules/asker/i.js", "export const can = () => { try { return new Function(''); } catch { return null; } };\n");
    let expected = "node_modules/maker/a.js:1:35: package `maker`: code made from text (`eval`, `new Function`) blocked by the Content-Security-Policy; use its build for such policies where it has one, or add `script-src = [\"'unsafe-eval'\"]` to [package.metadata.kiln.policy]";
    let ours = |warning: &&String| warning.contains("Content-Security-Policy");
    let warnings = project.build(Mode::Release).report.warnings;
    assert_eq!(warnings.iter().filter(ours).collect::<Vec<_>>(), [expected]);
}

#[test]
fn styles_that_a_package_inserts_are_a_warning_unless_an_option_is_named() {
    let add = "export const add = (css) => document.head.append(Object.assign(document.createElement('style'), { textContent: css }));\n";
    let build = |app: &str, options: &str| {
        let mut project = project(options, SCRIPT, &[("app.ts", app)]);
        for name in ["style-mod", "react-dom", "mermaid", "@shikijs/core"] {
            let package =
                format!(r#"{{"name":"{name}","version":"1.0.0","type":"module","exports":"./i.js"}}"#);
            project = project.file(&format!("node_modules/{name}/package.json"), package);
            let code = if name.starts_with('@') {
                "export const codeToHtml = (code) => `<b style=color:red>${code}</b>`;"
            } else {
                add
            };
            project = project.file(&format!("node_modules/{name}/i.js"), code);
        }
        project.build(Mode::Release).report.warnings
    };
    let app = "import { add } from 'style-mod'; import { add as more } from 'react-dom'; import { add as unused } from 'mermaid'; add('a{}'); more('b{}');";
    let expected = "node_modules/style-mod/i.js:1:73: package `style-mod`: style elements that it inserts blocked by the Content-Security-Policy; add `style-src = [\"'unsafe-inline'\"]` to [package.metadata.kiln.policy]";
    assert_eq!(build(app, ""), [expected]);
    assert!(build(app, "policy = { style-src = [\"'unsafe-inline'\"] }").is_empty());
    assert!(build(&format!("{app} console.log({{ cspNonce: 'x' }});"), "").is_empty());
    assert_eq!(build(&format!("{app} console.log({{ injectCSS: false }});"), ""), [expected]);

    let html = "import { codeToHtml } from '@shikijs/core'; document.body.innerHTML = codeToHtml('x');";
    let expected = "node_modules/@shikijs/core/i.js:1:14: package `@shikijs/core`: style attributes in its HTML blocked by the Content-Security-Policy; add `style-src-attr = [\"'unsafe-inline'\"]` to [package.metadata.kiln.policy]";
    assert_eq!(build(html, ""), [expected]);
    assert!(build(html, "policy = { style-src-attr = [\"'unsafe-inline'\"] }").is_empty());
}

#[test]
fn a_handler_is_no_warning_where_the_policy_allows_it() {
    let html = "<p onclick='x()'>";
    for directive in ["script-src-attr", "script-src"] {
        warns(&build(&format!("policy = {{ {directive} = [\"'unsafe-inline'\"] }}"), html, &[]), &[]);
    }
    assert_eq!(build("policy = { script-src = [\"'unsafe-eval'\"] }", html, &[]).report.warnings.len(), 1);
}

#[test]
fn an_entry_holds_what_a_page_of_the_application_loads_for_it() {
    let files = [
        (
            "app.ts",
            "import './a.css'; import { part } from './part'; import url from './m.wasm?url'; fetch('https://api.example/'); console.log(part, url);",
        ),
        ("other.ts", "import { part } from './part'; console.log(part);"),
        ("part.ts", "export const part = Date.now();"),
        ("a.css", "p { color: red }"),
        ("m.wasm", "\0asm\x01\0\0\0"),
    ];
    let output = Project::new("entries = [\"app.ts\", \"other.ts\"]").assets(&files).build(Mode::Release);
    let app = output.asset("app.js");
    let urls: Vec<&str> = app.preloads.iter().map(|preload| preload.url.as_str()).collect();
    let part = app.imports.iter().map(String::as_str);
    let sheet = output.report.manifest.assets.iter().find(|asset| asset.media_type.starts_with("text/css"));
    let sheet = sheet.and_then(|asset| asset.url.as_deref()).expect("a style sheet");
    let expected: Vec<&str> =
        [sheet].into_iter().chain(part).chain([output.url("app.js").leak() as &str]).collect();
    assert_eq!(urls, expected);
    assert!(app.preloads.iter().all(|preload| preload.integrity.is_some()));
    assert!(app.policy.to_string().contains("'wasm-unsafe-eval'"), "{}", app.policy);
    assert!(output.asset("other.js").policy.is_empty());
    warns(&output, &[&blocked("assets/app.ts:1:88", "https://api.example", "connect-src")]);
    let table = String::from_utf8(output.files["kiln_assets.rs"].clone()).expect("UTF-8");
    assert!(table.contains("macro_rules! asset_tags"), "{table}");
    assert!(table.contains("&[\"app.ts\", \"app.js\", "), "{table}");
}

/// CSS Cascading and Inheritance Level 5 §2: an `@import` after other rules does not count.
#[test]
#[cfg(unix)]
fn a_remote_import_beside_tailwind_stays_first() {
    let remote = "@import url(\"https://fonts.example/css2?family=Inter\");";
    let own = "@import \"tailwindcss\";";
    for css in
        [format!("{remote}\n{own}\n.a {{ color: red }}"), format!("{own}\n{remote}\n.a {{ color: red }}")]
    {
        for mode in [Mode::Dev, Mode::Release] {
            let output = project("", "<link rel=stylesheet href=app.css>", &[("app.css", &css)])
                .with_npm()
                .build(mode);
            let text = output.text("app.css");
            let before = &text[..text.find("@import").expect("an import")];
            assert!(!before.contains('{'), "a rule stands before the import: {before}");
        }
    }
}

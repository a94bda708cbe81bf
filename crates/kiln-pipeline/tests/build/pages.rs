//! References in pages, images and web app manifests.

use kiln_manifest::{CorsSetting, Destination, Digest, Directive, Mode, Preload};

use crate::project::{Output, Project};

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n";

/// A release of `html` as a page, with `files` beside it.
fn page(html: &str, files: &[(&str, &str)]) -> Output {
    Project::new("").file("assets/index.html", html).assets(files).build(Mode::Release)
}

#[test]
fn style_attributes_refer_to_files_and_are_hashed_as_browsers_read_them() {
    let output = page(
        "<p style='color: red; background: url(&quot;a.svg&quot;)'><i style=color:red>x</i>",
        &[("a.svg", SVG)],
    );
    let style = format!("color: red; background: url(\"{}\")", output.url("a.svg"));
    let written = style.replace('"', "&quot;");
    assert_eq!(output.text("index.html"), format!("<p style='{written}'><i style=color:red>x</i>"));
    let hashes = [style.as_str(), "color:red"].map(|style| Digest::of(style.as_bytes()).integrity());
    assert_eq!(output.hashes("index.html", Directive::StyleSrcAttr), hashes);
}

#[test]
fn presentation_attributes_and_metadata_refer_to_files() {
    let output = page(
        "<meta property=\"og:image\" content=\"a.svg\"><meta http-equiv=refresh content=\"5; url=about.html\"><svg><g fill=\"url(a.svg#x)\"/></svg>",
        &[("a.svg", SVG), ("about.html", "")],
    );
    let url = output.url("a.svg");
    let expected = format!(
        "<meta property=\"og:image\" content=\"{url}\"><meta http-equiv=refresh content=\"5; url=/about\"><svg><g fill=\"url({url}#x)\"/></svg>"
    );
    assert_eq!(output.text("index.html"), expected);
    assert!(output.hashes("index.html", Directive::StyleSrcAttr).is_empty());
}

#[test]
fn inline_styles_import_sheets_that_are_built() {
    let output = page("<style>@import \"app.css\" print;</style>", &[("app.css", ".a { color: #ff0000 }")]);
    assert_eq!(
        output.text("index.html"),
        format!("<style>@import \"{}\" print;</style>", output.url("app.css"))
    );
    assert_eq!(output.text("app.css"), ".a{color:red}");
}

#[test]
fn preloads_use_the_request_mode_of_their_elements() {
    let output = page(
        "<link rel=modulepreload href=app.ts><link rel=preload as=style href=app.css><link rel=preload as=font href=a.woff2><script type=module src=app.ts></script>",
        &[("app.ts", "console.log(1);"), ("app.css", ".a{color:red}"), ("a.woff2", "wOF2")],
    );
    let integrity = |name: &str| Digest::of(output.text(name).as_bytes()).integrity();
    let (script, style) = (output.url("app.js"), output.url("app.css"));
    let expected = format!(
        "<link integrity=\"{}\" rel=modulepreload href={script}><link integrity=\"{}\" rel=preload as=style href={style}><link crossorigin rel=preload as=font href={}><script integrity=\"{}\" type=module src={script}></script>",
        integrity("app.js"),
        integrity("app.css"),
        output.url("a.woff2"),
        integrity("app.js"),
    );
    assert_eq!(output.text("index.html"), expected);
}

#[test]
fn form_targets_and_urls_of_other_hosts_stay() {
    let html = "<form action=send><button formaction=\"other?x\"></button></form><a ping=p href=\"tel:1\"></a>\
                <img src=\"//example.org/a.png\"><img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\">\
                <a href=\"#top\"></a><a href=\"mailto:a@example.org\"></a><img src=\"blob:x\"><a href=\"?q=1\"></a>\
                <script type=\"application/json\">{\"src\": \"no.png\"}</script>";
    let output = page(html, &[]);
    assert_eq!(output.text("index.html"), html);
    assert!(output.hashes("index.html", Directive::ScriptSrc).is_empty(), "data is not run");
}

#[test]
fn an_inline_module_may_import_from_other_hosts() {
    let html = "<script type=\"importmap\">{\"imports\": {\"a\": \"https://example.org/a.js\"}}</script>\
                <script type=\"module\">import \"a\"; import \"https://example.org/b.js\"; import(\"/api/c.js\");</script>";
    let output = page(html, &[]);
    assert_eq!(output.text("index.html"), html);
    assert_eq!(output.hashes("index.html", Directive::ScriptSrc).len(), 2);
}

#[test]
fn inline_event_handlers_are_a_warning() {
    let output = page("<!doctype html>\n<p onclick=\"alert(1)\">", &[]);
    let expected = "assets/index.html:2:13: inline event handler blocked by the Content-Security-Policy; use `addEventListener` in a script, or add `script-src-attr = [\"'unsafe-inline'\"]` to [package.metadata.kiln.policy]";
    assert_eq!(output.report.warnings, [expected]);
}

#[test]
fn images_refer_to_files_in_attributes_and_in_styles() {
    let svg = |photo: &str, sheet: &str, page: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<?xml-stylesheet href=\"{sheet}\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n\
             <style><![CDATA[ .a {{ fill: url({photo}#x) }} ]]></style>\n\
             <image xlink:href='{photo}?v=1&amp;w=2'/><use href=\"#a\"/><g style=\"mask: url({photo})\"/>\n\
             <a href=\"{page}\"/><metadata><x xmlns=\"urn:x\" href=\"nowhere\"/></metadata>\n</svg>\n"
        )
    };
    let output = page(
        "<link rel=stylesheet href=app.css>",
        &[
            ("img/a.svg", &svg("b.svg", "../app.css", "../")),
            ("img/b.svg", SVG),
            ("app.css", ".a{color:red}"),
        ],
    );
    let expected = svg(&output.url("img/b.svg"), &output.url("app.css"), "/");
    assert_eq!(output.text("img/a.svg"), expected);
}

#[test]
fn an_image_without_references_keeps_its_bytes() {
    let output = page(
        "",
        &[("a.svg", "\u{feff}<svg xmlns=\"http://www.w3.org/2000/svg\"><use href=\"#a\"/></svg>\r\n")],
    );
    assert_eq!(
        output.text("a.svg"),
        "\u{feff}<svg xmlns=\"http://www.w3.org/2000/svg\"><use href=\"#a\"/></svg>\r\n"
    );
}

#[test]
fn manifests_of_applications_refer_to_files_and_pages() {
    let manifest = |icon: &str, start: &str| {
        format!(
            "{{\n  \"name\": \"icon.svg\", \"id\": \"./\",\n  \"start_url\": \"{start}?source=app\", \"scope\": \"{start}\",\n  \
             \"icons\": [{{ \"src\": \"{icon}\", \"type\": \"image/svg+xml\" }}],\n  \"share_target\": {{ \"action\": \"/api/share\" }}\n}}\n"
        )
    };
    let output = page(
        "<link rel=manifest href=app/manifest.json>",
        &[("app/manifest.json", &manifest("..\\/icon.svg", "../")), ("icon.svg", SVG)],
    );
    assert_eq!(output.text("app/manifest.json"), manifest(&output.url("icon.svg"), "/"));
    let later = page(
        "<link rel=manifest href=app/manifest.json>",
        &[
            ("app/manifest.json", &manifest("../icon.svg", "../")),
            ("icon.svg", &SVG.replace("/>", "> </svg>")),
        ],
    );
    assert_ne!(
        output.url("app/manifest.json"),
        later.url("app/manifest.json"),
        "a manifest follows its icons"
    );
}

#[test]
fn images_and_sheets_that_refer_to_each_other_are_named_together() {
    let cycle = |colour: &str| {
        page(
            "<link rel=stylesheet href=app.css>",
            &[
                ("app.css", &format!(".a {{ color: {colour}; background: url(a.svg) }}")),
                (
                    "a.svg",
                    "<?xml-stylesheet href=\"app.css\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"b.svg\"/></svg>",
                ),
                ("b.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"a.svg\"/></svg>"),
                ("c.svg", SVG),
            ],
        )
    };
    let (one, same, other) = (cycle("red"), cycle("red"), cycle("#000"));
    assert_eq!(one.files, same.files);
    for name in ["app.css", "a.svg", "b.svg"] {
        assert_ne!(one.url(name), other.url(name), "{name}");
    }
    assert_eq!(one.url("c.svg"), other.url("c.svg"));
    assert!(one.text("a.svg").contains(&one.url("b.svg")) && one.text("b.svg").contains(&one.url("a.svg")));
    assert!(
        one.text("a.svg").contains(&one.url("app.css")) && one.text("app.css").contains(&one.url("a.svg"))
    );
}

#[test]
fn a_srcdoc_refers_to_files_and_its_scripts_are_under_the_policy_of_the_page() {
    let output = page(
        "<iframe srcdoc='<p style=\"color: red\"><img src=&quot;a.svg&quot; alt=\"A &amp;amp; B\"><script>go(\"&amp;lt;\")</script>'></iframe><iframe srcdoc=<img&#32;src=a.svg&gt;></iframe><iframe srcdoc='<b>&lt;</b>'></iframe>",
        &[("a.svg", SVG)],
    );
    let url = output.url("a.svg");
    let expected = format!(
        "<iframe srcdoc='&lt;p style=&quot;color: red&quot;&gt;&lt;img src=&quot;{url}&quot; alt=&quot;A &amp;amp; B&quot;&gt;&lt;script&gt;go(&quot;&amp;lt;&quot;)&lt;/script&gt;'></iframe><iframe srcdoc=\"&lt;img src={url}&gt;\"></iframe><iframe srcdoc='<b>&lt;</b>'></iframe>"
    );
    assert_eq!(output.text("index.html"), expected);
    let hash = |text: &str| vec![Digest::of(text.as_bytes()).integrity()];
    assert_eq!(output.hashes("index.html", Directive::ScriptSrc), hash("go(\"&lt;\")"));
    assert_eq!(output.hashes("index.html", Directive::StyleSrcAttr), hash("color: red"));
}

#[test]
fn scripts_of_a_srcdoc_are_bundled_and_not_loaded_by_the_page() {
    let output = page(
        "<iframe srcdoc=\"<script type=module src=app.ts></script>\"></iframe>",
        &[("app.ts", "const greeting: string = \"hello\";\nconsole.log(greeting);\n")],
    );
    assert!(output.text("index.html").contains(&output.url("app.js")), "{}", output.text("index.html"));
    assert!(output.asset("index.html").imports.is_empty(), "{:?}", output.asset("index.html").imports);
}

#[test]
fn an_import_map_names_the_bundle_of_a_script() {
    let map = "<script type=\"importmap\">{ \"imports\": { \"app/greet\": \"./greet.ts\", \"cdn\": \"https://example.org/x.js\" },\n\"scopes\": { \"/docs/\": { \"old\": \"/greet.ts\", \"all\": \"/routes/\" } } }</script>";
    let html = format!("{map}<script type=module>import {{ greet }} from \"app/greet\"; greet();</script>");
    let greet = "export const greet = (): void => console.log(\"hello\");\n";
    let output = page(&html, &[("greet.ts", greet)]);
    let written = html.replace("./greet.ts", "/greet.ts").replace("/greet.ts", &output.url("greet.js"));
    assert_eq!(output.text("index.html"), written);
    assert!(output.text("greet.js").contains("as greet}"), "{}", output.text("greet.js"));
    let scripts: Vec<&str> =
        written.split("<script").skip(1).map(|part| part.split_once('>').expect("tag").1).collect();
    let texts = scripts.iter().map(|part| part.strip_suffix("</script>").expect("closed"));
    let hashes: Vec<_> = texts.map(|text| Digest::of(text.as_bytes()).integrity()).collect();
    assert_eq!(output.hashes("index.html", Directive::ScriptSrc), hashes);
}

/// A preload in another mode than its element is fetched twice (HTML Living Standard, "consume a preloaded resource").
#[test]
fn preloads_are_recorded_in_the_request_mode_of_the_elements() {
    let html = "<link rel=stylesheet href=app.css><link rel=stylesheet crossorigin href=b.css>\
        <link rel=stylesheet media=print href=print.css><link rel=\"alternate stylesheet\" title=x href=x.css>\
        <link rel=stylesheet href=\"query.css?x\"><link rel=stylesheet integrity=sha256-x href=own.css>\
        <script src=a.js></script><script nomodule src=old.js></script><script type=text/x src=data.js></script>\
        <script type=module crossorigin src=app.ts></script><script src=a.js></script>";
    let css = ["app.css", "b.css", "print.css", "x.css", "query.css", "own.css"];
    let css = css.map(|name| (name, ".a{color:red}"));
    let scripts = [
        ("a.js", "a()"),
        ("old.js", "b()"),
        ("data.js", "c()"),
        ("app.ts", "import './own'; import('./late');"),
        ("own.ts", "console.log(1)"),
        ("late.ts", "console.log(2)"),
    ];
    let output = page(html, &[&css[..], &scripts].concat());
    let expected = [
        ("app.css", Destination::Style, CorsSetting::NoCors),
        ("b.css", Destination::Style, CorsSetting::Anonymous),
        ("a.js", Destination::Script, CorsSetting::NoCors),
        ("app.js", Destination::Module, CorsSetting::NoCors),
    ];
    let expected = expected.map(|(name, destination, cors)| Preload {
        url: output.url(name),
        destination,
        cors,
        integrity: Some(Digest::of(output.text(name).as_bytes()).integrity()),
    });
    assert_eq!(output.asset("index.html").preloads, expected);
    let output = page(&format!("<script type=importmap>{{}}</script>{html}"), &[&css[..], &scripts].concat());
    assert!(output.asset("index.html").preloads.iter().all(|early| early.destination != Destination::Module));
    let page =
        Project::new("").file("assets/index.html", "<script src=a.js></script>").file("assets/a.js", "a()");
    let output = page.build(Mode::Dev);
    let expected = Preload {
        url: output.url("a.js"),
        destination: Destination::Script,
        cors: CorsSetting::NoCors,
        integrity: None,
    };
    assert_eq!(output.asset("index.html").preloads, [expected]);
}

#[test]
fn a_site_that_is_mounted_below_a_prefix_refers_to_itself_there() {
    let options = "mount = \"/shop/\"\n[package.metadata.kiln.headers]\n\"*.svg\" = { Access-Control-Allow-Origin = \"*\", \
                   Cache-Control = \"no-store\" }\n\"a.*\" = { X-A = \" 1 \" }";
    let project = Project::new(options)
        .file("assets/index.html", "<a href=about.html></a><img src=/a.svg>")
        .file("assets/about.html", "<link rel=stylesheet href=/a.css>")
        .file("assets/a.css", "a{color:red}")
        .file("assets/robots.txt", "x")
        .file("assets/a.svg", SVG);
    let output = project.build(Mode::Dev);
    let written = "<a href=/shop/about></a><img src=/shop/assets/a.svg>";
    assert!(output.text("index.html").starts_with(written), "{}", output.text("index.html"));
    let manifest = &output.report.manifest;
    assert_eq!((manifest.mount.as_str(), manifest.prefix.as_str()), ("/shop/", "/shop/assets/"));
    let output = project.build(Mode::Release);
    let urls = ["about.html", "a.css", "a.svg", "index.html", "robots.txt"].map(|name| output.url(name));
    assert_eq!([&urls[0], &urls[3], &urls[4]], ["/shop/about", "/shop/", "/shop/robots.txt"]);
    assert!(urls[1].starts_with("/shop/assets/a-") && urls[2].starts_with("/shop/assets/a-"), "{urls:?}");
    let of = |name: &str| {
        output.asset(name).headers.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
    };
    assert_eq!(of("a.svg"), ["access-control-allow-origin: *", "cache-control: no-store", "x-a: 1"]);
    assert_eq!(of("a.css"), ["x-a: 1"]);
    assert!(of("robots.txt").is_empty());
}

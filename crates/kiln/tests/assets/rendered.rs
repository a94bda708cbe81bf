//! Pages that the application renders: their tags and headers.

use std::collections::BTreeMap;

use askama::Template;
use kiln::{
    assets::{AssetTags, RenderedPage},
    manifest::{Coding, CorsSetting, Destination, Directive, Exposure, Mode, Policy, PolicySource, Preload},
};
use maud::{PreEscaped, html};
use minijinja::{Environment, Value};

use crate::{
    loading::load,
    site::{Build, source},
};

/// A page of `names`, in a build with the scripts `app.js`, which needs WebAssembly, a style sheet and a part, and
/// `other.js`, which needs the part; and the classic script `theme.js`.
fn rendered(names: &'static [&'static str]) -> RenderedPage {
    let preload = |url: &str, destination| Preload {
        url: url.to_owned(),
        destination,
        cors: CorsSetting::NoCors,
        integrity: Some(format!("sha256-{}", url.len())),
    };
    let [part, app, other] =
        ["/a/part.js", "/a/app-1.js", "/a/other.js"].map(|url| preload(url, Destination::Module));
    let (style, theme) =
        (preload("/a/a.css", Destination::Style), preload("/a/theme.js", Destination::Script));
    let mut wasm = Policy::default();
    wasm.allow(Directive::ScriptSrc, PolicySource::WASM_UNSAFE_EVAL);
    let (hashed, none) = (Exposure::Hashed, Policy::default);
    let file = [(Coding::Identity, &b"x"[..])];
    let files = Build::new(Mode::Release)
        .with(hashed, "a.css", Some("/a/a.css"), &file)
        .entry(vec![style.clone()], none())
        .with(hashed, "app.js", Some("/a/app-1.js"), &file)
        .entry(vec![style, part.clone(), app], wasm)
        .with(hashed, "other.js", Some("/a/other.js"), &file)
        .entry(vec![part.clone(), other], none())
        .with(hashed, "part.js", Some("/a/part.js"), &file)
        .entry(vec![part], none())
        .with(hashed, "theme.js", Some("/a/theme.js"), &file)
        .entry(vec![theme], none())
        .finish();
    load(files).expect("the site").page(AssetTags::of(names))
}

fn header(page: &RenderedPage, name: &str) -> Option<String> {
    let headers = page.headers();
    let found = headers.iter().find(|(field, _)| field.as_str() == name);
    found.map(|(_, value)| value.to_str().expect("ASCII").to_owned())
}

#[test]
fn a_rendered_page_loads_each_file_once_in_order_with_integrity() {
    let page = rendered(&["theme.js", "a.css", "app.js", "other.js"]);
    let expected = "<script src=\"/a/theme.js\" integrity=\"sha256-11\"></script>\
                    <link rel=\"stylesheet\" href=\"/a/a.css\" integrity=\"sha256-8\">\
                    <link rel=\"modulepreload\" href=\"/a/part.js\" integrity=\"sha256-10\">\
                    <script type=\"module\" src=\"/a/app-1.js\" integrity=\"sha256-11\"></script>\
                    <script type=\"module\" src=\"/a/other.js\" integrity=\"sha256-11\"></script>";
    assert_eq!(page.tags(), expected);
    assert_eq!(page.to_string(), expected);
    let link = header(&page, "link").expect("preloads");
    assert!(
        link.starts_with("</a/theme.js>; rel=preload; as=script; integrity=\"sha256-11\", </a/a.css>;"),
        "{link}"
    );
    assert_eq!(link.matches("/a/part.js").count(), 1, "{link}");
}

#[test]
fn a_script_that_another_imports_runs_where_it_is_named() {
    let page = rendered(&["other.js", "part.js"]);
    assert!(page.tags().contains("<link rel=\"modulepreload\" href=\"/a/part.js\""), "{page}");
    assert!(page.tags().contains("<script type=\"module\" src=\"/a/part.js\""), "{page}");
}

#[test]
fn a_rendered_page_is_allowed_what_it_loads_and_what_its_handler_adds() {
    let policy = |page: &RenderedPage| header(page, "content-security-policy").expect("a policy");
    let plain = policy(&rendered(&["other.js"]));
    assert!(plain.contains("; script-src 'self';"), "{plain}");
    let page = rendered(&["other.js", "app.js"]);
    assert!(policy(&page).contains("; script-src 'self' 'wasm-unsafe-eval';"), "{}", policy(&page));
    let page =
        page.allow(Directive::ScriptSrc, source("'nonce-YQ=='")).allow_style("a{}").allow_script("x()");
    let (script, style) = (PolicySource::hash_of("x()"), PolicySource::hash_of("a{}"));
    let expected =
        format!("; script-src 'self' 'wasm-unsafe-eval' 'nonce-YQ==' {script}; style-src 'self' {style};");
    assert!(policy(&page).contains(&expected), "{}", policy(&page));
    assert_eq!(header(&page, "referrer-policy").as_deref(), Some("strict-origin-when-cross-origin"));
}

#[test]
fn a_name_that_the_build_no_longer_has_is_left_out() {
    assert_eq!(rendered(&["gone.js", "part.js"]).tags(), rendered(&["part.js"]).tags());
}

#[derive(Template)]
#[template(source = "<head>{{ page|safe }}</head>", ext = "html")]
struct Askama {
    page: RenderedPage,
}

#[test]
fn the_tags_are_html_in_every_template_engine() {
    let page = rendered(&["app.js"]);
    let expected = format!("<head>{}</head>", page.tags());
    assert!(expected.contains("<script type="), "{expected}");
    assert_eq!(html! { head { (PreEscaped(page.tags())) } }.into_string(), expected);
    let tags = BTreeMap::from([("tags", Value::from_safe_string(page.tags().to_owned()))]);
    let minijinja = Environment::new().render_named_str("page.html", "<head>{{ tags }}</head>", tags);
    assert_eq!(minijinja.expect("a page"), expected);
    assert_eq!(Askama { page }.render().expect("a page"), expected);
}

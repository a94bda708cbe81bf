//! Security headers of pages and other responses.

use kiln::{
    assets::{AssetTags, RenderedPage},
    manifest::{
        Coding, CorsSetting, Destination, Directive, Enforcement, Exposure, Mode, Policy, PolicySource, Preload,
        SitePolicy,
    },
};

use crate::{
    loading::load,
    site::{Build, INLINE_SCRIPT, INLINE_STYLE, Site, site, source},
};

#[actix_web::test]
async fn every_response_forbids_sniffing() {
    let site = Site::start();
    for target in
        ["/", "/robots.txt", "/missing", "/about.html", "/assets/missing", "//", &site.url("app.css")]
    {
        let reply = site.get(target).send().await;
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{target}");
    }
    for (field, value) in [("If-None-Match", "*"), ("If-Match", "\"x\""), ("Range", "bytes=99-")] {
        let reply = site.get("/robots.txt").header(field, value).send().await;
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{field}");
    }
}

#[actix_web::test]
async fn a_page_allows_its_own_inline_code_and_no_other() {
    let site = Site::start();
    let policy = |reply: &crate::client::Reply| reply.header("content-security-policy").map(str::to_owned);
    let home = site.get("/").send().await;
    assert_eq!(
        policy(&home),
        Some(format!(
            "default-src 'self'; script-src 'self' '{INLINE_SCRIPT}'; style-src 'self' '{INLINE_STYLE}'; \
             img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ))
    );
    assert_eq!(home.header("referrer-policy"), Some("strict-origin-when-cross-origin"));
    assert_eq!(home.header("cross-origin-opener-policy"), Some("same-origin"));
    let about = policy(&site.get("/about").send().await).expect("a policy");
    assert!(!about.contains("sha256-"), "{about}");
    assert_eq!(policy(&site.get("/robots.txt").send().await), None);
}

/// RFC 9111 §3.2: a cache takes fields of a 304 over, and the page may be the same under another policy.
#[actix_web::test]
async fn an_unchanged_page_has_its_policy_again() {
    let site = Site::start();
    let page = site.get("/").send().await;
    let unchanged = site.get("/").header("If-None-Match", "*").send().await;
    assert_eq!(unchanged.status, 304);
    let name = "content-security-policy";
    assert_eq!(unchanged.header(name), page.header(name));
    assert!(page.header(name).is_some());
}

#[actix_web::test]
async fn a_policy_is_added_to_reported_only_or_left_out() {
    let mut base = Policy::of_own_files();
    base.allow(Directive::ConnectSrc, source("https://api.example"));
    for (enforcement, present, absent) in [
        (Enforcement::Enforced, Some("content-security-policy"), "content-security-policy-report-only"),
        (Enforcement::ReportOnly, Some("content-security-policy-report-only"), "content-security-policy"),
        (Enforcement::Off, None, "content-security-policy"),
    ] {
        let policy = SitePolicy { enforcement, base: base.clone() };
        let site = Site::serve(load(site().with_policy(policy).finish()).expect("the site"));
        let home = site.get("/").send().await;
        if let Some(name) = present {
            let value = home.header(name).expect(name);
            assert!(value.contains("connect-src 'self' https://api.example;"), "{value}");
            assert!(value.contains(&format!("script-src 'self' '{INLINE_SCRIPT}';")), "{value}");
        }
        assert_eq!(home.header(absent), None);
        assert_eq!(home.header("content-security-policy-report-only").is_some(), enforcement == Enforcement::ReportOnly);
        assert_eq!(home.header("referrer-policy"), Some("strict-origin-when-cross-origin"));
    }
}

#[actix_web::test]
async fn page_headers_are_those_of_a_page() {
    let site = Site::start();
    let about = site.get("/about").send().await;
    let headers = site.assets.page_headers();
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["x-content-type-options", "content-security-policy", "referrer-policy", "cross-origin-opener-policy"]
    );
    for (name, value) in headers {
        assert_eq!(about.header(name.as_str()), value.to_str().ok(), "{name}");
    }
}

/// A page of `names`, in a build with the scripts `app.js`, which needs WebAssembly, a style sheet and a part, and
/// `other.js`, which needs the part; and the classic script `theme.js`.
fn rendered(names: &'static [&'static str]) -> RenderedPage {
    let preload = |url: &str, destination| Preload {
        url: url.to_owned(),
        destination,
        cors: CorsSetting::NoCors,
        integrity: Some(format!("sha256-{}", url.len())),
    };
    let [part, app, other] = ["/a/part.js", "/a/app-1.js", "/a/other.js"].map(|url| preload(url, Destination::Module));
    let (style, theme) = (preload("/a/a.css", Destination::Style), preload("/a/theme.js", Destination::Script));
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
    assert!(link.starts_with("</a/theme.js>; rel=preload; as=script; integrity=\"sha256-11\", </a/a.css>;"), "{link}");
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
    let page = page.allow(Directive::ScriptSrc, source("'nonce-YQ=='")).allow_style("a{}").allow_script("x()");
    let (script, style) = (PolicySource::hash_of("x()"), PolicySource::hash_of("a{}"));
    let expected = format!("; script-src 'self' 'wasm-unsafe-eval' 'nonce-YQ==' {script}; style-src 'self' {style};");
    assert!(policy(&page).contains(&expected), "{}", policy(&page));
    assert_eq!(header(&page, "referrer-policy").as_deref(), Some("strict-origin-when-cross-origin"));
}

#[test]
fn a_name_that_the_build_no_longer_has_is_left_out() {
    assert_eq!(rendered(&["gone.js", "part.js"]).tags(), rendered(&["part.js"]).tags());
}

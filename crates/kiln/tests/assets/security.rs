//! Security headers of pages and other responses.

use kiln::manifest::{Directive, Enforcement, Policy, SitePolicy};

use crate::{
    loading::load,
    site::{INLINE_SCRIPT, INLINE_STYLE, Site, site, source},
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
        assert_eq!(
            home.header("content-security-policy-report-only").is_some(),
            enforcement == Enforcement::ReportOnly
        );
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
        [
            "x-content-type-options",
            "content-security-policy",
            "referrer-policy",
            "cross-origin-opener-policy"
        ]
    );
    for (name, value) in headers {
        assert_eq!(about.header(name.as_str()), value.to_str().ok(), "{name}");
    }
}

//! Security headers of pages and other responses.

use crate::site::{INLINE_SCRIPT, INLINE_STYLE, Site};

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

#[actix_web::test]
async fn page_headers_are_those_of_a_page() {
    let site = Site::start();
    let about = site.get("/about").send().await;
    let headers = site.assets.page_headers();
    assert_eq!(headers.len(), 4);
    for (name, value) in headers {
        assert_eq!(about.header(name.as_str()), value.to_str().ok(), "{name}");
    }
}

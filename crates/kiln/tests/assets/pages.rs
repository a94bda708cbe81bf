//! Pages, their URLs, and 404.

use crate::site::{MISSING, Site};

#[actix_web::test]
async fn pages_have_urls_without_extensions() {
    let site = Site::start();
    for (target, title) in [("/", "Home"), ("/about", "About"), ("/docs/", "Docs")] {
        let reply = site.get(target).send().await;
        assert_eq!(reply.status, 200, "{target}");
        assert!(reply.text().contains(&format!("<title>{title}</title>")), "{target}: {}", reply.text());
    }
}

/// RFC 9110 §15.4.9.
#[actix_web::test]
async fn other_names_of_a_page_lead_to_its_url() {
    let site = Site::start();
    for (target, location) in [
        ("/docs", "./docs/"),
        ("/docs/index", "./"),
        ("/docs/index/", "../"),
        ("/docs/index.html", "./"),
        ("/docs/index.html/", "../"),
        ("/index", "./"),
        ("/index.html", "./"),
        ("/about/", "../about"),
        ("/about.html", "./about"),
        ("/about.html/", "../about"),
        ("/about.html?a=1&b=%20", "./about?a=1&b=%20"),
        ("/docs?", "./docs/?"),
    ] {
        let reply = site.get(target).send().await;
        assert_eq!((reply.status, reply.header("location")), (308, Some(location)), "{target}");
        assert_eq!(reply.header("cache-control"), Some("no-cache"), "{target}");
    }
}

#[actix_web::test]
async fn a_miss_gets_the_404_page_of_the_site() {
    let site = Site::start();
    for target in ["/missing", "/about/x", "/docs/missing", "/404", "/404.html", "/app.css"] {
        let reply = site.get(target).send().await;
        assert_eq!((reply.status, reply.text()), (404, MISSING), "{target}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{target}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"), "{target}");
        assert_eq!(reply.header("etag"), None, "{target}");
    }
    let reply = site.get("/missing").header("Accept-Encoding", "gzip").send().await;
    assert_eq!(
        (reply.status, reply.text(), reply.header("content-encoding")),
        (404, "gzip of 404", Some("gzip"))
    );
    let reply =
        site.get("/missing").header("Accept-Encoding", "*;q=0").header("If-None-Match", "*").send().await;
    assert_eq!((reply.status, reply.text()), (404, MISSING));
}

/// A page in the place of a script is the most confusing failure of a front end.
#[actix_web::test]
async fn a_miss_below_the_hashed_prefix_is_never_a_page() {
    for site in [Site::start(), Site::start_spa()] {
        for target in ["/assets/app-fedcba9876543210.js", "/assets/", "/assets/deep/er"] {
            let reply = site.get(target).header("Accept", "text/html").send().await;
            assert_eq!((reply.status, reply.text()), (404, "Not Found"), "{target}");
            assert_eq!(reply.header("cache-control"), Some("no-store"), "{target}");
            assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"), "{target}");
        }
    }
}

/// Fetch Metadata §2.3, and RFC 9110 §12.5.1.
#[actix_web::test]
async fn only_navigations_fall_back_to_the_spa_page() {
    let site = Site::start_spa();
    let html = "text/html,application/xhtml+xml,*/*;q=0.8";
    for (method, target, accept, status) in [
        ("GET", "/items/7", html, 200),
        ("GET", "/items/7?tab=2", html, 200),
        ("GET", "/items.d/7", html, 200),
        ("GET", "/users/jo.doe", html, 200),
        ("GET", "/@scope/pkg@1.2.3", html, 200),
        ("GET", "/items/7.js", html, 200),
        ("GET", "/items/7.js", "*/*", 404),
        ("GET", "/api/nope", html, 404),
        ("GET", "/static/app-old.js", html, 404),
        ("GET", "/items/7", "*/*", 404),
        ("GET", "/items/7", "text/html;q=0", 404),
        ("POST", "/items/7", html, 404),
        ("GET", "/items//7", html, 404),
    ] {
        let reply = site.request(method, target).header("Accept", accept).send().await;
        assert_eq!(reply.status, status, "{method} {target} {accept}");
        assert_eq!(reply.text().contains("<title>Docs"), status == 200, "{method} {target} {accept}");
    }
    let head = site.request("HEAD", "/items/7").header("Accept", html).send().await;
    assert_eq!((head.status, head.text()), (200, ""));
    for (mode, status) in [("navigate", 200), ("cors", 404), ("no-cors", 404)] {
        let request = site.get("/items/7").header("Sec-Fetch-Mode", mode).header("Accept", html);
        assert_eq!(request.send().await.status, status, "{mode}");
    }
    let strict = Site::start().get("/items/7").header("Accept", html).send().await;
    assert_eq!(strict.status, 404);
}

/// RFC 9110 §12.5.5 and §8.8.3: the same URL has another answer for a script, and the page keeps its tag.
#[actix_web::test]
async fn a_fallback_is_the_page_itself_and_varies_by_accept() {
    let site = Site::start_spa();
    let page = site.get("/docs/").send().await;
    let reply = site.get("/items/7").header("Accept", "text/html").send().await;
    assert_eq!(reply.header("vary"), Some("Accept, Sec-Fetch-Mode"));
    assert_eq!(page.header("vary"), None);
    for name in ["etag", "cache-control", "content-security-policy"] {
        assert_eq!(reply.header(name), page.header(name), "{name}");
    }
    let tag = reply.header("etag").expect("a tag").to_owned();
    let again = site.get("/items/8").header("Accept", "text/html").header("If-None-Match", &tag).send().await;
    assert_eq!((again.status, again.header("vary")), (304, Some("Accept, Sec-Fetch-Mode")));
}

/// RFC 8288 §3, and RFC 9110 §15.4.5: a 304 has no `Link`.
#[actix_web::test]
async fn a_page_names_its_preloads_in_a_link_header() {
    const LINK: Option<&str> = Some("</assets/app-0123456789abcdef.css>; rel=preload; as=style");
    let site = Site::start();
    for target in ["/", "/docs/", "/nothing"] {
        assert_eq!(site.get(target).send().await.header("link"), LINK, "{target}");
        assert_eq!(site.request("HEAD", target).send().await.header("link"), LINK, "{target}");
    }
    let unchanged = site.get("/").header("If-None-Match", "*").send().await;
    assert_eq!((unchanged.status, unchanged.header("link")), (304, None));
    for target in ["/about", "/robots.txt", "/assets/nothing"] {
        assert_eq!(site.get(target).send().await.header("link"), None, "{target}");
    }
}

//! Conditional requests (RFC 9110 §13).

use kiln::manifest::Coding;

use crate::site::{HOME, Site};

/// RFC 9110 §15.4.5: a 304 carries what a 200 would have: `ETag`, `Cache-Control`, `Vary`.
#[actix_web::test]
async fn an_unchanged_page_is_304() {
    let site = Site::start();
    let etag = site.etag("index.html", Coding::Identity);
    let reply = site.get("/").header("If-None-Match", &etag).send().await;
    assert_eq!((reply.status, reply.body.len()), (304, 0));
    assert_eq!(reply.header("etag"), Some(&*etag));
    assert_eq!(reply.header("cache-control"), Some("no-cache"));
    assert_eq!(reply.header("vary"), Some("Accept-Encoding"));
    assert_eq!(reply.header("content-type"), None);
}

/// RFC 9110 §8.8.3.3: representations with different codings have different strong tags.
#[actix_web::test]
async fn each_coding_has_a_tag_of_its_own() {
    let site = Site::start();
    let identity = site.etag("index.html", Coding::Identity);
    let gzip = site.etag("index.html", Coding::Gzip);
    assert_ne!(identity, gzip);

    let ask =
        |etag: &str| site.get("/").header("Accept-Encoding", "gzip").header("If-None-Match", etag).send();
    assert_eq!(ask(&identity).await.status, 200);
    let reply = ask(&gzip).await;
    assert_eq!((reply.status, reply.header("etag")), (304, Some(&*gzip)));
}

/// RFC 9110 §13.1.2: lists, the weak comparison, and `*`.
#[actix_web::test]
async fn if_none_match_takes_lists_weak_tags_and_the_asterisk() {
    let site = Site::start();
    let etag = site.etag("index.html", Coding::Identity);
    for (value, status) in [
        (format!("\"other\", {etag}"), 304),
        (format!("W/{etag}"), 304),
        ("*".to_owned(), 304),
        ("\"other\"".to_owned(), 200),
        (etag.trim_matches('"').to_owned(), 200),
    ] {
        let reply = site.get("/").header("If-None-Match", &value).send().await;
        assert_eq!(reply.status, status, "{value}");
    }
}

/// RFC 9110 §13.1.1 and §13.2.2: If-Match is evaluated first, by the strong comparison.
#[actix_web::test]
async fn a_failed_if_match_is_412() {
    let site = Site::start();
    let etag = site.etag("index.html", Coding::Identity);
    for (value, status) in [
        ("\"other\"".to_owned(), 412),
        (format!("W/{etag}"), 412),
        (etag.clone(), 200),
        ("*".to_owned(), 200),
    ] {
        let reply = site.get("/").header("If-Match", &value).send().await;
        assert_eq!(reply.status, status, "{value}");
    }
    let both = site.get("/").header("If-Match", "\"other\"").header("If-None-Match", &etag).send().await;
    assert_eq!((both.status, both.header("cache-control")), (412, Some("no-store")));
}

/// RFC 9110 §13.1.3 and §13.1.4: conditions on a date are ignored, since no response has a `Last-Modified`.
#[actix_web::test]
async fn dates_are_ignored() {
    let site = Site::start();
    for field in ["If-Modified-Since", "If-Unmodified-Since"] {
        let reply = site.get("/").header(field, "Sat, 29 Oct 1994 19:43:31 GMT").send().await;
        assert_eq!((reply.status, reply.text()), (200, HOME), "{field}");
    }
}

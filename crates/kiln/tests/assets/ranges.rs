//! Range requests (RFC 9110 §14).

use kiln::manifest::Coding;

use crate::site::{Site, big};

/// RFC 9110 §14.1.2 and §15.3.7.
#[actix_web::test]
async fn one_range_is_answered_with_206() {
    let site = Site::start();
    for (range, position, body) in [
        ("bytes=2-4", "bytes 2-4/10", "234"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-2", "bytes 8-9/10", "89"),
        ("bytes=5-500", "bytes 5-9/10", "56789"),
    ] {
        let reply = site.get("/robots.txt").header("Range", range).send().await;
        assert_eq!((reply.status, reply.text()), (206, body), "{range}");
        assert_eq!(reply.header("content-range"), Some(position), "{range}");
        assert_eq!(reply.header("content-length"), Some(&*body.len().to_string()), "{range}");
        assert_eq!(reply.header("etag"), Some(&*site.etag("robots.txt", Coding::Identity)), "{range}");
        assert_eq!(reply.header("cache-control"), Some("no-cache"), "{range}");
    }
}

#[actix_web::test]
async fn a_range_may_cross_slices() {
    let site = Site::start();
    let reply = site.get(&site.url("big.bin")).header("Range", "bytes=65000-200000").send().await;
    assert_eq!(reply.status, 206);
    assert!(reply.body == big()[65_000..=200_000]);
}

/// RFC 9110 §15.5.17.
#[actix_web::test]
async fn a_range_beyond_the_end_is_416() {
    let site = Site::start();
    for range in ["bytes=10-", "bytes=-0"] {
        let reply = site.get("/robots.txt").header("Range", range).send().await;
        assert_eq!((reply.status, reply.header("content-range")), (416, Some("bytes */10")), "{range}");
    }
    let reply = site.get("/empty.txt").header("Range", "bytes=0-").send().await;
    assert_eq!((reply.status, reply.header("content-range")), (416, Some("bytes */0")));
}

/// RFC 9110 §14.2: several ranges may be, and malformed ones must be, answered with the whole.
#[actix_web::test]
async fn other_ranges_are_answered_with_the_whole() {
    let site = Site::start();
    for range in ["bytes=0-1,3-4", "bytes=4-2", "lines=1-2", "bytes"] {
        let reply = site.get("/robots.txt").header("Range", range).send().await;
        assert_eq!((reply.status, reply.text(), reply.header("content-range")), (200, "0123456789", None));
        assert_eq!(reply.header("accept-ranges"), Some("bytes"), "{range}");
    }
}

/// RFC 9110 §14.2: ranges are defined for GET alone.
#[actix_web::test]
async fn head_ignores_ranges() {
    let site = Site::start();
    let reply = site.request("HEAD", "/robots.txt").header("Range", "bytes=2-4").send().await;
    assert_eq!((reply.status, reply.header("content-length")), (200, Some("10")));
}

#[actix_web::test]
async fn ranges_are_taken_from_the_identity_representation() {
    let site = Site::start();
    let ranged = || site.get(&site.url("app.css")).header("Range", "bytes=0-3");
    let reply = ranged().header("Accept-Encoding", "br, gzip").send().await;
    assert_eq!((reply.status, reply.text(), reply.header("content-encoding")), (206, "iiii", None));
    assert_eq!(reply.header("vary"), Some("Accept-Encoding"));

    let reply = ranged().header("Accept-Encoding", "br, identity;q=0").send().await;
    assert_eq!((reply.status, reply.header("content-encoding")), (200, Some("br")));
}

/// RFC 9110 §13.1.5.
#[actix_web::test]
async fn if_range_requires_the_strong_tag_of_the_representation() {
    let site = Site::start();
    let identity = site.etag("app.css", Coding::Identity);
    for (value, status) in [
        (identity.clone(), 206),
        (format!("W/{identity}"), 200),
        (site.etag("app.css", Coding::Brotli), 200),
        ("Sat, 29 Oct 1994 19:43:31 GMT".to_owned(), 200),
    ] {
        let request = site.get(&site.url("app.css")).header("Range", "bytes=0-3");
        let reply = request.header("If-Range", &value).send().await;
        assert_eq!(reply.status, status, "{value}");
    }
}

/// RFC 9110 §13.2.2: the other conditions come before the range.
#[actix_web::test]
async fn an_unchanged_representation_is_304_also_with_a_range() {
    let site = Site::start();
    let etag = site.etag("app.css", Coding::Identity);
    let request = site.get(&site.url("app.css")).header("Range", "bytes=0-3").header("Accept-Encoding", "br");
    let reply = request.header("If-None-Match", &etag).send().await;
    assert_eq!((reply.status, reply.header("etag")), (304, Some(&*etag)));
}

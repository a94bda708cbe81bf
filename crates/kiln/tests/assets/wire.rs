//! Messages that no library would send, byte for byte: each has a defined status, and none is 500.

use kiln::manifest::Coding;

use crate::{
    client::{Reply, exchange},
    site::{HOME, Site},
};

/// Statuses of the responses on one connection.
async fn statuses(site: &Site, request: &[u8]) -> Vec<u16> {
    let wire = exchange(site.address, request).await;
    let mut rest = wire.as_slice();
    let mut statuses = Vec::new();
    while !rest.is_empty() {
        let (head, body) = Reply::parse(rest, 0);
        let length = head.header("content-length").map_or(0, |length| length.parse().expect("a number"));
        statuses.push(head.status);
        rest = &body[length..];
    }
    statuses
}

/// RFC 9112 §2.2, §3, §5 and §6.
#[actix_web::test]
async fn a_malformed_message_is_400_and_ends_the_connection() {
    let site = Site::start();
    for request in [
        &b"GET /empty.txt\r\n\r\n"[..],
        b"GET /empty.txt HTTP/9.9\r\n\r\n",
        b"GET  /empty.txt HTTP/1.1\r\nHost: a\r\n\r\n",
        b"G@T /empty.txt HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /empty.txt\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /empty.txt\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        // RFC 9112 §5.2: a field that is folded over two lines.
        b"GET /empty.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip,\r\n br\r\n\r\n",
        // RFC 9112 §5.1: no space before the colon.
        b"GET /empty.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding : gzip\r\n\r\n",
        b"GET /empty.txt HTTP/1.1\r\nHost: a\r\nX-A: a\0b\r\n\r\n",
        b"GET /empty.txt HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
        // RFC 9112 §6.3: two lengths, or a length and chunks, are how requests are smuggled.
        b"GET /empty.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"GET /empty.txt HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /empty.txt HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
        b"GET /empty.txt HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let text = String::from_utf8_lossy(request);
        assert_eq!(statuses(&site, request).await, [400], "{text:?}");
    }
}

/// RFC 9112 §3.2: targets in each of their forms, and in none.
#[actix_web::test]
async fn each_form_of_a_target_has_a_status() {
    let site = Site::start();
    for (line, status) in [
        ("GET /empty.txt", 200),
        ("GET /empty.txt?", 200),
        ("GET /empty.txt?%ff#a", 200),
        ("GET http://elsewhere.test/empty.txt", 200),
        ("GET http://elsewhere.test", 200),
        ("GET *", 404),
        ("OPTIONS *", 204),
        ("GET /%", 404),
        ("GET /empty.txt/", 404),
        ("GET /empty.txt%2f", 404),
        ("GET /empty.txt;a=b", 404),
        ("GET /EMPTY.TXT", 404),
        ("get /empty.txt", 405),
        ("CONNECT kiln.test:80", 404),
        ("TRACE /empty.txt", 405),
    ] {
        let request = format!("{line} HTTP/1.1\r\nHost: kiln.test\r\nConnection: close\r\n\r\n");
        let wire = exchange(site.address, &request).await;
        let (reply, _) = Reply::parse(&wire, wire.len());
        assert_eq!(reply.status, status, "{line}");
    }
}

/// RFC 9112 §9.3 and RFC 9110 §9.3.1: a GET may have a body, which means nothing and is not the next request.
#[actix_web::test]
async fn requests_stay_apart_on_one_connection() {
    let site = Site::start();
    let etag = site.etag("index.html", Coding::Identity);
    let close = "GET /empty.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for (first, status) in [
        ("GET /empty.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /".to_owned(), 200),
        (
            "GET /empty.txt HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nGET /\r\n0\r\n\r\n"
                .to_owned(),
            200,
        ),
        ("POST /empty.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /".to_owned(), 405),
        (format!("GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: {etag}\r\n\r\n"), 304),
        ("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 204),
        // RFC 9112 §2.2: empty lines before a request are passed over.
        ("\r\n\r\nGET /empty.txt HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 200),
    ] {
        assert_eq!(statuses(&site, format!("{first}{close}").as_bytes()).await, [status, 200], "{first:?}");
    }
}

/// RFC 9112 §9.3 and appendix C.2.2: HTTP/1.0 persists by `keep-alive` alone.
#[actix_web::test]
async fn http_1_0_closes_without_keep_alive() {
    let site = Site::start();
    let keep = "HEAD /empty.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    let last = "GET /empty.txt HTTP/1.0\r\n\r\n";
    assert_eq!(statuses(&site, last.as_bytes()).await, [200]);
    assert_eq!(statuses(&site, format!("{keep}{last}").as_bytes()).await, [200, 200]);
}

/// RFC 9110 §5.5: bytes beyond ASCII are opaque.
#[actix_web::test]
async fn fields_that_are_not_ascii_are_ignored() {
    let site = Site::start();
    for field in ["Accept-Encoding", "Range", "If-Range", "If-None-Match", "Accept"] {
        let mut request = format!("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{field}: ").into_bytes();
        request.extend_from_slice(b"\xff\xfe\r\n\r\n");
        let wire = exchange(site.address, request).await;
        let (reply, _) = Reply::parse(&wire, wire.len());
        assert_eq!((reply.status, reply.text()), (200, HOME), "{field}");
    }
}

/// RFC 9110 §13.2.2: the order of evaluation.
#[actix_web::test]
async fn contradictory_conditions_are_decided_by_their_order() {
    let site = Site::start();
    let etag = site.etag("robots.txt", Coding::Identity);
    let tag = etag.as_str();
    let other = "\"other\"";
    for (fields, status) in [
        (vec![("If-Match", tag), ("If-None-Match", tag)], 304),
        (vec![("If-Match", other), ("If-None-Match", tag)], 412),
        (vec![("If-Match", other), ("If-Match", tag)], 200),
        (vec![("If-Match", "*"), ("If-None-Match", "*")], 304),
        (vec![("If-Match", other), ("Range", "bytes=99-")], 412),
        (vec![("If-None-Match", tag), ("Range", "bytes=99-")], 304),
        (vec![("If-None-Match", other), ("Range", "bytes=99-")], 416),
        (vec![("If-Range", other), ("Range", "bytes=99-")], 200),
        (vec![("If-Range", tag), ("If-Range", tag), ("Range", "bytes=0-0")], 200),
        (vec![("Range", "bytes=0-0"), ("Range", "bytes=1-1")], 200),
        (vec![("If-Range", tag)], 200),
        (vec![("If-Match", tag), ("If-Range", tag), ("Range", "bytes=0-0")], 206),
        // RFC 9110 §13.1.3 and §13.1.4: a tag puts a date out of force.
        (vec![("If-None-Match", other), ("If-Modified-Since", "Sat, 29 Oct 2094 19:43:31 GMT")], 200),
        (vec![("If-Match", tag), ("If-Unmodified-Since", "Sat, 29 Oct 1994 19:43:31 GMT")], 200),
        (vec![("Accept-Encoding", "identity;q=0"), ("Range", "bytes=0-0")], 406),
        (vec![("Accept-Encoding", "identity;q=0"), ("If-None-Match", "*")], 406),
        (vec![("Accept-Encoding", "identity;q=0"), ("Accept-Encoding", "identity")], 406),
    ] {
        let request =
            fields.iter().fold(site.get("/robots.txt"), |request, (name, value)| request.header(name, value));
        assert_eq!(request.send().await.status, status, "{fields:?}");
    }
}

/// RFC 9110 §6.6.1 and §15.3, RFC 9111 §5.
#[actix_web::test]
async fn every_response_has_a_date_and_cache_control() {
    let site = Site::start();
    for target in ["/", "/robots.txt", "/about.html", "/missing", "/assets/missing", &site.url("app.css")] {
        for method in ["GET", "HEAD", "POST"] {
            let reply = site.request(method, target).send().await;
            assert!(reply.header("date").is_some(), "{method} {target}");
            assert!(reply.header("cache-control").is_some(), "{method} {target}");
            assert_eq!((reply.header("expires"), reply.header("pragma")), (None, None), "{method} {target}");
        }
    }
}

/// RFC 9110 §10.1.1.
#[actix_web::test]
async fn expect_100_continue_is_answered() {
    let site = Site::start();
    let request = "POST /robots.txt HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\na";
    let statuses = statuses(&site, request.as_bytes()).await;
    assert!(statuses == [100, 405] || statuses == [405], "{statuses:?}");
}

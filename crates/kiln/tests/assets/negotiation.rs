//! Content coding (RFC 9110 §12.5.3).

use kiln::manifest::Coding;

use crate::site::Site;

#[actix_web::test]
async fn the_smallest_of_the_most_preferred_codings_is_sent() {
    let site = Site::start();
    let url = site.url("app.css");
    for (accepted, coding) in [
        ("gzip, deflate, br, zstd", Coding::Brotli),
        ("gzip, zstd", Coding::Zstd),
        ("gzip;q=1, br;q=0.9", Coding::Gzip),
        ("br;q=0.001", Coding::Brotli),
        ("br;q=0, *", Coding::Zstd),
        ("*", Coding::Brotli),
        ("identity, gzip;q=0.5", Coding::Identity),
        ("gzip;q=0", Coding::Identity),
        ("", Coding::Identity),
        ("deflate", Coding::Identity),
        ("identity;q=0, gzip", Coding::Gzip),
    ] {
        let reply = site.get(&url).header("Accept-Encoding", accepted).send().await;
        assert_eq!(reply.status, 200, "{accepted}");
        let expected = Some(coding.token()).filter(|_| coding != Coding::Identity);
        assert_eq!(reply.header("content-encoding"), expected, "{accepted}");
        assert_eq!(reply.header("etag"), Some(&*site.etag("app.css", coding)), "{accepted}");
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"), "{accepted}");
        assert_eq!(reply.header("content-length"), Some(&*reply.body.len().to_string()), "{accepted}");
    }
}

/// RFC 9110 §5.3: lines of one field are one list.
#[actix_web::test]
async fn repeated_fields_are_joined() {
    let site = Site::start();
    let request = site.get(&site.url("app.css")).header("Accept-Encoding", "gzip");
    let reply = request.header("Accept-Encoding", "br;q=0.5").send().await;
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
}

#[actix_web::test]
async fn no_acceptable_coding_is_406() {
    let site = Site::start();
    for (target, accepted) in [
        (site.url("app.css"), "*;q=0"),
        ("/robots.txt".to_owned(), "identity;q=0"),
        ("/".to_owned(), "br, *;q=0"),
    ] {
        let reply = site.get(&target).header("Accept-Encoding", accepted).send().await;
        assert_eq!(reply.status, 406, "{target}");
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"), "{target}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{target}");
    }
}

#[actix_web::test]
async fn a_resource_with_one_representation_has_no_vary() {
    let site = Site::start();
    let reply = site.get("/robots.txt").header("Accept-Encoding", "gzip, br").send().await;
    assert_eq!((reply.status, reply.header("vary"), reply.header("content-encoding")), (200, None, None));
}

//! Request targets, hostile ones among them.

use crate::{
    client::{Reply, exchange},
    site::Site,
};

/// RFC 3986 §2.4: decoded once.
#[actix_web::test]
async fn escapes_in_a_path_are_decoded_once() {
    let site = Site::start();
    assert_eq!(site.get("/a%20b.txt").send().await.text(), "spaced");
    assert_eq!(site.get("/%61%20b%2etxt").send().await.text(), "spaced");
    assert_eq!(site.get("/a%2520b.txt").send().await.status, 404);
    assert_eq!(site.get("/a+b.txt").send().await.status, 404);
}

#[actix_web::test]
async fn hostile_paths_are_404_in_plain_text() {
    let site = Site::start();
    for target in [
        "//",
        "//robots.txt",
        "/./robots.txt",
        "/docs/../robots.txt",
        "/..",
        "/%2e%2e/robots.txt",
        "/docs%2F",
        "/robots.txt%00",
        "/%ff",
        "/%c3%28",
        "/%",
        "/%zz",
        "/robots.txt//",
    ] {
        let reply = site.get(target).send().await;
        assert_eq!((reply.status, reply.text()), (404, "Not Found"), "{target}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{target}");
    }
}

#[actix_web::test]
async fn a_very_long_path_is_404() {
    let site = Site::start();
    assert_eq!(site.get(&format!("/{}", "a/".repeat(8_000))).send().await.status, 404);
}

/// RFC 9112 §3.2.2: a server takes the absolute form too.
#[actix_web::test]
async fn the_absolute_form_names_the_same_resource() {
    let site = Site::start();
    assert_eq!(site.get("http://kiln.test/robots.txt").send().await.text(), "0123456789");
}

#[actix_web::test]
async fn http_1_0_without_a_host_is_served() {
    let site = Site::start();
    let wire = exchange(site.address, "GET /robots.txt HTTP/1.0\r\n\r\n").await;
    let (reply, _) = Reply::parse(&wire, wire.len());
    assert_eq!((reply.status, reply.text()), (200, "0123456789"));
}

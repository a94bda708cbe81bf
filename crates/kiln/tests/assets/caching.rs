//! `Cache-Control` of responses (RFC 9111 §5.2.2), and bytes shared with the executable.

use kiln::manifest::Coding;

use crate::site::{HOME, MODEL, Site, big};

#[actix_web::test]
async fn a_hashed_asset_is_immutable() {
    let site = Site::start();
    let reply = site.get(&site.url("app.css")).send().await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(reply.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(reply.header("etag"), Some(&*site.etag("app.css", Coding::Identity)));
    assert_eq!(reply.header("content-length"), Some("1000"));
    assert_eq!(reply.body, [b'i'; 1000]);
}

#[actix_web::test]
async fn pages_and_files_under_their_own_names_are_revalidated() {
    let site = Site::start();
    for (target, body) in [("/", HOME), ("/robots.txt", "0123456789")] {
        let reply = site.get(target).send().await;
        assert_eq!((reply.status, reply.text()), (200, body));
        assert_eq!(reply.header("cache-control"), Some("no-cache"), "{target}");
        assert!(reply.header("etag").is_some(), "{target}");
        assert_eq!(reply.header("last-modified"), None, "{target}");
    }
}

#[actix_web::test]
async fn a_body_of_many_slices_arrives_whole() {
    let site = Site::start();
    let reply = site.get(&site.url("big.bin")).send().await;
    assert_eq!(reply.header("content-length"), Some("300000"));
    assert_eq!(reply.header("transfer-encoding"), None);
    assert!(reply.body == big());
}

#[actix_web::test]
async fn the_routes_of_the_application_come_first() {
    let site = Site::start();
    assert_eq!(site.get("/api/hello").send().await.text(), "hello");
}

#[actix_web::test]
async fn private_assets_are_for_the_application_alone() {
    let site = Site::start();
    assert_eq!(site.assets.url("model/model.onnx"), None);
    assert_eq!(site.assets.get("model/model.onnx").as_deref(), Some(MODEL));
    for target in ["/model/model.onnx", "/public/model/model.onnx", "/private/model/model.onnx"] {
        assert_eq!(site.get(target).send().await.status, 404, "{target}");
    }
}

#[actix_web::test]
async fn embedded_bytes_are_shared_and_not_copied() {
    let site = Site::start();
    let one = site.assets.get("big.bin").expect("big.bin");
    let other = site.assets.get("big.bin").expect("big.bin");
    assert_eq!(one.as_ptr(), other.as_ptr());
    assert!(matches!(site.assets.contents("big.bin"), Some(std::borrow::Cow::Borrowed(_))));
    assert_eq!(site.assets.get("nothing.bin"), None);
}

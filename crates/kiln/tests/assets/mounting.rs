//! A site below a prefix, beside routes of the application; and headers configured for some files.

use actix_web::{HttpResponse, web};
use kiln::manifest::{Coding::Identity, Exposure, Mode};

use crate::{
    loading::load,
    site::{Build, MISSING, MODEL, Site},
};

/// A site built for `/shop/`, in an application that answers every other path.
fn shop() -> Site {
    let build = Build::new(Mode::Release)
        .below("/shop/")
        .with(Exposure::Page, "index.html", Some("/shop/"), &[(Identity, b"shop")])
        .with(Exposure::Page, "about.html", Some("/shop/about"), &[(Identity, b"about")])
        .with(Exposure::Page, "404.html", Some("/shop/404"), &[(Identity, MISSING.as_bytes())])
        .with(Exposure::Hashed, "app.css", Some("/shop/assets/app-1.css"), &[(Identity, b"a{}")])
        .with(Exposure::Private, "model/model.onnx", None, &[(Identity, MODEL)])
        .with_spa("index.html");
    Site::serve_by(load(build.finish()).expect("the site"), |config, assets| {
        config
            .service(web::scope("/shop").default_service(assets.service()))
            .default_service(web::to(async || HttpResponse::NotFound().body("the application's own")));
    })
}

#[actix_web::test]
async fn a_site_is_served_below_a_prefix() {
    let site = shop();
    for (target, body) in [
        ("/shop/", "shop"),
        ("/shop/about", "about"),
        ("/shop/assets/app-1.css", "a{}"),
        ("/api/hello", "hello"),
    ] {
        let reply = site.get(target).send().await;
        assert_eq!((reply.status, reply.text()), (200, body), "{target}");
    }
    for (target, url) in
        [("/shop", "./shop/"), ("/shop/index.html", "./"), ("/shop/about.html?q", "./about?q")]
    {
        let reply = site.get(target).send().await;
        assert_eq!((reply.status, reply.header("location")), (308, Some(url)), "{target}");
    }
    for (target, body) in [
        ("/shop/nothing", MISSING),
        ("/shop/assets/nothing", "Not Found"),
        ("/shop/model/model.onnx", MISSING),
        ("/about", "the application's own"),
        ("/shopping", "the application's own"),
    ] {
        let reply = site.get(target).send().await;
        assert_eq!((reply.status, reply.text()), (404, body), "{target}");
    }
    assert_eq!(site.assets.url("app.css").as_deref(), Some("/shop/assets/app-1.css"));
    assert_eq!(site.assets.get("model/model.onnx").as_deref(), Some(MODEL));
}

#[actix_web::test]
async fn spa_fallback_applies_below_the_prefix_alone() {
    let site = shop();
    let navigate = |target| site.get(target).header("Accept", "text/html").send();
    assert_eq!(navigate("/shop/cart/7").await.status, 200);
    assert_eq!(navigate("/shop/assets/cart").await.status, 404);
    assert_eq!(navigate("/cart").await.text(), "the application's own");
}

/// RFC 9110 §15.4.5: headers that describe the body are left out of a 304.
#[actix_web::test]
async fn some_files_have_headers_of_their_own() {
    let site = Site::start();
    let url = site.url("big.bin");
    let origin = "access-control-allow-origin";
    for request in [site.get(&url), site.request("HEAD", &url), site.get(&url).header("Range", "bytes=0-0")] {
        let reply = request.send().await;
        assert_eq!(reply.header(origin), Some("*"), "{}", reply.status);
        assert_eq!(reply.header("content-language"), Some("de"), "{}", reply.status);
    }
    let unchanged = site.get(&url).header("If-None-Match", "*").send().await;
    assert_eq!(unchanged.status, 304);
    assert_eq!((unchanged.header(origin), unchanged.header("content-language")), (Some("*"), None));
    assert_eq!(site.get("/robots.txt").send().await.header(origin), None);
}

#[actix_web::test]
async fn a_header_of_a_file_replaces_the_default() {
    let site = Site::start();
    let reply = site.get("/a%20b.txt").send().await;
    assert_eq!(reply.header("cache-control"), Some("public, max-age=60"));
    let unchanged = site.get("/a%20b.txt").header("If-None-Match", "*").send().await;
    assert_eq!(unchanged.header("cache-control"), Some("public, max-age=60"));
}

#[actix_web::test]
async fn an_asset_has_the_origin_of_assets_in_its_url_and_is_served_at_its_path() {
    let build = Build::new(Mode::Release)
        .with(Exposure::Hashed, "app.css", Some("/assets/app-1.css"), &[(Identity, b"a{}")])
        .with(Exposure::Verbatim, "robots.txt", Some("/robots.txt"), &[(Identity, b"x")])
        .with_asset_origin("https://cdn.test");
    let site = Site::serve(load(build.finish()).expect("the site"));
    assert_eq!(site.assets.url("app.css").as_deref(), Some("https://cdn.test/assets/app-1.css"));
    assert_eq!(site.assets.url("robots.txt").as_deref(), Some("/robots.txt"));
    let reply = site.get("/assets/app-1.css").send().await;
    assert_eq!((reply.status, reply.text()), (200, "a{}"));
}

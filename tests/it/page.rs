//! Pages and assets.

use crate::harness::{Answer, Whatsit, on_both_engines};

const RUST: &[u8] = include_bytes!("../corpus/files/queue.rs");

async fn the_page_of_a_verdict_shows_it_and_its_assets_are_served(whatsit: Whatsit) {
    let request = whatsit.post("/api/identify?name=%3Cb%3E.rs").body(RUST);
    let identification = Answer::to(request).await.identification();
    let path = format!("/f/{}", identification["id"].as_str().expect("an id"));
    let page = whatsit.get(&path).await;
    assert_eq!(page.status.as_u16(), 200);
    for (held, status) in [(page.header("etag"), 304), ("*", 304), ("W/\"other\"", 200), ("?", 200)] {
        let request = whatsit.request(reqwest::Method::GET, &path).header("if-none-match", held);
        let again = Answer::to(request).await;
        assert_eq!(again.status.as_u16(), status, "{held}");
        assert_eq!(again.header("etag"), page.header("etag"));
    }
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-cache");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(page.header("content-security-policy").contains("default-src"), "{:?}", page.headers);
    for shown in ["rust", "Rust source", identification["sha256"].as_str().expect("a hash")] {
        assert!(page.text.contains(shown), "{shown} is missing in {}", page.text);
    }
    assert!(!page.text.contains("<b>.rs"), "a name is text, never markup");
    let references: Vec<_> =
        page.text.split(['"', '\'']).filter(|part| part.starts_with("/assets/")).collect();
    assert!(references.len() >= 3, "{references:?}");
    for reference in references {
        assert_eq!(whatsit.get(reference).await.status.as_u16(), 200, "{reference}");
    }
    whatsit.stop().await;
}

async fn the_page_of_an_unknown_verdict_is_the_404_page(whatsit: Whatsit) {
    let nowhere = whatsit.get("/no/such/page").await;
    for path in ["/f/01900000-0000-7000-8000-000000000000", "/f/not-an-id"] {
        let page = whatsit.get(path).await;
        assert_eq!(page.status.as_u16(), 404);
        assert!(page.header("content-type").starts_with("text/html"), "{:?}", page.headers);
        assert_eq!(page.text, nowhere.text);
    }
    whatsit.stop().await;
}

async fn the_front_page_is_served_and_the_model_is_not(whatsit: Whatsit) {
    let front = whatsit.get("/").await;
    assert_eq!(front.status.as_u16(), 200);
    assert!(front.text.contains("Whatsit"), "{}", front.text);
    for path in ["/model/model.onnx", "/assets/model/model.onnx", "/assets/model.onnx", "/manifest.json"] {
        assert_eq!(whatsit.get(path).await.status.as_u16(), 404, "{path}");
    }
    whatsit.stop().await;
}

on_both_engines! {
    the_page_of_a_verdict_shows_it_and_its_assets_are_served,
    the_page_of_an_unknown_verdict_is_the_404_page,
    the_front_page_is_served_and_the_model_is_not,
}

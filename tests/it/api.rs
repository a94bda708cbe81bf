//! Identifications, statistics, and problems of the API.

use reqwest::Method;
use serde_json::Value;

use crate::harness::{Answer, Whatsit, on_both_engines};

const PYTHON: &[u8] = include_bytes!("../corpus/files/tides.py");
const RUST: &[u8] = include_bytes!("../corpus/files/queue.rs");
const PNG: &[u8] = include_bytes!("../corpus/files/gradient.png");

fn ids(page: &Value) -> Vec<&str> {
    let list = page["identifications"].as_array().expect("a list");
    list.iter().map(|identification| identification["id"].as_str().expect("an id")).collect()
}

async fn pages_go_from_the_newest_to_the_oldest_without_gap_or_overlap(whatsit: Whatsit) {
    let mut expected = Vec::new();
    for number in 0..7 {
        let identification = whatsit.identify(format!("{number}")).await;
        expected.insert(0, identification["id"].as_str().expect("an id").to_owned());
    }
    let (mut found, mut query) = (Vec::new(), "?limit=3".to_owned());
    for length in [3, 3, 1] {
        let page = whatsit.get(&format!("/api/identifications{query}")).await.json();
        assert_eq!(ids(&page).len(), length);
        found.extend(ids(&page).into_iter().map(str::to_owned));
        match page["next_before"].as_str() {
            Some(next) => query = format!("?limit=3&before={next}"),
            None => assert_eq!(length, 1, "only the last page has no next"),
        }
    }
    assert_eq!(found, expected);
    let all = whatsit.get("/api/identifications?limit=7").await.json();
    assert_eq!(
        (ids(&all).len(), &all["next_before"]),
        (7, &Value::Null),
        "a page that is just full is the last"
    );
    whatsit.stop().await;
}

async fn an_identification_is_stored_as_returned(whatsit: Whatsit) {
    let request = whatsit.post("/api/identify?name=Gr%C3%B6%C3%9Fe.py").body(PYTHON);
    let identification = Answer::to(request).await.identification();
    let path = format!("/api/identifications/{}", identification["id"].as_str().expect("an id"));
    assert_eq!(whatsit.get(&path).await.identification(), identification);
    assert_eq!(identification["name"], "Größe.py");
    let head = Answer::to(whatsit.request(Method::HEAD, &path)).await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
    whatsit.stop().await;
}

async fn an_unknown_identification_is_not_found(whatsit: Whatsit) {
    for id in ["01900000-0000-7000-8000-000000000000", "not-an-id", "%F0%9F%A6%80"] {
        let detail = whatsit.get(&format!("/api/identifications/{id}")).await.problem(404);
        assert!(detail.contains("/api/identifications"), "{detail}");
    }
    whatsit.stop().await;
}

async fn statistics_count_groups_and_labels_with_the_most_frequent_first(whatsit: Whatsit) {
    assert_eq!(
        whatsit.get("/api/stats").await.json(),
        serde_json::json!({ "total": 0, "groups": [], "labels": [] }),
    );
    for content in [PYTHON, RUST, PNG, RUST] {
        whatsit.identify(content).await;
    }
    let stats = whatsit.get("/api/stats").await.json();
    assert_eq!(stats["total"], 4);
    let groups = serde_json::json!([{ "group": "code", "count": 3 }, { "group": "image", "count": 1 }]);
    assert_eq!(stats["groups"], groups);
    let labels: Vec<_> = stats["labels"].as_array().expect("a list").iter().collect();
    let counts: Vec<_> =
        labels.iter().map(|label| (label["label"].as_str(), label["count"].as_i64())).collect();
    assert_eq!(counts, [(Some("rust"), Some(2)), (Some("png"), Some(1)), (Some("python"), Some(1))]);
    assert_eq!(labels[0]["description"], "Rust source");
    assert_eq!(labels[0]["group"], "code");
    whatsit.stop().await;
}

async fn a_bad_query_is_a_problem_with_a_detail(whatsit: Whatsit) {
    for query in ["limit=0", "limit=101", "limit=-1", "limit=many", "before=yesterday"] {
        let detail = whatsit.get(&format!("/api/identifications?{query}")).await.problem(400);
        assert!(detail.contains("query"), "{detail}");
    }
    let detail = whatsit.get("/api/identifications?limit=101").await.problem(400);
    assert!(detail.contains("from 1 to 100"), "{detail}");
    whatsit.stop().await;
}

async fn an_unknown_url_below_api_is_a_problem_instead_of_a_page(whatsit: Whatsit) {
    for path in ["/api/nothing", "/api/identify/more", "/api"] {
        let answer = whatsit.get(path).await;
        assert!(answer.problem(404).contains(path), "{}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    whatsit.stop().await;
}

async fn an_unsupported_method_is_refused_with_allow(whatsit: Whatsit) {
    for (method, path, allow) in [
        (Method::GET, "/api/identify", "POST"),
        (Method::PUT, "/api/identify", "POST"),
        (Method::POST, "/api/identifications", "GET, HEAD"),
        (Method::DELETE, "/api/identifications/x", "GET, HEAD"),
        (Method::POST, "/api/stats", "GET, HEAD"),
    ] {
        let answer = Answer::to(whatsit.request(method, path)).await;
        assert_eq!(answer.header("allow"), allow);
        assert!(answer.problem(405).contains(allow), "{}", answer.text);
    }
    whatsit.stop().await;
}

on_both_engines! {
    pages_go_from_the_newest_to_the_oldest_without_gap_or_overlap,
    an_identification_is_stored_as_returned,
    an_unknown_identification_is_not_found,
    statistics_count_groups_and_labels_with_the_most_frequent_first,
    a_bad_query_is_a_problem_with_a_detail,
    an_unknown_url_below_api_is_a_problem_instead_of_a_page,
    an_unsupported_method_is_refused_with_allow,
}

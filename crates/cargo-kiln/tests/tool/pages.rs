//! Events that the watcher sends to pages.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

use crate::project::Project;

struct Page(Response, String);

impl Page {
    async fn connect(project: &Project) -> Self {
        let answer =
            request(project).header("origin", "http://localhost:8080").send().await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["access-control-allow-origin"], "http://localhost:8080");
        Self(answer, String::new())
    }

    async fn event(&mut self) -> Value {
        loop {
            while let Some((event, rest)) = self.1.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.1 = rest;
                if let Some(data) = event.strip_prefix("data: ") {
                    return serde_json::from_str(data).expect("JSON");
                }
            }
            let chunk = self.0.chunk().await.expect("a connection").expect("more");
            self.1.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }
}

fn request(project: &Project) -> RequestBuilder {
    Client::new().get(format!("http://127.0.0.1:{}/", project.port))
}

fn site() -> Project {
    Project::watched(&[
        (
            "assets/index.html",
            "<!doctype html><title>Home</title><link rel=\"stylesheet\" href=\"app.css\">\n",
        ),
        ("assets/app.css", "a { color: red }\n"),
    ])
}

#[tokio::test]
async fn a_change_is_sent_to_pages_and_repeated_to_later_ones() {
    let site = site();
    let mut page = Page::connect(&site).await;
    assert_eq!(page.event().await["changed"], serde_json::json!({}), "no change at first");
    site.write("assets/app.css", "a { color: green }\n");
    let state = page.event().await;
    assert!(state["changed"]["/assets/app.css"].as_u64().is_some_and(|at| at > 0), "{state}");
    assert_eq!(Page::connect(&site).await.event().await, state);
}

#[tokio::test]
async fn a_mistake_is_sent_with_its_place_and_withdrawn_when_fixed() {
    let site = site();
    let mut page = Page::connect(&site).await;
    page.event().await;
    site.write("assets/app.css", "a {\n  background: url(no.png);\n}\n");
    let state = page.event().await;
    let mistake = &state["mistakes"][0];
    assert_eq!(mistake["file"], "assets/app.css");
    assert_eq!((mistake["line"].as_u64(), mistake["column"].as_u64()), (Some(2), Some(19)));
    assert_eq!(mistake["frame"][1]["text"], "  background: url(no.png);");
    assert_eq!(mistake["frame"][1]["caret"], "                  ^^^^^^");
    site.write("assets/app.css", "a { color: red }\n");
    let fixed = page.event().await;
    assert_eq!(fixed["mistakes"], serde_json::json!([]));
    assert_eq!(fixed["changed"], serde_json::json!({}), "the original content is no change");
}

#[tokio::test]
async fn other_origins_and_hosts_are_refused() {
    let site = site();
    for (name, value) in [("origin", "https://example.org"), ("origin", "null"), ("host", "evil.example.org")]
    {
        let answer = request(&site).header(name, value).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 403, "{name}: {value}");
    }
}

#[tokio::test]
async fn a_second_watcher_of_the_package_names_the_port_of_the_first() {
    let site = site();
    let out = tempfile::tempdir().expect("a folder");
    let second =
        cargo_kiln::dev::Watch::start(site.path(""), out.path().join("out"), kiln_pipeline::supervise());
    let problem = second.expect_err("the port is taken").to_string();
    assert!(problem.contains(&site.port.to_string()), "{problem}");
}

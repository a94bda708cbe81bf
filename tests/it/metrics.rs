//! Metrics of the admin listener.

use reqwest::Client;
use rustix::process::Signal;

use crate::process::{Serving, folder, whatsit};

#[tokio::test]
async fn the_admin_listener_exposes_metrics_of_requests_model_and_resources() {
    let folder = folder();
    let mut command = whatsit(folder.path(), &[]);
    command.env("ADMIN_LISTEN", "127.0.0.1:0").env("SEAL", "enforce");
    let serving = Serving::spawn(command);
    let admin = serving.logged("metrics at ");
    let (origin, http) = (serving.origin.clone(), Client::new());
    let get = async |url: String| http.get(url).send().await.expect("an answer");

    for _ in 0..2 {
        let sent = http.post(format!("{origin}/api/identify")).body("fn main() {}\n".repeat(9)).send().await;
        assert_eq!(sent.expect("an answer").status(), 200);
    }
    let page = http.get(&origin).send().await.expect("an answer");
    let tag = page.headers()["etag"].clone();
    page.bytes().await.expect("a whole page");
    let again = http.get(&origin).header("if-none-match", tag);
    assert_eq!(again.send().await.expect("an answer").status(), 304);
    assert_eq!(get(format!("{origin}/metrics")).await.status(), 404, "metrics are not public");

    let text = get(admin).await.text().await.expect("text");
    for line in [
        r#"http_requests_total{method="POST",route="/api/identify",status="200"} 2"#,
        r#"http_requests_total{method="GET",route="default",status="304"} 1"#,
        r#"http_request_duration_seconds_count{route="/api/identify"} 2"#,
        r#"verdict_cache_requests_total{outcome="miss"} 1"#,
        r#"verdict_cache_requests_total{outcome="hit"} 1"#,
        "model_prediction_seconds_count 1",
        "http_requests_in_flight 0",
        r#"kiln_phase{phase="ready"} 1"#,
        r#"kiln_phase{phase="draining"} 0"#,
        r#"kiln_resource_open{resource="database"} 1"#,
        r#"db_connections{pool="writer",state="idle"} 1"#,
    ] {
        assert!(text.lines().any(|found| found == line), "no {line}\n{text}");
    }
    for name in [r#"http_response_bytes_total{coding="identity"} "#, "process_resident_memory_bytes "] {
        let value =
            text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no {name}"));
        assert!(value.parse::<f64>().expect("a number") > 100.0, "{name}{value}");
    }
    serving.signal(Signal::TERM);
    let (code, log) = serving.wait();
    assert_eq!(code, Some(0), "{log}");
}

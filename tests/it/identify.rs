//! `POST /api/identify`.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use futures_util::stream;
use reqwest::{
    Body,
    multipart::{Form, Part},
};
use whatsit::settings::ByteSize;

use crate::harness::{Answer, Whatsit, on_both_engines};

const TOML: &[u8] = include_bytes!("../corpus/files/service.toml");
const PNG: &[u8] = include_bytes!("../corpus/files/gradient.png");

async fn a_raw_body_is_identified_under_the_name_in_the_query(whatsit: Whatsit) {
    let request = whatsit.post("/api/identify?name=Cargo.toml").body(TOML);
    let answer = Answer::to(request).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let verdict = answer.identification();
    assert_eq!(verdict["name"], "Cargo.toml");
    assert_eq!(verdict["label"], "toml");
    assert_eq!(verdict["description"], "Tom's obvious, minimal language");
    assert_eq!(verdict["mime_type"], "application/toml");
    assert_eq!((&verdict["group"], &verdict["is_text"]), (&"text".into(), &true.into()));
    assert_eq!(verdict["size"], TOML.len());
    assert_eq!(verdict["sha256"], kiln::manifest::Digest::of(TOML).to_string());
    assert!(verdict["score"].as_f64().is_some_and(|score| score > 0.9), "{verdict}");
    let at = verdict["identified_at"].as_str().expect("a time stamp");
    assert!(at.len() == "2026-11-23T01:30:00.123Z".len() && at.ends_with('Z'), "{at}");
    whatsit.stop().await;
}

async fn a_form_gives_its_first_part_with_a_file_name(whatsit: Whatsit) {
    let form = Form::new()
        .text("comment", "not this one")
        .part("file", Part::bytes(PNG).file_name("C:\\pictures\\gradient.png"))
        .part("other", Part::bytes(TOML).file_name("not-this-one-either.toml"));
    let verdict = whatsit.identify_form(form).await.identification();
    assert_eq!((&verdict["label"], &verdict["name"]), (&"png".into(), &"gradient.png".into()));
    assert_eq!(verdict["size"], PNG.len());
    whatsit.stop().await;
}

async fn a_form_without_a_file_name_gives_its_first_part(whatsit: Whatsit) {
    let form = Form::new().part("pasted", Part::bytes(TOML)).text("comment", "not this one");
    let verdict = whatsit.identify_form(form).await.identification();
    assert_eq!((&verdict["label"], &verdict["name"]), (&"toml".into(), &serde_json::Value::Null));
    whatsit.stop().await;
}

async fn input_below_the_size_of_the_model_is_identified_by_rules(whatsit: Whatsit) {
    for (content, label) in [(&b""[..], "empty"), (b"hi", "txt"), (b"\xff\xfe\0", "unknown"), (b" \n", "txt")]
    {
        let verdict = whatsit.identify(content).await;
        assert_eq!((&verdict["label"], &verdict["score"]), (&label.into(), &1.0.into()), "{content:?}");
        assert_eq!(verdict["size"], content.len());
        assert_eq!(verdict["alternatives"], serde_json::json!([]));
        assert!(verdict["mime_type"].is_string() && verdict["group"].is_string(), "{verdict}");
    }
    whatsit.stop().await;
}

async fn the_same_content_gets_the_same_verdict_and_a_row_of_its_own(whatsit: Whatsit) {
    let (first, second) = (whatsit.identify(PNG).await, whatsit.identify(PNG).await);
    for same in ["label", "score", "alternatives", "sha256"] {
        assert_eq!(first[same], second[same]);
    }
    assert!(first["id"].as_str() < second["id"].as_str(), "ids rise: {first} {second}");
    assert_eq!(whatsit.get("/api/stats").await.json()["total"], 2);
    whatsit.stop().await;
}

#[tokio::test]
async fn an_upload_of_the_limit_is_accepted_and_a_longer_one_is_413() {
    let whatsit = Whatsit::with_upload_limit(ByteSize(10_000)).await;
    let verdict = whatsit.identify(vec![b' '; 10_000]).await;
    assert_eq!(verdict["size"], 10_000);
    let over = vec![b' '; 10_001];
    let raw = Answer::to(whatsit.post("/api/identify").body(over.clone())).await;
    let detail = raw.problem(413);
    assert!(detail.contains("10000 B"), "{detail}");
    assert_eq!(raw.json()["title"], "Content Too Large");
    // Without `Content-Length` the limit applies while the body is read.
    let chunks = over.chunks(1000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>();
    let streamed = whatsit.post("/api/identify").body(Body::wrap_stream(stream::iter(chunks)));
    Answer::to(streamed).await.problem(413);
    let form = Form::new().part("file", Part::bytes(over).file_name("long"));
    whatsit.identify_form(form).await.problem(413);
    assert_eq!(whatsit.get("/api/stats").await.json()["total"], 1, "refused uploads are not stored");
    whatsit.stop().await;
}

#[tokio::test]
async fn a_client_that_sends_all_before_it_reads_receives_the_413() {
    let whatsit = Whatsit::with_upload_limit(ByteSize(10_000)).await;
    let address = whatsit.authority();
    let answer = tokio::task::spawn_blocking(move || send_all_then_read(&address, 8 * 1024 * 1024)).await;
    let answer = answer.expect("the client ends");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("Content Too Large"), "{answer}");
    whatsit.stop().await;
}

/// Sends the whole request before it reads. A reset would fail the write or the read.
fn send_all_then_read(address: &str, length: usize) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let head = format!("POST /api/identify HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("the head is taken");
    stream.write_all(&vec![b' '; length]).expect("the whole body is taken");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the connection ends in order");
    String::from_utf8(answer).expect("UTF-8")
}

/// RFC 9110 §8.3.1: type, subtype and names of parameters have no case, the value of the boundary has.
async fn a_form_is_read_whatever_the_case_of_its_type(whatsit: Whatsit) {
    for content_type in [
        "multipart/form-data; boundary=aB",
        "Multipart/Form-Data; Boundary=aB",
        "MULTIPART/FORM-DATA;BOUNDARY=\"aB\"",
    ] {
        let part = "--aB\r\ncontent-DISPOSITION: Form-Data; Name=\"f\"; FileName=\"a\u{202e}b.toml\"\r\n\r\n";
        let body = [part.as_bytes(), TOML, b"\r\n--aB--\r\n"].concat();
        let request = whatsit.post("/api/identify").header("content-type", content_type).body(body);
        let verdict = Answer::to(request).await.identification();
        assert_eq!(
            (&verdict["label"], &verdict["name"]),
            (&"toml".into(), &"ab.toml".into()),
            "{content_type}"
        );
        assert_eq!(verdict["size"], TOML.len(), "{content_type}");
    }
    whatsit.stop().await;
}

async fn a_malformed_form_is_refused_with_the_reason(whatsit: Whatsit) {
    let form = |body: &'static str| {
        let request = whatsit.post("/api/identify");
        request.header("content-type", "multipart/form-data; boundary=x").body(body)
    };
    for body in ["", "--x--\r\n", "--x\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\ncut off"] {
        let detail = Answer::to(form(body)).await.problem(400);
        assert!(!detail.is_empty());
    }
    whatsit.stop().await;
}

on_both_engines! {
    a_raw_body_is_identified_under_the_name_in_the_query,
    a_form_gives_its_first_part_with_a_file_name,
    a_form_without_a_file_name_gives_its_first_part,
    input_below_the_size_of_the_model_is_identified_by_rules,
    the_same_content_gets_the_same_verdict_and_a_row_of_its_own,
    a_form_is_read_whatever_the_case_of_its_type,
    a_malformed_form_is_refused_with_the_reason,
}

//! Spans as a collector receives them.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use crate::process::Process;

/// Trace ID of the client.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[test]
fn a_request_is_exported_as_part_of_its_clients_trace() {
    let collector = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}", collector.local_addr().expect("an address"));
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("OTEL_SERVICE_NAME", "tested"),
    ];
    let mut process = Process::start_with("serving", &environment);
    let mut client = TcpStream::connect(process.address()).expect("it listens");
    write!(
        client,
        "GET /livez HTTP/1.1\r\nHost: test\r\nConnection: close\r\ntraceparent: 00-{TRACE}-00f067aa0ba902b7-01\r\n\r\n"
    )
    .expect("sent");
    client.read_to_end(&mut Vec::new()).expect("an answer");

    let (mut connection, _) = collector.accept().expect("the exporter comes");
    let mut received = Vec::new();
    let trace: Vec<u8> =
        (0..16).map(|at| u8::from_str_radix(&TRACE[2 * at..2 * at + 2], 16).expect("hex")).collect();
    let mut chunk = [0; 4096];
    let holds = |received: &[u8], part: &[u8]| received.windows(part.len()).any(|window| window == part);
    while ![&trace[..], b"tested", b"/livez"].iter().all(|part| holds(&received, part)) {
        let length = connection.read(&mut chunk).expect("more");
        assert!(length > 0, "the export ended without the trace: {}", String::from_utf8_lossy(&received));
        received.extend_from_slice(&chunk[..length]);
    }
    assert!(received.starts_with(b"POST /v1/traces HTTP/1.1\r\n"));
    connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").expect("sent");
    drop((connection, collector));
    process.signal("TERM");
    assert_eq!(process.ended().0, Some(0));
}

//! The drain: every accepted connection is answered.

use std::{
    io,
    sync::{Arc, Barrier},
    thread,
    time::{Duration, Instant},
};

use kiln::{Error, Exit, Phase, server::DrainOptions};

use crate::{
    client::{Client, Connection},
    harness::{SECOND, start, start_with},
};

const CLIENTS: usize = 32;

fn patient() -> DrainOptions {
    DrainOptions { deadline: 20 * SECOND, ..DrainOptions::default() }
}

#[test]
fn a_drain_under_load_answers_every_client_until_connection_close() {
    // Some clients send without a pause; others pause for longer than an idle drain takes, and for less than its
    // deadline.
    let paces =
        [("/", Duration::ZERO), ("/later", Duration::ZERO), ("/", SECOND * 3 / 10), ("/later", SECOND / 4)];
    for round in 0..5 {
        let server = start(patient());
        let busy = Arc::new(Barrier::new(CLIENTS + 1));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (busy, address) = (Arc::clone(&busy), server.address);
                let (path, pause) = paces[number % paces.len()];
                thread::spawn(move || -> io::Result<usize> {
                    let mut client = Client::connect(address)?;
                    client.get(path)?;
                    busy.wait();
                    let mut answers = 1;
                    loop {
                        answers += 1;
                        thread::sleep(pause);
                        if client.get(path)?.connection == Connection::Close {
                            client.closed()?;
                            return Ok(answers);
                        }
                    }
                })
            })
            .collect();
        busy.wait();
        server.shutdown.drain();
        for client in clients {
            let answers = client.join().expect("the client does not panic");
            assert!(answers.as_ref().is_ok_and(|count| *count >= 2), "round {round}: {answers:?}");
        }
        server.ended().expect("a clean stop");
    }
}

#[test]
fn a_drain_under_load_answers_every_established_connection() {
    for round in 0..3 {
        let server = start(patient());
        let busy = Arc::new(Barrier::new(CLIENTS + 1));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (busy, address) = (Arc::clone(&busy), server.address);
                thread::spawn(move || -> io::Result<()> {
                    Client::connect(address)?.get("/")?;
                    busy.wait();
                    // A client without a connection can connect to another server; one with a connection
                    // has to be answered on it.
                    while let Ok(mut client) = Client::connect_within(address, SECOND / 2) {
                        client.get("/later")?;
                    }
                    Ok(())
                })
            })
            .collect();
        busy.wait();
        server.shutdown.drain();
        for client in clients {
            let outcome = client.join().expect("the client does not panic");
            assert!(outcome.is_ok(), "round {round}: {outcome:?}");
        }
        server.ended().expect("a clean stop");
    }
}

#[test]
fn responses_in_flight_are_completed() {
    let server = start(patient());
    let (mut held, mut streamed) = (server.connect(), server.connect());
    held.send("/held").expect("sent");
    streamed.send("/stream").expect("sent");
    server.wait_for_arrivals(2);
    server.shutdown.drain();
    server.wait_for(Phase::Draining);
    assert!(server.diary.events().is_empty(), "resources are open while requests are in flight");
    server.state.gate.add_permits(2);

    let answer = held.receive().expect("an answer");
    assert_eq!((answer.status, answer.connection, answer.body.as_str()), (200, Connection::Close, "held"));
    assert_eq!(streamed.receive().expect("an answer").body, "streamed");
    let diary = server.diary.clone();
    server.ended().expect("a clean stop");
    assert_eq!(diary.events(), ["closed"]);
}

#[test]
fn idle_and_silent_clients_do_not_delay_the_stop() {
    let server = start(DrainOptions { deadline: 60 * SECOND, ..DrainOptions::default() });
    let (mut idle, mut silent) = (server.connect(), server.connect());
    idle.get("/").expect("an answer");
    let started = Instant::now();
    server.shutdown.drain();
    server.ended().expect("a clean stop");
    assert!(started.elapsed() < 10 * SECOND, "{:?}", started.elapsed());
    idle.closed().expect("closed without an error");
    silent.closed().expect("closed without an error");
}

#[test]
fn connections_are_refused_after_the_stop() {
    let server = start(patient());
    server.shutdown.drain();
    let address = server.address;
    server.ended().expect("a clean stop");
    let refused = Client::connect(address).err().map(|error| error.kind());
    assert_eq!(refused, Some(io::ErrorKind::ConnectionRefused));
}

#[test]
fn connections_are_refused_during_the_drain() {
    let server = start(patient());
    let mut held = server.connect();
    held.send("/held").expect("sent");
    server.wait_for_arrivals(1);
    server.shutdown.drain();
    let until = Instant::now() + 10 * SECOND;
    // Until the listener is closed, new connections are accepted or ignored; both end.
    while Client::connect_within(server.address, SECOND).err().map(|error| error.kind())
        != Some(io::ErrorKind::ConnectionRefused)
    {
        assert!(Instant::now() < until, "the port is still open");
    }
    server.state.gate.add_permits(1);
    assert_eq!(held.receive().expect("an answer").body, "held");
    server.ended().expect("a clean stop");
}

#[test]
fn readiness_ends_first_and_the_pause_still_serves() {
    let server = start(DrainOptions { pause: 60 * SECOND, ..patient() });
    let mut client = server.connect();
    let ready = client.get("/readyz").expect("an answer");
    assert_eq!((ready.status, ready.connection), (200, Connection::Keep));
    let health: serde_json::Value = serde_json::from_str(&ready.body).expect("JSON");
    assert_eq!(health, serde_json::json!({ "phase": "ready" }), "the rest is for operators");

    server.shutdown.drain();
    server.wait_for(Phase::Draining);
    let unready = client.get("/readyz").expect("an answer");
    assert_eq!((unready.status, unready.connection), (503, Connection::Close));
    for (path, status) in [("/livez", 200), ("/", 200), ("/nothing", 404)] {
        let answer = server.connect().get(path).expect("new connections are served during the pause");
        assert_eq!((answer.status, answer.connection), (status, Connection::Close), "{path}");
    }
    server.shutdown.end_wait();
    server.ended().expect("the second request ends the pause");
}

#[test]
fn a_second_stop_ends_the_drain_and_still_closes_resources() {
    let server = start(DrainOptions { deadline: 3600 * SECOND, ..DrainOptions::default() });
    let mut held = server.connect();
    held.send("/held").expect("sent");
    server.wait_for_arrivals(1);
    server.shutdown.drain();
    server.wait_for(Phase::Draining);
    server.shutdown.end_wait();
    let diary = server.diary.clone();
    server.ended().expect("the stop was asked for");
    assert_eq!(diary.events(), ["closed"]);
    assert!(held.receive().is_err(), "the request was cut off");
}

#[test]
fn a_drain_past_its_deadline_is_an_error_and_still_closes_resources() {
    let deadline = Duration::from_millis(50);
    let server = start(DrainOptions { deadline, ..DrainOptions::default() });
    let mut held = server.connect();
    held.send("/held").expect("sent");
    server.wait_for_arrivals(1);
    server.shutdown.drain();
    let diary = server.diary.clone();
    let error = server.ended().expect_err("a request was cut off");
    assert!(matches!(error, Error::Drain { requests: 1, .. }), "{error}");
    assert_eq!(error.exit(), Exit::TearDown);
    assert_eq!(diary.events(), ["closed"]);
}

#[test]
fn a_failed_required_task_stops_the_application_in_order() {
    let server = start_with(patient(), async |lifespan| {
        lifespan
            .spawn_required("sweeper", SECOND, async |_stop| Err::<(), _>(io::Error::other("out of brooms")));
        Ok(())
    });
    let diary = server.diary.clone();
    let error = server.ended().expect_err("the task died");
    assert_eq!(error.to_string(), "required task `sweeper` failed: out of brooms");
    assert_eq!(error.exit(), Exit::TaskDied);
    assert_eq!(diary.events(), ["closed"]);
}

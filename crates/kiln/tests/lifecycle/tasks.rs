//! Background tasks, their restarts, and readiness checks.

use std::{
    future::pending,
    io,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use kiln::{
    Lifespan, ServerOptions, Shutdown,
    lifespan::{Backoff, ResourceState},
};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::{
    client::Client,
    harness::{SECOND, start_by},
};

const AT_ONCE: Backoff = Backoff { first: Duration::from_millis(1), longest: Duration::from_millis(2) };

#[tokio::test]
async fn a_restarting_task_restarts_after_any_end_until_it_is_cancelled() {
    let (lives, arrived) = (AtomicU32::new(0), Arc::new(Semaphore::new(0)));
    let mut lifespan = Lifespan::new(Shutdown::new());
    let living = Arc::clone(&arrived);
    lifespan.spawn_restarting("flaky", SECOND, AT_ONCE, move |stop| {
        let (life, living) = (lives.fetch_add(1, Relaxed), Arc::clone(&living));
        async move {
            match life {
                0 => Err(io::Error::other("broken")),
                1 => panic!("on purpose"),
                2 => Ok(()),
                _ => {
                    living.add_permits(1);
                    stop.cancelled().await;
                    Ok(())
                }
            }
        }
    });
    arrived.acquire().await.expect("it stays open").forget();
    let resources = lifespan.resources();
    let flaky = &resources.list()[0];
    assert_eq!((flaky.state, flaky.restarts), (ResourceState::Open, 3));
    assert!(lifespan.close().await.is_empty());
}

#[tokio::test]
async fn a_task_in_its_backoff_stops_at_once() {
    let mut lifespan = Lifespan::new(Shutdown::new());
    let hours = Backoff { first: 3600 * SECOND, longest: 3600 * SECOND };
    lifespan
        .spawn_restarting("broken", SECOND, hours, |_| async { Err::<(), _>(io::Error::other("broken")) });
    until(&lifespan, ResourceState::Restarting).await;
    assert!(lifespan.close().await.is_empty());
}

#[tokio::test]
async fn a_failed_best_effort_task_is_shown_and_does_not_stop_the_application() {
    let mut lifespan = Lifespan::new(Shutdown::new());
    lifespan.spawn_best_effort("luck", SECOND, |_| async { Err::<(), _>(io::Error::other("none")) });
    until(&lifespan, ResourceState::Failed).await;
    assert!(lifespan.close().await.is_empty());

    let mut lifespan = Lifespan::new(Shutdown::new());
    lifespan.spawn_best_effort("stubborn", SECOND / 50, |_| pending::<()>());
    assert_eq!(lifespan.close().await.errors().len(), 1, "a task that does not stop is reported");
}

async fn until(lifespan: &Lifespan, state: ResourceState) {
    let resources = lifespan.resources();
    while resources.list()[0].state != state {
        tokio::task::yield_now().await;
    }
}

#[test]
fn an_application_is_ready_while_every_readiness_check_passes() {
    let there = Arc::new(AtomicBool::new(true));
    let watched = Arc::clone(&there);
    let admin = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = admin.local_addr().expect("an address");
    let more = async move |lifespan: &mut Lifespan| {
        lifespan.check_readiness("diary", SECOND, move || {
            let there = watched.load(Relaxed);
            async move { if there { Ok(()) } else { Err(io::Error::other("gone")) } }
        });
        Ok(())
    };
    let running = start_by(ServerOptions::default(), more, move |application| {
        application.with_admin(Some(admin)).expect("metrics")
    });
    let mut client = Client::connect(address).expect("it listens");
    let mut readyz = || {
        let answer = client.get("/readyz").expect("an answer");
        let health: Value = serde_json::from_str(&answer.body).expect("JSON");
        (answer.status, health["resources"][0]["state"].as_str().expect("a state").to_owned())
    };
    assert_eq!(readyz(), (200, "open".to_owned()));
    for (now, expected) in [(false, (503, "unavailable")), (true, (200, "open"))] {
        there.store(now, Relaxed);
        // The result of a check is cached for a moment, so the new one is polled for.
        while readyz().0 != expected.0 {}
        assert_eq!(readyz(), (expected.0, expected.1.to_owned()));
        let mut client = running.connect();
        assert_eq!(client.get("/livez").expect("an answer").status, 200);
        assert_eq!(client.get("/").expect("an answer").body, "hello");
    }
    running.shutdown.drain();
    running.ended().expect("a clean stop");
}

//! A database server that stops and comes back while the application serves.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use reqwest::Method;
use whatsit::settings::Pool;

use crate::harness::{Answer, Whatsit, postgres};

/// Time-out of the test.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn during_an_outage_of_the_database_pages_are_served_and_the_api_is_503_with_retry_after() {
    let Some(server) = tokio::task::spawn_blocking(postgres).await.expect("no panic") else { return };
    let server = Arc::new(server);
    let pool = Pool { timeout: Duration::from_millis(300), ..Pool::default() };
    let whatsit = Arc::new(Whatsit::on(&server.url(), pool).await);
    let before = whatsit.identify("fn main() {}").await;
    assert_eq!(whatsit.get("/readyz").await.status, 200);

    let visitor = Visitor::begin(&whatsit).await;
    tokio::task::spawn_blocking({
        let server = Arc::clone(&server);
        move || server.stop()
    })
    .await
    .expect("no panic")
    .expect("it stops");

    let health = until(&whatsit, 503).await.json();
    assert_eq!(health["phase"], "ready", "the application itself is ready");
    assert_eq!(whatsit.get("/livez").await.status, 200);
    for (method, path) in [(Method::GET, "/api/stats"), (Method::POST, "/api/identify")] {
        let answer = Answer::to(whatsit.request(method, path).body("fn f() {}")).await;
        assert!(!answer.header("retry-after").is_empty(), "{}", answer.text);
        answer.problem(503);
    }
    visitor.is_served().await;

    tokio::task::spawn_blocking({
        let server = Arc::clone(&server);
        move || server.start_again()
    })
    .await
    .expect("no panic")
    .expect("it starts");
    until(&whatsit, 200).await;
    let path = format!("/api/identifications/{}", before["id"].as_str().expect("an id"));
    assert_eq!(whatsit.get(&path).await.identification(), before);
    whatsit.identify("fn main() { println!(); }").await;
    visitor.end().await;
    Arc::into_inner(whatsit).expect("the last reference").stop().await;
}

/// Polls `/readyz` until its status is `status`.
async fn until(whatsit: &Whatsit, status: u16) -> Answer {
    let polling = async {
        loop {
            let answer = whatsit.get("/readyz").await;
            if answer.status.as_u16() == status {
                return answer;
            }
        }
    };
    tokio::time::timeout(PATIENCE, polling).await.unwrap_or_else(|_| panic!("readiness never was {status}"))
}

/// Loads the front page and one of its assets without a pause, and asserts that each is served.
struct Visitor {
    visits: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    visiting: tokio::task::JoinHandle<()>,
}

impl Visitor {
    async fn begin(whatsit: &Arc<Whatsit>) -> Self {
        let page = whatsit.get("/").await.text;
        let (_, rest) = page.split_once("href=\"/assets/").expect("the page has a style sheet");
        let asset = format!("/assets/{}", rest.split('"').next().expect("a URL"));
        let (visits, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let visiting = tokio::spawn({
            let (whatsit, visits, over) = (Arc::clone(whatsit), Arc::clone(&visits), Arc::clone(&over));
            async move {
                while !over.load(Ordering::Relaxed) {
                    for path in ["/", &asset] {
                        assert_eq!(whatsit.get(path).await.status, 200, "{path}");
                    }
                    visits.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        Self { visits, over, visiting }
    }

    /// Waits for ten more visits.
    async fn is_served(&self) {
        let enough = self.visits.load(Ordering::Relaxed) + 10;
        while self.visits.load(Ordering::Relaxed) < enough && !self.visiting.is_finished() {
            tokio::task::yield_now().await;
        }
    }

    async fn end(self) {
        self.is_served().await;
        self.over.store(true, Ordering::Relaxed);
        self.visiting.await.expect("every visit was served");
    }
}

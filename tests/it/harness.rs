//! One whole application for a test: real routes, a real database in a folder of its own, a real socket,
//! and a stop signal that the test owns.

use std::{net::TcpListener, thread};

use actix_web::rt::System;
use kiln::{Application, Error, Options, Phase, Phases, Shutdown, migrate};
use reqwest::{Client, RequestBuilder, Response, StatusCode, multipart::Form};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;
use whatsit::{
    identify::Capacity,
    lifespan, migrations, routes,
    settings::{ByteSize, Database, Limits, Settings},
};

/// A running application.
pub(crate) struct Whatsit {
    origin: String,
    client: Client,
    shutdown: Shutdown,
    server: thread::JoinHandle<Result<(), Error>>,
    _folder: TempDir,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

/// The limit that most tests have room under.
const UPLOAD_LIMIT: ByteSize = ByteSize(1024 * 1024);

impl Whatsit {
    pub(crate) async fn start() -> Self {
        Self::with_upload_limit(UPLOAD_LIMIT).await
    }

    pub(crate) async fn with_upload_limit(upload: ByteSize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("whatsit.db").display());
        let database: Database = url.parse().expect("a URL");
        let migrations = migrations::load().expect("the migrations are valid");
        migrate::apply(&migrations, &database.target, migrate::Goal::Newest, std::time::Duration::ZERO)
            .await
            .expect("they apply");

        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("its address"));
        let limits = Limits { upload, predictions: Capacity::of_this_machine(1000) };
        let settings = Settings { options: Options::default(), database, limits };
        let shutdown = Shutdown::new();
        let (tell, told) = oneshot::channel();
        let server = thread::spawn({
            let shutdown = shutdown.clone();
            move || System::new().block_on(serve(settings, listener, shutdown, tell))
        });
        let phases = told.await.expect("the application starts");
        phases.reached(Phase::Ready).await;
        Self { origin, client: Client::new(), shutdown, server, _folder: folder }
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn authority(&self) -> &str {
        self.origin.strip_prefix("http://").expect("an http URL")
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.origin))
    }

    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(reqwest::Method::GET, path)).await
    }

    /// Uploads `content` as a raw body and expects a verdict.
    pub(crate) async fn identify(&self, content: impl Into<Vec<u8>>) -> Value {
        Answer::to(self.post("/api/identify").body(content.into())).await.identification()
    }

    pub(crate) async fn identify_form(&self, form: Form) -> Answer {
        Answer::to(self.post("/api/identify").multipart(form)).await
    }

    /// Stops it and expects that everything closed.
    pub(crate) async fn stop(self) {
        let Self { shutdown, server, client, _folder, .. } = self;
        // Idle connections are the client's to close; the drain would wait for their silence.
        drop(client);
        shutdown.drain();
        let ended = tokio::task::spawn_blocking(move || server.join()).await.expect("the wait ends");
        ended.expect("the server does not panic").expect("the stop is clean");
    }
}

async fn serve(
    settings: Settings,
    listener: TcpListener,
    shutdown: Shutdown,
    tell: oneshot::Sender<Phases>,
) -> Result<(), Error> {
    let start = async |lifespan: &mut kiln::Lifespan| lifespan::start(lifespan, &settings).await;
    let options = settings.options.server.clone();
    let application = Application::build(options, listener, shutdown, start, routes::configure).await?;
    let _ = tell.send(application.phases());
    application.run().await
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        Self::of(request.send().await.expect("an answer")).await
    }

    async fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.expect("a whole body") }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header in ASCII"))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn identification(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/json");
        self.json()
    }

    /// Expects a problem document with this status, and returns its detail.
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let document = self.json();
        assert_eq!(document["status"], status);
        assert_eq!(document["type"], "about:blank");
        assert!(document["title"].as_str().is_some_and(|title| !title.is_empty()), "{document}");
        document["detail"].as_str().expect("a detail").to_owned()
    }
}

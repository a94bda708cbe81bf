//! A whole application for one test: real routes, a database of its own, a real socket, and a stop signal that the
//! test owns.

use std::{sync::LazyLock, time::Duration};

use kiln::{
    ServerOptions,
    migrate::{self, Goal},
};
use kiln_testing::{Postgres, PostgresError, Running};
use reqwest::{Client, RequestBuilder, Response, StatusCode, multipart::Form};
use serde_json::Value;
use tempfile::TempDir;
use whatsit::{
    identify::Capacity,
    lifespan, migrations, routes,
    settings::{ByteSize, Database, Limits, Pool, Settings},
};

/// A running application.
pub(crate) struct Whatsit {
    application: Running,
    client: Client,
    /// The folder of a SQLite database.
    _folder: Option<TempDir>,
}

/// A complete response.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

/// Upload limit of most tests.
const UPLOAD_LIMIT: ByteSize = ByteSize(1024 * 1024);

/// Declares a test for each function and each engine. The function takes the application.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::harness::Whatsit::start().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $name() {
                if let Some(whatsit) = crate::harness::Whatsit::on_postgres().await {
                    super::$name(whatsit).await;
                }
            })*
        }
    };
}
pub(crate) use on_both_engines;

/// The server of all tests of this process, each with a database of its own; ends with the process.
static POSTGRES: LazyLock<Option<Postgres>> = LazyLock::new(postgres);

/// A PostgreSQL server; `None`, with a message, on a machine without PostgreSQL.
pub(crate) fn postgres() -> Option<Postgres> {
    match Postgres::start() {
        Err(PostgresError::Missing) => {
            eprintln!("SKIPPED: {}", PostgresError::Missing);
            None
        }
        started => Some(started.expect("the server starts")),
    }
}

/// The URL of a new database on the server of all tests.
pub(crate) fn postgres_url() -> Option<String> {
    let server = POSTGRES.as_ref()?;
    Some(server.url_of(&server.database().expect("a database")))
}

impl Whatsit {
    /// Starts an application on SQLite.
    pub(crate) async fn start() -> Self {
        Self::with_upload_limit(UPLOAD_LIMIT).await
    }

    pub(crate) async fn on_postgres() -> Option<Self> {
        let url = tokio::task::spawn_blocking(postgres_url).await.expect("no panic")?;
        Some(Self::serve(&url, Pool::default(), UPLOAD_LIMIT).await)
    }

    pub(crate) async fn with_upload_limit(upload: ByteSize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("whatsit.db").display());
        Self { _folder: Some(folder), ..Self::serve(&url, Pool::default(), upload).await }
    }

    /// Starts an application on an empty database.
    pub(crate) async fn on(url: &str, pool: Pool) -> Self {
        Self::serve(url, pool, UPLOAD_LIMIT).await
    }

    async fn serve(url: &str, pool: Pool, upload: ByteSize) -> Self {
        let database: Database = url.parse().expect("a URL");
        let migrations = migrations::load().expect("the migrations are valid");
        let applied = migrate::apply(&migrations, &database.target, Goal::Newest, Duration::ZERO).await;
        applied.expect("they apply");
        let limits = Limits { upload, predictions: Capacity::of_this_machine(1000) };
        let settings = Settings { database, pool, limits };
        let start = async move |lifespan: &mut kiln::Lifespan| lifespan::start(lifespan, &settings).await;
        let application =
            Running::start(ServerOptions::default(), start, routes::configure).await.expect("it starts");
        Self { application, client: Client::new(), _folder: None }
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn authority(&self) -> String {
        self.application.address().to_string()
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.request(reqwest::Method::POST, path)
    }

    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.application.origin()))
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

    /// Stops the application, and asserts that all resources closed.
    pub(crate) async fn stop(self) {
        let Self { application, client, _folder } = self;
        // The client closes its idle connections; the drain would wait for them.
        drop(client);
        application.stop().await.expect("the stop is clean");
    }
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

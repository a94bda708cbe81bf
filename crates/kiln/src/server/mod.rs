//! The application over its socket: [`build`](Application::build) starts it, [`run`](Application::run)
//! serves until it is asked to stop, drains, and closes.
//!
//! The caller owns the listener and the stop signal, so a test controls both:
//!
//! ```
//! use std::net::TcpListener;
//! use actix_web::web;
//! use kiln::{Application, Lifespan, ServerOptions, Shutdown, StartUpError};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! async fn start(_: &mut Lifespan) -> Result<u32, StartUpError> {
//!     Ok(42)
//! }
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let shutdown = Shutdown::new();
//! let routes = |_: &u32, config: &mut web::ServiceConfig| {
//!     config.route("/", web::get().to(async |state: web::Data<u32>| state.to_string()));
//! };
//! let application =
//!     Application::build(ServerOptions::default(), listener, shutdown.clone(), start, routes).await?;
//! println!("serving at {}", application.address());
//! shutdown.drain();
//! application.run().await?;
//! # Ok(())
//! # }
//! ```

mod activity;
mod admin;
mod around;
mod drain;
mod front;
mod head;
mod http;
#[cfg(feature = "tls")]
mod http2;
mod listener;
mod manager;
mod options;
#[cfg(feature = "tls")]
mod secure;
#[cfg(not(feature = "tls"))]
#[path = "secure/off.rs"]
mod secure;
mod serving;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::web;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub use front::properties;
pub use head::MAX_HEAD;
pub use options::{DrainOptions, ListenerUse, ServerOptions};

use self::{
    drain::Drained,
    serving::{Ended, Serving},
};
use crate::{
    assets::Assets,
    error::Error,
    lifespan::{self, Lifespan, StartUpError, Unclosed},
    observe::metrics,
    phase::{Phase, Phases},
    seal,
    shutdown::Shutdown,
    tls::Tls,
};

type Routes<S> = Arc<dyn Fn(&S, &mut web::ServiceConfig) + Send + Sync>;
type Measure<S> = Arc<dyn Fn(&S) + Send + Sync>;

/// An application whose resources are open and whose listener is bound, ready to [`run`](Self::run).
#[must_use = "an application serves only when it is run"]
pub struct Application<S> {
    options: ServerOptions,
    listener: TcpListener,
    address: SocketAddr,
    shutdown: Shutdown,
    phases: Phases,
    lifespan: Lifespan,
    build: Option<String>,
    seal: seal::Report,
    state: Arc<S>,
    routes: Routes<S>,
    admin: Option<TcpListener>,
    tls: Option<Tls>,
    assets: Option<Assets>,
    measure: Measure<S>,
}

impl<S: Send + Sync + 'static> Application<S> {
    /// Opens everything that `start` enters into the [`Lifespan`].
    ///
    /// Handlers receive what `start` returns as `web::Data<S>`; it is always there. `routes` runs once for
    /// each worker. Until [`run`](Self::run), clients that connect wait in the listener's queue.
    ///
    /// # Errors
    /// When something does not start, or `shutdown` asks for a stop before everything has. What had started
    /// is closed by then.
    pub async fn build<Start, R>(
        options: ServerOptions,
        listener: TcpListener,
        shutdown: Shutdown,
        start: Start,
        routes: R,
    ) -> Result<Self, Error>
    where
        Start: AsyncFnOnce(&mut Lifespan) -> Result<S, StartUpError>,
        R: Fn(&S, &mut web::ServiceConfig) + Send + Sync + 'static,
    {
        let address = listener.local_addr().map_err(system("read the listener's address"))?;
        let phases = Phases::new();
        let mut lifespan = Lifespan::new(shutdown.clone());
        let started = lifespan::unwound(start(&mut lifespan)).await;
        match started.unwrap_or_else(|message| Err(StartUpError::Panic(message))) {
            Ok(state) => Ok(Self {
                options,
                listener,
                address,
                shutdown,
                phases,
                lifespan,
                build: None,
                seal: seal::Report::default(),
                state: Arc::new(state),
                routes: Arc::new(routes),
                admin: None,
                tls: None,
                assets: None,
                measure: Arc::new(|_| {}),
            }),
            Err(cause) => Err(Error::StartUp { cause, unclosed: lifespan.close().await }),
        }
    }

    /// Shows this report at `/readyz`.
    pub fn with_seal(self, seal: seal::Report) -> Self {
        Self { seal, ..self }
    }

    /// Answers `/metrics`, and the probes, on this listener besides; without one, nothing is measured.
    ///
    /// # Errors
    /// When the application records metrics by other means already.
    pub fn with_admin(self, listener: Option<TcpListener>) -> Result<Self, Error> {
        if listener.is_some() {
            metrics::install()?;
        }
        Ok(Self { admin: listener, ..self })
    }

    /// Serves by TLS, with HTTP/2 and HTTP/1.1; the admin listener stays as it is. When the certificate is
    /// [reloaded on SIGHUP](Tls::reloaded_on_hangup), that is a task of the application's from now on.
    pub fn with_tls(mut self, tls: Option<Tls>) -> Self {
        if let Some(tls) = &tls {
            tls.enter(&mut self.lifespan);
        }
        Self { tls, ..self }
    }

    /// Answers GET and HEAD requests for the URLs of these assets before any route is asked: no route, guard or
    /// middleware of the application sees them. A release answers plain ones without TLS ahead of actix, from the
    /// socket, while no line or span of each request is wanted of the log. The routes still end in
    /// [`service`](Assets::service), which answers for everything else that is the assets' to answer: redirections,
    /// pages for what is not there, other methods.
    pub fn with_assets(self, pick: impl FnOnce(&S) -> &Assets) -> Self {
        let assets = Some(pick(&self.state).clone());
        Self { assets, ..self }
    }

    /// Has `measure` set the gauges of the application's own whenever metrics are asked for.
    pub fn with_measure(self, measure: impl Fn(&S) + Send + Sync + 'static) -> Self {
        Self { measure: Arc::new(measure), ..self }
    }

    /// Shows at the probes which build this is: the assets' build id, say.
    pub fn with_build(self, build: impl Into<String>) -> Self {
        Self { build: Some(build.into()), ..self }
    }

    /// The address that clients connect to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A view of the phase, to keep while the application runs.
    #[must_use]
    pub fn phases(&self) -> Phases {
        self.phases.clone()
    }

    /// What handlers will see.
    #[must_use]
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Serves until the stop signal, or until a required task dies; then drains and closes everything in
    /// reverse order.
    ///
    /// # Errors
    /// When the server does not start, a required task died, requests outlived the drain, or something did
    /// not close.
    pub async fn run(self) -> Result<(), Error> {
        let outcome = match Serving::new(&self) {
            Ok(serving) => serving.run().await,
            Err(error) => Err(error),
        };
        let Self { listener, state, routes, lifespan, phases, measure, admin, .. } = self;
        // Nobody is served from here on, so the port closes before the resources do.
        drop((listener, state, routes, measure, admin));
        let unclosed = lifespan.close().await;
        phases.advance(Phase::Stopped);
        conclude(outcome, unclosed)
    }
}

fn conclude(outcome: Result<Ended, Error>, unclosed: Unclosed) -> Result<(), Error> {
    match outcome {
        Ok(Ended::TaskDied(cause)) => Err(Error::TaskDied { cause, unclosed }),
        Ok(Ended::Asked(Drained::OutOfTime(requests), DrainOptions { deadline, .. })) => {
            Err(Error::Drain { requests, deadline, unclosed })
        }
        Ok(Ended::Asked(Drained::Fully | Drained::CutShort, _)) if unclosed.is_empty() => Ok(()),
        Ok(Ended::Asked(..)) => Err(Error::TearDown(unclosed)),
        Err(error) => {
            if !unclosed.is_empty() {
                tracing::error!("tear-down failed{unclosed}");
            }
            Err(error)
        }
    }
}

fn system(what: &'static str) -> impl Fn(io::Error) -> Error {
    move |source| Error::System { what, source }
}

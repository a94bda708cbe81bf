//! An application that has started: open resources, a bound listener, routes.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::web;

use super::options::ServerOptions;
use crate::{
    assets::Assets,
    error::Error,
    lifespan::{self, Lifespan, StartUpError},
    observe::metrics,
    phase::Phases,
    seal,
    shutdown::Shutdown,
    tls::Tls,
};

/// Registers the routes of the application with the `App` of one worker.
pub(super) type Routes<S> = Arc<dyn Fn(&S, &mut web::ServiceConfig) + Send + Sync>;
/// Sets the gauges of the application.
type Measure<S> = Arc<dyn Fn(&S) + Send + Sync>;

/// An application whose resources are open and whose listener is bound, ready to [`run`](Self::run).
#[must_use = "an application serves only when it is run"]
pub struct Application<S> {
    pub(super) options: ServerOptions,
    pub(super) listener: TcpListener,
    pub(super) address: SocketAddr,
    pub(super) shutdown: Shutdown,
    pub(super) phases: Phases,
    pub(super) lifespan: Lifespan,
    pub(super) build: Option<String>,
    pub(super) seal: seal::Report,
    pub(super) state: Arc<S>,
    pub(super) routes: Routes<S>,
    pub(super) admin: Option<TcpListener>,
    pub(super) tls: Option<Tls>,
    pub(super) assets: Option<Assets>,
    pub(super) measure: Measure<S>,
}

impl<S: Send + Sync + 'static> Application<S> {
    /// Opens everything that `start` enters into the [`Lifespan`].
    ///
    /// Handlers receive the result of `start` as `web::Data<S>`, without exception. `routes` runs once for each
    /// worker. Until [`run`](Self::run), clients that connect wait in the listener's queue.
    ///
    /// # Errors
    /// When something does not start, or `shutdown` asks for a stop before everything has. Opened resources are closed
    /// by then.
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
        let address = listener.local_addr().map_err(Error::system("read the listener's address"))?;
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

    /// Shows this report at `/readyz` of the admin listener.
    pub fn with_seal(self, seal: seal::Report) -> Self {
        Self { seal, ..self }
    }

    /// Answers `/metrics`, and the probes, on this listener as well; without one, nothing is measured.
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
    /// socket, while the log has no line or span for each request. The routes still end in
    /// [`service`](Assets::service), which answers everything else about assets: redirections, pages for missing files,
    /// other methods.
    pub fn with_assets(self, pick: impl FnOnce(&S) -> &Assets) -> Self {
        let assets = Some(pick(&self.state).clone());
        Self { assets, ..self }
    }

    /// Calls `measure` before each answer to `/metrics`, to set the application's own gauges.
    pub fn with_measure(self, measure: impl Fn(&S) + Send + Sync + 'static) -> Self {
        Self { measure: Arc::new(measure), ..self }
    }

    /// Shows this build id at the probes of the admin listener: that of the assets, say.
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

    /// The state that handlers receive.
    #[must_use]
    pub fn state(&self) -> &S {
        &self.state
    }
}

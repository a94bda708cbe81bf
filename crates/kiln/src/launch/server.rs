//! A process that serves one application until SIGTERM or SIGINT: the whole of a `main`.

use std::{future::Future, pin::Pin};

use actix_web::web::ServiceConfig;

use super::{
    open_files,
    options::{Options, ProcessOptions},
    process::launch,
    sockets::Sockets,
};
use crate::{
    assets::Assets,
    error::Error,
    exit::Exit,
    lifespan::{Lifespan, StartUpError},
    seal::{Needs, Report},
    server::{Application, ServerOptions},
    shutdown::Shutdown,
};

/// A server, put together from its options, a start function and its routes: the example of the [crate](crate) is one.
#[must_use = "a server serves only when it is run"]
pub struct Server<S = (), Start = ()> {
    options: Options,
    steps: Vec<Step>,
    start: Start,
    routes: RegisterRoutes<S>,
    assets: Option<PickAssets<S>>,
    measure: Option<SetGauges<S>>,
}

type Step = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

type RegisterRoutes<S> = Box<dyn Fn(&S, &mut ServiceConfig) + Send + Sync>;

type PickAssets<S> = Box<dyn Fn(&S) -> &Assets>;

type SetGauges<S> = Box<dyn Fn(&S) + Send + Sync>;

impl From<Options> for Server {
    fn from(options: Options) -> Self {
        Self {
            options,
            steps: Vec::new(),
            start: (),
            routes: Box::new(|(), _| {}),
            assets: None,
            measure: None,
        }
    }
}

impl Server {
    /// Opens the resources of the application by `start`, whose result is the state that handlers receive as
    /// `web::Data<S>`.
    pub fn start<S, Start>(self, start: Start) -> Server<S, Start>
    where
        S: Send + Sync + 'static,
        Start: AsyncFnOnce(&mut Lifespan) -> Result<S, StartUpError>,
    {
        let Self { options, steps, .. } = self;
        Server { options, steps, start, routes: Box::new(|_, _| {}), assets: None, measure: None }
    }
}

impl<S, Start> Server<S, Start> {
    /// Names files and ports that the application needs: the seal refuses all others. Those of the server itself need
    /// not be named.
    pub fn needs(mut self, needs: Needs) -> Self {
        self.options.process.needs = self.options.process.needs.and(needs);
        self
    }

    /// Runs `step` before the start, in the sealed process: a migration of an embedded database, say. An error ends the
    /// process.
    pub fn before(mut self, step: impl Future<Output = Result<(), Error>> + 'static) -> Self {
        self.steps.push(Box::pin(step));
        self
    }

    pub(crate) fn process(&self) -> ProcessOptions {
        let needs = self.options.process.needs.clone().and(self.options.needs());
        ProcessOptions { needs, ..self.options.process.clone() }
    }
}

impl<S, Start> Server<S, Start>
where
    S: Send + Sync + 'static,
    Start: AsyncFnOnce(&mut Lifespan) -> Result<S, StartUpError>,
{
    /// Registers the routes of the application, once for each worker.
    pub fn routes(self, routes: impl Fn(&S, &mut ServiceConfig) + Send + Sync + 'static) -> Self {
        Self { routes: Box::new(routes), ..self }
    }

    /// Answers GET and HEAD requests for the URLs of these assets before any route is asked, and shows their build id
    /// at the probes, as [`Application::with_assets`] and [`Application::with_build`] do.
    pub fn assets(self, pick: impl Fn(&S) -> &Assets + 'static) -> Self {
        Self { assets: Some(Box::new(pick)), ..self }
    }

    /// Calls `measure` before each answer to `/metrics`, to set the application's own gauges.
    pub fn measure(self, measure: impl Fn(&S) + Send + Sync + 'static) -> Self {
        Self { measure: Some(Box::new(measure)), ..self }
    }

    /// Serves until SIGTERM or SIGINT, or until a required task dies, and returns the exit code. Call it from `main`,
    /// on the only thread.
    pub fn run(self) -> Exit {
        launch(&self.process(), async |seal| self.serve(seal).await)
    }

    async fn serve(self, seal: Report) -> Result<(), Error> {
        let Self { options, steps, start, routes, assets, measure } = self;
        open_files::provide(options.server.max_connections);
        for step in steps {
            step.await?;
        }
        let shutdown = Shutdown::on_signals().map_err(Error::system("listen for signals"))?;
        let tls = options.tls()?;
        let Sockets { public, ownership, admin } = Sockets::bind(&options)?;
        let server = ServerOptions { listener_ownership: ownership, ..options.server };
        let application = Application::build(server, public, shutdown, start, routes).await?;
        let mut application = application.with_seal(seal).with_tls(tls).with_admin(admin)?;
        if let Some(pick) = assets {
            let build = pick(application.state()).manifest().build_id.to_string();
            application = application.with_build(build).with_assets(pick);
        }
        if let Some(measure) = measure {
            application = application.with_measure(measure);
        }
        application.run().await
    }
}

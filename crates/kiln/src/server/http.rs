//! The actix server of an application: one `App` for each worker, and before it what answers for assets.

use std::{cell::RefCell, future::ready, io, net::SocketAddr, num::NonZeroUsize, rc::Rc, sync::Arc};

use actix_http::{HttpServiceBuilder, Request, error::DispatchError};
use actix_server::{GracefulShutdownSignal, ServerBuilder};
use actix_service::{IntoServiceFactory, Service, ServiceFactoryExt, fn_factory, fn_service};
use actix_web::{
    App, Error, HttpResponse,
    dev::{AppConfig, Server, ServiceFactory, ServiceRequest, ServiceResponse},
    http::header::HeaderValue,
    rt::net::TcpStream,
    web,
};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    Application, Routes, ServerOptions,
    activity::Activity,
    around::{Around, Watched, around},
    front::{Begun, Front},
    listener, secure,
};
use crate::{assets::Assets, phase::Phases, probes::Probes};

/// How full a write buffer may be, in bytes, when one more slice of a body is put into it. With actix's own
/// 32 KiB each slice is a write of its own.
pub(super) const WRITE_BUFFER: usize = 96 * 1024;

/// How many workers there are, and how many clients each serves at once.
pub(super) struct Share {
    pub(super) workers: usize,
    pub(super) connections: usize,
}

/// Makes the server of `application`; it serves once it is polled.
pub(super) fn server<S: Send + Sync + 'static>(
    application: &Application<S>,
    activity: &Activity,
) -> io::Result<Server> {
    let Application { options, listener, .. } = application;
    listener::limit_stalls(listener, options.write_stall);
    let parts = Arc::new(Parts::of(application, activity)?);
    let app = move || parts.app();
    if let Some(tls) = &application.tls {
        return secure::server(application, activity, tls, app);
    }
    let server = builder(options);
    let terms = Terms {
        activity: activity.clone(),
        options: options.clone(),
        phases: application.phases.clone(),
        stop: server.graceful_shutdown_signal(),
        assets: application.assets.clone(),
        address: application.address,
    };
    let worker = move || {
        let (app, terms) = (app.clone(), terms.clone());
        fn_factory(move || worker(app(), terms.clone()))
    };
    Ok(server.listen("http", listener.try_clone()?, worker)?.run())
}

/// A server as `options` want it, which does not listen yet.
pub(super) fn builder(options: &ServerOptions) -> ServerBuilder {
    let Share { workers, connections } = Share::of(options);
    ServerBuilder::new()
        .workers(workers)
        .max_concurrent_connections(connections)
        .shutdown_timeout(patience(options))
        .disable_signals()
}

/// What every connection needs to know.
#[derive(Clone)]
struct Terms {
    activity: Activity,
    options: ServerOptions,
    phases: Phases,
    stop: GracefulShutdownSignal,
    assets: Option<Assets>,
    address: SocketAddr,
}

impl Terms {
    fn front(&self) -> Option<Front> {
        let assets = self.assets.clone().filter(Assets::are_fixed)?;
        // To actix, none of the one is no limit, and none of the other an end after each answer.
        if self.options.request_head_timeout.is_zero() || self.options.keep_alive.is_zero() {
            return None;
        }
        let (requests, phases) = (self.activity.worker(), self.phases.clone());
        let (options, stop) = (self.options.clone(), self.stop.clone());
        Some(Front { assets, requests, phases, options, stop, desk: RefCell::default() })
    }
}

/// What one worker does with a connection.
async fn worker<A: Answers>(
    app: App<A>,
    terms: Terms,
) -> Result<impl Service<TcpStream, Response = (), Error = ()>, ()> {
    let app = instance(app, false, terms.address).await?;
    let http1 = Rc::new(http1(&app, &terms.options, &terms.stop).new_service(()).await?);
    let front = terms.front().map(Rc::new);
    Ok(fn_service(move |stream: TcpStream| {
        let (http1, front, connection) = (Rc::clone(&http1), front.clone(), terms.activity.connection());
        async move {
            let _connection = connection;
            let peer = stream.peer_addr().ok();
            // The last segment of an answer would otherwise wait until the client has confirmed those before it.
            let _ = stream.set_nodelay(true);
            let begun = match &front {
                Some(front) => front.serve(stream).await,
                None => Ok(Some(Begun::from(stream))),
            };
            let outcome = match begun {
                Ok(Some(begun)) => http1.call((begun, peer)).await.map_err(|error| error.to_string()),
                Ok(None) => Ok(()),
                Err(error) => Err(error.to_string()),
            };
            if let Err(error) = outcome {
                tracing::debug!(error, "a connection ended");
            }
            Ok(())
        }
    }))
}

/// The service that `app` makes for one worker.
pub(super) async fn instance<A: Answers>(
    app: App<A>,
    is_secure: bool,
    address: SocketAddr,
) -> Result<Rc<impl Service<Request, Response = ServiceResponse<Watched>, Error = HttpResponse>>, ()> {
    let app = app.into_factory().map_err(|error| error.error_response());
    // Semver leaves this out, for it is there for `actix-test`; nothing else tells an `App` how requests come.
    let config = AppConfig::__priv_test_new(is_secure, address.to_string(), address);
    Ok(Rc::new(app.new_service(config).await?))
}

/// actix's own HTTP/1.1.
pub(super) fn http1<Io, S>(
    app: &Rc<S>,
    options: &ServerOptions,
    stop: &GracefulShutdownSignal,
) -> impl ServiceFactory<
    (Io, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = DispatchError,
    InitError = (),
> + use<Io, S>
where
    Io: AsyncRead + AsyncWrite + Unpin + 'static,
    S: Service<Request, Response = ServiceResponse<Watched>, Error = HttpResponse> + 'static,
{
    let (app, stop) = (Rc::clone(app), stop.clone());
    let stop = move || {
        let stop = stop.clone();
        async move { stop.notified().await }
    };
    HttpServiceBuilder::default()
        .graceful_shutdown_signal(stop)
        .h1_write_buffer_size(WRITE_BUFFER)
        .keep_alive(options.keep_alive)
        .client_request_timeout(options.request_head_timeout)
        .client_disconnect_timeout(options.disconnect_timeout)
        .h1::<_, Watched>(fn_factory(move || ready(Ok::<_, ()>(Rc::clone(&app)))))
}

/// What the `App` of each worker is made from.
struct Parts<S> {
    probes: Probes,
    activity: Activity,
    phases: Phases,
    hsts: Option<HeaderValue>,
    max_head: usize,
    max_body: usize,
    assets: Option<Assets>,
    state: web::Data<S>,
    routes: Routes<S>,
}

impl<S: Send + Sync + 'static> Parts<S> {
    fn of(application: &Application<S>, activity: &Activity) -> io::Result<Self> {
        let Application { options, phases, lifespan, build, seal, state, routes, tls, assets, .. } =
            application;
        let hsts = tls.as_ref().map(|tls| HeaderValue::try_from(tls.hsts()).map_err(io::Error::other));
        Ok(Self {
            probes: Probes::new(phases.clone(), lifespan, build.clone(), seal.clone()),
            activity: activity.clone(),
            phases: phases.clone(),
            hsts: hsts.transpose()?,
            max_head: options.max_head,
            max_body: options.max_body,
            assets: assets.clone(),
            state: web::Data::from(Arc::clone(state)),
            routes: Arc::clone(routes),
        })
    }

    fn app(&self) -> App<impl Answers + use<S>> {
        let Self { activity, phases, hsts, max_head, max_body, .. } = self;
        let (activity, phases, hsts) = (activity.worker(), phases.clone(), hsts.clone());
        let before = Around { activity, phases, max_head: *max_head, assets: self.assets.clone(), hsts };
        App::new()
            .app_data(self.state.clone())
            .app_data(web::PayloadConfig::new(*max_body))
            .app_data(web::JsonConfig::default().limit(*max_body))
            .app_data(web::FormConfig::default().limit(*max_body))
            .configure(|config| self.probes.routes(config))
            .configure(|config| (self.routes)(&self.state, config))
            .wrap_fn(move |request, next| around(&before, request, next))
    }
}

/// An `App` of ours, ready for requests.
pub(super) trait Answers:
    ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<Watched>,
        Error = Error,
        InitError = (),
    > + 'static
{
}

impl<A> Answers for A where
    A: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<Watched>,
            Error = Error,
            InitError = (),
        > + 'static
{
}

impl Share {
    pub(super) fn of(options: &ServerOptions) -> Self {
        let workers = match options.workers {
            Some(workers) => workers,
            None => std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        };
        let connections = options.max_connections.get().div_ceil(workers.get());
        Self { workers: workers.get(), connections }
    }
}

/// The drain has its own deadline, in full resolution; this one, in seconds, only has to be later.
pub(super) fn patience(options: &ServerOptions) -> u64 {
    options.drain.deadline.as_secs().saturating_add(1)
}

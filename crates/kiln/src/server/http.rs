//! The actix server of an application: one `App` for each worker.

use std::{io, num::NonZeroUsize, sync::Arc};

use actix_web::{
    App, Error, HttpServer,
    dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse},
    http::header::HeaderValue,
    web,
};

use super::{
    Application, Routes, ServerOptions,
    activity::Activity,
    around::{Around, Watched, around},
    listener, secure,
};
use crate::{phase::Phases, probes::Probes};

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
    let worker = move || parts.app();
    if let Some(tls) = &application.tls {
        return secure::server(application, activity, tls, worker);
    }
    let (connections, Share { workers, connections: limit }) = (activity.clone(), Share::of(options));
    let server = HttpServer::new(worker)
        .on_connect(move |_, extensions| {
            extensions.insert(connections.connection());
        })
        .h1_write_buffer_size(WRITE_BUFFER)
        .keep_alive(options.keep_alive)
        .client_request_timeout(options.request_head_timeout)
        .client_disconnect_timeout(options.disconnect_timeout)
        .shutdown_timeout(patience(options))
        .disable_signals()
        .workers(workers)
        .max_connections(limit);
    Ok(server.listen(listener.try_clone()?)?.run())
}

/// What the `App` of each worker is made from.
struct Parts<S> {
    probes: Probes,
    activity: Activity,
    phases: Phases,
    hsts: Option<HeaderValue>,
    max_head: usize,
    max_body: usize,
    state: web::Data<S>,
    routes: Routes<S>,
}

impl<S: Send + Sync + 'static> Parts<S> {
    fn of(application: &Application<S>, activity: &Activity) -> io::Result<Self> {
        let Application { options, phases, lifespan, build, seal, state, routes, tls, .. } = application;
        let hsts = tls.as_ref().map(|tls| HeaderValue::try_from(tls.hsts()).map_err(io::Error::other));
        Ok(Self {
            probes: Probes::new(phases.clone(), lifespan, build.clone(), seal.clone()),
            activity: activity.clone(),
            phases: phases.clone(),
            hsts: hsts.transpose()?,
            max_head: options.max_head,
            max_body: options.max_body,
            state: web::Data::from(Arc::clone(state)),
            routes: Arc::clone(routes),
        })
    }

    fn app(&self) -> App<impl Answers + use<S>> {
        let Self { activity, phases, hsts, max_head, max_body, .. } = self;
        let (activity, phases, hsts) = (activity.worker(), phases.clone(), hsts.clone());
        let before = Around { activity, phases, max_head: *max_head, hsts };
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

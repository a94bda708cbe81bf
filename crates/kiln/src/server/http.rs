//! The actix server of an application: one `App` for each worker.

use std::{io, num::NonZeroUsize, sync::Arc};

use actix_web::{App, HttpServer, dev::Server, web};

use super::{Application, activity::Activity, around::around, listener};
use crate::probes::Probes;

/// How full a write buffer may be, in bytes, when one more slice of a body is put into it. With actix's own
/// 32 KiB each slice is a write of its own.
const WRITE_BUFFER: usize = 96 * 1024;

/// Makes the server of `application`; it serves once it is polled.
pub(super) fn server<S: Send + Sync + 'static>(
    application: &Application<S>,
    activity: &Activity,
) -> io::Result<Server> {
    let Application { options, listener, phases, lifespan, build, seal, state, routes, .. } = application;
    let probes = Probes::new(phases.clone(), lifespan, build.clone(), seal.clone());
    let (phases, routes) = (phases.clone(), Arc::clone(routes));
    let (max_head, max_body) = (options.max_head, options.max_body);
    let state = web::Data::from(Arc::clone(state));
    let (activity, connections) = (activity.clone(), activity.clone());
    let worker = move || {
        let (activity, phases) = (activity.worker(), phases.clone());
        App::new()
            .app_data(state.clone())
            .app_data(web::PayloadConfig::new(max_body))
            .app_data(web::JsonConfig::default().limit(max_body))
            .app_data(web::FormConfig::default().limit(max_body))
            .configure(|config| probes.routes(config))
            .configure(|config| routes(&state, config))
            .wrap_fn(move |request, next| around(&activity, &phases, max_head, request, next))
    };
    let server = HttpServer::new(worker)
        .on_connect(move |_, extensions| {
            extensions.insert(connections.connection());
        })
        .h1_write_buffer_size(WRITE_BUFFER)
        .keep_alive(options.keep_alive)
        .client_request_timeout(options.request_head_timeout)
        .client_disconnect_timeout(options.disconnect_timeout)
        // The drain has its own deadline, in full resolution; this one only has to be later.
        .shutdown_timeout(options.drain.deadline.as_secs().saturating_add(1))
        .disable_signals();
    let workers = match options.workers {
        Some(workers) => workers,
        None => std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
    };
    let server =
        server.workers(workers.get()).max_connections(options.max_connections.get().div_ceil(workers.get()));
    listener::limit_stalls(listener, options.write_stall);
    Ok(server.listen(listener.try_clone()?)?.run())
}

//! The admin listener: `/metrics`, where the feature `metrics` is on, and the probes, for operators, at an address that
//! clients cannot reach.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::Server,
    http::header::{self, ContentType},
    middleware::DefaultHeaders,
    web,
};

use super::{activity::Activity, application::Application};
use crate::{
    observe::metrics,
    probes::{Audience, Probes},
};

const METRICS: &str = "/metrics";

/// Updates the gauges, at each scrape.
type UpdateGauges = Arc<dyn Fn() + Send + Sync>;

/// Makes the server of `listener`; it serves once it is polled.
pub(super) fn server<S: Send + Sync + 'static>(
    application: &Application<S>,
    activity: &Activity,
    listener: &TcpListener,
) -> io::Result<Server> {
    let Application { phases, lifespan, build, seal, state, measure, .. } = application;
    let probes = Probes::new(phases.clone(), lifespan, build.clone(), seal.clone(), Audience::Operators);
    let (phases, resources, activity) = (phases.clone(), lifespan.resources(), activity.clone());
    let (state, measure) = (Arc::clone(state), Arc::clone(measure));
    let update: UpdateGauges = Arc::new(move || {
        metrics::update_gauges(phases.current(), &resources.list(), activity.requests_in_flight());
        measure(&state);
    });
    let app = move || {
        let headers = DefaultHeaders::new()
            .add((header::CACHE_CONTROL, "no-store"))
            .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
        App::new().wrap(headers).configure(|config| probes.routes(config)).configure(|config| {
            if metrics::enabled() {
                let update = Arc::clone(&update);
                config.route(METRICS, web::get().to(move || std::future::ready(scrape(&update))));
            }
        })
    };
    let server = HttpServer::new(app).workers(1).disable_signals();
    Ok(server.listen(listener.try_clone()?)?.run())
}

fn scrape(update: &UpdateGauges) -> HttpResponse {
    update();
    let text = ContentType("text/plain; version=0.0.4".parse().unwrap_or(mime_guess::mime::TEXT_PLAIN));
    HttpResponse::Ok().insert_header(text).body(metrics::render())
}

/// Serves until dropped, and does the upkeep of the metrics meanwhile.
pub(super) async fn serve(server: Option<Server>) -> io::Result<()> {
    let Some(server) = server else { return std::future::pending().await };
    tokio::select! {
        ended = server => ended,
        () = metrics::upkeep() => Ok(()),
    }
}

/// Logs the address of the admin listener.
pub(super) fn log_address(address: SocketAddr) {
    if metrics::enabled() {
        tracing::info!(%address, "metrics at http://{address}{METRICS}");
    } else {
        tracing::info!(%address, "probes at http://{address}/readyz");
    }
}

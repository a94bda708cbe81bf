//! A second listener, for whoever watches over the process: `/metrics`, where the feature `metrics` is on, and the
//! probes. It is not for clients, so it belongs on an address that they cannot reach.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::{App, HttpResponse, HttpServer, dev::Server, http::header::ContentType, web};

use super::{Application, activity::Activity};
use crate::{observe::metrics, probes::Probes};

const METRICS: &str = "/metrics";

/// Sets the gauges that are only looked at when somebody asks.
type Look = Arc<dyn Fn() + Send + Sync>;

/// Makes the server of `listener`; it serves once it is polled.
pub(super) fn server<S: Send + Sync + 'static>(
    application: &Application<S>,
    activity: &Activity,
    listener: &TcpListener,
) -> io::Result<Server> {
    let Application { phases, lifespan, build, seal, state, measure, .. } = application;
    let probes = Probes::new(phases.clone(), lifespan, build.clone(), seal.clone());
    let (phases, resources, activity) = (phases.clone(), lifespan.resources(), activity.clone());
    let (state, measure) = (Arc::clone(state), Arc::clone(measure));
    let look: Look = Arc::new(move || {
        metrics::look(phases.current(), &resources.list(), activity.requests_in_flight());
        measure(&state);
    });
    let app = move || {
        App::new().configure(|config| probes.routes(config)).configure(|config| {
            if metrics::on() {
                let look = Arc::clone(&look);
                config.route(METRICS, web::get().to(move || std::future::ready(scrape(&look))));
            }
        })
    };
    let server = HttpServer::new(app).workers(1).disable_signals();
    Ok(server.listen(listener.try_clone()?)?.run())
}

fn scrape(look: &Look) -> HttpResponse {
    look();
    let text = ContentType("text/plain; version=0.0.4".parse().unwrap_or(mime_guess::mime::TEXT_PLAIN));
    HttpResponse::Ok().insert_header(text).body(metrics::render())
}

/// Serves until dropped, and keeps what was recorded in order meanwhile.
pub(super) async fn serve(server: Option<Server>) -> io::Result<()> {
    let Some(server) = server else { return std::future::pending().await };
    tokio::select! {
        ended = server => ended,
        () = metrics::upkeep() => Ok(()),
    }
}

/// Says where somebody who watches may ask.
pub(super) fn tell(address: SocketAddr) {
    if metrics::on() {
        tracing::info!(%address, "metrics at http://{address}{METRICS}");
    } else {
        tracing::info!(%address, "probes at http://{address}/readyz");
    }
}

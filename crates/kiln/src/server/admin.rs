//! A second listener, for whoever watches over the process: `/metrics`, and the probes. It is not for
//! clients, so it belongs on an address that they cannot reach.

use std::{io, net::TcpListener, sync::Arc};

use actix_web::{App, HttpResponse, HttpServer, dev::Server, http::header::ContentType, web};
use tokio::time::{MissedTickBehavior, interval};

use super::{Application, activity::Activity};
use crate::{observe::metrics, probes::Probes};

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
        let look = Arc::clone(&look);
        App::new()
            .configure(|config| probes.routes(config))
            .route("/metrics", web::get().to(move || std::future::ready(scrape(&look))))
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
    let upkeep = async {
        let mut beat = interval(metrics::UPKEEP);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            metrics::upkeep();
        }
    };
    tokio::select! {
        ended = server => ended,
        () = upkeep => Ok(()),
    }
}

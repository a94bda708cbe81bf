//! Serves what Vite made, and one route.

use std::time::Duration;

use actix_web::web;
use clap::Parser;
use kiln::{Exit, Lifespan, StartUpError, assets::Assets, cli::ServerFlags};

#[derive(rust_embed::RustEmbed)]
#[folder = "$OUT_DIR/kiln"]
struct Embedded;

async fn start(lifespan: &mut Lifespan) -> Result<Assets, StartUpError> {
    let open = async { Assets::load::<Embedded>() };
    lifespan.enter("assets", Duration::from_secs(5), open, |_| async {}).await
}

fn main() -> Exit {
    let routes = |assets: &Assets, config: &mut web::ServiceConfig| {
        config.route("/api/hello", web::get().to(async || "hello")).default_service(assets.service());
    };
    kiln::serve_with(ServerFlags::parse().into(), start, routes, |application| {
        application.with_assets(|assets| assets)
    })
}

//! The output of Vite, and one route.

use actix_web::web::{self, ServiceConfig};
use kiln::{CommandLine, Exit, Lifespan, StartUpError, assets::Assets};

kiln::embed!();

fn main() -> Exit {
    CommandLine::of::<Embedded>()
        .serve(|server, ()| server.start(start).routes(routes).assets(|assets| assets))
}

async fn start(lifespan: &mut Lifespan) -> Result<Assets, StartUpError> {
    lifespan.open("assets", async { Assets::load::<Embedded>() }).await
}

fn routes(assets: &Assets, config: &mut ServiceConfig) {
    config.route("/api/hello", web::get().to(async || "hello")).default_service(assets.service());
}

//! Kiln as a whole application: seal, limits, drain, and assets by the fast path. `kiln assets export
//! DIR` writes the files instead.

use actix_web::web::ServiceConfig;
use kiln::{CommandLine, Exit, Lifespan, StartUpError, assets::Assets};
use kiln_compare::Embedded;

fn main() -> Exit {
    CommandLine::of::<Embedded>()
        .serve(|server, ()| server.start(start).routes(routes).assets(|assets| assets))
}

async fn start(lifespan: &mut Lifespan) -> Result<Assets, StartUpError> {
    lifespan.open("assets", async { Assets::load::<Embedded>() }).await
}

fn routes(assets: &Assets, config: &mut ServiceConfig) {
    config.default_service(assets.service());
}

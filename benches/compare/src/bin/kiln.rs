//! Kiln with all that it does around an application: seal, limits, drain, and assets that are answered before actix is
//! asked. `kiln export DIR` writes the files instead.

use std::{path::Path, time::Duration};

use actix_web::web::ServiceConfig;
use clap::Parser;
use kiln::{Exit, Lifespan, StartUpError, assets::Assets, cli::ServerFlags};
use kiln_compare::Embedded;

async fn start(lifespan: &mut Lifespan) -> Result<Assets, StartUpError> {
    let open = async { Assets::load::<Embedded>() };
    lifespan.enter("assets", Duration::from_secs(5), open, |_| async {}).await
}

fn main() -> Exit {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, command, folder] = &arguments[..]
        && command == "export"
    {
        Assets::load::<Embedded>().expect("assets").export(Path::new(folder)).expect("an export");
        return Exit::Clean;
    }
    let routes = |assets: &Assets, routes: &mut ServiceConfig| {
        routes.default_service(assets.service());
    };
    kiln::serve_with(ServerFlags::parse().into(), start, routes, |application| {
        application.with_assets(|assets| assets)
    })
}

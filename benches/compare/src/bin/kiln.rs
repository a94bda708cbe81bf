//! Kiln as its README shows it: seal, spans, metrics, drain and all. `kiln export DIR` writes the files instead.

use std::{path::Path, time::Duration};

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
    kiln::serve(ServerFlags::parse().into(), start, |assets, routes| {
        routes.default_service(assets.service());
    })
}

//! What both executables are, but for the bytes that they embed.

use std::time::Duration;

use actix_web::web::ServiceConfig;
use clap::{Parser, Subcommand};
use kiln::{
    Exit, Lifespan, StartUpError,
    assets::Assets,
    cli::{AssetsCommand, ServerFlags},
};
use rust_embed::RustEmbed;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    server: ServerFlags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Assets {
        #[command(subcommand)]
        command: AssetsCommand,
    },
}

/// Serves what `E` embeds, or shows it.
pub fn main<E: RustEmbed>() -> Exit {
    let Flags { server, command } = Flags::parse();
    match command {
        None => kiln::serve_with(server.into(), start::<E>, routes, |application| {
            application.with_assets(|assets| assets)
        }),
        Some(Command::Assets { command }) => show::<E>(&command),
    }
}

async fn start<E: RustEmbed>(lifespan: &mut Lifespan) -> Result<Assets, StartUpError> {
    let open = async { Assets::load::<E>() };
    lifespan.enter("assets", Duration::from_secs(5), open, |_| async {}).await
}

fn routes(assets: &Assets, config: &mut ServiceConfig) {
    config.default_service(assets.service());
}

fn show<E: RustEmbed>(command: &AssetsCommand) -> Exit {
    let assets = Assets::load::<E>().expect("assets");
    command.run(&assets, &mut std::io::stdout()).expect("a command that succeeds");
    Exit::Clean
}

//! The server of both executables, which differ in the bytes that they embed.

use actix_web::web::ServiceConfig;
use clap::{Parser, Subcommand};
use kiln::{
    Exit, Lifespan, Server, StartUpError,
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

/// Serves the assets of `E`, or runs a command on them.
pub fn main<E: RustEmbed>() -> Exit {
    let Flags { server, command } = Flags::parse();
    match command {
        None => Server::from(server).start(start::<E>).routes(routes).assets(|assets| assets).run(),
        Some(Command::Assets { command }) => show::<E>(&command),
    }
}

async fn start<E: RustEmbed>(lifespan: &mut Lifespan) -> Result<Assets, StartUpError> {
    lifespan.open("assets", async { Assets::load::<E>() }).await
}

fn routes(assets: &Assets, config: &mut ServiceConfig) {
    config.default_service(assets.service());
}

fn show<E: RustEmbed>(command: &AssetsCommand) -> Exit {
    let assets = Assets::load::<E>().expect("assets");
    command.run(&assets, &mut std::io::stdout()).expect("a command that succeeds");
    Exit::Clean
}

//! The arguments of an application, parsed: its own beside those of every application.

use clap::{Args, Parser, Subcommand};

use super::{
    assets::AssetsCommand, probe::ProbeCommand, seal::SealCommand, server::ServerFlags, settings::ConfigFlag,
    storage::Storage, version::VersionCommand,
};

#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(super) struct Arguments<S: Storage, Own: Args, Commands: Subcommand> {
    #[command(flatten)]
    pub(super) serve: ServeFlags<S, Own>,
    #[command(subcommand)]
    pub(super) command: Option<StandardCommand<S, Own, Commands>>,
}

#[derive(Args)]
pub(super) struct ServeFlags<S: Storage, Own: Args> {
    #[command(flatten)]
    pub(super) config: ConfigFlag,
    #[command(flatten)]
    pub(super) database: S::Flags,
    #[command(flatten)]
    pub(super) own: Own,
    #[command(flatten)]
    pub(super) server: ServerFlags,
}

#[derive(Subcommand)]
pub(super) enum StandardCommand<S: Storage, Own: Args, Commands: Subcommand> {
    /// Serve
    Serve(Box<ServeFlags<S, Own>>),
    #[command(flatten)]
    Database(S::Commands),
    #[command(flatten)]
    OneOff(OneOffCommand<S, Own, Commands>),
    /// Check what the kernel refuses this executable
    #[command(hide = true)]
    Seal {
        #[command(flatten)]
        serve: Box<ServeFlags<S, Own>>,
        #[command(subcommand)]
        command: SealCommand,
    },
}

/// A command that needs neither the server nor the database.
#[derive(Subcommand)]
pub(super) enum OneOffCommand<S: Storage, Own: Args, Commands: Subcommand> {
    /// Show and check the assets in this executable
    Assets {
        #[command(subcommand)]
        command: AssetsCommand,
    },
    /// Ask a server whether it is ready
    Probe(ProbeCommand),
    /// Show every setting in force, and where it comes from
    Settings(Box<ServeFlags<S, Own>>),
    /// Print the version
    Version(VersionCommand),
    #[command(flatten)]
    Own(Commands),
}

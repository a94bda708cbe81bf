//! The command line of `cargo kiln`.

use std::process::ExitCode;

use cargo_kiln::{
    dev::{self, DevFlags},
    engine::{self, EngineArguments},
    new::{self, NewFlags},
    report,
};
use clap::{Args, Parser, Subcommand};

/// Command line that cargo passes on for `cargo kiln …`.
#[derive(Parser)]
#[command(bin_name = "cargo")]
enum Cargo {
    /// Watches and reports on a front end that kiln-build embeds.
    #[command(version)]
    Kiln(Kiln),
}

#[derive(Args)]
struct Kiln {
    /// The package, when the workspace has several with a front end.
    #[arg(long, short, global = true)]
    package: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Rebuilds the front end at each change, into the folder that a debug server reads, and reloads the pages.
    Dev(DevFlags),
    /// Writes a new project: front end, server, migrations and tests.
    New(NewFlags),
    /// Builds the front end for a build script that has the feature `engine` of kiln-build.
    #[command(hide = true)]
    Engine(EngineArguments),
    /// Prints the size of each asset in each coding, as a release embeds it, and writes a page with a treemap.
    Report,
}

fn main() -> miette::Result<ExitCode> {
    let supervisor = kiln_pipeline::supervise();
    let Cargo::Kiln(kiln) = Cargo::parse();
    match kiln.command {
        Command::Dev(flags) => dev::dev(kiln.package.as_deref(), &flags, supervisor)?,
        Command::New(flags) => new::new(&flags)?,
        Command::Engine(arguments) => return Ok(engine::engine(&arguments, supervisor)),
        Command::Report => report::report(kiln.package.as_deref(), supervisor)?,
    }
    Ok(ExitCode::SUCCESS)
}

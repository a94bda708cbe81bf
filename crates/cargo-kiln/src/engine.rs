//! `cargo kiln engine`: the pipeline for a build script that holds none, whose environment this process has inherited.

use std::{io, process::ExitCode, thread};

use kiln_build::protocol::{FIRST_LINE, LAST_LINE};
use kiln_pipeline::Supervisor;

/// Arguments of `cargo kiln engine`.
#[derive(Debug, clap::Args)]
pub struct EngineArguments {
    /// The version of kiln-build
    version: String,
}

/// Builds, unless another version is asked for, and prints the directives between the two lines by which `kiln-build`
/// recognises a complete answer.
#[must_use]
pub fn engine(arguments: &EngineArguments, supervisor: Supervisor) -> ExitCode {
    println!("{FIRST_LINE}{}", env!("CARGO_PKG_VERSION"));
    if arguments.version != env!("CARGO_PKG_VERSION") {
        return ExitCode::FAILURE;
    }
    thread::spawn(end_with_caller);
    match kiln_build::engine_script(supervisor) {
        Ok(directives) => {
            print!("{directives}{LAST_LINE}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprint!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Ends this process when the build script ends, which holds the other end of standard input.
fn end_with_caller() {
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    std::process::exit(1);
}

//! `cargo kiln dev`: rebuilds when a source has changed, updates the pages, and goes on after mistakes.
//!
//! A change passes through the modules in this order: `follow` receives it, and compares `server_sources`; `mistake`
//! holds the errors of a build, `state` is sent to pages, `rebuild` compares one build with the next, `stream` sends the
//! state, and `print` writes a line to the terminal. The server takes no part: it reads the folder that the build writes.

mod server_sources;

mod follow;

mod mistake;

mod state;

mod rebuild;

mod stream;

mod print;

use std::path::PathBuf;

use kiln_manifest::Mode;
use kiln_pipeline::{Config, Supervisor};
use miette::Result;

pub use self::{follow::Burst, rebuild::Round};
use self::{follow::Follower, rebuild::Rebuilds, stream::Stream};
use crate::package::FrontEnd;

/// Flags of `cargo kiln dev`.
#[derive(Debug, Default, clap::Args)]
pub struct DevFlags {
    /// Cargo's `OUT_DIR` of the package in this folder; default: found by running `cargo build`
    #[arg(long, value_name = "FOLDER")]
    out_dir: Option<PathBuf>,
    /// Arguments of that `cargo build`: those that the server is built with, such as `--features`
    #[arg(last = true)]
    cargo: Vec<String>,
}

/// Watches until the process is ended.
///
/// # Errors
/// When there is no such package, or the sources cannot be watched, or the port for pages is taken.
pub fn dev(package: Option<&str>, flags: &DevFlags, supervisor: Supervisor) -> Result<()> {
    let (root, out) = if let Some(out) = &flags.out_dir {
        (PathBuf::from("."), out.clone())
    } else {
        let front_end = FrontEnd::find(package)?;
        let out = front_end.out_dir(&flags.cargo)?;
        (front_end.root, out)
    };
    let mut watch = Watch::start(root, out, supervisor)?;
    print::started(watch.port());
    print::round(&watch.first());
    loop {
        let (burst, round) = watch.wait()?;
        print::restart(&burst);
        print::round(&round);
    }
}

/// A package whose sources are watched and whose pages are updated.
#[derive(Debug)]
pub struct Watch {
    follower: Follower,
    rebuilds: Rebuilds,
    stream: Stream,
}

impl Watch {
    /// Begins to watch the sources below `root`, whose build writes to `out`, and to listen for pages.
    ///
    /// # Errors
    /// When `Cargo.toml` cannot be read, or the sources cannot be watched, or the port for pages is taken.
    pub fn start(root: PathBuf, out: PathBuf, supervisor: Supervisor) -> Result<Self> {
        let config = Config::new(root, out, Mode::Dev)?;
        let stream = Stream::open(config.options.watcher_port)?;
        let follower = Follower::new(config.root.clone())?;
        Ok(Self { follower, rebuilds: Rebuilds::new(config, supervisor), stream })
    }

    /// Builds once, without waiting for a change.
    pub fn first(&mut self) -> Round {
        let round = self.rebuilds.rebuild();
        self.follower.follow(self.rebuilds.watched());
        self.stream.publish(self.rebuilds.state());
        round
    }

    /// Waits for the next burst of changes and rebuilds.
    ///
    /// # Errors
    /// When the system reports no changes any more.
    pub fn wait(&mut self) -> Result<(Burst, Round)> {
        let burst = self.follower.wait()?;
        let round = if burst.is_for_the_build() { self.first() } else { Round::default() };
        Ok((burst, round))
    }

    /// Port at which pages listen.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.stream.port()
    }
}

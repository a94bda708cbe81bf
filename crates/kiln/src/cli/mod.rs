//! The command line of an application: the whole of it, or pieces for an adopter's own clap parser.
//!
//! [`CommandLine`] is the whole, and prints the results of its commands. The pieces write to the writer that their
//! caller passes.

mod byte_size;

mod duration;

pub mod settings;

mod limits;

#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "tls/off.rs"]
mod tls;

mod process;

mod server;

mod assets;

mod probe;

mod seal;

mod version;

#[cfg(feature = "migrate")]
mod migrate;

mod storage;

#[cfg(feature = "migrate")]
mod database;

mod arguments;

mod dispatch;

mod command_line;

pub use assets::{AssetsCommand, AssetsCommandError};
pub use byte_size::{ByteSize, InvalidByteSize};
pub use command_line::CommandLine;
#[cfg(feature = "migrate")]
pub use database::{Database, DatabaseFlags, Migrated};
pub use duration::duration;
pub use limits::LimitFlags;
#[cfg(feature = "migrate")]
pub use migrate::MigrateCommand;
pub use probe::{ProbeCommand, ProbeError, probe};
pub use process::ProcessFlags;
pub use seal::{SealCommand, SealCommandError};
pub use server::ServerFlags;
pub use storage::NoDatabase;
pub use tls::TlsFlags;
pub use version::VersionCommand;

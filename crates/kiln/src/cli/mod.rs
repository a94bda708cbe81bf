//! Pieces of a command line, for an adopter's clap parser to be put together from.
//!
//! Nothing here prints: results go to the writer that the caller passes.

mod assets;
mod byte_size;
mod flags;
mod limits;
#[cfg(feature = "migrate")]
mod migrate;
mod probe;
mod seal;
pub mod settings;
#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "tls/off.rs"]
mod tls;
mod version;

pub use assets::{AssetsCommand, AssetsCommandError};
pub use byte_size::{ByteSize, InvalidByteSize};
pub use flags::{ProcessFlags, ServerFlags, duration};
pub use limits::LimitFlags;
#[cfg(feature = "migrate")]
pub use migrate::MigrateCommand;
pub use probe::{ProbeCommand, ProbeError, probe};
pub use seal::{SealCommand, SealCommandError};
pub use tls::TlsFlags;
pub use version::VersionCommand;

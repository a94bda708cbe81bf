//! `probe [URL]`: a health check for images that hold neither a shell nor curl.

mod error;

mod connection;

#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "tls/off.rs"]
mod tls;

mod request;

mod command;

pub use command::ProbeCommand;
pub use error::ProbeError;
pub use request::probe;

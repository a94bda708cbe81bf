//! The lifecycle of an application, over real sockets, with real processes and real databases.

mod acceptance;
mod client;
#[cfg(all(unix, feature = "otel"))]
mod export;
mod harness;
mod lifespan;
mod limits;
mod migrate;
#[cfg(unix)]
mod process;
#[cfg(target_os = "linux")]
mod sealed;
mod silences;
mod stop;
#[cfg(unix)]
mod table;
mod tasks;
#[cfg(feature = "tls")]
mod tls;

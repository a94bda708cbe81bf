//! The application's life over real sockets, real processes and real databases.

mod client;
mod harness;
mod lifespan;
mod migrate;
#[cfg(unix)]
mod process;
#[cfg(target_os = "linux")]
mod sealed;
mod stop;
#[cfg(unix)]
mod table;
mod tasks;

//! The application lifecycle: start in order, serve, drain, close in reverse.
//!
//! A whole application, with one resource and one route:
//!
//! ```no_run
//! use actix_web::web::{self, ServiceConfig};
//! use clap::Parser;
//! use kiln::{Exit, Lifespan, StartUpError, cli::ServerFlags};
//!
//! struct State {
//!     greeting: String,
//! }
//!
//! fn main() -> Exit {
//!     kiln::Server::from(ServerFlags::parse()).start(start).routes(routes).run()
//! }
//!
//! async fn start(lifespan: &mut Lifespan) -> Result<State, StartUpError> {
//!     let greeting = lifespan.open("greeting", async { Ok::<_, std::io::Error>("hello".to_owned()) }).await?;
//!     Ok(State { greeting })
//! }
//!
//! fn routes(_state: &State, config: &mut ServiceConfig) {
//!     config.route("/", web::get().to(async |state: web::Data<State>| state.greeting.clone()));
//! }
//! ```
//!
//! [`embed!`] embeds a front end, which [`Server::assets`] then serves. [`CommandLine`] adds the settings and commands
//! that every application wants: a configuration file, `migrate`, `probe`, `assets`, `settings`, `version`.
//!
//! The modules below stand in the order in which a process meets them. [`migrate`], and with it SQLite and
//! PostgreSQL, is a feature that is on by default, as are `metrics` and `span-filter` of [`observe`]; [`tls`] is one
//! that is off.

pub mod cli;

pub mod embed;

pub mod launch;

pub mod observe;

pub mod seal;

#[cfg(feature = "tls")]
pub mod tls;
#[cfg(not(feature = "tls"))]
#[path = "tls/off.rs"]
pub mod tls;

pub mod shutdown;

pub mod phase;

pub mod lifespan;

#[cfg(feature = "migrate")]
pub mod migrate;
#[cfg(not(feature = "migrate"))]
#[path = "migrate/off.rs"]
pub mod migrate;

pub mod server;

pub mod assets;

pub mod probes;

pub mod error;

pub mod exit;

pub use cli::CommandLine;
pub use embed::Build;
pub use error::Error;
pub use exit::Exit;
pub use kiln_manifest as manifest;
pub use launch::{Options, Server, launch};
pub use lifespan::{BoxError, Lifespan, StartUpError};
pub use phase::{Phase, Phases};
#[doc(hidden)]
pub use rust_embed;
pub use server::{Application, ServerOptions};
pub use shutdown::Shutdown;

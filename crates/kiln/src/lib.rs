//! The application lifecycle: start in order, serve, drain, close in reverse.
//!
//! A whole application, with one resource and one route:
//!
//! ```no_run
//! use actix_web::web;
//! use clap::Parser;
//! use kiln::{Exit, Lifespan, StartUpError};
//!
//! async fn start(lifespan: &mut Lifespan) -> Result<&'static str, StartUpError> {
//!     let open = async { Ok::<_, std::io::Error>("hello") };
//!     lifespan.open("greeting", open).await
//! }
//!
//! async fn greet(greeting: web::Data<&'static str>) -> &'static str {
//!     **greeting
//! }
//!
//! fn main() -> Exit {
//!     let options = kiln::cli::ServerFlags::parse().into();
//!     kiln::serve(options, start, |_state, routes| {
//!         routes.route("/", web::get().to(greet));
//!     })
//! }
//! ```
//!
//! The modules below stand in the order in which a process meets them. [`migrate`], and with it SQLite and
//! PostgreSQL, is a feature that is on by default, as are `metrics` and `span-filter` of [`observe`]; [`tls`] is one
//! that is off.

pub mod cli;

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

pub use error::Error;
pub use exit::Exit;
pub use kiln_manifest as manifest;
pub use launch::{Options, launch, serve, serve_with};
pub use lifespan::{BoxError, Lifespan, StartUpError};
pub use phase::{Phase, Phases};
pub use server::{Application, ServerOptions};
pub use shutdown::Shutdown;

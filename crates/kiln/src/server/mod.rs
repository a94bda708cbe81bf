//! The application over its socket: [`build`](Application::build) starts it, [`run`](Application::run)
//! serves until it is asked to stop, drains, and closes.
//!
//! The caller owns the listener and the stop signal, so a test controls both:
//!
//! ```
//! use std::net::TcpListener;
//! use actix_web::web;
//! use kiln::{Application, Lifespan, ServerOptions, Shutdown, StartUpError};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! async fn start(_: &mut Lifespan) -> Result<u32, StartUpError> {
//!     Ok(42)
//! }
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let shutdown = Shutdown::new();
//! let routes = |_: &u32, config: &mut web::ServiceConfig| {
//!     config.route("/", web::get().to(async |state: web::Data<u32>| state.to_string()));
//! };
//! let application =
//!     Application::build(ServerOptions::default(), listener, shutdown.clone(), start, routes).await?;
//! println!("serving at {}", application.address());
//! shutdown.drain();
//! application.run().await?;
//! # Ok(())
//! # }
//! ```

mod acceptance;
mod activity;
mod admin;
mod app;
mod application;
mod body_wait;
mod client_time;
mod cross_site;
mod default_headers;
mod drain;
mod exchange;
mod fast_path;
mod head_limits;
mod hosts;
mod http1;
#[cfg(feature = "tls")]
mod http2;
mod listener;
mod listener_gate;
mod middleware;
mod options;
mod places;
mod plaintext;
mod run;
mod serving;
mod systemd;
#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "tls/off.rs"]
mod tls;
mod worker;

pub use application::Application;
pub use cross_site::CrossSiteWrites;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub use fast_path::properties;
pub use head_limits::MAX_HEAD;
pub use hosts::Hosts;
pub(crate) use listener::BACKLOG;
pub use listener::{ListenerOwnership, ReusePort};
pub use options::{DrainOptions, ServerOptions};

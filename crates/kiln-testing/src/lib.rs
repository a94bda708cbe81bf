//! A test kit: a whole application on a free port, with a database of its own, started and stopped by a test.
//!
//! [`Running`] is the application: its real start function, its real routes, a real socket. [`Postgres`] is a PostgreSQL
//! server of the test's own, from the programs on the machine: a reason for this crate beside `kiln`, which never starts
//! a process.
//!
//! ```
//! use actix_web::web;
//! use kiln::{Lifespan, ServerOptions, StartUpError};
//! use kiln_testing::Running;
//!
//! async fn start(_: &mut Lifespan) -> Result<u32, StartUpError> {
//!     Ok(42)
//! }
//!
//! fn routes(_: &u32, config: &mut web::ServiceConfig) {
//!     config.route("/", web::get().to(async |state: web::Data<u32>| state.to_string()));
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let application = Running::start(ServerOptions::default(), start, routes).await?;
//! assert!(application.origin().starts_with("http://127.0.0.1:"));
//! // … requests, with any client …
//! application.stop().await?;
//! # Ok(())
//! # }
//! ```

mod postgres;
mod running;

pub use postgres::{Postgres, PostgresError};
pub use running::Running;

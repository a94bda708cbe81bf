//! Resources and tasks of an application: opened in order, closed in reverse, each within a deadline, whatever failed.
//!
//! A start function receives a [`Lifespan`], [opens](Lifespan::open) one resource after another, and returns the state
//! that handlers see. The server closes the stack after the last answer; a resource that does not open has everything
//! before it closed at once.
//!
//! ```
//! use std::time::Duration;
//! use kiln::{Lifespan, Shutdown};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut lifespan = Lifespan::new(Shutdown::new());
//! let connect = async { Ok::<_, std::io::Error>("connected") };
//! let database = lifespan
//!     .open("database", connect)
//!     .deadline(Duration::from_secs(5))
//!     .on_close(async |database| println!("{database} no more"))
//!     .await?;
//! assert_eq!(database, "connected");
//! assert!(lifespan.close().await.is_empty());
//! # Ok(())
//! # }
//! ```

mod error;

mod backoff;

mod guard;

mod registry;

mod readiness;

mod fatal_task;

mod stack;

mod opening;

mod task;

pub use backoff::{Backoff, retry};
pub use error::{BoxError, CloseError, CloseOutcome, Failure, StartUpError, TaskDied, Unclosed};
pub(crate) use fatal_task::FatalTask;
pub(crate) use guard::unwound;
pub use opening::Opening;
pub(crate) use readiness::Readiness;
pub use registry::{Resource, ResourceState, Resources};
pub use stack::Lifespan;

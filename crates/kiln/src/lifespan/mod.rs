//! What an application holds while it lives: a stack of named resources, opened in order and closed in
//! reverse, all of them, whatever failed.
//!
//! A start function receives a [`Lifespan`], [enters](Lifespan::enter) one resource after another, and
//! returns the state that handlers will see. The server closes the stack when the last request has been
//! answered; when a resource does not open, what had opened before it is closed at once.
//!
//! ```
//! use std::time::Duration;
//! use kiln::{Lifespan, Shutdown};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut lifespan = Lifespan::new(Shutdown::new());
//! let open = async { Ok::<_, std::io::Error>("connected") };
//! let database = lifespan.enter("database", Duration::from_secs(5), open, |_| async {}).await?;
//! assert_eq!(database, "connected");
//! assert!(lifespan.close().await.is_empty());
//! # Ok(())
//! # }
//! ```

mod backoff;
mod deadlines;
mod error;
mod guard;
mod ledger;
mod readiness;
mod task;

use std::{future::Future, pin::Pin};

pub use backoff::{Backoff, retry};
pub use deadlines::Deadlines;
pub use error::{BoxError, CloseError, CloseOutcome, Failure, StartUpError, TaskDied, Unclosed};
pub(crate) use guard::unwound;
pub use ledger::{Resource, ResourceState, Resources};
pub(crate) use readiness::Readiness;
pub(crate) use task::Alarm;
use tokio::time::Instant;

use crate::shutdown::Shutdown;

type Closing = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

/// A stack of open resources and living tasks.
///
/// Close it: dropping it runs no close, since a close is asynchronous.
#[must_use = "the resources of a dropped lifespan are never closed"]
pub struct Lifespan {
    shutdown: Shutdown,
    alarm: Alarm,
    resources: Resources,
    readiness: Readiness,
    stack: Vec<Entered>,
}

struct Entered {
    index: usize,
    name: String,
    deadlines: Deadlines,
    close: Box<dyn FnOnce() -> Closing + Send>,
}

impl Lifespan {
    /// An empty stack whose openings end early when `shutdown` asks for a stop.
    pub fn new(shutdown: Shutdown) -> Self {
        let (alarm, resources, readiness) = (Alarm::default(), Resources::default(), Readiness::default());
        Self { shutdown, alarm, resources, readiness, stack: Vec::new() }
    }

    /// Opens a resource and puts it on the stack; `close` will be given a clone of it.
    ///
    /// The future `open` is dropped when its deadline passes or a stop is asked for, so what it holds half
    /// open has to clean up in `Drop`. It runs where the caller runs: work that blocks belongs into
    /// `spawn_blocking`.
    ///
    /// # Errors
    /// When `open` fails, panics, outruns its deadline, or is cut short by a stop.
    pub async fn enter<T, E, Close, Closing>(
        &mut self,
        name: impl Into<String>,
        deadlines: impl Into<Deadlines>,
        open: impl Future<Output = Result<T, E>>,
        close: Close,
    ) -> Result<T, StartUpError>
    where
        T: Clone + Send + 'static,
        E: Into<BoxError>,
        Close: FnOnce(T) -> Closing + Send + 'static,
        Closing: Future + Send + 'static,
        Closing::Output: CloseOutcome,
    {
        let (name, deadlines) = (name.into(), deadlines.into());
        let index = self.resources.opening(&name);
        let started = Instant::now();
        match guard::open(open, deadlines.open, &self.shutdown).await {
            Ok(resource) => {
                self.resources.opened(index, started.elapsed());
                let held = resource.clone();
                let close = Box::new(move || -> self::Closing {
                    Box::pin(async move { close(held).await.into_result() })
                });
                self.stack.push(Entered { index, name, deadlines, close });
                Ok(resource)
            }
            Err(failure) => {
                self.resources.failed(index, &failure);
                Err(StartUpError::Resource { resource: name, failure })
            }
        }
    }

    /// What is on the stack, for probes and logs; the view stays current.
    #[must_use]
    pub fn resources(&self) -> Resources {
        self.resources.clone()
    }

    pub(crate) fn readiness(&self) -> Readiness {
        self.readiness.clone()
    }

    /// Whether a stop has been asked for, for starts with long steps of their own.
    #[must_use]
    pub fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// Closes everything in reverse order, each resource within its own deadline, and tells what failed.
    pub async fn close(mut self) -> Unclosed {
        let mut unclosed = Unclosed::default();
        while let Some(Entered { index, name, deadlines, close }) = self.stack.pop() {
            self.resources.closing(index);
            let started = Instant::now();
            // The closure itself is the adopter's code too, so it runs inside the guard.
            match guard::close(async move { close().await }, deadlines.close).await {
                Ok(()) => self.resources.closed(index, started.elapsed()),
                Err(failure) => {
                    self.resources.failed(index, &failure);
                    unclosed.push(CloseError { resource: name, failure });
                }
            }
        }
        unclosed
    }
}

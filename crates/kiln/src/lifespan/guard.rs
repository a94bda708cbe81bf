//! Guards around adopters' futures: panics, deadlines and stops become errors.

use std::{any::Any, future::Future, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;

use super::error::{BoxError, Failure};
use crate::shutdown::Shutdown;

pub(super) async fn open<T, E: Into<BoxError>>(
    open: impl Future<Output = Result<T, E>>,
    deadline: Duration,
    shutdown: &Shutdown,
) -> Result<T, Failure> {
    if shutdown.is_requested() {
        return Err(Failure::Cancelled);
    }
    tokio::select! {
        // A resource that is open must be kept, so that it is closed: completion is looked at first.
        biased;
        outcome = within(deadline, open) => outcome,
        () = shutdown.requested() => Err(Failure::Cancelled),
    }
}

pub(super) async fn within<T, E: Into<BoxError>>(
    deadline: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure> {
    tokio::time::timeout(deadline, caught(work)).await.unwrap_or(Err(Failure::TimedOut(deadline)))
}

/// Turns a panic of `work` into a [`Failure`].
pub(super) async fn caught<T, E: Into<BoxError>>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure> {
    match unwound(work).await {
        Ok(outcome) => outcome.map_err(|error| Failure::Error(error.into())),
        Err(message) => Err(Failure::Panic(message)),
    }
}

/// Turns a panic of `work` into its message.
///
/// Unwinding is safe to assert: the future is dropped right after, and only the owner of its shared state
/// can say whether that is still whole.
pub(crate) async fn unwound<T>(work: impl Future<Output = T>) -> Result<T, String> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|panic| message(panic.as_ref()))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("with a value that is not a string").to_owned()
}

//! What the service manager is told, where there is one (`man 3 sd_notify`): ready, stopping, alive.

use std::convert::Infallible;

#[cfg(unix)]
use sd_notify::NotifyState;

#[cfg(unix)]
pub(super) fn ready() {
    tell(NotifyState::Ready);
}

#[cfg(unix)]
pub(super) fn stopping() {
    tell(NotifyState::Stopping);
}

/// Says that the process is alive twice as often as the manager wants to hear it, for as long as this is
/// polled: a runtime that is stuck stays silent, and is restarted.
#[cfg(unix)]
pub(super) async fn alive() -> Infallible {
    let Some(limit) = sd_notify::watchdog_enabled() else { return std::future::pending().await };
    let mut beat = tokio::time::interval((limit / 2).max(std::time::Duration::from_millis(1)));
    loop {
        beat.tick().await;
        tell(NotifyState::Watchdog);
    }
}

#[cfg(unix)]
fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}

#[cfg(not(unix))]
pub(super) fn ready() {}

#[cfg(not(unix))]
pub(super) fn stopping() {}

#[cfg(not(unix))]
pub(super) async fn alive() -> Infallible {
    std::future::pending().await
}

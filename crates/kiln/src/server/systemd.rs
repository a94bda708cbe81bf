//! Notifications to systemd, where it started the process (`man 3 sd_notify`): ready, stopping, watchdog.

use std::convert::Infallible;

#[cfg(unix)]
use sd_notify::NotifyState;

#[cfg(unix)]
pub(super) fn ready() {
    notify(NotifyState::Ready);
}

#[cfg(unix)]
pub(super) fn stopping() {
    notify(NotifyState::Stopping);
}

/// Notifies the watchdog twice as often as it asks for, for as long as this is polled: a runtime that is stuck
/// sends nothing, and is restarted.
#[cfg(unix)]
pub(super) async fn watchdog() -> Infallible {
    let Some(limit) = sd_notify::watchdog_enabled() else { return std::future::pending().await };
    let mut beat = tokio::time::interval((limit / 2).max(std::time::Duration::from_millis(1)));
    loop {
        beat.tick().await;
        notify(NotifyState::Watchdog);
    }
}

#[cfg(unix)]
fn notify(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "cannot notify systemd");
    }
}

#[cfg(not(unix))]
pub(super) fn ready() {}

#[cfg(not(unix))]
pub(super) fn stopping() {}

#[cfg(not(unix))]
pub(super) async fn watchdog() -> Infallible {
    std::future::pending().await
}

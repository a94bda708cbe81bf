//! The stop signal, as a value that its caller owns.
//!
//! `main` makes one that signals of the operating system raise; a test makes one that it raises itself. Two requests
//! exist: *drain*, and *end the wait* for the drain.

use std::{future::Future, io};

use tokio_util::sync::CancellationToken;

/// A request to stop; clones are cheap and speak of the same request.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    drain: CancellationToken,
    end_wait: CancellationToken,
}

impl Shutdown {
    /// A signal that only [`drain`](Self::drain) and [`end_wait`](Self::end_wait) raise.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A signal raised by SIGTERM and SIGINT (elsewhere than on Unix: by Ctrl-C): the first asks for the
    /// drain, the second ends the wait for it.
    ///
    /// # Errors
    /// When the operating system refuses the handlers.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn on_signals() -> io::Result<Self> {
        let shutdown = Self::new();
        tokio::spawn(listen(os_signals()?, shutdown.clone()));
        Ok(shutdown)
    }

    /// Asks for an orderly stop.
    pub fn drain(&self) {
        self.drain.cancel();
    }

    /// Ends the wait for requests in flight, and asks for the stop if there was none yet. Resources are still closed,
    /// each within its own deadline.
    pub fn end_wait(&self) {
        self.drain.cancel();
        self.end_wait.cancel();
    }

    /// Whether a stop has been asked for.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.drain.is_cancelled()
    }

    /// Waits until a stop is asked for.
    pub async fn requested(&self) {
        self.drain.cancelled().await;
    }

    /// Waits until the wait for the drain is ended.
    pub async fn wait_ended(&self) {
        self.end_wait.cancelled().await;
    }
}

async fn listen<S: Signals>(mut signals: S, shutdown: Shutdown) {
    let name = signals.next().await;
    tracing::info!(signal = name, "stopping; send the signal again to end the wait for requests in flight");
    shutdown.drain();
    let name = signals.next().await;
    tracing::warn!(signal = name, "second signal: ending the wait for requests in flight");
    shutdown.end_wait();
}

trait Signals: Send + 'static {
    fn next(&mut self) -> impl Future<Output = &'static str> + Send;
}

#[cfg(unix)]
fn os_signals() -> io::Result<impl Signals> {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    struct Unix {
        terminate: Signal,
        interrupt: Signal,
    }

    impl Signals for Unix {
        async fn next(&mut self) -> &'static str {
            tokio::select! {
                _ = self.terminate.recv() => "SIGTERM",
                _ = self.interrupt.recv() => "SIGINT",
            }
        }
    }

    Ok(Unix { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the Unix twin can fail")]
fn os_signals() -> io::Result<impl Signals> {
    struct CtrlC;

    impl Signals for CtrlC {
        async fn next(&mut self) -> &'static str {
            match tokio::signal::ctrl_c().await {
                Ok(()) => "Ctrl-C",
                Err(_) => std::future::pending().await,
            }
        }
    }

    Ok(CtrlC)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    struct Scripted(VecDeque<&'static str>);

    impl Signals for Scripted {
        async fn next(&mut self) -> &'static str {
            match self.0.pop_front() {
                Some(name) => name,
                None => std::future::pending().await,
            }
        }
    }

    #[tokio::test]
    async fn the_first_signal_drains_and_the_second_ends_the_wait() {
        let shutdown = Shutdown::new();
        let listening = tokio::spawn(listen(Scripted(["SIGTERM"].into()), shutdown.clone()));
        shutdown.requested().await;
        assert!(!shutdown.end_wait.is_cancelled());
        listening.abort();

        listen(Scripted(["SIGTERM", "SIGINT"].into()), shutdown.clone()).await;
        assert!(shutdown.end_wait.is_cancelled());
    }

    #[test]
    fn ending_the_wait_also_requests_the_drain() {
        let shutdown = Shutdown::new();
        shutdown.end_wait();
        assert!(shutdown.is_requested());
    }
}

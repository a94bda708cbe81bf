//! Retries with growing delays, within a deadline.

use std::{fmt::Display, future::Future, time::Duration};

use tokio::time::{Instant, sleep};

/// Delays between retries: each is twice the one before, up to the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The delay before the first retry.
    pub first: Duration,
    /// The longest delay.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_millis(50), longest: Duration::from_secs(2) }
    }
}

impl Backoff {
    /// The delays, one after the other, without end.
    pub fn delays(self) -> impl Iterator<Item = Duration> {
        std::iter::successors(Some(self.first.min(self.longest)), move |delay| {
            Some(delay.saturating_mul(2).min(self.longest))
        })
    }
}

/// Runs `attempt` until it succeeds, fails with an error that is not `transient`, or would begin later than `within`
/// from now: for services that may start after this process, such as a database server.
///
/// # Errors
/// With the last error of `attempt`.
pub async fn retry<T, E: Display, Attempt: Future<Output = Result<T, E>>>(
    backoff: Backoff,
    within: Duration,
    transient: impl Fn(&E) -> bool,
    mut attempt: impl FnMut() -> Attempt,
) -> Result<T, E> {
    let deadline = Instant::now() + within;
    let mut delays = backoff.delays();
    loop {
        let error = match attempt().await {
            Err(error) if transient(&error) => error,
            outcome => return outcome,
        };
        match delays.next() {
            Some(delay) if Instant::now() + delay < deadline => {
                tracing::warn!(retry_in = ?delay, "{error}");
                sleep(delay).await;
            }
            _ => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    const BACKOFF: Backoff = Backoff { first: Duration::from_millis(1), longest: Duration::from_millis(3) };

    #[test]
    fn delays_double_up_to_the_longest() {
        let delays: Vec<u128> = BACKOFF.delays().take(4).map(|delay| delay.as_millis()).collect();
        assert_eq!(delays, [1, 2, 3, 3]);
    }

    #[tokio::test]
    async fn only_transient_errors_are_retried() {
        let mut tries = 0;
        let outcome = retry(
            BACKOFF,
            Duration::from_hours(1),
            |error| *error < 3,
            || {
                tries += 1;
                ready(if tries == 2 { Ok(tries) } else { Err(tries) })
            },
        );
        assert_eq!(outcome.await, Ok(2));
        let outcome = retry(
            BACKOFF,
            Duration::from_hours(1),
            |error| *error < 4,
            || {
                tries += 1;
                ready(Err::<(), _>(tries))
            },
        );
        assert_eq!(outcome.await, Err(4));
    }

    #[tokio::test]
    async fn no_retry_begins_after_the_deadline() {
        let outcome = retry(BACKOFF, Duration::ZERO, |_| true, || ready(Err::<(), _>("down")));
        assert_eq!(outcome.await, Err("down"));
    }
}

//! Trying again: ever less often, and not for ever.

use std::{fmt::Display, future::Future, time::Duration};

use tokio::time::{Instant, sleep};

/// How long to wait before another try: at first this long, twice as long each time, and never longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Before the first other try.
    pub first: Duration,
    /// At most.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_millis(50), longest: Duration::from_secs(2) }
    }
}

impl Backoff {
    /// The waits, one after the other, without end.
    pub fn delays(self) -> impl Iterator<Item = Duration> {
        std::iter::successors(Some(self.first.min(self.longest)), move |delay| {
            Some(delay.saturating_mul(2).min(self.longest))
        })
    }
}

/// Tries until `attempt` succeeds, fails in a way that will not pass, or would begin later than `within`
/// from now. For what lies outside the process and may start after it, such as a database server.
///
/// # Errors
/// With the last error of `attempt`.
pub async fn retry<T, E: Display, Attempt: Future<Output = Result<T, E>>>(
    backoff: Backoff,
    within: Duration,
    passes: impl Fn(&E) -> bool,
    mut attempt: impl FnMut() -> Attempt,
) -> Result<T, E> {
    let deadline = Instant::now() + within;
    let mut delays = backoff.delays();
    loop {
        let error = match attempt().await {
            Err(error) if passes(&error) => error,
            outcome => return outcome,
        };
        match delays.next() {
            Some(delay) if Instant::now() + delay < deadline => {
                tracing::warn!(again_in = ?delay, "{error}");
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
    fn waits_double_up_to_the_longest() {
        let delays: Vec<u128> = BACKOFF.delays().take(4).map(|delay| delay.as_millis()).collect();
        assert_eq!(delays, [1, 2, 3, 3]);
    }

    #[tokio::test]
    async fn what_may_pass_is_tried_again_until_it_does_and_what_may_not_is_not() {
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
    async fn no_try_begins_after_the_deadline() {
        let outcome = retry(BACKOFF, Duration::ZERO, |_| true, || ready(Err::<(), _>("down")));
        assert_eq!(outcome.await, Err("down"));
    }
}

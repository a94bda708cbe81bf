//! The time that a client may take for the body of a request.

use std::time::Duration;

use tokio::time::Instant;

use super::options::ServerOptions;

/// Limits of the time for a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct BodyLimits {
    /// Longest silence, and the time for which a client may fall behind `rate` in total.
    pub(super) silence: Duration,
    /// Least number of bytes a second.
    pub(super) rate: u32,
}

impl BodyLimits {
    pub(super) fn of(options: &ServerOptions) -> Self {
        Self { silence: options.body_timeout, rate: options.min_body_rate }
    }
}

/// The time for which the rest of a body has been waited for.
#[derive(Debug, Default)]
pub(super) struct BodyWait {
    since: Option<Instant>,
    before: Duration,
    received: u64,
}

impl BodyWait {
    /// Counts `bytes` of the body, which end a silence.
    pub(super) fn record(&mut self, bytes: usize, now: impl FnOnce() -> Instant) {
        self.received += bytes as u64;
        if let Some(since) = self.since.take() {
            self.before += now().duration_since(since);
        }
    }

    /// The time at which the present silence is too long; it begins with the first call.
    pub(super) fn deadline(&mut self, limits: BodyLimits, now: impl FnOnce() -> Instant) -> Instant {
        let BodyLimits { silence, rate } = limits;
        let since = *self.since.get_or_insert_with(now);
        let earned = Duration::from_secs(self.received / u64::from(rate.max(1)));
        since + silence.min((silence + earned).saturating_sub(self.before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const LIMITS: BodyLimits = BodyLimits { silence: Duration::from_secs(30), rate: 100 };

    #[test]
    fn a_body_may_be_silent_for_a_while_and_slow_for_as_long_in_total() {
        let (mut wait, start) = (BodyWait::default(), Instant::now());
        assert_eq!(wait.deadline(LIMITS, || start), start + 30 * SECOND);
        let later = start + 20 * SECOND;
        assert_eq!(wait.deadline(LIMITS, || later), start + 30 * SECOND, "the same silence");
        wait.record(1, || later);
        assert_eq!(wait.deadline(LIMITS, || later), later + 10 * SECOND, "a byte earns no second");
        wait.record(499, || later);
        assert_eq!(wait.deadline(LIMITS, || later), later + 15 * SECOND, "500 bytes earn five");
        wait.record(1_000_000, || later);
        assert_eq!(wait.deadline(LIMITS, || later), later + 30 * SECOND, "no silence is longer");
    }
}

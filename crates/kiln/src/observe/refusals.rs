//! Refusals for load: counted, and one line of the log for many.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Time between two lines.
const PERIOD: Duration = Duration::from_secs(10);

/// Refusals since the last line about them.
pub(super) struct Refusals {
    pending: Mutex<Pending>,
}

struct Pending {
    count: u64,
    last_line: Option<Instant>,
}

impl Refusals {
    pub(super) const fn new() -> Self {
        Self { pending: Mutex::new(Pending { count: 0, last_line: None }) }
    }

    /// Counts a refusal at `now`; where a line is due, returns the number that it stands for.
    pub(super) fn count(&self, now: Instant) -> Option<u64> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.count += 1;
        let due = pending.last_line.is_none_or(|line| now.saturating_duration_since(line) >= PERIOD);
        due.then(|| {
            pending.last_line = Some(now);
            std::mem::take(&mut pending.count)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_refusal_is_logged_at_once_and_later_ones_together() {
        let (refusals, start) = (Refusals::new(), Instant::now());
        assert_eq!(refusals.count(start), Some(1));
        assert_eq!(refusals.count(start + PERIOD / 2), None);
        assert_eq!(refusals.count(start + PERIOD), Some(2));
        assert_eq!(refusals.count(start + PERIOD), None);
    }
}

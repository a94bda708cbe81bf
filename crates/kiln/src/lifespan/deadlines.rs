//! How long a resource may take.

use std::time::Duration;

/// How long a resource may take to open, and to close. A single duration stands for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// For opening.
    pub open: Duration,
    /// For closing.
    pub close: Duration,
}

impl From<Duration> for Deadlines {
    fn from(both: Duration) -> Self {
        Self { open: both, close: both }
    }
}

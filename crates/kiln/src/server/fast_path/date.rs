//! The `Date` field (RFC 9110 §6.6.1), which stays the same for a second.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The line of the last second that was asked for.
#[derive(Debug, Default)]
pub(super) struct Date {
    second: u64,
    line: String,
}

impl Date {
    /// The line for `now`, with its end.
    pub(super) fn line(&mut self, now: SystemTime) -> &[u8] {
        let second = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if self.line.is_empty() || self.second != second {
            let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second));
            *self = Self { second, line: format!("date: {date}\r\n") };
        }
        self.line.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 9110 §5.6.7.
    #[test]
    fn the_header_changes_with_the_second() {
        let mut date = Date::default();
        let now = UNIX_EPOCH + Duration::from_millis(784_111_777_250);
        assert_eq!(date.line(now), b"date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
        assert_eq!(date.line(now + Duration::from_millis(700)), b"date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
        assert_eq!(date.line(now + Duration::from_secs(1)), b"date: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
    }
}

//! One system call that the check tries, and how it ended.

#[cfg(target_os = "linux")]
use std::io;

use serde::Serialize;

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Act {
    /// In words.
    pub act: String,
    /// What should come of it.
    pub expected: Expected,
    /// What the kernel said; `done` when it let it happen.
    pub answer: String,
    /// Whether it was as expected.
    pub holds: bool,
}

/// What should come of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// `EPERM` or `EACCES`, and nothing else.
    Refused,
    /// That it happens.
    Allowed,
}

impl Act {
    #[cfg(target_os = "linux")]
    pub(super) fn new(act: impl Into<String>, expected: Expected, outcome: &io::Result<()>) -> Self {
        let code = outcome.as_ref().err().and_then(io::Error::raw_os_error);
        let answer = match (outcome, code) {
            (Ok(()), _) => "done".to_owned(),
            // The name alone: `EACCES: Permission denied` says the same twice.
            (Err(_), Some(code)) => format!("{:?}", nix::errno::Errno::from_raw(code)),
            (Err(error), None) => error.to_string(),
        };
        let refused = matches!(code, Some(libc::EPERM | libc::EACCES));
        let holds = match expected {
            Expected::Refused => refused,
            Expected::Allowed => outcome.is_ok(),
        };
        Self { act: act.into(), expected, answer, holds }
    }
}

//! An act that the check tries, and its outcome.

#[cfg(target_os = "linux")]
use std::io;

use serde::Serialize;

/// An act that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Act {
    /// The act, in words.
    pub act: String,
    /// The expected outcome.
    pub expected: Expected,
    /// The error of the kernel, or `done`.
    pub answer: String,
    /// Whether the outcome was the expected one.
    pub holds: bool,
}

/// Expected outcome of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// Refusal, by `EPERM` or `EACCES` and no other error.
    Refused,
    /// The answer of a kernel without the call, `ENOSYS`.
    Unknown,
    /// Success.
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
            Expected::Unknown => code == Some(libc::ENOSYS),
            Expected::Allowed => outcome.is_ok(),
        };
        Self { act: act.into(), expected, answer, holds }
    }
}

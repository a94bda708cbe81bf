//! The kernel's word that this process starts no other.
//!
//! [`apply`] runs first thing in `main`, before any thread exists: it sets `no_new_privs` and installs a
//! seccomp filter that answers [`refused`](Report) system calls with `EPERM`. Neither can be undone, and
//! every later thread inherits both.

#[cfg(target_os = "linux")]
mod linux;

use std::{fmt, str::FromStr};

use serde::Serialize;

/// How much the seal matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealMode {
    /// Not to start without it.
    Enforce,
    /// As much of it as the system offers.
    #[default]
    BestEffort,
    /// None.
    Off,
}

/// What is in force, for the log and `/readyz`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What was asked for.
    pub mode: SealMode,
    /// Whether privileges can no longer be gained, by set-user-ID programs for one.
    pub no_new_privs: Layer,
    /// Whether the kernel refuses `refused`.
    pub system_calls: Layer,
    /// The names of the system calls that are answered with `EPERM`.
    pub refused: Vec<&'static str>,
}

/// One part of the seal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Nobody has asked for it.
    #[default]
    Off,
    /// The kernel confirms it.
    InForce,
    /// It could not be had.
    Unavailable(String),
}

/// Why a seal that was demanded is not in force.
#[derive(Debug, thiserror::Error)]
#[error("the seal cannot be enforced: {reason}; `--seal=best-effort` starts without")]
pub struct SealError {
    reason: String,
}

/// Seals the process as `mode` says and reports what the kernel confirms.
///
/// # Errors
/// In [`SealMode::Enforce`], when any part is not in force.
pub fn apply(mode: SealMode) -> Result<Report, SealError> {
    let report = match mode {
        SealMode::Off => Report { mode, ..Report::default() },
        SealMode::Enforce | SealMode::BestEffort => Report { mode, ..install() },
    };
    match (mode, report.gap()) {
        (SealMode::Enforce, Some(reason)) => Err(SealError { reason: reason.to_owned() }),
        _ => Ok(report),
    }
}

impl Report {
    /// Why the seal is not whole.
    #[must_use]
    pub fn gap(&self) -> Option<&str> {
        [&self.no_new_privs, &self.system_calls].into_iter().find_map(|layer| match layer {
            Layer::Unavailable(reason) => Some(reason.as_str()),
            Layer::Off | Layer::InForce => None,
        })
    }
}

#[cfg(target_os = "linux")]
fn install() -> Report {
    linux::install()
}

#[cfg(not(target_os = "linux"))]
fn install() -> Report {
    let unsupported = || Layer::Unavailable("this system is not Linux".to_owned());
    Report { no_new_privs: unsupported(), system_calls: unsupported(), ..Report::default() }
}

impl fmt::Display for SealMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Enforce => "enforce",
            Self::BestEffort => "best-effort",
            Self::Off => "off",
        })
    }
}

impl FromStr for SealMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "enforce" => Ok(Self::Enforce),
            "best-effort" => Ok(Self::BestEffort),
            "off" => Ok(Self::Off),
            _ => Err(format!("`{text}` is none of `enforce`, `best-effort` and `off`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_reads_as_it_is_written() {
        for mode in [SealMode::Enforce, SealMode::BestEffort, SealMode::Off] {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert!("on".parse::<SealMode>().is_err());
    }

    #[test]
    fn a_missing_layer_is_the_gap() {
        let report =
            Report { system_calls: Layer::Unavailable("old kernel".to_owned()), ..Report::default() };
        assert_eq!(report.gap(), Some("old kernel"));
        assert_eq!(Report { no_new_privs: Layer::InForce, ..Report::default() }.gap(), None);
    }
}

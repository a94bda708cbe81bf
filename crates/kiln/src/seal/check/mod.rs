//! The check of the seal: the sealed process tries all acts that have to be refused, and all that have to be allowed.
//!
//! An act that should have been refused and was not is undone where it left something, and counts as a failure.

mod act;
#[cfg(target_os = "linux")]
mod forbidden;
#[cfg(target_os = "linux")]
mod needed;
#[cfg(target_os = "linux")]
mod raw;

use std::{fmt, io};

pub use act::{Act, Expected};
use serde::Serialize;

use super::{Needs, Report, SealError, SealMode};

/// Result of the check.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    /// State of the seal.
    pub seal: Report,
    /// The acts that were tried.
    pub acts: Vec<Act>,
}

/// The reason why the check could not run.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The seal is required and not in force.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The targets of the acts could not be made.
    #[error("cannot prepare the check of the seal: {0}")]
    Prepare(#[source] io::Error),
}

impl CheckReport {
    /// Whether every act ended as it should.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.acts.iter().all(|act| act.holds)
    }
}

/// A table with a line for each act.
impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.acts.iter().map(|act| act.act.len()).max().unwrap_or_default();
        writeln!(f, "{:width$}  EXPECTED   KERNEL", "ACT")?;
        for Act { act, expected, answer, holds } in &self.acts {
            let expected = match expected {
                Expected::Refused => "refused",
                Expected::Unknown => "unknown",
                Expected::Allowed => "allowed",
            };
            let mark = if *holds { "" } else { "  <- unexpected" };
            writeln!(f, "{act:width$}  {expected:9}  {answer}{mark}")?;
        }
        for missing in &self.seal.missing {
            writeln!(f, "not restricted by this kernel: {} (needs Linux {})", missing.what, missing.linux)?;
        }
        if let Some(gap) = self.seal.gap() {
            writeln!(f, "the seal is incomplete: {gap}")?;
        }
        Ok(())
    }
}

/// Seals this process and tries all acts. Nothing else should run in it before or after.
///
/// # Errors
/// When the seal is required and not in force, or the acts cannot be prepared.
#[cfg(target_os = "linux")]
pub fn check(mode: SealMode, needs: &Needs) -> Result<CheckReport, CheckError> {
    let targets = forbidden::ForbiddenTargets::prepare(needs).map_err(CheckError::Prepare)?;
    let seal = super::apply(mode, needs)?;
    let mut acts = needed::acts(needs);
    acts.extend(forbidden::acts(&targets));
    super::refuse_listeners(&seal)?;
    acts.extend(forbidden::acts_after_listening());
    Ok(CheckReport { seal, acts })
}

/// Tries nothing on systems other than Linux.
///
/// # Errors
/// When the seal is required.
#[cfg(not(target_os = "linux"))]
pub fn check(mode: SealMode, needs: &Needs) -> Result<CheckReport, CheckError> {
    Ok(CheckReport { seal: super::apply(mode, needs)?, acts: Vec::new() })
}

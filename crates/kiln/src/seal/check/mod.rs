//! What the kernel really answers: from inside the sealed process, everything is tried that has to be
//! refused, and everything that has to be allowed.
//!
//! An act that should have been refused and was not is taken back where it left something, and counts as a
//! failure.

mod act;
#[cfg(target_os = "linux")]
mod forbidden;
#[cfg(target_os = "linux")]
mod needed;

use std::{fmt, io};

pub use act::{Act, Expected};
use serde::Serialize;

use super::{Needs, Report, SealError, SealMode};

/// What was tried, and how it ended.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    /// What the seal says of itself.
    pub seal: Report,
    /// What was tried.
    pub acts: Vec<Act>,
}

/// Why nothing could be tried.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The seal was demanded and could not be had.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// What the acts are tried upon could not be set up.
    #[error("cannot prepare the check: {0}")]
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
        writeln!(f, "{:width$}  SHOULD BE  KERNEL SAID", "ACT")?;
        for Act { act, expected, answer, holds } in &self.acts {
            let expected = match expected {
                Expected::Refused => "refused",
                Expected::Allowed => "allowed",
            };
            let mark = if *holds { "" } else { "  <- does not hold" };
            writeln!(f, "{act:width$}  {expected:9}  {answer}{mark}")?;
        }
        for missing in &self.seal.missing {
            writeln!(f, "left open by this kernel: {} (Linux {})", missing.what, missing.linux)?;
        }
        if let Some(gap) = self.seal.gap() {
            writeln!(f, "the seal has a gap: {gap}")?;
        }
        Ok(())
    }
}

/// Seals this process and tries everything. Nothing else should run in it before or after.
///
/// # Errors
/// When the seal is demanded and cannot be had, or the acts cannot be prepared.
#[cfg(target_os = "linux")]
pub fn check(mode: SealMode, needs: &Needs) -> Result<CheckReport, CheckError> {
    let outside = forbidden::ForbiddenTargets::prepare(needs).map_err(CheckError::Prepare)?;
    let seal = super::apply(mode, needs)?;
    let mut acts = needed::acts(needs);
    acts.extend(forbidden::acts(&outside));
    Ok(CheckReport { seal, acts })
}

/// Elsewhere than on Linux there is nothing to try.
///
/// # Errors
/// When the seal is demanded.
#[cfg(not(target_os = "linux"))]
pub fn check(mode: SealMode, needs: &Needs) -> Result<CheckReport, CheckError> {
    Ok(CheckReport { seal: super::apply(mode, needs)?, acts: Vec::new() })
}

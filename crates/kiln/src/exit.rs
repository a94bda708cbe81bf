//! How a process ends: the exit codes of every Kiln application, in one place.
//!
//! An orchestrator, a unit file or a script decides by these whether to restart, to alert or to run the
//! release step, so a code never changes its meaning.

use std::process::{ExitCode, Termination};

/// What a process tells whoever started it; returned from `main`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[must_use = "an exit code that is dropped turns a failure into success"]
pub enum Exit {
    /// The work is done, or the process was asked to stop and everything closed.
    Clean = 0,
    /// The command line or the settings cannot be used.
    Usage = 2,
    /// Something that has to start did not.
    StartUp = 3,
    /// A resource did not close, or the drain or a close outran its deadline.
    TearDown = 4,
    /// The database's schema does not fit this executable.
    Schema = 5,
    /// A task that has to live died while the application served.
    TaskDied = 6,
}

impl Exit {
    /// The number that the process exits with.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_that_the_documentation_promises() {
        let all = [Exit::Clean, Exit::Usage, Exit::StartUp, Exit::TearDown, Exit::Schema, Exit::TaskDied];
        assert_eq!(all.map(Exit::code), [0, 2, 3, 4, 5, 6]);
    }
}

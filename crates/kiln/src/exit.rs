//! The exit codes of every Kiln application.
//!
//! Orchestrators, unit files and scripts decide by them whether to restart, to alert or to migrate, so a code never
//! changes its meaning.

use std::process::{ExitCode, Termination};

/// The exit code of a process, returned from `main`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[must_use = "an exit code that is dropped turns a failure into success"]
pub enum Exit {
    /// The work is done, or a stop was requested and every resource closed.
    Clean = 0,
    /// Invalid arguments or settings.
    Usage = 2,
    /// The start failed, or a command that serves nothing did.
    StartUp = 3,
    /// A resource did not close, or the drain or a close outran its deadline.
    TearDown = 4,
    /// The database's schema does not fit this executable.
    Schema = 5,
    /// A required task died while the application served.
    TaskDied = 6,
}

impl Exit {
    /// The code as a number.
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
    fn codes_are_those_of_the_documentation() {
        let all = [Exit::Clean, Exit::Usage, Exit::StartUp, Exit::TearDown, Exit::Schema, Exit::TaskDied];
        assert_eq!(all.map(Exit::code), [0, 2, 3, 4, 5, 6]);
    }
}

//! Packages with a supervisor, which this executable is, and the executable of `tests/build` is not.

use crate::project::Project;

pub(crate) trait Supervised {
    /// Lets this executable supervise the commands of steps.
    fn supervised(self) -> Self;
}

impl Supervised for Project {
    fn supervised(mut self) -> Self {
        self.supervisor = Some(kiln_pipeline::supervise());
        self
    }
}

//! External steps: commands of other tools, run before sources are discovered.
//!
//! A command runs once when its inputs have changed, under a [`supervisor`], and never outlives the build. Its output is
//! finished: linked, named, compressed and embedded, but not compiled again.

mod supervisor;

mod process;

mod stamp;

mod run;

pub(crate) use self::run::run_all;
pub use self::supervisor::{Supervisor, supervise};

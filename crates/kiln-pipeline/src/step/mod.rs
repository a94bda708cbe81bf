//! External steps: what other tools make, before sources are looked for.
//!
//! A command runs when its inputs have changed since it ran last, once, and never outlives the build: see
//! [`supervisor`]. What it made is finished: it is linked, named, compressed and embedded, but not compiled again.

mod supervisor;

mod process;

mod stamp;

mod run;

pub(crate) use self::run::run_all;
pub use self::supervisor::{Supervisor, supervise};

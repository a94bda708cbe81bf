//! The way into a process and out of it: log, seal, runtime, the application, exit code.
//!
//! The log comes first, so that all the rest can write to it; the seal comes before the runtime, because it has to be
//! in force before any thread starts. [`Server`] is the whole of a `main` that serves.

mod options;

mod sockets;

mod process;

mod open_files;

mod server;

pub use options::{Options, ProcessOptions};
pub use process::launch;
pub use server::Server;
pub use sockets::{Sockets, bind};

//! The whole application, over a real socket and a real database.

mod harness;

mod api;
mod corpus;
mod identify;
mod page;
mod process;
#[cfg(target_os = "linux")]
mod seal;

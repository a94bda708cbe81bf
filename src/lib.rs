//! Whatsit says what a file is: the reference application of Kiln.
//!
//! The modules stand in reading order: what it is asked to do, what it is made of, how that starts and
//! stops, the domain, what keeps its answers, and how people reach it.

pub mod settings;

pub mod assets;
pub mod lifespan;
pub mod migrations;

pub mod cache;
pub mod identification;
pub mod identify;
pub mod routes;
pub mod store;

mod command;

pub use command::{CommandError, run};

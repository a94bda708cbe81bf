//! `cargo kiln` on real files, with a real watcher and real connections.

mod dev;
mod engine;
mod pages;
mod project;

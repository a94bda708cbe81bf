//! The build lifecycle from a tree of sources to the folder that an application embeds.

mod diagnostics;
mod output;
mod project;
mod scripts;
mod stability;

//! The build lifecycle from a tree of sources to the folder that an application embeds.

mod attributes;
mod budgets;
#[cfg(unix)]
mod bundle;
mod declarations;
mod diagnostics;
mod engine;
#[cfg(unix)]
mod filesystem;
mod globs;
#[cfg(unix)]
mod killed;
mod lost_maps;
mod migrations;
mod output;
mod pack;
mod package_managers;
mod packages;
mod pages;
mod partials;
mod policy;
mod process;
mod project;
mod references;
mod root_names;
mod scripts;
mod service_workers;
mod sessions;
mod site;
mod skipped_css;
mod source_maps;
mod sources;
mod stability;
mod styles;
#[cfg(unix)]
mod tailwind;
mod uncompiled;
mod vite;

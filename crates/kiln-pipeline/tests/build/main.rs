//! The build lifecycle from a tree of sources to the folder that an application embeds.

#[cfg(feature = "toolchain")]
mod budgets;
#[cfg(all(unix, feature = "toolchain"))]
mod bundle;
#[cfg(feature = "toolchain")]
mod diagnostics;
#[cfg(all(unix, feature = "toolchain"))]
mod filesystem;
#[cfg(all(unix, feature = "toolchain"))]
mod killed;
#[cfg(feature = "toolchain")]
mod migrations;
#[cfg(feature = "toolchain")]
mod output;
#[cfg(feature = "toolchain")]
mod pack;
#[cfg(feature = "toolchain")]
mod pages;
#[cfg(feature = "toolchain")]
mod process;
#[cfg_attr(not(feature = "toolchain"), allow(dead_code))]
mod project;
#[cfg(feature = "toolchain")]
mod references;
#[cfg(feature = "toolchain")]
mod scripts;
#[cfg(feature = "toolchain")]
mod sessions;
#[cfg(feature = "toolchain")]
mod source_maps;
#[cfg(feature = "toolchain")]
mod sources;
#[cfg(feature = "toolchain")]
mod stability;
#[cfg(feature = "toolchain")]
mod styles;
#[cfg(feature = "toolchain")]
mod tailwind;
#[cfg(not(feature = "toolchain"))]
mod without_toolchain;

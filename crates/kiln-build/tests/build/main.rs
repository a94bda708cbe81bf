//! The build lifecycle from a tree of sources to the folder that an application embeds.

#[cfg(all(unix, feature = "default"))]
mod bundle;
#[cfg(feature = "default")]
mod diagnostics;
#[cfg(not(feature = "default"))]
mod features;
#[cfg(all(unix, feature = "default"))]
mod filesystem;
#[cfg(feature = "default")]
mod freshness;
#[cfg(all(unix, feature = "default"))]
mod killed;
mod migrations;
#[cfg(feature = "default")]
mod output;
#[cfg(feature = "default")]
mod pages;
#[cfg(feature = "default")]
mod process;
#[cfg_attr(not(feature = "default"), allow(dead_code))]
mod project;
#[cfg(feature = "default")]
mod scripts;
#[cfg(feature = "default")]
mod source_maps;
#[cfg(feature = "default")]
mod stability;
#[cfg(feature = "default")]
mod styles;
#[cfg(feature = "default")]
mod tailwind;

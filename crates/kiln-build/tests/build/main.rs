//! The build lifecycle from a tree of sources to the folder that an application embeds.

#[cfg(feature = "default")]
mod diagnostics;
#[cfg(not(feature = "default"))]
mod features;
#[cfg(feature = "default")]
mod output;
mod project;
#[cfg(feature = "default")]
mod scripts;
#[cfg(feature = "default")]
mod stability;

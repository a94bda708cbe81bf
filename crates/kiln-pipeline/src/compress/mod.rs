//! Fourth stage: makes the coded variants of everything that compresses well.

mod versions;

mod brotli;

#[cfg(feature = "toolchain")]
mod gzip;

#[cfg(feature = "toolchain")]
mod zstd;

mod coder;

mod stage;

pub(crate) use self::stage::{Packed, PackedOutputs, compress};

//! Fourth stage, compress: adds coded variants of compressible outputs.

mod versions;

mod brotli;

#[cfg(feature = "toolchain")]
mod gzip;

#[cfg(feature = "toolchain")]
mod zstd;

mod coder;

mod stage;

pub(crate) use self::stage::{Packed, PackedOutputs, compress};

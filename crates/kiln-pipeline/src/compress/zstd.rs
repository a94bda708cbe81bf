//! Zstandard (RFC 8878).

use std::io;

use ::zstd::{bulk, zstd_safe::version_string};

/// The compressor.
pub(super) fn tool() -> String {
    format!("zstd {}", version_string())
}

pub(super) fn code(content: &[u8], level: i32) -> io::Result<Vec<u8>> {
    bulk::compress(content, level)
}

//! gzip (RFC 1952), by libdeflate.

use std::io;

use libdeflater::{CompressionLvl, Compressor};

/// The version in `Cargo.lock`.
pub(super) const VERSION: &str = "1.26.1";

pub(super) fn tool() -> String {
    format!("libdeflate {VERSION}")
}

pub(super) fn code(content: &[u8], level: i32) -> io::Result<Vec<u8>> {
    let level = CompressionLvl::new(level).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut compressor = Compressor::new(level);
    let mut output = vec![0; compressor.gzip_compress_bound(content.len())];
    let length = compressor.gzip_compress(content, &mut output).map_err(io::Error::other)?;
    output.truncate(length);
    output.shrink_to_fit();
    Ok(output)
}

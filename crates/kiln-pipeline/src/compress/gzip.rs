//! gzip (RFC 1952), by libdeflate.

use std::io;

use libdeflater::{CompressionLvl, Compressor};

use super::versions::Versions;

/// The compressor.
pub(super) fn tool(versions: &Versions) -> String {
    format!("libdeflate {}", versions.of_crate("libdeflate-sys"))
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

//! brotli (RFC 7932).

use std::io;

use ::brotli::enc::BrotliEncoderParams;

use super::versions::Versions;

/// The largest window that every decoder of `br` has to support (RFC 7932 §9.1).
const WINDOW: i32 = 24;

/// The compressor and its settings.
pub(super) fn tool(versions: &Versions) -> String {
    format!("brotli {} window {WINDOW}", versions.of_crate("brotli"))
}

pub(super) fn code(content: &[u8], quality: i32) -> io::Result<Vec<u8>> {
    let parameters =
        BrotliEncoderParams { quality, lgwin: WINDOW, size_hint: content.len(), ..Default::default() };
    let mut output = Vec::new();
    ::brotli::BrotliCompress(&mut &*content, &mut output, &parameters)?;
    Ok(output)
}

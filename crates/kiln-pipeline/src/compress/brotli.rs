//! brotli (RFC 7932).

use std::io;

use ::brotli::enc::BrotliEncoderParams;

/// The version in `Cargo.lock`.
pub(super) const VERSION: &str = "9.1.1";

/// The largest window that every decoder of `br` has to have (RFC 7932 §9.1).
const WINDOW: i32 = 24;

pub(super) fn tool() -> String {
    format!("brotli {VERSION} window {WINDOW}")
}

pub(super) fn code(content: &[u8], quality: i32) -> io::Result<Vec<u8>> {
    let parameters =
        BrotliEncoderParams { quality, lgwin: WINDOW, size_hint: content.len(), ..Default::default() };
    let mut output = Vec::new();
    ::brotli::BrotliCompress(&mut &*content, &mut output, &parameters)?;
    Ok(output)
}

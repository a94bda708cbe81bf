//! Where bytes come from: the folder that `rust_embed` put into the executable.
//!
//! A debug build reads the same folder from the disk at each call. Nothing above this file can tell the
//! difference, except that the bytes are owned.

use std::borrow::Cow;

use actix_web::web::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};

/// A [`RustEmbed`] type as a value.
#[derive(Clone, Copy)]
pub(super) struct Embedded {
    get: fn(&str) -> Option<EmbeddedFile>,
}

impl Embedded {
    pub(super) fn of<E: RustEmbed>() -> Self {
        Self { get: E::get }
    }

    pub(super) fn read(self, file: &str) -> Option<Cow<'static, [u8]>> {
        (self.get)(file).map(|found| found.data)
    }
}

/// Embedded bytes are shared with the executable, never copied.
pub(super) fn into_bytes(contents: Cow<'static, [u8]>) -> Bytes {
    match contents {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

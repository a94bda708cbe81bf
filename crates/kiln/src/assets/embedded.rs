//! The source of all bytes: the folder that `rust_embed` put into the executable.
//!
//! A debug build reads the same folder from the disk at each call. To all other files the only difference is that the
//! bytes are owned; whether a variant is a file or lies in the pack is hidden too.

use std::{borrow::Cow, ops::Range};

use actix_web::web::Bytes;
use kiln_manifest::{PACK_FILE, Place, Variant};
use rust_embed::{EmbeddedFile, RustEmbed};

/// A [`RustEmbed`] type as a value.
#[derive(Clone, Copy)]
pub(super) struct Embedded {
    get: fn(&str) -> Option<EmbeddedFile>,
}

/// The files of one manifest, from which its variants are read.
pub(super) struct Contents {
    embedded: Embedded,
    /// Read once: a debug build would read it anew for each of its variants.
    pack: Option<Cow<'static, [u8]>>,
}

/// The reason why a variant cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// The folder has no file of this name.
    Missing(String),
    /// The pack ends before the variant.
    BeyondPack {
        /// Length of the pack, in bytes.
        length: usize,
    },
}

impl Embedded {
    pub(super) fn of<E: RustEmbed>() -> Self {
        Self { get: E::get }
    }

    pub(super) fn read(self, file: &str) -> Option<Cow<'static, [u8]>> {
        (self.get)(file).map(|found| found.data)
    }
}

impl Contents {
    pub(super) fn of(embedded: Embedded) -> Self {
        Self { embedded, pack: embedded.read(PACK_FILE) }
    }

    /// The bytes of a variant, of whatever length.
    pub(super) fn read(&self, variant: &Variant) -> Result<Cow<'static, [u8]>, Unreadable> {
        match variant.place {
            Place::File => {
                self.embedded.read(&variant.file).ok_or_else(|| Unreadable::Missing(variant.file.clone()))
            }
            Place::Pack { offset } => self.packed(offset, variant.length),
        }
    }

    fn packed(&self, offset: u64, length: u64) -> Result<Cow<'static, [u8]>, Unreadable> {
        let Some(pack) = &self.pack else { return Err(Unreadable::Missing(PACK_FILE.to_owned())) };
        let part = range(offset, length).and_then(|range| match pack {
            Cow::Borrowed(bytes) => bytes.get(range).map(Cow::Borrowed),
            Cow::Owned(bytes) => bytes.get(range).map(|part| Cow::Owned(part.to_vec())),
        });
        part.ok_or(Unreadable::BeyondPack { length: pack.len() })
    }
}

fn range(offset: u64, length: u64) -> Option<Range<usize>> {
    let end = offset.checked_add(length)?;
    Some(usize::try_from(offset).ok()?..usize::try_from(end).ok()?)
}

/// Embedded bytes are shared with the executable, never copied.
pub(super) fn into_bytes(contents: Cow<'static, [u8]>) -> Bytes {
    match contents {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

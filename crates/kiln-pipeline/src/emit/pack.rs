//! The pack: one file that holds the small variants of a release. Embedding a folder has a cost for each file, and a
//! release has up to four variants of each asset; `benches/large` measures both.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use kiln_manifest::{Asset, Place};

use crate::{
    Result,
    atomic_write::{PendingFile, WriteBatch},
    link::Body,
};

/// The longest variant in the pack, in bytes. Longer variants are not rewritten when another asset changes.
const LONGEST: u64 = 64 << 10;

/// Assigns places in the pack to small variants, in the order of the manifest.
pub(super) fn arrange(assets: &mut [Asset]) {
    let mut offset = 0;
    let variants = assets.iter_mut().flat_map(|asset| &mut asset.variants);
    for variant in variants.filter(|variant| variant.length <= LONGEST) {
        variant.place = Place::Pack { offset };
        offset += variant.length;
    }
}

/// Writes the concatenation of `parts`, unless there are none or `file` holds them already.
pub(super) fn write_pack(batch: &WriteBatch, file: PathBuf, parts: &[&Body]) -> Result<Option<PendingFile>> {
    if parts.is_empty() || holds(&file, parts) {
        return Ok(None);
    }
    let write_buffered = |target: &mut File| {
        let mut target = BufWriter::new(target);
        write(parts, &mut target)?;
        target.flush()
    };
    batch.write(file, write_buffered).map(Some)
}

fn holds(file: &Path, parts: &[&Body]) -> bool {
    let length: u64 = parts.iter().map(|part| part.length()).sum();
    let has_length = file.metadata().is_ok_and(|present| present.is_file() && present.len() == length);
    let is_same = |present| write(parts, &mut Comparison(BufReader::new(present))).is_ok();
    has_length && File::open(file).is_ok_and(is_same)
}

fn write(parts: &[&Body], target: &mut impl Write) -> io::Result<()> {
    parts.iter().try_for_each(|part| match part {
        Body::Held(bytes) => target.write_all(bytes),
        Body::File(source) => source.copy(target),
    })
}

/// A writer that accepts the bytes of its reader, and fails at the first difference.
struct Comparison<R>(R);

impl<R: BufRead> Write for Comparison<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let present = self.0.fill_buf()?;
        let length = present.len().min(bytes.len());
        if present[..length] != bytes[..length] {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.0.consume(length);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

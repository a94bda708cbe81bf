//! The one file that holds what is small: whatever embeds a folder takes its time with each file, and a release has
//! up to four for each asset. `benches/large` shows both.

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

/// The longest variant that lies in the pack, in bytes. What is longer is not written anew when something else changes.
const LONGEST: u64 = 64 << 10;

/// Gives small variants their places, in the order of the manifest.
pub(super) fn arrange(assets: &mut [Asset]) {
    let mut offset = 0;
    let variants = assets.iter_mut().flat_map(|asset| &mut asset.variants);
    for variant in variants.filter(|variant| variant.length <= LONGEST) {
        variant.place = Place::Pack { offset };
        offset += variant.length;
    }
}

/// Writes `parts` one behind the other, if there are any, and if `file` does not hold them already.
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
    let is_as_long = file.metadata().is_ok_and(|present| present.is_file() && present.len() == length);
    let is_same = |present| write(parts, &mut Expecting(BufReader::new(present))).is_ok();
    is_as_long && File::open(file).is_ok_and(is_same)
}

fn write(parts: &[&Body], target: &mut impl Write) -> io::Result<()> {
    parts.iter().try_for_each(|part| match part {
        Body::Held(bytes) => target.write_all(bytes),
        Body::File(source) => source.copy(target),
    })
}

/// Takes only what it holds, in its order.
struct Expecting<R>(R);

impl<R: BufRead> Write for Expecting<R> {
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

//! Files that are embedded unchanged. They stay on disk until they are copied, and are read in pieces: a file may be
//! larger than the memory of the machine.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use kiln_manifest::{Digest, Digesting};

use crate::{Error, Result};

/// A file with the digest of its content when the build first read it.
#[derive(Clone, Debug)]
pub(crate) struct FileDigest {
    pub(crate) file: PathBuf,
    /// In bytes.
    pub(crate) length: u64,
    pub(crate) digest: Digest,
}

/// Bytes that are read at once.
const PIECE: usize = 128 << 10;

/// Bytes at the beginning of a file that identify its format.
const HEAD: usize = 512;

/// The digest of the content of `file`; `None` when it cannot be read.
#[cfg(feature = "toolchain")]
pub(crate) fn digest(file: &Path) -> Option<Digest> {
    std::fs::read(file).ok().map(|content| Digest::of(&content))
}

/// Whether a file that begins like this is an MPEG transport stream: packets of 188 bytes that begin with 0x47 (ISO/IEC
/// 13818-1 §2.4.3). TypeScript has the same extension.
pub(crate) fn is_transport_stream(head: &[u8]) -> bool {
    const PACKET: usize = 188;
    const SYNC: u8 = b'G';
    let is_binary = head.iter().any(|byte| *byte == 0 || *byte >= 0x80);
    head.len() >= PACKET && is_binary && head.iter().step_by(PACKET).all(|byte| *byte == SYNC)
}

/// Whether `file` is an MPEG transport stream.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn holds_transport_stream(file: &Path) -> Result<bool> {
    let mut head = Vec::new();
    let read = File::open(file).and_then(|file| file.take(HEAD as u64).read_to_end(&mut head));
    read.map_err(Error::io("read", file))?;
    Ok(is_transport_stream(&head))
}

impl FileDigest {
    /// Reads the whole of `file`, and returns its first bytes as well.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn examine(file: &Path) -> Result<(Self, Vec<u8>)> {
        let mut head = Vec::new();
        let (length, digest) = pieces(file, |piece| {
            let missing = HEAD.saturating_sub(head.len()).min(piece.len());
            head.extend_from_slice(&piece[..missing]);
            Ok(())
        })
        .map_err(Error::io("read", file))?;
        Ok((Self { file: file.to_owned(), length, digest }, head))
    }

    /// The whole content.
    ///
    /// # Errors
    /// When the file cannot be read, or has changed since.
    pub(crate) fn read(&self) -> Result<Vec<u8>> {
        let mut content = Vec::with_capacity(usize::try_from(self.length).unwrap_or_default());
        self.copy(&mut content).map_err(Error::io("read", &self.file))?;
        Ok(content)
    }

    /// Writes the content to `target`.
    ///
    /// # Errors
    /// When the file cannot be read or has changed since, or `target` cannot be written.
    pub(crate) fn copy(&self, target: &mut impl Write) -> io::Result<()> {
        let (_, digest) = pieces(&self.file, |piece| target.write_all(piece))?;
        if digest == self.digest { Ok(()) } else { Err(io::Error::other(HasChanged)) }
    }

    /// Whether `file` has this content.
    pub(crate) fn is_in(&self, file: &Path) -> bool {
        file.metadata().is_ok_and(|present| present.is_file() && present.len() == self.length)
            && pieces(file, |_| Ok(())).is_ok_and(|(_, digest)| digest == self.digest)
    }
}

/// The error about a source that was written while the build read it.
#[derive(Debug, thiserror::Error)]
#[error("the file changed during the build; build again")]
struct HasChanged;

/// Passes a file to `take` in pieces, and returns its length in bytes and its digest.
fn pieces(file: &Path, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<(u64, Digest)> {
    let mut file = File::open(file)?;
    let mut piece = vec![0; PIECE];
    let mut digesting = Digesting::default();
    let mut length = 0;
    loop {
        let read = match file.read(&mut piece) {
            Ok(0) => return Ok((length, digesting.finish())),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digesting.update(&piece[..read]);
        take(&piece[..read])?;
        length += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_changes_during_the_build_is_not_copied_under_its_old_name() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("a.bin");
        fs::write(&file, vec![7; 3 * PIECE + 1]).expect("write");
        let (examined, head) = FileDigest::examine(&file).expect("examine");
        assert_eq!((examined.length, head), (3 * PIECE as u64 + 1, vec![7; HEAD]));
        assert_eq!(Digest::of(&examined.read().expect("read")), examined.digest);
        assert!(examined.is_in(&file));
        fs::write(&file, vec![8; 3 * PIECE + 1]).expect("write");
        assert!(!examined.is_in(&file));
        assert_eq!(
            examined.copy(&mut io::sink()).expect_err("changed").to_string(),
            "the file changed during the build; build again"
        );
    }
}

//! Compressors, with their versions and settings.

use std::io;

use kiln_manifest::{Coding, Digest};

use super::{brotli, versions::Versions};
#[cfg(feature = "toolchain")]
use super::{gzip, zstd};
use crate::config::Compression;

/// A compressor and its settings.
#[derive(Clone, Debug)]
pub(super) struct Coder {
    pub(super) coding: Coding,
    /// The name, version and settings, each of which may change the output.
    tool: String,
    level: i32,
    compressor: fn(&[u8], i32) -> io::Result<Vec<u8>>,
}

impl Coder {
    /// The configured compressors.
    pub(super) fn all(compression: &Compression, versions: &Versions) -> Vec<Self> {
        compression.codings.iter().filter_map(|coding| Self::of(*coding, compression, versions)).collect()
    }

    fn of(coding: Coding, compression: &Compression, versions: &Versions) -> Option<Self> {
        match coding {
            #[cfg(feature = "toolchain")]
            Coding::Gzip => Some(Self {
                coding,
                tool: gzip::tool(versions),
                level: compression.gzip,
                compressor: gzip::code,
            }),
            #[cfg(feature = "toolchain")]
            Coding::Zstd => {
                Some(Self { coding, tool: zstd::tool(), level: compression.zstd, compressor: zstd::code })
            }
            Coding::Brotli => Some(Self {
                coding,
                tool: brotli::tool(versions),
                level: compression.brotli,
                compressor: brotli::code,
            }),
            _ => None,
        }
    }

    /// The cache key of the output for content with this digest.
    pub(super) fn key(&self, content: &Digest) -> Digest {
        let tool = format!("{} level {}", self.tool, self.level);
        Digest::of_parts([tool.as_bytes(), content.to_string().as_bytes()])
    }

    /// The relative duration for `length` bytes: at its best level, brotli takes five times as long as the others.
    pub(super) fn effort(&self, length: u64) -> u64 {
        length * if self.coding == Coding::Brotli { 5 } else { 1 }
    }

    pub(super) fn code(&self, content: &[u8]) -> io::Result<Vec<u8>> {
        (self.compressor)(content, self.level)
    }
}

#[cfg(all(test, feature = "toolchain"))]
mod tests {
    use super::*;

    #[test]
    fn every_setting_changes_the_key() {
        let content = Digest::of(b"kiln");
        let slow = Compression::default();
        let fast = Compression { brotli: 1, zstd: 1, gzip: 1, ..slow.clone() };
        let versions = Versions::of(None).expect("versions");
        let coders = [Coder::all(&slow, &versions), Coder::all(&fast, &versions)].concat();
        let mut keys: Vec<_> = coders.iter().map(|coder| coder.key(&content)).collect();
        keys.push(coders[0].key(&Digest::of(b"other")));
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 7);
    }
}

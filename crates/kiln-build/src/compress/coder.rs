//! The compressors, each with the settings and the version that its output depends on.

use std::io;

use kiln_manifest::{Coding, Digest};

use crate::config::Compression;

/// The versions in `Cargo.lock`, which a test compares: another version may write other bytes.
const BROTLI: &str = "9.1.1";
const LIBDEFLATER: &str = "1.26.1";

/// The largest window that every decoder of `br` has to have (RFC 7932 §9.1).
const BROTLI_WINDOW: i32 = 24;

/// One compressor.
#[derive(Clone, Copy, Debug)]
pub(super) enum Coder {
    Gzip { level: i32 },
    Zstd { level: i32 },
    Brotli { quality: i32 },
}

impl Coder {
    /// The compressors that the configuration asks for.
    pub(super) fn all(compression: &Compression) -> impl Iterator<Item = Self> {
        compression.codings.iter().filter_map(|coding| match coding {
            Coding::Gzip => Some(Self::Gzip { level: compression.gzip }),
            Coding::Zstd => Some(Self::Zstd { level: compression.zstd }),
            Coding::Brotli => Some(Self::Brotli { quality: compression.brotli }),
            _ => None,
        })
    }

    pub(super) fn coding(self) -> Coding {
        match self {
            Self::Gzip { .. } => Coding::Gzip,
            Self::Zstd { .. } => Coding::Zstd,
            Self::Brotli { .. } => Coding::Brotli,
        }
    }

    /// Under which its output for content with this digest is kept.
    pub(super) fn key(self, content: &Digest) -> Digest {
        let tool = match self {
            Self::Gzip { level } => format!("libdeflate {LIBDEFLATER} level {level}"),
            Self::Zstd { level } => format!("zstd {} level {level}", zstd::zstd_safe::version_string()),
            Self::Brotli { quality } => format!("brotli {BROTLI} quality {quality} window {BROTLI_WINDOW}"),
        };
        Digest::of_parts([tool.as_bytes(), content.to_string().as_bytes()])
    }

    pub(super) fn code(self, content: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip { level } => gzip(content, level),
            Self::Zstd { level } => zstd::bulk::compress(content, level),
            Self::Brotli { quality } => brotli(content, quality),
        }
    }
}

fn gzip(content: &[u8], level: i32) -> io::Result<Vec<u8>> {
    let level = libdeflater::CompressionLvl::new(level).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut compressor = libdeflater::Compressor::new(level);
    let mut output = vec![0; compressor.gzip_compress_bound(content.len())];
    let length = compressor.gzip_compress(content, &mut output).map_err(io::Error::other)?;
    output.truncate(length);
    output.shrink_to_fit();
    Ok(output)
}

fn brotli(content: &[u8], quality: i32) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: BROTLI_WINDOW,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut output = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut output, &parameters)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hold_the_versions_of_the_lock_file() {
        let lock = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock"));
        for (name, version) in [("brotli", BROTLI), ("libdeflater", LIBDEFLATER)] {
            let package = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(lock.contains(&package), "{name} {version} is not in Cargo.lock: write its version here");
        }
    }

    #[test]
    fn every_setting_makes_another_key() {
        let content = Digest::of(b"kiln");
        let coders = [
            Coder::Gzip { level: 1 },
            Coder::Gzip { level: 12 },
            Coder::Zstd { level: 1 },
            Coder::Zstd { level: 12 },
            Coder::Brotli { quality: 1 },
            Coder::Brotli { quality: 11 },
        ];
        let mut keys: Vec<_> = coders.iter().map(|coder| coder.key(&content)).collect();
        keys.push(coders[0].key(&Digest::of(b"other")));
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 7);
    }
}

//! Fourth stage: makes the coded variants of everything that compresses well.

use std::{fs, io, path::Path};

use kiln_manifest::{Coding, Digest, Mode};
use rayon::prelude::*;

use crate::{Config, Error, Result, link::Linked, staged};

/// One output in every coding in which it is embedded, identity first.
#[derive(Debug)]
pub(crate) struct Packed {
    pub(crate) linked: Linked,
    pub(crate) coded: Vec<(Coding, Vec<u8>)>,
}

/// A variant must save this much of the identity's bytes, both absolutely and in per cent.
const LEAST_BYTES: usize = 128;
const LEAST_PERCENT: usize = 5;

/// Part of every key in the cache: raise it when a compressor, its settings or its version changes.
const GENERATION: &str = "brotli 9.1 q11 w24, zstd 0.14 l19, libdeflate 1.26 l12";

/// Compresses all outputs, on all cores.
///
/// # Errors
/// When the cache cannot be read or written, or a compressor fails.
pub(crate) fn compress(config: &Config, linked: Vec<Linked>) -> Result<Vec<Packed>> {
    if config.mode == Mode::Dev {
        return Ok(linked.into_iter().map(|linked| Packed { linked, coded: Vec::new() }).collect());
    }
    fs::create_dir_all(&config.cache).map_err(Error::io("create", &config.cache))?;
    linked.into_par_iter().map(|linked| pack(&config.cache, linked)).collect()
}

fn pack(cache: &Path, linked: Linked) -> Result<Packed> {
    let mut coded = Vec::new();
    if linked.url.is_some() && is_compressible(&linked.media_type) {
        for coding in [Coding::Gzip, Coding::Zstd, Coding::Brotli] {
            let bytes = cached(cache, coding, &linked.content)?;
            if is_worth_it(linked.content.len(), bytes.len()) {
                coded.push((coding, bytes));
            }
        }
    }
    Ok(Packed { linked, coded })
}

fn is_worth_it(plain: usize, coded: usize) -> bool {
    let saved = plain.saturating_sub(coded);
    saved >= LEAST_BYTES && saved * 100 >= plain * LEAST_PERCENT
}

/// Formats that are not compressed already.
fn is_compressible(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.starts_with("text/")
        || essence.ends_with("+json")
        || essence.ends_with("+xml")
        || matches!(
            essence,
            "application/javascript"
                | "application/json"
                | "application/wasm"
                | "application/xml"
                | "font/otf"
                | "font/ttf"
                | "image/bmp"
                | "image/x-icon"
        )
}

/// Compressed bytes by content, kept between builds. Two builds at once do the work twice and agree.
fn cached(cache: &Path, coding: Coding, content: &[u8]) -> Result<Vec<u8>> {
    let key = Digest::of_parts([GENERATION.as_bytes(), coding.token().as_bytes(), content]);
    let file = cache.join(key.to_string());
    if let Some(bytes) = fs::read(&file).ok().and_then(|entry| intact(&entry)) {
        return Ok(bytes);
    }
    let bytes = coded(coding, content).map_err(|cause| Error::Tool {
        tool: coding.token(),
        problem: cause.to_string(),
        mend: None,
    })?;
    let entry = [Digest::of(&bytes).to_string().as_bytes(), bytes.as_slice()].concat();
    staged::replace(&file, &entry)?;
    Ok(bytes)
}

/// An entry begins with the digest of what follows, in hexadecimal: a disk that ran full or lost power
/// leaves files that are shorter than they were written.
fn intact(entry: &[u8]) -> Option<Vec<u8>> {
    let (digest, bytes) = entry.split_at_checked(64)?;
    (Digest::of(bytes).to_string().as_bytes() == digest).then(|| bytes.to_vec())
}

fn coded(coding: Coding, content: &[u8]) -> io::Result<Vec<u8>> {
    match coding {
        Coding::Gzip => gzip(content),
        Coding::Zstd => zstd::bulk::compress(content, 19),
        Coding::Brotli => brotli(content),
        _ => Ok(content.to_vec()),
    }
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::best());
    let mut output = vec![0; compressor.gzip_compress_bound(content.len())];
    let length = compressor.gzip_compress(content, &mut output).map_err(io::Error::other)?;
    output.truncate(length);
    Ok(output)
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
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
    fn a_variant_must_save_both_bytes_and_share() {
        for (plain, coded, expected) in [
            (10_000, 9_500, true),
            (10_000, 9_501, false),
            (1_000, 872, true),
            (1_000, 873, false),
            (10, 20, false),
        ] {
            assert_eq!(is_worth_it(plain, coded), expected, "{plain} → {coded}");
        }
    }

    #[test]
    fn the_cache_gives_back_what_the_compressor_made() {
        let folder = tempfile::tempdir().expect("folder");
        let content = b"kiln ".repeat(1_000);
        let first = cached(folder.path(), Coding::Gzip, &content).expect("compress");
        let entries = || fs::read_dir(folder.path()).expect("read").count();
        assert_eq!(entries(), 1);
        assert_eq!(cached(folder.path(), Coding::Gzip, &content).expect("look up"), first);
        cached(folder.path(), Coding::Zstd, &content).expect("compress");
        assert_eq!(entries(), 2);
    }

    #[test]
    fn a_damaged_entry_is_made_anew() {
        let folder = tempfile::tempdir().expect("folder");
        let content = b"kiln ".repeat(1_000);
        let first = cached(folder.path(), Coding::Gzip, &content).expect("compress");
        let entry = fs::read_dir(folder.path()).expect("read").next().expect("entry").expect("entry").path();
        for damage in [&b""[..], &b"short"[..], &fs::read(&entry).expect("read")[..80]] {
            fs::write(&entry, damage).expect("damage");
            assert_eq!(cached(folder.path(), Coding::Gzip, &content).expect("compress"), first);
        }
    }
}

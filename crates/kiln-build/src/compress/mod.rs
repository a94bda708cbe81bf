//! Fourth stage: makes the coded variants of everything that compresses well.

#[cfg(feature = "brotli")]
mod brotli;
mod coder;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "zstd")]
mod zstd;

use std::borrow::Cow;

use kiln_manifest::{Coding, Mode};
use rayon::prelude::*;

use self::coder::Coder;
use crate::{
    Config, Error, Result,
    cache::{Cache, Kept},
    config::Compression,
    link::{Body, Linked},
};

/// One output with its coded variants.
#[derive(Debug)]
pub(crate) struct Packed {
    pub(crate) linked: Linked,
    /// In the order of [`Coding`].
    pub(crate) coded: Vec<(Coding, Kept)>,
}

/// Compresses all outputs, on all cores.
///
/// # Errors
/// When the cache cannot be written, or a compressor fails.
pub(crate) fn compress(config: &Config, cache: &Cache, linked: Vec<Linked>) -> Result<Vec<Packed>> {
    if config.mode == Mode::Dev {
        return Ok(linked.into_iter().map(|linked| Packed { linked, coded: Vec::new() }).collect());
    }
    // Large files take longest: begun first, none is waited for alone at the end.
    let mut order: Vec<_> = (0..linked.len()).collect();
    order.sort_by_key(|position| std::cmp::Reverse(linked[*position].body.length()));
    let compression = &config.options.compression;
    let coders = Coder::all(compression);
    let made: Vec<_> = order
        .par_iter()
        .with_max_len(1)
        .map(|position| Ok((*position, variants(compression, &coders, cache, &linked[*position])?)))
        .collect::<Result<_>>()?;
    let mut coded: Vec<_> = linked.iter().map(|_| Vec::new()).collect();
    for (position, variants) in made {
        coded[position] = variants;
    }
    Ok(linked.into_iter().zip(coded).map(|(linked, coded)| Packed { linked, coded }).collect())
}

fn variants(
    compression: &Compression,
    coders: &[Coder],
    cache: &Cache,
    linked: &Linked,
) -> Result<Vec<(Coding, Kept)>> {
    let length = linked.body.length();
    if linked.url.is_none() || !is_compressible(&linked.media_type) || length > compression.max_size {
        return Ok(Vec::new());
    }
    let mut variants = Vec::new();
    for coder in coders {
        let kept = kept(cache, coder, linked)?;
        if is_worth_it(compression, length, kept.bytes.len() as u64) {
            variants.push((coder.coding, kept));
        }
    }
    Ok(variants)
}

/// What is already known of the content is asked of the cache before the content is read.
fn kept(cache: &Cache, coder: &Coder, linked: &Linked) -> Result<Kept> {
    let key = coder.key(&linked.digest);
    if let Some(kept) = cache.get(&key) {
        return Ok(kept);
    }
    let content = match &linked.body {
        Body::Held(bytes) => Cow::Borrowed(bytes.as_slice()),
        Body::Stored(stored) => Cow::Owned(stored.read()?),
    };
    let failed = |cause: std::io::Error| Error::Tool {
        tool: coder.coding.token(),
        problem: cause.to_string(),
        mend: None,
    };
    cache.keep(&key, coder.code(&content).map_err(failed)?)
}

fn is_worth_it(compression: &Compression, plain: u64, coded: u64) -> bool {
    let saved = plain.saturating_sub(coded);
    saved >= compression.min_saved_bytes && saved * 100 >= plain * compression.min_saved_percent
}

/// Formats that are not compressed already.
pub(crate) fn is_compressible(media_type: &str) -> bool {
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
            assert_eq!(is_worth_it(&Compression::default(), plain, coded), expected, "{plain} → {coded}");
        }
    }
}

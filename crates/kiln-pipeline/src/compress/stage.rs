//! The compress stage.

use std::{borrow::Cow, cmp::Reverse};

use kiln_manifest::{Coding, Mode};

use super::{coder::Coder, versions::Versions};
use crate::{
    Config, Error, Result,
    cache::{Cache, CacheEntry},
    config::Compression,
    link::{Body, Linked},
    parallel,
    restrict::RestrictedOutputs,
    source::Sources,
};

/// One output with its coded variants.
#[derive(Debug)]
pub(crate) struct Packed {
    pub(crate) linked: Linked,
    /// Variants in the order of [`Coding`].
    pub(crate) coded: Vec<(Coding, CacheEntry)>,
}

/// All outputs, and their sources.
#[derive(Debug)]
pub(crate) struct PackedOutputs {
    pub(crate) outputs: Vec<Packed>,
    pub(crate) sources: Sources,
}

/// Compresses all outputs, on all cores, and closes the cache.
///
/// # Errors
/// When the cache cannot be written, or a compressor fails.
pub(crate) fn compress(
    config: &Config,
    cache: Cache,
    restricted: RestrictedOutputs,
) -> Result<PackedOutputs> {
    let RestrictedOutputs { outputs, sources } = restricted;
    let outputs = match config.mode {
        Mode::Dev => outputs.into_iter().map(Packed::plain).collect(),
        Mode::Release => coded(config, &cache, outputs)?,
    };
    cache.close()?;
    Ok(PackedOutputs { outputs, sources })
}

impl Packed {
    fn plain(linked: Linked) -> Self {
        Self { linked, coded: Vec::new() }
    }
}

fn coded(config: &Config, cache: &Cache, linked: Vec<Linked>) -> Result<Vec<Packed>> {
    let compression = &config.options.compression;
    let coders = Coder::all(compression, &Versions::of(config.lock_file.as_deref())?);
    let code = |(position, coder): (usize, &Coder)| {
        Ok((position, coder.coding, variant(cache, coder, &linked[position])?))
    };
    let made: Result<Vec<_>> =
        parallel::map(by_effort(compression, &coders, &linked), code).into_iter().collect();
    let mut made = made?;
    made.sort_by_key(|(position, coding, _)| (*position, *coding));
    let mut packed: Vec<_> = linked.into_iter().map(Packed::plain).collect();
    for (position, coding, variant) in made {
        let Packed { linked, coded } = &mut packed[position];
        if is_worth_it(compression, linked.body.length(), variant.bytes.len() as u64) {
            coded.push((coding, variant));
        }
    }
    Ok(packed)
}

/// The work, by the position of the output, longest first: the longest job, started last, would run alone.
fn by_effort<'a>(
    compression: &Compression,
    coders: &'a [Coder],
    linked: &[Linked],
) -> Vec<(usize, &'a Coder)> {
    let is_compressed = |linked: &Linked| {
        linked.url.is_some()
            && is_compressible(&linked.media_type)
            && linked.body.length() <= compression.max_size
    };
    let positions = (0..linked.len()).filter(|position| is_compressed(&linked[*position]));
    let mut work: Vec<_> =
        positions.flat_map(|position| coders.iter().map(move |coder| (position, coder))).collect();
    work.sort_by_key(|(position, coder)| Reverse(coder.effort(linked[*position].body.length())));
    work
}

/// The variant of one output, from the cache or from the compressor.
fn variant(cache: &Cache, coder: &Coder, linked: &Linked) -> Result<CacheEntry> {
    let key = coder.key(&linked.digest);
    if let Some(entry) = cache.get(&key) {
        return Ok(entry);
    }
    let content = match &linked.body {
        Body::Held(bytes) => Cow::Borrowed(bytes.as_slice()),
        Body::File(file) => Cow::Owned(file.read()?),
    };
    let failed = |cause: std::io::Error| Error::Tool {
        tool: coder.coding.token(),
        problem: cause.to_string(),
        help: None,
    };
    cache.keep(&key, coder.code(&content).map_err(failed)?)
}

fn is_worth_it(compression: &Compression, plain: u64, coded: u64) -> bool {
    let saved = plain.saturating_sub(coded);
    saved >= compression.min_saved_bytes && saved * 100 >= plain * compression.min_saved_percent
}

/// Whether a format is worth compressing: it is not compressed already.
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
    fn a_variant_must_save_enough_bytes_and_per_cent() {
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

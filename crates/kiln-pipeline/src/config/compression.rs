//! `[package.metadata.kiln.compression]`: the codings of a release, their levels, and the savings that a variant needs.

use kiln_manifest::Coding;
use serde::Deserialize;
use toml::Spanned;

use crate::{Result, error::nearest, text::Text};

/// The compression of a release's outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compression {
    /// The codings of variants, sorted: `br`, `zstd` and `gzip`; default all three, without the toolchain `br` alone.
    pub codings: Vec<Coding>,
    /// The quality of brotli, 0 to 11; default 11.
    pub brotli: i32,
    /// The level of Zstandard, 1 to 22; default 19.
    pub zstd: i32,
    /// The level of gzip, 1 to 12, where 10 and more search as long as zopfli-like encoders; default 12.
    pub gzip: i32,
    /// The smallest saving of a variant, in bytes; default 128.
    pub min_saved_bytes: u64,
    /// The smallest saving of a variant, in per cent of the uncompressed bytes; default 5.
    pub min_saved_percent: u64,
    /// The largest file that is compressed, in bytes; default 16 MiB, which takes the best compressors half a minute.
    pub max_size: u64,
}

impl Default for Compression {
    fn default() -> Self {
        Self {
            codings: AVAILABLE.to_vec(),
            brotli: 11,
            zstd: 19,
            gzip: 12,
            min_saved_bytes: 128,
            min_saved_percent: 5,
            max_size: 16 << 20,
        }
    }
}

/// The codings of variants in a release.
const CODINGS: [Coding; 3] = [Coding::Gzip, Coding::Zstd, Coding::Brotli];

/// The codings that are compiled in.
#[cfg(feature = "toolchain")]
const AVAILABLE: &[Coding] = &CODINGS;
#[cfg(not(feature = "toolchain"))]
const AVAILABLE: &[Coding] = &[Coding::Brotli];

/// `compression` in `Cargo.toml`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CompressionTable {
    codings: Option<Vec<Spanned<String>>>,
    brotli: Option<Spanned<i64>>,
    zstd: Option<Spanned<i64>>,
    gzip: Option<Spanned<i64>>,
    min_saved_bytes: Option<u64>,
    min_saved_percent: Option<u64>,
    max_size: Option<u64>,
}

impl Compression {
    pub(super) fn checked(text: &Text, table: CompressionTable) -> Result<Self> {
        let default = Self::default();
        Ok(Self {
            codings: table.codings.map_or_else(|| Ok(default.codings), |names| codings(text, &names))?,
            brotli: level(text, table.brotli, default.brotli, 0..=11)?,
            zstd: level(text, table.zstd, default.zstd, 1..=22)?,
            gzip: level(text, table.gzip, default.gzip, 1..=12)?,
            min_saved_bytes: table.min_saved_bytes.unwrap_or(default.min_saved_bytes),
            min_saved_percent: table.min_saved_percent.unwrap_or(default.min_saved_percent),
            max_size: table.max_size.unwrap_or(default.max_size),
        })
    }
}

fn codings(text: &Text, names: &[Spanned<String>]) -> Result<Vec<Coding>> {
    let mut codings = names.iter().map(|name| coding(text, name)).collect::<Result<Vec<_>>>()?;
    codings.sort();
    codings.dedup();
    Ok(codings)
}

fn coding(text: &Text, name: &Spanned<String>) -> Result<Coding> {
    let found = CODINGS.into_iter().find(|coding| coding.token() == name.get_ref());
    let coding = found.ok_or_else(|| {
        let help = nearest(name.get_ref(), CODINGS.map(Coding::token));
        text.error(name.span(), format!("unknown coding `{}`", name.get_ref()))
            .with_help(help.unwrap_or_else(|| "the codings are `br`, `zstd` and `gzip`".to_owned()))
    })?;
    if AVAILABLE.contains(&coding) {
        return Ok(coding);
    }
    Err(text
        .error(
            name.span(),
            format!("coding `{}` requires the `toolchain` feature of kiln-build", coding.token()),
        )
        .with_help("add \"toolchain\" to the features of kiln-build in Cargo.toml, or remove the coding")
        .into())
}

fn level(
    text: &Text,
    written: Option<Spanned<i64>>,
    default: i32,
    range: std::ops::RangeInclusive<i32>,
) -> Result<i32> {
    let Some(written) = written else { return Ok(default) };
    i32::try_from(*written.get_ref()).ok().filter(|level| range.contains(level)).ok_or_else(|| {
        text.error(written.span(), format!("compression level {} out of range", written.get_ref()))
            .with_help(format!("choose a level from {} (fast) to {} (small)", range.start(), range.end()))
            .into()
    })
}

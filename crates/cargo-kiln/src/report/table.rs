//! The report on the terminal: one line for each asset, sizes in bytes.

use std::fmt::Write as _;

use kiln_manifest::{Asset, Coding, Manifest};

pub(super) fn table(manifest: &Manifest) -> String {
    let width = manifest.assets.iter().map(|asset| asset.path.as_str().len()).max().unwrap_or_default();
    let width = width.max("asset".len());
    let codings = Coding::ALL.map(|coding| format!(" {:>10}", coding.token())).concat();
    let mut text = format!("{:width$}{codings}  saved\n", "asset");
    // Writing to a string cannot fail.
    for asset in &manifest.assets {
        let _ = writeln!(text, "{:width$}{}  {:>5}", asset.path.as_str(), sizes(asset), saved(asset));
    }
    let embedded: u64 = manifest.assets.iter().map(embedded).sum();
    let _ = writeln!(text, "\n{} assets, {embedded} bytes embedded", manifest.assets.len());
    text
}

/// Bytes of an asset in all codings.
pub(super) fn embedded(asset: &Asset) -> u64 {
    asset.variants.iter().map(|variant| variant.length).sum()
}

fn sizes(asset: &Asset) -> String {
    let size = |coding| asset.variant(coding).map_or("-".to_owned(), |variant| variant.length.to_string());
    Coding::ALL.map(|coding| format!(" {:>10}", size(coding))).concat()
}

/// Share of the uncompressed bytes that the smallest coding saves.
fn saved(asset: &Asset) -> String {
    let plain = asset.variants.first().map_or(0, |identity| identity.length);
    let smallest = asset.variants.iter().map(|variant| variant.length).min().unwrap_or_default();
    if asset.variants.len() < 2 {
        "-".to_owned()
    } else {
        format!("{} %", 100 - smallest * 100 / plain.max(1))
    }
}

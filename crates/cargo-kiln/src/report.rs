//! `cargo kiln report`: what a release embeds, and what each coding saves.

use std::fmt::Write as _;

use kiln_build::Config;
use kiln_manifest::{Asset, Coding, Manifest, Mode};
use miette::Result;

use crate::package::FrontEnd;

/// Builds the front end for release beside the package's own output, and prints its sizes.
pub fn report(package: Option<&str>) -> Result<()> {
    let front_end = FrontEnd::find(package)?;
    // Cargo's depth below the target folder, so that the compressed bytes are shared with its builds.
    let out = front_end.target.join("release/build/kiln-report/out");
    let config = Config::new(front_end.root, out, Mode::Release)?;
    print!("{}", table(&kiln_build::build(&config)?.manifest));
    Ok(())
}

/// One line for each asset, sizes in bytes.
fn table(manifest: &Manifest) -> String {
    let width = manifest.assets.iter().map(|asset| asset.path.as_str().len()).max().unwrap_or_default();
    let codings = Coding::ALL.map(|coding| format!(" {:>10}", coding.token())).concat();
    let mut text = format!("{:width$}{codings}\n", "asset");
    // Writing to a string cannot fail.
    for asset in &manifest.assets {
        let _ = writeln!(text, "{:width$}{}", asset.path.as_str(), sizes(asset));
    }
    let embedded: u64 =
        manifest.assets.iter().flat_map(|asset| &asset.variants).map(|variant| variant.length).sum();
    let _ = writeln!(text, "\n{} assets, {embedded} bytes embedded", manifest.assets.len());
    text
}

fn sizes(asset: &Asset) -> String {
    Coding::ALL
        .iter()
        .map(|coding| {
            asset
                .variant(*coding)
                .map_or(format!(" {:>10}", "-"), |variant| format!(" {:>10}", variant.length))
        })
        .collect()
}

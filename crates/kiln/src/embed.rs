//! The output of a build, as the application embeds it.

use kiln_manifest::Provenance;
use rust_embed::RustEmbed;

/// The output of one build: the assets, and the facts about the build. [`embed!`](crate::embed!) implements it.
pub trait Build: RustEmbed {
    /// Name, version, commit, compiler, target and features of the package.
    const PROVENANCE: Provenance;
    /// The `description` of the package in `Cargo.toml`; may be empty.
    const DESCRIPTION: &'static str;
    /// The bill of materials in CycloneDX, where `[package.metadata.kiln]` says `sbom = true`.
    const SBOM: Option<&'static str>;
}

/// Embeds the output of `kiln_build::build_script()`: declares `Embedded`, which implements [`Build`]; `asset!`, which
/// gives the URL of an asset by its name below `assets/`; and `asset_tags!`, which names the scripts and style sheets of
/// a page for [`Assets::page`](crate::assets::Assets::page). An unknown name does not compile.
///
/// ```ignore
/// kiln::embed!();
///
/// let assets = kiln::assets::Assets::load::<Embedded>()?;
/// let icon: &str = asset!("icon.svg");
/// let page = assets.page(asset_tags!("app.ts"));
/// ```
#[macro_export]
macro_rules! embed {
    () => {
        /// The output of the build. A debug build reads it from its output folder.
        #[derive(Clone, Copy, Debug, $crate::rust_embed::RustEmbed)]
        #[crate_path = "::kiln::rust_embed"]
        #[folder = "$OUT_DIR/kiln"]
        pub struct Embedded;

        impl $crate::Build for Embedded {
            const PROVENANCE: $crate::manifest::Provenance =
                include!(concat!(env!("OUT_DIR"), "/kiln_provenance.rs"));
            const DESCRIPTION: &'static str = env!("CARGO_PKG_DESCRIPTION");
            const SBOM: ::core::option::Option<&'static str> =
                $crate::embed::not_empty(include_str!(concat!(env!("OUT_DIR"), "/kiln_sbom.json")));
        }

        // Not every application names an asset.
        #[allow(unused_imports, unused_macros)]
        mod table {
            include!(concat!(env!("OUT_DIR"), "/kiln_assets.rs"));
            pub(crate) use {asset, asset_tags};
        }
        #[allow(unused_imports)]
        pub(crate) use table::{asset, asset_tags};
    };
}

/// None for the empty bill of a build without `sbom = true`.
#[doc(hidden)]
#[must_use]
pub const fn not_empty(text: &'static str) -> Option<&'static str> {
    if text.is_empty() { None } else { Some(text) }
}

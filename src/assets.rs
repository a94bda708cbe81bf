//! The only place that embeds what the build left in `OUT_DIR`: the assets, the table behind `asset!`, and what is
//! known of the build itself.

use std::borrow::Cow;

use kiln::assets::Assets;
use rust_embed::RustEmbed;

use crate::identify::ModelFiles;

/// The files that the build made. A debug build reads them from its output folder.
#[derive(Clone, Copy, Debug, RustEmbed)]
#[folder = "$OUT_DIR/kiln"]
pub struct Embedded;

// `asset!("app.css")` is the URL of an asset; an unknown name does not compile.
include!(concat!(env!("OUT_DIR"), "/kiln_assets.rs"));

pub(crate) use asset;

/// What this executable was made from.
pub const PROVENANCE: kiln::manifest::Provenance = include!(concat!(env!("OUT_DIR"), "/kiln_provenance.rs"));

/// The crates and npm packages that it was made from, in CycloneDX.
pub const SBOM: &str = include_str!(concat!(env!("OUT_DIR"), "/kiln_sbom.json"));

/// A file of the model is not in the executable.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not embedded; it belongs into assets/, and `private` in Cargo.toml has to name it")]
pub struct MissingModel(&'static str);

/// The files of the model, from among `assets`.
///
/// # Errors
/// When one is missing.
pub fn model(assets: &Assets) -> Result<ModelFiles, MissingModel> {
    let file = |name| -> Result<Cow<'static, [u8]>, MissingModel> {
        assets.contents(name).ok_or(MissingModel(name))
    };
    Ok(ModelFiles {
        network: file("model/model.onnx")?,
        configuration: file("model/config.min.json")?,
        content_types: file("model/content_types_kb.min.json")?,
    })
}

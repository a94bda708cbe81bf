//! The embedded output of the build, and the files of the model among it.

use std::borrow::Cow;

use kiln::assets::Assets;

use crate::identify::ModelFiles;

kiln::embed!();

/// A file of the model that is not in the executable.
#[derive(Debug, thiserror::Error)]
#[error("missing model file `{0}`; put it into assets/, and name it in `private` in Cargo.toml")]
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

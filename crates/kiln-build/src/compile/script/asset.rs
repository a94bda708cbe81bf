//! Imports of files that are no scripts: the module exports their URL.

use std::{borrow::Cow, collections::BTreeMap, path::Path};

use kiln_manifest::Exposure;
use rolldown::plugin::{
    HookLoadArgs, HookLoadOutput, HookLoadReturn, HookUsage, Plugin, SharedLoadPluginContext,
};
use rolldown_common::ModuleType;

use crate::{
    compile::Stage,
    discover::{Language, Source},
    reference::{Origin, Reference},
};

/// The plugin that answers such imports.
#[derive(Debug)]
pub(super) struct Assets {
    /// The token of each file that has a URL, by path on disk.
    tokens: BTreeMap<String, String>,
}

/// Its name in messages.
pub(super) const PLUGIN: &str = "kiln:assets";

impl Assets {
    pub(super) fn new(stage: &Stage<'_>) -> Self {
        let opaque = stage
            .sources
            .iter()
            .filter(|source| source.language == Language::Opaque && source.exposure != Exposure::Private);
        let token =
            |source: &Source| stage.references.record(Reference::url(source.path.clone()), Origin::Derived);
        Self {
            tokens: opaque
                .map(|source| (source.file.to_string_lossy().into_owned(), token(source)))
                .collect(),
        }
    }
}

impl Plugin for Assets {
    fn name(&self) -> Cow<'static, str> {
        PLUGIN.into()
    }

    fn register_hook_usage(&self) -> HookUsage {
        HookUsage::Load
    }

    async fn load(&self, _: SharedLoadPluginContext, args: &HookLoadArgs<'_>) -> HookLoadReturn {
        if is_bundled(args.id) {
            return Ok(None);
        }
        let Some(token) = self.tokens.get(args.id) else {
            return Err(NotImportable.into());
        };
        Ok(Some(HookLoadOutput {
            code: format!("export default {token:?};").into(),
            module_type: Some(ModuleType::Js),
            ..Default::default()
        }))
    }
}

/// Told at the import that it concerns, by [`super::mistake`].
#[derive(Debug, thiserror::Error)]
#[error("not importable")]
struct NotImportable;

/// What rolldown reads itself: scripts, JSON, text, and its own virtual modules.
fn is_bundled(id: &str) -> bool {
    let extension = Path::new(id).extension().and_then(|extension| extension.to_str());
    id.starts_with('\0')
        || id.starts_with("rolldown:")
        || extension.is_none_or(|extension| {
            ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "json", "txt"].contains(&extension)
        })
}

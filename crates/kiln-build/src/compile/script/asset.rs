//! Imports of files that are no scripts: the module exports their URL.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use kiln_manifest::Exposure;
use rolldown::plugin::{
    HookLoadArgs, HookLoadOutput, HookLoadReturn, HookTransformArgs, HookTransformOutput,
    HookTransformReturn, HookUsage, Plugin, SharedLoadPluginContext, SharedTransformPluginContext,
};
use rolldown_common::ModuleType;

use crate::{
    compile::Stage,
    discover::{Language, Source},
    reference::{Origin, Reference},
};

/// The plugin that answers such imports, and `new URL("./logo.svg", import.meta.url)`.
#[derive(Debug)]
pub(super) struct Assets {
    /// The token of each file that has a URL, by path on disk.
    tokens: BTreeMap<PathBuf, String>,
    /// What must not get into a script that is served.
    private: BTreeSet<PathBuf>,
}

/// Its name in messages.
pub(super) const PLUGIN: &str = "kiln:assets";

impl Assets {
    pub(super) fn new(stage: &Stage<'_>) -> Self {
        let (private, public): (Vec<_>, Vec<_>) =
            stage.sources.iter().partition(|source| source.exposure == Exposure::Private);
        let opaque = public.into_iter().filter(|source| source.language == Language::Opaque);
        let token =
            |source: &Source| stage.references.record(Reference::url(source.path.clone()), Origin::Derived);
        Self {
            tokens: opaque.map(|source| (source.file.clone(), token(source))).collect(),
            private: private.into_iter().map(|source| source.file.clone()).collect(),
        }
    }
}

impl Plugin for Assets {
    fn name(&self) -> Cow<'static, str> {
        PLUGIN.into()
    }

    fn register_hook_usage(&self) -> HookUsage {
        HookUsage::Load | HookUsage::Transform
    }

    async fn load(&self, _: SharedLoadPluginContext, args: &HookLoadArgs<'_>) -> HookLoadReturn {
        let file = Path::new(args.id);
        if self.private.contains(file) {
            return Err(NotImportable.into());
        }
        if is_bundled(args.id) {
            return Ok(None);
        }
        let token = self.tokens.get(file).ok_or(NotImportable)?;
        Ok(Some(HookLoadOutput {
            code: format!("export default {token:?};").into(),
            module_type: Some(ModuleType::Js),
            ..Default::default()
        }))
    }

    async fn transform(
        &self,
        _: SharedTransformPluginContext,
        args: &HookTransformArgs<'_>,
    ) -> HookTransformReturn {
        let folder = Path::new(args.id).parent().unwrap_or(Path::new(""));
        let code =
            with_urls(args.code, |written| self.tokens.get(&folder.join(written).canonicalize().ok()?));
        Ok(code.map(|code| HookTransformOutput { code: Some(code), ..Default::default() }))
    }
}

/// Puts a token into each `new URL("…", import.meta.url)` that names a known file. None when there is
/// nothing to put.
fn with_urls<'a>(code: &str, token: impl Fn(&str) -> Option<&'a String>) -> Option<String> {
    let mut output = String::new();
    let mut done = 0;
    for (start, open) in code.match_indices("new URL(") {
        let argument = start + open.len();
        let Some((written, rest)) = string_literal(code[argument..].trim_start()) else { continue };
        let is_ours = rest
            .trim_start()
            .strip_prefix(',')
            .is_some_and(|rest| rest.trim_start().starts_with("import.meta.url"));
        if let (true, Some(token)) = (is_ours, token(written)) {
            output.push_str(&code[done..argument]);
            output.extend(["\"", token.as_str(), "\""]);
            done = code.len() - rest.len();
        }
    }
    (done > 0).then(|| output + &code[done..])
}

/// The content of the string literal that `code` begins with, and what follows it.
fn string_literal(code: &str) -> Option<(&str, &str)> {
    let quote = code.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    code[1..].split_once(quote)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_known_files_become_tokens_and_others_stay() {
        let known = "TOKEN".to_owned();
        let token = |written: &str| (written == "./a.svg").then_some(&known);
        let code =
            "f(new URL('./a.svg', import.meta.url), new URL(\"./b.svg\", import.meta.url), new URL(x))";
        let expected =
            "f(new URL(\"TOKEN\", import.meta.url), new URL(\"./b.svg\", import.meta.url), new URL(x))";
        assert_eq!(with_urls(code, token).as_deref(), Some(expected));
        assert_eq!(with_urls("new URL('./a.svg', base)", token), None);
    }
}

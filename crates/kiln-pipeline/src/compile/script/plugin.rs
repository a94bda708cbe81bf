//! The plugin by which rolldown loads files.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use nodejs_built_in_modules::is_nodejs_builtin_module;
use rolldown::plugin::{
    HookLoadArgs, HookLoadOutput, HookLoadReturn, HookResolveIdArgs, HookResolveIdOutput,
    HookResolveIdReturn, HookTransformAstArgs, HookTransformAstReturn, HookUsage, Plugin, PluginContext,
    PluginContextResolveOptions, SharedLoadPluginContext,
};
use rolldown_common::{EmittedChunk, ModuleType, side_effects::HookSideEffects};

use super::{
    asset_url::{AssetUrls, replace},
    code_from_text,
    environment::EnvironmentReads,
    glob::Globs,
    import::{ImportKind, ImportedModule, import_kind, is_style, module},
    import_attribute,
    import_error::ImportError,
    module_digests::ModuleDigests,
    node_builtin,
    service::{Handle, Target},
    service_worker::{ASSET_LIST, BundleKind},
    type_assertions,
    uncompiled_syntax::uncompiled_syntax,
};
use crate::packages::is_installed;

/// The plugin of rolldown.
#[derive(Debug)]
pub(super) struct Kiln {
    pub(super) handle: Handle,
    pub(super) kind: BundleKind,
    /// The folder to which `/` leads in own scripts.
    pub(super) root: PathBuf,
    /// Private files, which must not be part of a served script.
    pub(super) private: BTreeSet<PathBuf>,
    pub(super) import_errors: ImportErrors,
    /// The digests of all modules, when the bundle may be reused.
    pub(super) digests: Option<ModuleDigests>,
}

/// Errors of modules, by module id: rolldown reports the place of the import, but not the cause.
pub(super) type ImportErrors = Arc<Mutex<BTreeMap<String, ImportError>>>;

impl Plugin for Kiln {
    fn name(&self) -> Cow<'static, str> {
        "kiln".into()
    }

    fn register_hook_usage(&self) -> HookUsage {
        HookUsage::ResolveId | HookUsage::Load | HookUsage::TransformAst
    }

    /// Finds [`ASSET_LIST`], in a service worker alone, and an empty module for a built-in one of Node.js, in a package
    /// alone.
    async fn resolve_id(&self, context: &PluginContext, args: &HookResolveIdArgs<'_>) -> HookResolveIdReturn {
        if args.specifier == ASSET_LIST && matches!(self.kind, BundleKind::ServiceWorker { .. }) {
            return Ok(Some(HookResolveIdOutput::from_id(ASSET_LIST)));
        }
        match args.importer.filter(|importer| is_installed(Path::new(importer))) {
            Some(importer) if is_nodejs_builtin_module(args.specifier) => {
                self.node_builtin(context, args, importer).await
            }
            None if args.importer.is_some() && args.specifier.starts_with('/') => {
                self.at_root(context, args).await
            }
            _ => Ok(None),
        }
    }

    async fn load(&self, context: SharedLoadPluginContext, args: &HookLoadArgs<'_>) -> HookLoadReturn {
        if args.id.starts_with('\0') || args.id.starts_with("rolldown:") {
            return Ok(None);
        }
        if let (ASSET_LIST, BundleKind::ServiceWorker { asset_list }) = (args.id, &self.kind) {
            return Ok(Some(HookLoadOutput {
                code: asset_list.as_str().into(),
                module_type: Some(ModuleType::Js),
                ..Default::default()
            }));
        }
        if node_builtin::is_empty(args.id) {
            return Ok(Some(HookLoadOutput {
                code: node_builtin::EMPTY.into(),
                module_type: Some(ModuleType::Js),
                side_effects: Some(HookSideEffects::False),
                ..Default::default()
            }));
        }
        match self.module(args.id).await {
            Ok(None) => Ok(None),
            Ok(Some(module)) => {
                if let Some(chunk) = module.target.and_then(|target| self.emitted(target)) {
                    context.emit_chunk(chunk)?;
                }
                if module.is_file {
                    context.inner.add_watch_file(args.id);
                }
                Ok(Some(HookLoadOutput {
                    code: module.code.into(),
                    module_type: (!module.is_file).then_some(ModuleType::Js),
                    side_effects: module.is_style.then_some(HookSideEffects::NoTreeshake),
                    ..Default::default()
                }))
            }
            Err(error) => {
                let mut import_errors = self.import_errors.lock().unwrap_or_else(PoisonError::into_inner);
                import_errors.insert(args.id.to_owned(), error);
                Err(FailedImport.into())
            }
        }
    }

    /// Replaces URLs in a script, and records its reads of the environment.
    async fn transform_ast(
        &self,
        context: &PluginContext,
        args: HookTransformAstArgs<'_>,
    ) -> HookTransformAstReturn {
        let mut ast = args.ast;
        if ast.program().source_type.is_typescript() {
            ast.program.with_mut(|fields| type_assertions::remove(fields.program));
        }
        if import_attribute::are_in(ast.source()) {
            ast.program.with_mut(|fields| import_attribute::replace(fields.allocator, fields.program));
        }
        if let Some(offset) = code_from_text::find(ast.source(), ast.program()) {
            let (module, before) = (args.id.to_owned(), ast.source()[..offset].to_owned());
            self.handle.call(move |service| service.code_from_text(module, before)).await?;
        }
        let mistakes = uncompiled_syntax(context, args.id, &ast)?;
        if mistakes.is_empty() && !may_name_files(ast.source()) {
            return Ok(ast);
        }
        let reads = EnvironmentReads::of(ast.source());
        if !reads.is_empty() {
            self.handle.call(move |service| service.dependencies.reads.add(reads)).await?;
        }
        let urls = AssetUrls::of(ast.program(), mistakes);
        let globs = Globs::of(ast.program());
        if urls.is_empty() && globs.is_empty() {
            return Ok(ast);
        }
        let (script, text) = (Path::new(args.id).to_owned(), ast.source().clone());
        let found = self.handle.call(move |service| {
            (urls.targets(service, &script, &text), service.globs(globs, &script, &text))
        });
        let (targets, (code, of_globs)) = found.await?;
        ast.program.with_mut(|fields| {
            replace(fields.allocator, fields.program, &targets);
            code.replace(fields.allocator, fields.program);
        });
        for chunk in targets.into_values().chain(of_globs).filter_map(|target| self.emitted(target)) {
            context.emit_chunk(chunk)?;
        }
        Ok(ast)
    }
}

impl Kiln {
    /// The empty module for a built-in one, unless a package of that name, or the field `browser`, stands for it.
    async fn node_builtin(
        &self,
        context: &PluginContext,
        args: &HookResolveIdArgs<'_>,
        importer: &str,
    ) -> HookResolveIdReturn {
        let options = PluginContextResolveOptions { import_kind: args.kind, ..Default::default() };
        if context.resolve(args.specifier, Some(importer), Some(options)).await?.is_ok() {
            return Ok(None);
        }
        let (file, specifier) = (Path::new(importer).to_owned(), args.specifier.to_owned());
        self.handle.call(move |service| service.node_builtins.record(&file, &specifier)).await?;
        Ok(Some(HookResolveIdOutput::from_id(node_builtin::id_of(args.specifier))))
    }

    /// The file below `assets/` that an own script imports by its path from the root of the site.
    async fn at_root(&self, context: &PluginContext, args: &HookResolveIdArgs<'_>) -> HookResolveIdReturn {
        let options = PluginContextResolveOptions { import_kind: args.kind, ..Default::default() };
        let path = format!("{}{}", self.root.display(), args.specifier);
        let resolved = context.resolve(&path, args.importer, Some(options)).await?;
        Ok(resolved.ok().map(|resolved| HookResolveIdOutput::from_id(resolved.id.as_str())))
    }

    async fn module(&self, id: &str) -> Result<Option<ImportedModule>, ImportError> {
        let (file, kind) = import_kind(id)?;
        if self.private.contains(file) {
            return Err(ImportError::Private);
        }
        let is_sheet = kind == ImportKind::NoQuery && is_style(file);
        if let Some(digests) = self.digests.as_ref().filter(|_| !is_sheet) {
            digests.record(file);
        }
        module(&self.handle, file, kind).await
    }

    /// The chunk of a script that has to become an entry. The bundle of a service worker has one script: the modules bring
    /// others, or linking reports them.
    fn emitted(&self, target: Target) -> Option<EmittedChunk> {
        let (name, file) = target.entry.filter(|_| matches!(self.kind, BundleKind::Modules))?;
        Some(EmittedChunk {
            name: Some(name.into()),
            file_name: None,
            id: file.to_string_lossy().into_owned(),
            importer: None,
            preserve_entry_signatures: None,
        })
    }
}

/// The error for rolldown in place of an [`ImportError`].
#[derive(Debug, thiserror::Error)]
#[error("cannot load")]
struct FailedImport;

/// Whether a script may use `import.meta` or `importScripts`, or `import()` with a computed name.
fn may_name_files(script: &str) -> bool {
    let is_called = |(start, word): (usize, &str)| script[start + word.len()..].trim_start().starts_with('(');
    script.contains("import.meta")
        || script.contains("importScripts")
        || script.match_indices("import").any(is_called)
}

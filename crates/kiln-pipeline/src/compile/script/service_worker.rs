//! Service workers: each is bundled as one classic script, since browsers differ on service workers that are modules. It lies
//! at the mount, which is the widest scope that browsers allow, and its URL never changes.

use std::{ops::Range, path::Path};

use kiln_manifest::Exposure;
use rolldown::{BundlerOptions, OutputFormat};
use rolldown_common::{CodeSplittingMode, OutputChunk};

use super::{
    literal::literal,
    mistake::Mistake,
    service::{AssetService, Target, UrlUse},
};
use crate::{
    Error,
    compile::{
        context::Context,
        output::{Compiled, Content},
    },
    reference::{Purpose, Reference, ReferenceSite, service_worker_of},
    source::{Language, Source},
};

/// The module that lists the assets of a build. Service workers alone may import it: the content of any other script would
/// decide its own name.
pub(super) const ASSET_LIST: &str = "kiln:assets";

/// The kind of a bundle.
#[derive(Clone, Debug)]
pub(super) enum BundleKind {
    /// Modules, which share chunks.
    Modules,
    /// One classic script.
    ServiceWorker {
        /// The code of [`ASSET_LIST`].
        asset_list: String,
    },
}

impl BundleKind {
    /// The kind of the bundle of `worker`.
    pub(super) fn of_service_worker(context: &Context<'_>, worker: &Source) -> Self {
        let reference = Reference::asset_list(service_worker_of(worker));
        let token = literal(&context.references.record(reference, ReferenceSite::Generated));
        let asset_list = format!("export const {{ assets, build }} = /* @__PURE__ */ JSON.parse({token});\n");
        Self::ServiceWorker { asset_list }
    }

    /// The options of this kind, from those of modules.
    pub(super) fn options(&self, modules: BundlerOptions) -> BundlerOptions {
        if matches!(self, Self::Modules) {
            return modules;
        }
        let mut define = modules.define.unwrap_or_default();
        define.insert("import.meta.url".to_owned(), "self.location.href".to_owned());
        BundlerOptions {
            format: Some(OutputFormat::Iife),
            code_splitting: Some(CodeSplittingMode::Bool(false)),
            define: Some(define),
            ..modules
        }
    }
}

/// A registration in a script.
#[derive(Debug)]
pub(super) struct Registration {
    /// The option `scope`, with its place.
    pub(super) scope: Option<(Range<usize>, String)>,
}

impl Registration {
    /// The target of the script `written`. `None` for another host, and for an error, which is reported after bundling.
    pub(super) fn target(
        &self,
        service: &mut AssetService<'_>,
        (script, content): (&Path, &str),
        written: (Range<usize>, &str),
    ) -> Option<Target> {
        let mount = &service.context.config.options.mount;
        let mistake = self.mistaken_scope(mount);
        service.mistakes(script, content, mistake.into_iter().collect());
        let (source, suffix, site) = service.resolved(script, content, written, Purpose::ServiceWorker)?;
        match source.language {
            Language::Script => {
                let reference = Reference::url_with(service_worker_of(&source), suffix);
                let token = service.token(&source, reference, site);
                service.dependencies.service_workers.insert(source.path.clone(), source);
                Some(Target { token, entry: None, is_script: false })
            }
            // The script keeps its name by the configuration.
            _ if source.exposure != Exposure::Hashed => {
                Some(service.target(&source, suffix, site, UrlUse::File))
            }
            _ => {
                let error = site.error(format!("service worker `{}` is not a script", source.path));
                let error = error.map(|error| error.with_help("register a script"));
                service.errors.extend(error.map(Error::from));
                None
            }
        }
    }

    /// Browsers refuse a scope above the script.
    fn mistaken_scope(&self, mount: &str) -> Option<Mistake> {
        let (place, scope) = self.scope.as_ref()?;
        let is_outside = scope.starts_with('/') && !scope.starts_with("//") && !scope.starts_with(mount);
        is_outside.then(|| {
            Mistake::new(
                place.clone(),
                format!("scope `{scope}` is outside of the mount `{mount}`"),
                "refused by browsers",
                "write a scope below the mount, as `import.meta.env.BASE_URL`",
            )
        })
    }
}

/// The output of the service worker `worker`, whose bundle is `chunk`.
pub(super) fn compiled(context: &Context<'_>, worker: &Source, chunk: &OutputChunk) -> Compiled {
    let path = service_worker_of(worker);
    if let Some(map) = &chunk.map {
        context.map(path.clone(), map.clone());
    }
    Compiled {
        is_listed: false,
        ..Compiled::new(path, Exposure::Verbatim, Content::Text(chunk.code.clone()))
    }
}

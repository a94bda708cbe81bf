//! The context of a compilation: the inputs of all compilers, and the records that they fill.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kiln_manifest::{Exposure, LogicalPath};

use super::demand::{Demand, DemandKind, DemandScope};
use super::loadable::check_loadable;
#[cfg(feature = "toolchain")]
use super::package::Packages;
use crate::{
    Config, Result,
    cache::Cache,
    reference::{
        Purpose, Reference, ReferenceSite, ReferenceTable, References, Tree, record, service_worker_of,
    },
    source::{Language, Source},
    text::{Map, Text},
    tracked::Tracked,
};

/// The configuration, sources and cache of one build, and the records of its compilers.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) config: &'a Config,
    #[cfg_attr(not(feature = "toolchain"), expect(dead_code, reason = "only the toolchain caches results"))]
    pub(super) cache: &'a Cache,
    pub(super) sources: &'a [Source],
    pub(super) tree: Tree<'a>,
    pub(super) references: References,
    #[cfg(feature = "toolchain")]
    pub(super) packages: Packages,
    maps: Mutex<BTreeMap<LogicalPath, Map>>,
    declarations: Mutex<Option<String>>,
    tracked: Mutex<Tracked>,
    demands: Mutex<Vec<Demand>>,
}

/// The records of a finished compilation.
pub(super) struct Records {
    pub(super) references: ReferenceTable,
    /// Source maps by output, for text with tokens.
    pub(super) maps: BTreeMap<LogicalPath, Map>,
    /// Declarations for TypeScript, when `tsconfig.json` asks for them.
    pub(super) declarations: Option<String>,
    pub(super) tracked: Tracked,
    pub(super) demands: Vec<Demand>,
}

impl<'a> Context<'a> {
    pub(super) fn new(config: &'a Config, cache: &'a Cache, sources: &'a [Source]) -> Self {
        Self {
            config,
            cache,
            sources,
            tree: Tree::new(sources, &config.options.routes),
            references: References::default(),
            #[cfg(feature = "toolchain")]
            packages: Packages::new(config),
            maps: Mutex::default(),
            declarations: Mutex::default(),
            tracked: Mutex::default(),
            demands: Mutex::default(),
        }
    }

    /// Ends the compilation.
    pub(super) fn finish(self) -> Records {
        let mut tracked = self.tracked.into_inner().unwrap_or_else(PoisonError::into_inner);
        tracked.warnings.sort();
        // A style sheet is compiled twice when the last bundle cannot be reused.
        tracked.warnings.dedup();
        #[cfg(feature = "toolchain")]
        tracked.paths.extend(self.packages.files());
        let maps = self.maps.into_inner().unwrap_or_else(PoisonError::into_inner);
        let declarations = self.declarations.into_inner().unwrap_or_else(PoisonError::into_inner);
        let demands = self.demands.into_inner().unwrap_or_else(PoisonError::into_inner);
        Records { references: self.references.into_table(), maps, declarations, tracked, demands }
    }

    pub(super) fn in_language(&self, language: Language) -> impl Iterator<Item = &'a Source> {
        self.sources.iter().filter(move |source| source.language == language)
    }

    /// The text of a source file, under its name in diagnostics.
    pub(super) fn read_text(&self, file: &Path) -> Result<Text> {
        Text::read(file, self.config.name_of(file))
    }

    /// Whether a source is served under a name that the build chooses.
    pub(super) fn is_renamed(&self, source: &Source) -> bool {
        source.exposure == Exposure::Hashed
            && source.path.extension().is_some()
            && !self.config.options.hashed.is_match(source.path.as_str())
    }

    /// Whether the output of a source has the origin of hashed assets, and that is another than the page's.
    pub(super) fn has_other_origin(&self, source: &Source) -> bool {
        source.exposure == Exposure::Hashed && self.config.asset_origin().is_some()
    }

    /// Resolves and records a reference in the file `base`. Returns the token that replaces it, or `None` when it stays.
    ///
    /// # Errors
    /// When the target does not exist, or browsers cannot load it.
    pub(super) fn token(
        &self,
        base: &LogicalPath,
        written: &str,
        purpose: Purpose,
        place: (&Text, Range<usize>),
    ) -> Result<Option<String>> {
        let (text, span) = place;
        let found = self.tree.resolve(base, written, purpose, (text, span.clone()))?;
        let Some((source, suffix)) = found else { return Ok(None) };
        if purpose == Purpose::Resource {
            check_loadable(text, span.clone(), &source.file)?;
        }
        Ok(Some(match purpose {
            Purpose::ServiceWorker if source.language == Language::Script => {
                let reference = Reference::url_with(service_worker_of(source), suffix);
                self.references.record(reference, ReferenceSite::Source(text.clone(), span))
            }
            _ => record(&self.references, source, &suffix, (text, span)),
        }))
    }

    #[cfg(feature = "toolchain")]
    pub(super) fn track(&self, paths: impl IntoIterator<Item = std::path::PathBuf>) {
        self.tracked().paths.extend(paths);
    }

    #[cfg(feature = "toolchain")]
    pub(super) fn track_variables(&self, names: impl IntoIterator<Item = String>) {
        self.tracked().variables.extend(names);
    }

    #[cfg(feature = "toolchain")]
    pub(super) fn map(&self, output: LogicalPath, map: Map) {
        self.maps.lock().unwrap_or_else(PoisonError::into_inner).insert(output, map);
    }

    #[cfg(feature = "toolchain")]
    pub(super) fn declare(&self, declarations: Option<String>) {
        *self.declarations.lock().unwrap_or_else(PoisonError::into_inner) = declarations;
    }

    pub(super) fn warn(&self, warnings: impl IntoIterator<Item = String>) {
        self.tracked().warnings.extend(warnings);
    }

    /// Records a use at `offset` of `text` that policies have to allow.
    pub(super) fn demand(&self, (text, offset): (&Text, usize), kind: DemandKind, scope: DemandScope) {
        if matches!(&kind, DemandKind::Url { url, .. } if self.config.options.is_on_site(url)) {
            return;
        }
        let (line, column) = text.position(offset);
        let demand = Demand { place: format!("{}:{line}:{column}", text.name()), kind, scope };
        let mut demands = self.demands.lock().unwrap_or_else(PoisonError::into_inner);
        // A style sheet may be read more than once.
        if !demands.contains(&demand) {
            demands.push(demand);
        }
    }

    fn tracked(&self) -> MutexGuard<'_, Tracked> {
        self.tracked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

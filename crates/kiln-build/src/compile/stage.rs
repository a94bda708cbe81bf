//! What every language needs while it compiles, and where it leaves what the build has to know.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use kiln_manifest::LogicalPath;

use super::{Compilation, Compiled};
use crate::{
    Config,
    cache::Cache,
    discover::{Language, Source},
    reference::References,
    resolve::Tree,
    source_map::Map,
};

/// See the module.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) config: &'a Config,
    #[cfg_attr(not(feature = "scripts"), expect(dead_code, reason = "only scripts are slow"))]
    pub(super) cache: &'a Cache,
    pub(super) sources: &'a [Source],
    pub(super) tree: Tree<'a>,
    pub(super) references: References,
    maps: Mutex<BTreeMap<LogicalPath, Map>>,
    watched: Mutex<BTreeSet<PathBuf>>,
    variables: Mutex<BTreeSet<String>>,
    warnings: Mutex<Vec<String>>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(config: &'a Config, cache: &'a Cache, sources: &'a [Source]) -> Self {
        Self {
            config,
            cache,
            sources,
            tree: Tree::new(sources, &config.options.routes),
            references: References::default(),
            maps: Mutex::default(),
            watched: Mutex::default(),
            variables: Mutex::default(),
            warnings: Mutex::default(),
        }
    }

    /// What was gathered while these were compiled.
    pub(super) fn end(self, outputs: Vec<Compiled>) -> Compilation {
        let mut warnings = self.warnings.into_inner().unwrap_or_else(PoisonError::into_inner);
        warnings.sort();
        // A style sheet is compiled once more when a kept bundle turns out to be of no use.
        warnings.dedup();
        Compilation {
            outputs,
            references: self.references.into_table(),
            maps: self.maps.into_inner().unwrap_or_else(PoisonError::into_inner),
            watched: self.watched.into_inner().unwrap_or_else(PoisonError::into_inner),
            variables: self.variables.into_inner().unwrap_or_else(PoisonError::into_inner),
            warnings,
        }
    }

    pub(super) fn in_language(&self, language: Language) -> impl Iterator<Item = &'a Source> {
        self.sources.iter().filter(move |source| source.language == language)
    }

    pub(super) fn watch(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).extend(paths);
    }

    pub(super) fn read_variables(&self, names: impl IntoIterator<Item = String>) {
        self.variables.lock().unwrap_or_else(PoisonError::into_inner).extend(names);
    }

    #[cfg(any(feature = "scripts", feature = "styles"))]
    pub(super) fn map(&self, output: LogicalPath, map: Map) {
        self.maps.lock().unwrap_or_else(PoisonError::into_inner).insert(output, map);
    }

    pub(super) fn warn(&self, warnings: impl IntoIterator<Item = String>) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).extend(warnings);
    }
}

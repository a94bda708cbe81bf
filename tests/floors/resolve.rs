//! Resolution of a path to the module that defines its item, through imports, re-exports and globs.

use std::collections::BTreeSet;

use crate::tree::{Module, ModuleId, Purpose, Segments, Tree};

/// Target of a path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Module(ModuleId),
    /// An item, by the module that defines it.
    Item(ModuleId),
}

/// Imports followed so far: a circular import ends the search.
type Followed = BTreeSet<(ModuleId, String)>;

impl Tree {
    /// Modules that define the items that `module` uses, each with the name in use. A re-export is no use.
    pub(crate) fn needs(&self, module: ModuleId) -> BTreeSet<(ModuleId, String)> {
        let Module { imports, globs, uses, .. } = &self.modules[module];
        let imported =
            imports.iter().filter(|import| import.purpose == Purpose::Use).map(|import| &import.target);
        // A glob of an enum needs the enum; a glob of a module brings names, which count when used.
        imported.chain(globs).chain(uses).flat_map(|path| self.definers(module, path)).collect()
    }

    /// Module to which the declaration of `name` in `module` belongs: an alternative that stands in for a module, where
    /// a feature is off, declares the names that the module has from below.
    pub(crate) fn declares(&self, module: ModuleId, name: &str) -> ModuleId {
        let Some(parent) = self.modules[module].parent else { return module };
        let alternatives =
            self.modules[parent].children.values().find(|alternatives| alternatives.contains(&module));
        let others = alternatives.into_iter().flatten().filter(|other| **other != module);
        let found = others.flat_map(|other| self.lookup(*other, name, &mut Followed::new()));
        let mut items = found.filter_map(|target| match target {
            Target::Item(definer) => Some(definer),
            Target::Module(_) => None,
        });
        items.next().unwrap_or(module)
    }

    fn definers(&self, at: ModuleId, path: &Segments) -> impl Iterator<Item = (ModuleId, String)> {
        self.resolve(at, path, &mut Followed::new()).into_iter().filter_map(|(target, name)| match target {
            Target::Item(module) => Some((module, name)),
            Target::Module(_) => None,
        })
    }

    /// Targets of `path`, several where a `cfg` chooses, each with the last name that was looked up.
    fn resolve(&self, at: ModuleId, path: &[String], followed: &mut Followed) -> BTreeSet<(Target, String)> {
        let Some((first, rest)) = path.split_first() else { return BTreeSet::new() };
        let start = match first.as_str() {
            "crate" => BTreeSet::from([Target::Module(self.root(at))]),
            "self" => BTreeSet::from([Target::Module(at)]),
            "super" => self.modules[at].parent.map(Target::Module).into_iter().collect(),
            name => self.lookup(at, name, followed),
        };
        let mut reached: BTreeSet<_> = start.into_iter().map(|target| (target, first.clone())).collect();
        for name in rest {
            reached = reached
                .into_iter()
                .flat_map(|(target, last)| match target {
                    Target::Item(_) => BTreeSet::from([(target, last)]),
                    Target::Module(module) => self.step(module, name, followed),
                })
                .collect();
        }
        reached
    }

    fn step(&self, module: ModuleId, name: &str, followed: &mut Followed) -> BTreeSet<(Target, String)> {
        let targets = match name {
            "super" => self.modules[module].parent.map(Target::Module).into_iter().collect(),
            "self" => BTreeSet::from([Target::Module(module)]),
            name => self.lookup(module, name, followed),
        };
        targets.into_iter().map(|target| (target, name.to_owned())).collect()
    }

    fn root(&self, mut module: ModuleId) -> ModuleId {
        while let Some(parent) = self.modules[module].parent {
            module = parent;
        }
        module
    }

    /// Targets of `name` in `module`: declared and imported ones, or else those of its globs.
    fn lookup(&self, module: ModuleId, name: &str, followed: &mut Followed) -> BTreeSet<Target> {
        if !followed.insert((module, name.to_owned())) {
            return BTreeSet::new();
        }
        let Module { children, items, imports, globs, .. } = &self.modules[module];
        let mut found: BTreeSet<_> =
            children.get(name).into_iter().flatten().copied().map(Target::Module).collect();
        found.extend(items.contains(name).then_some(Target::Item(module)));
        for import in imports.iter().filter(|import| import.name == name) {
            found
                .extend(self.resolve(module, &import.target, followed).into_iter().map(|(target, _)| target));
        }
        if found.is_empty() {
            let from_globs =
                globs.iter().flat_map(|glob| self.resolve(module, glob, followed)).collect::<Vec<_>>();
            for (target, _) in from_globs {
                if let Target::Module(target) = target {
                    found.extend(self.lookup(target, name, followed));
                }
            }
        }
        followed.remove(&(module, name.to_owned()));
        found
    }
}

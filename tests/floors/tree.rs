//! Modules of one package, with the names that each declares, imports and uses.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
};

use crate::reader;

/// Position of a module in its [`Tree`].
pub(crate) type ModuleId = usize;

/// Segments of a path: `["crate", "server", "Options"]`.
pub(crate) type Segments = Vec<String>;

/// Sources of one package, those behind `#[cfg(test)]` left out.
#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) modules: Vec<Module>,
}

/// A module, or one alternative of a module that two `cfg`s give different files.
#[derive(Default)]
pub(crate) struct Module {
    /// `crate::server::http2`, with `main` in the place of `crate` for the executable.
    pub(crate) path: String,
    /// File that holds the module, relative to the package.
    pub(crate) file: PathBuf,
    pub(crate) parent: Option<ModuleId>,
    pub(crate) children: BTreeMap<String, Vec<ModuleId>>,
    /// Functions, types, constants and macros that the module declares.
    pub(crate) items: BTreeSet<String>,
    pub(crate) types: Vec<TypeName>,
    pub(crate) statics: Vec<Static>,
    pub(crate) imports: Vec<Import>,
    /// Modules and enums whose names are all imported.
    pub(crate) globs: Vec<Segments>,
    /// Paths in signatures, bodies and arguments of macros.
    pub(crate) uses: BTreeSet<Segments>,
}

/// A type, trait or alias, in a module or in the body of a function.
pub(crate) struct TypeName {
    pub(crate) name: String,
    pub(crate) function: Option<String>,
    /// Names in the types of the fields.
    pub(crate) holds: BTreeSet<String>,
}

/// A `static` or `thread_local!`, with the names in its type.
pub(crate) struct Static {
    pub(crate) name: String,
    pub(crate) holds: BTreeSet<String>,
}

/// A name that a `use` brings into a module.
pub(crate) struct Import {
    pub(crate) name: String,
    pub(crate) target: Segments,
    pub(crate) purpose: Purpose,
}

/// Reason of an import.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `use`: the file needs the name.
    Use,
    /// `pub use`: others find the name here, and the file itself may not need it.
    Reexport,
}

/// Text of a file by its path relative to the package.
pub(crate) type Files<'a> = &'a dyn Fn(&Path) -> Option<String>;

impl Tree {
    /// Sources of the package in `folder`, relative to the workspace.
    pub(crate) fn read(folder: &str) -> Self {
        let package = workspace().join(folder);
        Self::of(&|file| fs::read_to_string(package.join(file)).ok())
    }

    /// Sources of the package whose library and executable start at `src/lib.rs` and `src/main.rs`.
    pub(crate) fn of(files: Files<'_>) -> Self {
        let mut tree = Self::default();
        for (path, file) in [("crate", "src/lib.rs"), ("main", "src/main.rs")] {
            if files(Path::new(file)).is_some() {
                reader::read(&mut tree, files, path, Path::new(file));
            }
        }
        assert!(!tree.modules.is_empty(), "no sources found: neither src/lib.rs nor src/main.rs");
        tree
    }

    /// Adds a module below `parent`.
    pub(crate) fn add(&mut self, parent: Option<ModuleId>, name: &str, file: &Path) -> ModuleId {
        let id = self.modules.len();
        let path =
            parent.map_or_else(|| name.to_owned(), |parent| format!("{}::{name}", self.modules[parent].path));
        self.modules.push(Module { path, file: plain(file), parent, ..Module::default() });
        if let Some(parent) = parent {
            self.modules[parent].children.entry(name.to_owned()).or_default().push(id);
        }
        id
    }
}

/// Folder of the workspace.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `path` without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, component| {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
        plain
    })
}

/// Tree of files that a test writes inline.
#[cfg(test)]
pub(crate) fn inline(files: &[(&str, &str)]) -> Tree {
    let files: BTreeMap<_, _> = files.iter().map(|(path, text)| (Path::new(path), *text)).collect();
    Tree::of(&|file| files.get(file).map(|text| (*text).to_owned()))
}

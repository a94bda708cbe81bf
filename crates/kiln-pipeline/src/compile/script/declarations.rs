//! `kiln.d.ts`: declarations for TypeScript of imports, of `import.meta`, of the constants of the configuration, and of the
//! names in CSS modules.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use oxc_resolver::TsConfig;

use super::{
    css_module_types::{self, CssModules},
    define_types,
    imported_style::ImportedStyle,
    literal::literal,
};
use crate::{
    Config,
    compile::{css::sheets::Mapped, style::is_module},
    config::DECLARATIONS,
    packages::is_installed,
};

/// Declarations that every project has.
const COMMON: &str = include_str!("../../../kiln.d.ts");

const HEADER: &str = "// Written by the build, because tsconfig.json names this file. Changes are lost; git may ignore it.\n\n";

/// The prefix of public variables in [`COMMON`].
const PREFIX: &str = "PUBLIC_";

/// The declarations, when `tsconfig.json` names their file in `include` or `files`. `sheets` are those that scripts
/// import.
pub(super) fn declarations(
    config: &Config,
    sheets: &BTreeMap<PathBuf, (Mapped, ImportedStyle)>,
) -> Option<String> {
    names_declarations(&config.root).then(|| {
        // TypeScript takes the first of several patterns that fit, so precise ones come before common ones.
        let modules = css_module_types::declarations(&modules(sheets));
        let constants = define_types::declarations(&config.options.define);
        let variables = config.declared_variables();
        let variables = variables.iter().map(|name| format!("  readonly {}: string;\n", literal(name)));
        let variables: String = variables.collect();
        let common = COMMON.replace(PREFIX, &config.options.env_prefix);
        format!("{HEADER}{modules}{constants}interface ImportMetaEnv {{\n{variables}}}\n\n{common}")
    })
}

/// Whether the `tsconfig.json` in `root` names the file of declarations. An invalid one is reported by rolldown.
fn names_declarations(root: &Path) -> bool {
    let file = root.join("tsconfig.json");
    let parsed =
        fs::read_to_string(&file).ok().and_then(|json| TsConfig::parse(true, &file, &file, json).ok());
    parsed.is_some_and(|config| {
        let mut named = config.include.into_iter().chain(config.files).flatten();
        named.any(|name| root.join(name) == root.join(DECLARATIONS))
    })
}

/// The names of own CSS modules; those of packages are declared by the package, or not at all.
fn modules(sheets: &BTreeMap<PathBuf, (Mapped, ImportedStyle)>) -> CssModules {
    let mut modules = CssModules::new();
    for (file, (_, style)) in sheets.iter().filter(|(file, _)| is_module(file) && !is_installed(file)) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        modules.entry(name).or_default().push(style.names.keys().cloned().collect());
    }
    modules
}

//! Scripts that browsers read as they are: JavaScript that refers to no other file of the build. Bundling would make a
//! module of a classic script, which loses its globals.

use std::{fs, path::Path};

use oxc::{allocator::Allocator, parser::Parser, span::SourceType};

/// Whether the script in `file` is served unchanged where only its URL is used.
pub(super) fn is_standalone(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["cjs", "js", "mjs"].contains(&extension.to_ascii_lowercase().as_str())
        && fs::read(file).is_ok_and(|script| !refers_to_files(&String::from_utf8_lossy(&script)))
}

/// Whether a script has imports, or reads `import.meta`, which may name files.
fn refers_to_files(script: &str) -> bool {
    if !script.contains("import") && !script.contains("export") {
        return false;
    }
    let allocator = Allocator::default();
    let module = Parser::new(&allocator, script, SourceType::mjs()).parse().module_record;
    !module.requested_modules.is_empty()
        || !module.import_metas.is_empty()
        || (module.has_module_syntax && !module.dynamic_imports.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_stands_alone_without_imports() {
        for (script, expected) in [
            ("import './a.js';", true),
            ("export * from './a.js';", true),
            ("export const a = () => import('./a.js');", true),
            ("new URL('a.wasm', import.meta.url);", true),
            ("export const a = 1;", false),
            ("var a = 'import x from y'; // export", false),
            ("with (a) import('b');", false),
            ("function important() {}", false),
        ] {
            assert_eq!(refers_to_files(script), expected, "{script}");
        }
    }
}

//! Types of the names in CSS modules, for TypeScript.
//!
//! TypeScript finds a declaration by the end of a specifier, so modules whose files have one name share a declaration. A
//! name that only some of them export may be undefined.

use std::collections::{BTreeMap, BTreeSet};

use super::{import::is_export, literal::literal};

/// The exported names of CSS modules, by the name of the file: a set for each file of that name.
pub(super) type CssModules = BTreeMap<String, Vec<BTreeSet<String>>>;

/// Declarations of `modules`.
pub(super) fn declarations(modules: &CssModules) -> String {
    modules.iter().map(|(file, modules)| declaration(file, modules)).collect()
}

fn declaration(file: &str, modules: &[BTreeSet<String>]) -> String {
    let all: BTreeSet<&String> = modules.iter().flatten().collect();
    let is_everywhere = |name: &str| modules.iter().all(|names| names.contains(name));
    let exports = all.iter().filter(|name| is_export(name) && is_everywhere(name));
    let exports = exports.map(|name| format!("  export const {name}: string;\n"));
    let exports: String = exports.collect();
    let members = all.iter().map(|name| {
        let optional = if is_everywhere(name) { "" } else { "?" };
        format!("    readonly {}{optional}: string;\n", literal(name))
    });
    let members: String = members.collect();
    let whole = unused("names", &all);
    let specifier = literal(&format!("*/{file}"));
    format!(
        "declare module {specifier} {{\n{exports}  const {whole}: {{\n{members}  }};\n  export default {whole};\n}}\n"
    )
}

/// `name`, with underscores until it is none of `taken`.
fn unused(name: &str, taken: &BTreeSet<&String>) -> String {
    let mut name = name.to_owned();
    while taken.contains(&name) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(modules: &[&[&str]]) -> String {
        let names = |names: &&[&str]| names.iter().map(|&name| name.to_owned()).collect();
        declaration("a.module.css", &modules.iter().map(names).collect::<Vec<_>>())
    }

    #[test]
    fn names_that_are_no_identifiers_are_members_alone() {
        assert_eq!(
            declared(&[&["card", "class", "is-open"]]),
            "declare module \"*/a.module.css\" {
  export const card: string;
  const names: {
    readonly \"card\": string;
    readonly \"class\": string;
    readonly \"is-open\": string;
  };
  export default names;
}
"
        );
    }

    #[test]
    fn a_class_may_have_the_name_of_the_whole() {
        let declared = declared(&[&["names", "names_"]]);
        assert!(declared.contains("  export const names: string;\n"), "{declared}");
        assert!(declared.contains("  export default names__;\n"), "{declared}");
    }

    #[test]
    fn a_name_of_one_of_two_files_of_one_name_may_be_undefined() {
        let declared = declared(&[&["both", "first"], &["both"]]);
        assert!(declared.contains("  export const both: string;\n"), "{declared}");
        assert!(!declared.contains("export const first"), "{declared}");
        assert!(declared.contains("    readonly \"first\"?: string;\n"), "{declared}");
    }
}

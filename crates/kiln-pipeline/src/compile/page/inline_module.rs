//! Inline scripts, which are served unchanged, so that a module cannot import files whose names the build decides.

use std::ops::Range;

use oxc::{
    allocator::Allocator,
    parser::Parser,
    span::{SourceType, Span},
};

use super::{inline::InlineLanguage, scan::PageContent};
use crate::{
    Error, Result,
    compile::{context::Context, demand::DemandKind, script},
    reference::Purpose,
    source::Source,
    text::Text,
};

const MOVE: &str = "move the script into a file, and load it by `<script type=\"module\" src=\"…\">`";

/// Checks that an inline module imports no files or packages, and uses nothing that bundling replaces.
pub(super) fn check(
    context: &Context<'_>,
    page: &Source,
    text: &Text,
    script: &Range<usize>,
    has_import_map: bool,
) -> Result<()> {
    let code = &text.content()[script.clone()];
    let at = |place: Range<usize>| script.start + place.start..script.start + place.end;
    let replaced = replaced(code).into_iter().map(|(place, name)| {
        let problem = format!("`import.meta.{name}` in an inline script");
        text.error(at(place), problem).with_label("not bundled").with_help(MOVE).into()
    });
    let imports = imports(code).into_iter().filter_map(|(place, name)| {
        let place = at(place);
        let is_bare = !name.starts_with(['.', '/']) && !name.contains(':');
        if is_bare {
            return (!has_import_map).then(|| not_bundled(text, place, &name));
        }
        match context.tree.resolve(&page.path, &name, Purpose::Resource, (text, place.clone())) {
            Ok(Some(_)) => Some(not_bundled(text, place, &name)),
            Ok(None) => None,
            Err(error) => Some(error),
        }
    });
    Error::all(replaced.chain(imports).collect())
}

/// Calls of inline scripts that name another origin, with the offsets of their URLs.
pub(super) fn remote_calls(text: &Text, found: &PageContent) -> Vec<(usize, DemandKind)> {
    let calls = found.inline.iter().flat_map(|inline| {
        let kind = match inline.language {
            InlineLanguage::Module => SourceType::mjs(),
            InlineLanguage::Script => SourceType::cjs(),
            _ => return Vec::new(),
        };
        let place = inline.place.clone();
        let calls = script::remote_calls(&text.content()[place.clone()], kind);
        calls.into_iter().map(|(offset, demand)| (place.start + offset, demand)).collect()
    });
    calls.collect()
}

fn not_bundled(text: &Text, place: Range<usize>, name: &str) -> Error {
    text.error(place, format!("import of `{name}` in an inline script"))
        .with_label("not bundled")
        .with_help(MOVE)
        .into()
}

/// Members of `import.meta` that bundling replaces, and that browsers do not have.
fn replaced(script: &str) -> Vec<(Range<usize>, &'static str)> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, script, SourceType::mjs()).parse();
    let member = |meta: &Span| {
        let rest = script[meta.end as usize..].trim_start().trim_start_matches('?').strip_prefix('.')?;
        let name: String = rest.trim_start().chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = ["env", "glob"].into_iter().find(|replaced| *replaced == name)?;
        Some((meta.start as usize..meta.end as usize, name))
    };
    parsed.module_record.import_metas.iter().filter_map(member).collect()
}

/// Static and dynamic imports by a literal, with the place of the literal.
fn imports(script: &str) -> Vec<(Range<usize>, String)> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, script, SourceType::mjs()).parse();
    let statically = parsed.module_record.requested_modules.values().flatten().map(|request| request.span);
    let dynamically = parsed.module_record.dynamic_imports.iter().map(|import| import.module_request);
    let mut found: Vec<_> = statically
        .chain(dynamically)
        .filter_map(|span| {
            let place = span.start as usize..span.end as usize;
            let literal = script.get(place.clone())?;
            let quote = literal.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
            let name = literal.strip_prefix(quote)?.strip_suffix(quote)?;
            (!name.contains("${")).then(|| (place, name.to_owned()))
        })
        .collect();
    found.sort_by_key(|(place, _)| place.start);
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_by_their_literals() {
        let script = "import a from './a.js';\nexport * from \"b\";\nimport(`./c.js`);\nimport(`./${d}.js`);\nimport(e);\n\"import './f.js'\";";
        let names: Vec<String> = imports(script).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["./a.js", "b", "./c.js"]);
    }

    #[test]
    fn members_of_import_meta_that_only_a_bundle_has_are_found() {
        let script = "import.meta.env.MODE; import.meta?.glob('./*.ts'); import.meta.url; import.meta.environment; 'import.meta.env';";
        let names: Vec<_> = replaced(script).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["env", "glob"]);
    }
}

//! The comment that names the source map of a script (ECMA-426 §11.1.2.1): `//# sourceMappingURL=app.js.map`. Scripts that
//! are bundled and style sheets that are compiled lose it; a script that is served unchanged has it.

use std::ops::Range;

use kiln_manifest::Exposure;

use crate::{
    compile::context::Context,
    reference::{Purpose, Reference, ReferenceSite, output_of},
    source::Source,
    text::{Edit, Text, apply},
};

const KEY: &str = "sourceMappingURL=";

/// The script with the URL of its source map; without the comment when the map is not found. `None` for a script that
/// keeps its bytes.
pub(super) fn compile(context: &Context<'_>, source: &Source) -> Option<String> {
    let script = std::fs::read_to_string(&source.file).ok()?;
    let MapComment { whole, url } = MapComment::of(&script)?;
    let text = Text::new(context.config.name_of(&source.file), script);
    let written = text.content()[url.clone()].to_owned();
    let edit = match context.tree.resolve(&source.path, &written, Purpose::Resource, (&text, url.clone())) {
        Ok(None) => return None,
        Ok(Some((map, _))) if map.exposure == Exposure::Private => Edit { place: whole, text: String::new() },
        Ok(Some((map, suffix))) => {
            let reference = Reference::url_with(output_of(map), suffix);
            let site = ReferenceSite::Source(text.clone(), url.clone());
            Edit { place: url, text: context.references.record(reference, site) }
        }
        Err(_) => {
            let (line, column) = text.position(whole.start);
            let name = text.name();
            context.warn([format!(
                "{name}:{line}:{column}: source map `{written}` not found; the comment is left out: add the file, or remove the comment"
            )]);
            Edit { place: whole, text: String::new() }
        }
    };
    Some(apply(text.content(), &[edit]))
}

/// The place of a comment, and that of the URL in it.
#[derive(Debug, PartialEq, Eq)]
struct MapComment {
    whole: Range<usize>,
    url: Range<usize>,
}

impl MapComment {
    /// The comment of a script. Only spaces and comments may follow it.
    fn of(script: &str) -> Option<Self> {
        let key = script.rfind(KEY)?;
        let (before, url) = (&script[..key], key + KEY.len());
        let opening =
            ["//# ", "//@ ", "/*# ", "/*@ "].into_iter().find(|opening| before.ends_with(opening))?;
        let rest = &script[url..];
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (length, end) = if opening.starts_with("/*") {
            let close = rest.find("*/")?;
            (close, close + "*/".len())
        } else {
            (line, line)
        };
        let written = rest[..length].trim_end();
        let is_url = !written.is_empty() && !written.contains(['"', '\'', '`', ' ', '\t', '\n', '\\', '*']);
        (is_url && is_trivial(&rest[end..]))
            .then(|| Self { whole: key - opening.len()..url + end, url: url..url + written.len() })
    }
}

/// Whether a text has only spaces and comments.
fn is_trivial(text: &str) -> bool {
    let text = text.trim_start();
    match text.get(..2) {
        Some("//") => text.find('\n').is_none_or(|end| is_trivial(&text[end..])),
        Some("/*") => text.find("*/").is_some_and(|end| is_trivial(&text[end + 2..])),
        _ => text.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_at_the_end_of_a_script_names_its_map() {
        for (script, whole, url) in [
            ("a()\n//# sourceMappingURL=a.js.map", "//# sourceMappingURL=a.js.map", "a.js.map"),
            ("a();//@ sourceMappingURL=a.map\r\n", "//@ sourceMappingURL=a.map", "a.map"),
            ("a()\n/*# sourceMappingURL=a.map */\n", "/*# sourceMappingURL=a.map */", "a.map"),
            ("//# sourceMappingURL=a.map \n// é\n/* é */\n", "//# sourceMappingURL=a.map ", "a.map"),
        ] {
            let found = MapComment::of(script).expect(script);
            assert_eq!((&script[found.whole], &script[found.url]), (whole, url), "{script}");
        }
    }

    #[test]
    fn other_texts_are_no_comment_of_a_map() {
        for script in [
            "a(\"//# sourceMappingURL=\" + b)",
            "a('//# sourceMappingURL=a.map')",
            "//# sourceMappingURL=a.map\na()",
            "// sourceMappingURL=a.map",
            "//# sourceMappingURL=",
            "/*# sourceMappingURL=a.map",
        ] {
            assert_eq!(MapComment::of(script), None, "{script}");
        }
    }
}

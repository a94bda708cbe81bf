//! The comment that names the source map of a script (ECMA-426 §11.1.2.1): `//# sourceMappingURL=app.js.map`.

use std::ops::Range;

use crate::text::Text;

const KEY: &str = "sourceMappingURL=";

/// The place of a comment, and that of the URL in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MapComment {
    pub(super) whole: Range<usize>,
    pub(super) url: Range<usize>,
}

impl MapComment {
    /// The comment of a script. Only spaces and comments may follow it.
    pub(super) fn of(script: &str) -> Option<Self> {
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

    /// The warning about a map that is not found. `text` is the script.
    pub(super) fn lost(&self, text: &Text) -> String {
        let (line, column) = text.position(self.whole.start);
        let written = &text.content()[self.url.clone()];
        format!(
            "{}:{line}:{column}: source map `{written}` not found; the comment is left out: add the file, or remove the comment",
            text.name()
        )
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

//! CSS with its source map.

use oxc_sourcemap::{SourceMap, Token};

use super::item::items;
use crate::text::{Edit, Map, apply, shifted, short};

/// CSS with tokens, and its source map in builds with source maps.
#[derive(Clone, Debug, Default)]
pub(in crate::compile) struct Mapped {
    pub(in crate::compile) text: String,
    pub(in crate::compile) map: Option<Map>,
}

impl Mapped {
    /// CSS without a map.
    pub(in crate::compile) fn plain(text: String) -> Self {
        Self { text, map: None }
    }

    /// The CSS with each `@import` before the first rule: browsers ignore later ones. `@layer` statements may stand before
    /// it (CSS Cascading and Inheritance Level 5 §2).
    pub(in crate::compile) fn with_imports_first(self) -> Self {
        let edits = imports_first(&self.text);
        if edits.is_empty() {
            return self;
        }
        let map = self.map.map(|map| shifted(map, &self.text, &edits));
        Self { text: apply(&self.text, &edits), map }
    }

    /// The concatenation of `parts`, with a line feed between them. Parts without a map have no mappings.
    pub(in crate::compile) fn joined(parts: &[&Self]) -> Self {
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let (mut sources, mut contents, mut tokens) = (Vec::new(), Vec::new(), Vec::new());
        let mut line = 0;
        for part in parts {
            if let Some(map) = &part.map {
                let first = short(sources.len());
                sources.extend(map.get_sources().map(|source| source.to_owned().into()));
                contents
                    .extend(map.get_source_contents().map(|text| text.map(|text| text.to_owned().into())));
                tokens.extend(map.get_tokens().map(|token| {
                    Token::new(
                        token.get_dst_line() + line,
                        token.get_dst_col(),
                        token.get_src_line(),
                        token.get_src_col(),
                        token.get_source_id().map(|source| source + first),
                        None,
                    )
                }));
            }
            line += short(part.text.matches('\n').count()) + 1;
        }
        let is_mapped = parts.iter().any(|part| part.map.is_some());
        let map = SourceMap::new(None, Vec::new(), None, sources, contents, tokens.into_boxed_slice(), None);
        Self { text: texts.join("\n"), map: is_mapped.then_some(map) }
    }
}

/// Edits that move every `@import` that follows a rule before that, on its line.
fn imports_first(css: &str) -> Vec<Edit> {
    if !css.contains("@import") {
        return Vec::new();
    }
    let items = items(css, 0..css.len(), false);
    let may_precede = |name: &str| ["import", "charset", "layer"].contains(&name);
    let mut rest = items.iter().skip_while(|item| item.block.is_none() && may_precede(&item.name)).peekable();
    let Some(first) = rest.peek().map(|first| first.place.start) else { return Vec::new() };
    let late: Vec<_> = rest.filter(|item| item.name == "import").collect();
    if late.is_empty() {
        return Vec::new();
    }
    let written = late.iter().map(|import| css[import.place.clone()].replace('\n', " ") + " ");
    let text = written.collect::<Vec<_>>().concat();
    let removed = late.iter().map(|import| {
        let lines = css[import.place.clone()].matches('\n').count();
        Edit { place: import.place.clone(), text: "\n".repeat(lines) }
    });
    [Edit { place: first..first, text }].into_iter().chain(removed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_move_before_the_first_rule_and_every_line_stays_where_it_is() {
        for (css, expected) in [
            ("@import 'a';\n.b {}", "@import 'a';\n.b {}"),
            ("@layer x, y;\n.b {}\n@import 'a';\n.c {}", "@layer x, y;\n@import 'a'; .b {}\n\n.c {}"),
            ("@layer x { .b {} }\n@import 'a'\n  print;", "@import 'a'   print; @layer x { .b {} }\n\n"),
            (".b {}\n/* @import 'a'; */", ".b {}\n/* @import 'a'; */"),
        ] {
            assert_eq!(Mapped::plain(css.to_owned()).with_imports_first().text, expected);
        }
    }
}

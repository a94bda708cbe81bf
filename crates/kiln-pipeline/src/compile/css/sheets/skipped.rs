//! CSS that browsers skip: rules and declarations that do not parse. Each is tested alone, because the recovery of
//! lightningcss loses the declarations before a mistake in its rule, which browsers keep.

use std::ops::Range;

use lightningcss::{
    css_modules,
    error::{ParserError, SelectorError},
    stylesheet::{ParserOptions, StyleSheet},
};

use super::{
    hidden_mistake::{hidden_mistake, may_hide_mistakes},
    item::{Item, Skipped, items, parts},
    keyframes::{is_keyframes, skipped_frames},
};

/// The parts of `css` that browsers skip, in order. `modules` is the configuration of a CSS module.
pub(in crate::compile) fn skipped(css: &str, modules: Option<&css_modules::Config>) -> Vec<Skipped> {
    let mut search = Search { css, modules, found: Vec::new() };
    if may_hide_mistakes(css) || search.problem(&Blocks::default(), css).is_some() {
        search.top_level();
    }
    search.found
}

/// `css` with spaces in the place of each skipped part, so that every position stays.
pub(in crate::compile) fn blanked(css: &str, skipped: &[Skipped]) -> String {
    let mut output = String::with_capacity(css.len());
    let mut done = 0;
    for Skipped { place, .. } in skipped {
        output.push_str(&css[done..place.start]);
        output.extend(css[place.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        done = place.end;
    }
    output + &css[done..]
}

struct Search<'a> {
    css: &'a str,
    modules: Option<&'a css_modules::Config>,
    found: Vec<Skipped>,
}

/// The open blocks around an item.
#[derive(Clone, Debug, Default)]
struct Blocks {
    /// The text that opens them.
    opening: String,
    depth: usize,
    has_style_rule: bool,
}

impl Search<'_> {
    /// Searches the whole sheet. Imports and namespaces count only before other rules.
    fn top_level(&mut self) {
        let mut has_rules = false;
        for item in items(self.css, 0..self.css.len(), false) {
            if has_rules && matches!(&*item.name, "import" | "namespace") {
                self.found
                    .push(Skipped { reason: format!("@{} after a rule", item.name), place: item.place });
                continue;
            }
            let is_kept = self.item(&item, &Blocks::default());
            let is_preamble = match &*item.name {
                "charset" | "import" | "namespace" => true,
                "layer" => item.block.is_none(),
                _ => false,
            };
            has_rules |= is_kept && !is_preamble;
        }
    }

    /// Searches `item`. Returns whether browsers keep it.
    fn item(&mut self, item: &Item, outside: &Blocks) -> bool {
        let text = &self.css[item.place.clone()];
        let place = item.place.clone();
        if let Some(reason) = hidden_mistake(item, text, outside.has_style_rule) {
            self.found.push(Skipped { place, reason });
            return false;
        }
        let reason = self.problem(outside, text);
        if reason.is_none() && !may_hide_mistakes(text) {
            return true;
        }
        if let Some(block) = &item.block
            && let Some(inside) = self.inside(item, block, outside)
        {
            if is_keyframes(&item.name) {
                self.found.extend(skipped_frames(self.css, block.clone()));
                return true;
            }
            for inner in items(self.css, block.clone(), true) {
                self.item(&inner, &inside);
            }
            return true;
        }
        let Some(reason) = reason else { return true };
        self.found.push(Skipped { place, reason });
        false
    }

    /// The blocks around the items of `block` in `item`; `None` when what opens it does not parse.
    fn inside(&mut self, item: &Item, block: &Range<usize>, outside: &Blocks) -> Option<Blocks> {
        let inside = outside.with(item, &self.css[item.place.start..block.start]);
        match self.problem(&inside, "") {
            None => Some(inside),
            Some(_) if item.name == "media" => self.media(item, block, outside),
            Some(_) => None,
        }
    }

    /// The blocks around the items of a list of media queries, of which browsers take those that parse.
    fn media(&mut self, item: &Item, block: &Range<usize>, outside: &Blocks) -> Option<Blocks> {
        let queries = parts(self.css, item.place.start + "@media".len()..block.start - 1);
        let inside =
            |query: &Range<usize>| outside.with(item, &format!("@media {}{{", &self.css[query.clone()]));
        let problems: Vec<_> = queries.iter().map(|query| self.problem(&inside(query), "")).collect();
        let first = problems.iter().position(Option::is_none)?;
        let inside = inside(&queries[first]);
        let numbered = queries.into_iter().zip(problems).enumerate();
        self.found.extend(numbered.filter_map(|(index, (query, problem))| {
            // The comma towards a query that stays goes with it.
            let place = if index > first { query.start - 1..query.end } else { query.start..query.end + 1 };
            Some(Skipped { place, reason: problem? })
        }));
        Some(inside)
    }

    /// The reason for which `text` does not parse in the blocks `outside`.
    fn problem(&self, outside: &Blocks, text: &str) -> Option<String> {
        let css = format!("{}{text}{}", outside.opening, "}".repeat(outside.depth));
        let options = ParserOptions { css_modules: self.modules.cloned(), ..ParserOptions::default() };
        let error = StyleSheet::parse(&css, options).err()?;
        (!is_of_modules(&error.kind)).then(|| error.kind.to_string())
    }
}

impl Blocks {
    fn with(&self, item: &Item, opening: &str) -> Self {
        Self {
            opening: format!("{}{opening}", self.opening),
            depth: self.depth + 1,
            has_style_rule: self.has_style_rule || item.name.is_empty(),
        }
    }
}

/// Whether an error is about the language of CSS modules, which no browser reads.
fn is_of_modules(error: &ParserError<'_>) -> bool {
    matches!(
        error,
        ParserError::DeprecatedCssModulesValueRule
            | ParserError::SelectorError(SelectorError::AmbiguousCssModuleClass(_))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `css` without what browsers skip, and without spaces.
    fn kept(css: &str) -> String {
        let skipped = skipped(css, None);
        let blanked = blanked(css, &skipped);
        assert_eq!(blanked.len(), css.len());
        assert!(StyleSheet::parse(&blanked, ParserOptions::default()).is_ok(), "{blanked}");
        blanked.replace([' ', '\n'], "")
    }

    #[test]
    fn what_browsers_keep_beside_a_mistake_stays() {
        for (css, expected) in [
            (".a { top: 0; *zoom: 1; color: red }", ".a{top:0;color:red}"),
            (".a { top: 0; .b:::c { left: 0 } &:hover { *x: 1; left: 0 } }", ".a{top:0;&:hover{left:0}}"),
            (".a { top: 0; @foo x; left: 0; @bar { a: b } right: 0 }", ".a{top:0;left:0;right:0}"),
            (".a, .b:::c { top: 0 } .d { top: 0 }", ".d{top:0}"),
            ("@media print { .b:::c { top: 0 } .d { top: 0 } }", "@mediaprint{.d{top:0}}"),
            ("@media print, (a b), tv { .d { top: 0 } }", "@mediaprint,tv{.d{top:0}}"),
            ("@media (a b), (c d), tv { .d { *top: 0; left: 0 } }", "@mediatv{.d{left:0}}"),
            ("@media tv, (a b), (c d) { .d { top: 0 } }", "@mediatv{.d{top:0}}"),
            ("@media (a b) { .d { top: 0 } } b { top: 0 }", "b{top:0}"),
            ("} .a { top: 0 } .b { top: 0 }", ".b{top:0}"),
            (".a:::b {} @import 'x.css'; .c {} @import 'y.css';", "@import'x.css';.c{}"),
            (".a { --x: { *b: c }; *d: e }", ".a{--x:{*b:c};}"),
            ("@page { *top: 0; margin: 1px }", "@page{margin:1px}"),
            (
                "@keyframes k { from { *x: 1; top: 0 } to { top: 1px } }",
                "@keyframesk{from{top:0}to{top:1px}}",
            ),
            (
                "@media tv { @-webkit-keyframes k { x { top: 0 } 9%, to { *x: 1 } } }",
                "@mediatv{@-webkit-keyframesk{9%,to{}}}",
            ),
            (
                "@keyframes k { from { b { top: 0 } @media tv { top: 0 } top: 1px } @media tv { a: b } }",
                "@keyframesk{from{top:1px}}",
            ),
            ("@property --p { syntax: '*'; inherits: true; initial-value: inherit } b {}", "b{}"),
            ("/* é */ .a { *é: 1; top: 0 }", "/*é*/.a{top:0}"),
        ] {
            assert_eq!(kept(css), expected, "{css}");
        }
    }

    #[test]
    fn a_style_sheet_that_parses_is_left_alone() {
        for css in
            ["@foo { a: b } .a:hoover { zoom: 1; -x-y: z }", ".a { color: red", "@media (a) { b { c: d } }"]
        {
            assert!(skipped(css, None).is_empty(), "{css}");
        }
    }
}

//! Inline styles.

use std::ops::Range;

use super::{Edit, Entry, InlineLanguage, Page};
use crate::{
    Error, Result,
    compile::{Stage, collect, css::Scan},
    resolve::Purpose,
};

impl Page<'_> {
    /// The sheets that inline styles import.
    pub(super) fn imported<'s>(&self, stage: &Stage<'s>) -> Vec<Entry<'s>> {
        let styles = self.inline_in(InlineLanguage::Style);
        let imports = styles.flat_map(|style| Scan::of(&self.text.content()[style]).imports);
        let resolved = imports.filter_map(|(_, written)| {
            let here = (&self.text, 0..0);
            let found = stage.tree.resolve(&self.source.path, &written, Purpose::Resource, here);
            found.ok()?.map(|(source, _)| Entry::Built(source))
        });
        resolved.collect()
    }

    pub(super) fn style_edits(&self, stage: &Stage<'_>, style: &Range<usize>) -> Result<Vec<Edit>> {
        let within = |range: &Range<usize>| style.start + range.start..style.start + range.end;
        let scan = Scan::of(&self.text.content()[style.clone()]);
        if scan.uses_tailwind {
            return Err(self.needs_tailwind(style));
        }
        let token = |written: &str, value: &Range<usize>| {
            let here = (&self.text, within(value));
            stage.tree.token(&stage.references, &self.source.path, written, Purpose::Resource, here)
        };
        let urls = scan.urls.iter().map(|url| {
            let token = token(&url.written, &url.value)?;
            Ok(token.map(|token| Edit { place: within(&url.whole), text: url.form.write(&token) }))
        });
        let imports = scan.imports.iter().map(|(value, written)| {
            Ok(token(written, value)?.map(|token| Edit { place: within(value), text: token }))
        });
        Ok(collect(urls.chain(imports))?.into_iter().flatten().collect())
    }

    fn needs_tailwind(&self, style: &Range<usize>) -> Error {
        let rule = self.text.content()[style.clone()].find('@').unwrap_or_default();
        let start = style.start + rule;
        let word = self.text.word_at(start + 1);
        self.text
            .error(start..word.end.max(start + 1), "Tailwind's rules in a page are read by nobody")
            .with_label("only a style sheet is compiled")
            .with_help("move the style into a file, and load it by `<link rel=\"stylesheet\">`")
            .into()
    }
}

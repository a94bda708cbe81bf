//! The compiler of pages.

use std::ops::Range;

use kiln_manifest::{Destination, LogicalPath, Policy};

#[cfg(feature = "toolchain")]
use super::inline_paths;
use super::{
    attribute::Role,
    demands::demand,
    import_map,
    inline::InlineLanguage,
    needs::Needs,
    partial::Partial,
    reload,
    scan::{PageContent, scan},
    srcdoc::Srcdoc,
    template_script, unknown_attribute,
    unloadable::is_javascript,
};
use crate::{
    Error, Result,
    compile::{
        context::Context,
        css::{self, Scan},
        entry::Entry,
        graph::Graph,
        output::{Compiled, Content, Inline},
    },
    reference::Purpose,
    source::{Language, Source},
    text::{Edit, Text, apply},
};

/// A scanned page, or a part of one: the content of a partial or of a `srcdoc`.
#[derive(Debug)]
pub(in crate::compile) struct Page<'a> {
    /// The file, to which references are relative.
    pub(super) source: &'a Source,
    /// The page that holds the part, or is it.
    pub(super) whole: &'a LogicalPath,
    pub(super) text: Text,
    pub(super) found: PageContent,
    pub(super) documents: Vec<Srcdoc<'a>>,
    pub(super) partials: Vec<Partial<'a>>,
}

/// A page with tokens.
pub(super) struct CompiledPage {
    pub(super) html: String,
    pub(super) inline: Vec<Inline>,
    needs: Needs,
}

/// A stack of files, each included by the one before: the page, and partials.
pub(super) type Includers<'i, 'a> = &'i [&'a Source];

impl<'a> Page<'a> {
    /// Reads and scans a page.
    pub(in crate::compile) fn read(context: &Context<'a>, source: &'a Source) -> Result<Self> {
        Self::of(context, &[source], context.read_text(&source.file)?)
    }

    /// Scans a text of the last of `includers`: that of the file, or of a `srcdoc` in it.
    pub(super) fn of(context: &Context<'a>, includers: Includers<'_, 'a>, text: Text) -> Result<Self> {
        let (source, whole) = (includers[includers.len() - 1], &includers[0].path);
        let found =
            scan(text.content(), &context.config.options.attributes).map_err(|error| Error::Tree {
                path: text.name().into(),
                problem: error.to_string(),
                help: "close the unclosed element".to_owned(),
            })?;
        demand(context, whole, &text, &found);
        unknown_attribute::warn(context, source, &text, &found.unknown);
        template_script::warn(context, source, &text, &found.inline);
        #[cfg(feature = "toolchain")]
        inline_paths::warn(context, source, &text, &found.inline);
        let documents = found.documents.iter().map(|place| Srcdoc::read(context, includers, &text, place));
        let partials = found.includes.iter().map(|element| Partial::read(context, includers, &text, element));
        let (documents, partials) = Error::both(Error::collect(documents), Error::collect(partials))?;
        Ok(Self { source, whole, text, found, documents, partials })
    }

    /// The partials in the page.
    pub(in crate::compile) fn included(&self) -> Vec<&'a LogicalPath> {
        let partials = self.partials.iter().flat_map(Partial::included);
        partials.chain(self.documents.iter().flat_map(Srcdoc::included)).collect()
    }

    /// The scripts and styles of the page. Errors are reported by [`Page::compile`], which resolves every reference.
    pub(in crate::compile) fn entries<'s>(&self, context: &Context<'s>) -> Vec<Entry<'s>> {
        let found = self.found.places.iter().filter_map(|place| {
            let source = self.target(context, place).ok()??.source;
            match (place.role, source.language) {
                (Role::ClassicScript, Language::Script) if is_javascript(source) => {
                    Some(Entry::Classic(source))
                }
                (Role::Module, Language::Script) | (Role::Style, Language::Style) => {
                    Some(Entry::Built(source))
                }
                (Role::Manifest, Language::StaticFile) => Some(Entry::Manifest(source)),
                _ => None,
            }
        });
        let nested = self.documents.iter().flat_map(|document| document.entries(context));
        let partials = self.partials.iter().flat_map(|partial| partial.page.entries(context));
        let styles = self.inline_in(InlineLanguage::Style);
        let imported = styles.flat_map(|style| Scan::of(&self.text.content()[style]).imports);
        let maps = self.inline_in(InlineLanguage::ImportMap);
        let mapped = maps.flat_map(|map| import_map::named(&self.text, &map));
        let inline = imported.chain(mapped).filter_map(|(place, written)| {
            let here = (&self.text, place);
            let found = context.tree.resolve(&self.source.path, &written, Purpose::Resource, here);
            found.ok()?.map(|(source, _)| Entry::Built(source))
        });
        found.chain(inline).chain(nested).chain(partials).collect()
    }

    pub(super) fn inline_in(&self, language: InlineLanguage) -> impl Iterator<Item = Range<usize>> {
        let texts = self.found.inline.iter().filter(move |text| text.language == language);
        texts.map(|text| text.place.clone())
    }

    /// Replaces references by tokens.
    ///
    /// # Errors
    /// Every mistake in the page.
    pub(in crate::compile) fn compile(self, context: &Context<'_>, graph: &Graph) -> Result<Compiled> {
        let CompiledPage { html, inline, needs } = self.with_tokens(context, graph)?;
        let html = Content::Text(html + &reload::element(context));
        Ok(Compiled {
            imports: needs.all,
            preloads: needs.preloads,
            inline,
            policy: self.policy(),
            ..Compiled::new(self.source.path.clone(), self.source.exposure, html)
        })
    }

    pub(super) fn with_tokens(&self, context: &Context<'_>, graph: &Graph) -> Result<CompiledPage> {
        let mut needs = Needs::of(self.has_import_map());
        let (mut edits, inline) = self.edits(context, graph, &mut needs)?;
        if !needs.head.is_empty() {
            let end = self.found.head_end;
            edits.insert(0, Edit { place: end..end, text: std::mem::take(&mut needs.head) });
            edits.sort_by_key(|edit| edit.place.start);
        }
        // Browsers without support for multiple import maps reject a map after a module request, which a preload by
        // header is.
        if needs.has_import_map {
            needs.preloads.retain(|preload| preload.destination != Destination::Module);
        }
        Ok(CompiledPage { html: apply(self.text.content(), &edits), inline, needs })
    }

    fn has_import_map(&self) -> bool {
        self.inline_in(InlineLanguage::ImportMap).next().is_some()
            || self.partials.iter().any(|partial| partial.page.has_import_map())
    }

    /// The policy of inline styles, those of partials and documents in it included.
    pub(super) fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        let styles = self.inline_in(InlineLanguage::Style);
        styles.for_each(|style| policy.extend(&css::policy(&Scan::of(&self.text.content()[style]))));
        self.documents.iter().for_each(|document| policy.extend(&document.policy()));
        self.partials.iter().for_each(|partial| policy.extend(&partial.page.policy()));
        policy
    }
}

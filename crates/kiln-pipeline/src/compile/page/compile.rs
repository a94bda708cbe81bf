//! The compiler of pages.

use std::ops::Range;

use html_escape::{decode_html_entities, encode_quoted_attribute};
use kiln_manifest::{Destination, Policy};

use super::{
    attribute::Role,
    demands::demand,
    import_map,
    inline::{InlineLanguage, InlineText},
    inline_style,
    needs::Needs,
    reload,
    scan::{PageContent, UrlPlace, scan},
    srcdoc::Srcdoc,
    style_attribute,
    unloadable::{self, is_javascript},
};
#[cfg(feature = "toolchain")]
use super::{inline_module, inline_paths};
use crate::{
    Error, Result,
    compile::{
        context::Context,
        css::{self, Scan},
        entry::Entry,
        graph::Graph,
        output::{Compiled, Content, Inline},
    },
    reference::{Purpose, Reference, ReferenceSite, output_of},
    source::{Language, Source},
    text::{Edit, Text, apply, apply_within},
};

/// A scanned page.
#[derive(Debug)]
pub(in crate::compile) struct Page<'a> {
    source: &'a Source,
    pub(super) text: Text,
    found: PageContent,
    documents: Vec<Srcdoc<'a>>,
}

/// A page with tokens.
pub(super) struct CompiledPage {
    pub(super) html: String,
    pub(super) inline: Vec<Inline>,
    needs: Needs,
}

impl<'a> Page<'a> {
    /// Reads and scans a page.
    pub(in crate::compile) fn read(context: &Context<'_>, source: &'a Source) -> Result<Self> {
        Self::of(context, source, context.read_text(&source.file)?)
    }

    /// Scans the text of a page, or of a `srcdoc` in it.
    pub(super) fn of(context: &Context<'_>, source: &'a Source, text: Text) -> Result<Self> {
        let found = scan(text.content()).map_err(|error| Error::Tree {
            path: text.name().into(),
            problem: error.to_string(),
            help: "close the unclosed element".to_owned(),
        })?;
        demand(context, source, &text, &found);
        #[cfg(feature = "toolchain")]
        inline_paths::warn(context, source, &text, &found.inline);
        let documents = found.documents.iter().map(|place| Srcdoc::read(context, source, &text, place));
        let documents = Error::collect(documents)?;
        Ok(Self { source, text, found, documents })
    }

    /// The scripts and styles of the page. Errors are reported by [`Page::compile`], which resolves every reference.
    pub(in crate::compile) fn entries<'s>(&self, context: &Context<'s>) -> Vec<Entry<'s>> {
        let found = self.found.places.iter().filter_map(|place| {
            let (source, _) = self.target(context, place).ok()??;
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
        let styles = self.inline_in(InlineLanguage::Style);
        let imported = styles.flat_map(|style| Scan::of(&self.text.content()[style]).imports);
        let maps = self.inline_in(InlineLanguage::ImportMap);
        let mapped = maps.flat_map(|map| import_map::named(&self.text, &map));
        let inline = imported.chain(mapped).filter_map(|(place, written)| {
            let here = (&self.text, place);
            let found = context.tree.resolve(&self.source.path, &written, Purpose::Resource, here);
            found.ok()?.map(|(source, _)| Entry::Built(source))
        });
        found.chain(inline).chain(nested).collect()
    }

    fn inline_in(&self, language: InlineLanguage) -> impl Iterator<Item = Range<usize>> {
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
        let mut needs = Needs::default();
        let edits = self.element_edits(context, graph, &mut needs);
        let declared = self.found.declarations.iter();
        let declared = declared.map(|one| style_attribute::edit(context, &self.source.path, &self.text, one));
        let documents = self.documents.iter().map(|one| one.with_tokens(context, graph, &self.text));
        let attributes = Error::both(Error::collect(declared), Error::collect(documents));
        let (mut edits, (declared, documents)) = Error::both(edits, attributes)?;
        let (style_edits, styles): (Vec<_>, Vec<_>) = declared.into_iter().unzip();
        let (document_edits, nested): (Vec<_>, Vec<_>) = documents.into_iter().unzip();
        edits.extend(style_edits.into_iter().chain(document_edits).flatten());
        edits.sort_by_key(|edit| edit.place.start);
        let own = self.found.inline.iter().filter_map(|text| self.inline(text, &edits));
        let inline = own.chain(styles.into_iter().flatten()).chain(nested.into_iter().flatten()).collect();
        // Browsers without support for multiple import maps reject a map after a module request, which a preload by
        // header is.
        if self.inline_in(InlineLanguage::ImportMap).next().is_some() {
            needs.preloads.retain(|preload| preload.destination != Destination::Module);
        }
        Ok(CompiledPage { html: apply(self.text.content(), &edits), inline, needs })
    }

    /// Edits of elements, inline styles and import maps; errors of inline modules are among theirs.
    fn element_edits(&self, context: &Context<'_>, graph: &Graph, needs: &mut Needs) -> Result<Vec<Edit>> {
        let places = self.found.places.iter().map(|place| self.edit(context, place, graph, needs));
        let base = &self.source.path;
        let styles = self.inline_in(InlineLanguage::Style);
        let maps = self.inline_in(InlineLanguage::ImportMap);
        let mut edits = self.module_errors(context).map(|()| Vec::new());
        for more in [
            Error::collect(places),
            Error::collect(styles.map(|style| inline_style::edits(context, base, &self.text, &style))),
            Error::collect(maps.map(|map| import_map::edits(context, base, &self.text, &map))),
        ] {
            edits = Error::both(edits, more)
                .map(|(edits, more)| [edits, more.into_iter().flatten().collect()].concat());
        }
        edits
    }

    /// The inline script or style `text` after `edits`; `None` for data.
    fn inline(&self, text: &InlineText, edits: &[Edit]) -> Option<Inline> {
        let edited = apply_within(self.text.content(), edits, text.place.clone());
        match text.language {
            InlineLanguage::Script | InlineLanguage::Module | InlineLanguage::ImportMap => {
                Some(Inline::Script(edited))
            }
            InlineLanguage::Style => Some(Inline::Style(edited)),
            InlineLanguage::Data => None,
        }
    }

    /// The policy of inline styles, those of documents in it included.
    pub(super) fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        let styles = self.inline_in(InlineLanguage::Style);
        styles.for_each(|style| policy.extend(&css::policy(&Scan::of(&self.text.content()[style]))));
        for document in &self.documents {
            policy.extend(&document.policy());
        }
        policy
    }

    fn target<'s>(&self, context: &Context<'s>, place: &UrlPlace) -> Result<Option<(&'s Source, String)>> {
        let written = decode_html_entities(&self.text.content()[place.url.clone()]);
        let here = (&self.text, place.url.clone());
        let found = context.tree.resolve(&self.source.path, &written, place.purpose, here)?;
        Ok(found.map(|(source, suffix)| (source, encode_quoted_attribute(&suffix).into_owned())))
    }

    fn edit(
        &self,
        context: &Context<'_>,
        place: &UrlPlace,
        graph: &Graph,
        needs: &mut Needs,
    ) -> Result<Vec<Edit>> {
        if place.role == Role::Base {
            return Err(unloadable::base(&self.text, place));
        }
        let Some((source, suffix)) = self.target(context, place)? else { return Ok(Vec::new()) };
        unloadable::check(&self.text, place, source)?;
        let target = output_of(source);
        let site = || ReferenceSite::Source(self.text.clone(), place.url.clone());
        // A URL with a query or fragment differs from the asset's, and a preload of the latter would be a second fetch.
        let preload = place.preload.filter(|_| suffix.is_empty());
        let url = context.references.record(Reference::url_with(target.clone(), suffix), site());
        let mut edits = vec![Edit { place: place.url.clone(), text: url }];
        if let (Some(at), true) = (place.integrity, context.config.has_integrity()) {
            let integrity = context.references.record(Reference::integrity(target.clone()), site());
            edits.push(Edit { place: at..at, text: format!(" integrity=\"{integrity}\"") });
        }
        if let Some(at) = place.cross_origin {
            edits.push(Edit { place: at..at, text: " crossorigin".to_owned() });
        }
        if place.role == Role::Module {
            let (styles, modules) = needs.add_module(context, &target, graph);
            let links = [(self.found.head_end, styles), (place.element, modules)];
            edits.extend(links.map(|(at, text)| Edit { place: at..at, text }));
        }
        if !matches!(place.role, Role::Other | Role::Manifest) {
            needs.add(&target, preload);
        }
        Ok(edits)
    }

    #[cfg(feature = "toolchain")]
    fn module_errors(&self, context: &Context<'_>) -> Result<()> {
        let has_import_map = self.inline_in(InlineLanguage::ImportMap).next().is_some();
        let modules = self.inline_in(InlineLanguage::Module);
        let checked = modules
            .map(|place| inline_module::check(context, self.source, &self.text, &place, has_import_map));
        Error::collect(checked).map(drop)
    }

    /// No errors: without the toolchain, imports of inline scripts are not checked.
    #[cfg(not(feature = "toolchain"))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self)]
    fn module_errors(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }
}

//! Edits of a page: tokens in place of its references, and what elements and the head need beside them.

#[cfg(feature = "toolchain")]
use super::inline_module;
use super::{
    attribute::Role,
    compile::Page,
    import_map,
    inline::{InlineLanguage, InlineText},
    inline_style, linked_data,
    needs::Needs,
    partial::Partial,
    site, style_attribute,
    target::PageTarget,
    unloadable,
    url_place::UrlPlace,
};
use crate::{
    Error, Result,
    compile::{context::Context, graph::Graph, output::Inline},
    reference::{Reference, ReferenceSite, UrlOrigin, output_of},
    text::{Edit, apply_within},
};

/// Edits, and the inline code that the policy of the page has to allow.
type PageEdits = (Vec<Edit>, Vec<Inline>);

/// The reason for an edit at its place in a page.
enum EditedPart<'p, 'a> {
    Url(&'p UrlPlace),
    Partial(&'p Partial<'a>),
}

impl Page<'_> {
    /// All edits of the text, in its order.
    ///
    /// # Errors
    /// Every mistake in the page.
    pub(super) fn edits(&self, context: &Context<'_>, graph: &Graph, needs: &mut Needs) -> Result<PageEdits> {
        let parts = self.part_edits(context, graph, needs);
        let inline = Error::both(self.inline_edits(context), self.module_errors(context, needs));
        let declared = self
            .found
            .declarations
            .iter()
            .map(|one| style_attribute::edit(context, (&self.source.path, self.whole), &self.text, one));
        let documents = self.documents.iter().map(|one| one.with_tokens(context, graph, &self.text));
        let attributes = Error::both(Error::collect(declared), Error::collect(documents));
        let ((parts, (inline, ())), (declared, documents)) =
            Error::both(Error::both(parts, inline), attributes)?;
        let (mut edits, mut nested) = parts;
        edits.extend(inline);
        for (edit, style) in declared {
            edits.extend(edit);
            nested.extend(style);
        }
        for (edit, inline) in documents {
            edits.extend(edit);
            nested.extend(inline);
        }
        edits.sort_by_key(|edit| edit.place.start);
        let own: Vec<Inline> =
            self.found.inline.iter().filter_map(|text| self.inline(text, &edits)).collect();
        Ok((edits, own.into_iter().chain(nested).collect()))
    }

    /// Edits of elements and partials, in the order in which a browser loads what they need.
    fn part_edits(&self, context: &Context<'_>, graph: &Graph, needs: &mut Needs) -> Result<PageEdits> {
        let urls = self.found.places.iter().map(|place| (place.element, EditedPart::Url(place)));
        let partials =
            self.partials.iter().map(|partial| (partial.place.start, EditedPart::Partial(partial)));
        let mut parts: Vec<_> = urls.chain(partials).collect();
        parts.sort_by_key(|(at, _)| *at);
        let edited = Error::collect(parts.into_iter().map(|(_, part)| match part {
            EditedPart::Url(place) => Ok((self.url_edits(context, place, graph, needs)?, Vec::new())),
            EditedPart::Partial(partial) => partial.edit(context, graph, needs),
        }))?;
        let (edits, inline): (Vec<_>, Vec<_>) = edited.into_iter().unzip();
        Ok((edits.concat(), inline.into_iter().flatten().collect()))
    }

    /// Edits of inline styles, import maps and linked data.
    fn inline_edits(&self, context: &Context<'_>) -> Result<Vec<Edit>> {
        let (base, text) = (&self.source.path, &self.text);
        let styles = self.inline_in(InlineLanguage::Style);
        let styles = styles.map(|style| inline_style::edits(context, (base, self.whole), text, &style));
        let maps = self.inline_in(InlineLanguage::ImportMap);
        let maps = maps.map(|map| import_map::edits(context, base, text, &map));
        let data = self.inline_in(InlineLanguage::LinkedData);
        let data = data.map(|data| linked_data::edits(context, base, text, &data));
        let (styles, maps) = Error::both(Error::collect(styles), Error::collect(maps))?;
        Ok(styles.into_iter().chain(maps).chain(data).flatten().collect())
    }

    /// The inline script or style `text` after `edits`; `None` for data.
    fn inline(&self, text: &InlineText, edits: &[Edit]) -> Option<Inline> {
        let edited = apply_within(self.text.content(), edits, text.place.clone());
        match text.language {
            InlineLanguage::Script | InlineLanguage::Module | InlineLanguage::ImportMap => {
                Some(Inline::Script(edited))
            }
            InlineLanguage::Style => Some(Inline::Style(edited)),
            InlineLanguage::LinkedData | InlineLanguage::Template | InlineLanguage::Data => None,
        }
    }

    fn url_edits(
        &self,
        context: &Context<'_>,
        place: &UrlPlace,
        graph: &Graph,
        needs: &mut Needs,
    ) -> Result<Vec<Edit>> {
        if place.role == Role::Base {
            return Err(unloadable::base(&self.text, place));
        }
        let found = self.target(context, place)?;
        site::warn(context, &self.text, place, self.source);
        let Some(PageTarget { source, suffix, origin }) = found else {
            return Ok(site::route(context, &self.text, place).into_iter().collect());
        };
        unloadable::check(&self.text, place, source)?;
        let target = output_of(source);
        let site = || ReferenceSite::Source(self.text.clone(), place.url.clone());
        // A URL with a query or fragment differs from the asset's, and a preload of the latter would be a second fetch.
        let preload = place.preload.filter(|_| suffix.is_empty() && origin == UrlOrigin::Assets);
        let url = context.references.record(Reference::url_at(origin, target.clone(), suffix), site());
        let mut edits = vec![Edit { place: place.url.clone(), text: url }];
        if let (Some(at), true) = (place.integrity, context.config.has_integrity()) {
            let integrity = context.references.record(Reference::integrity(target.clone()), site());
            edits.push(Edit { place: at..at, text: format!(" integrity=\"{integrity}\"") });
        }
        let is_cors = place.is_cors_preload
            || matches!(place.role, Role::ClassicScript | Role::Style)
                && origin == UrlOrigin::Assets
                && context.has_other_origin(source);
        if let (Some(at), true) = (place.cross_origin, is_cors) {
            edits.push(Edit { place: at..at, text: " crossorigin".to_owned() });
        }
        if place.role == Role::Module {
            let modules = needs.add_module(context, &target, graph);
            edits.push(Edit { place: place.element..place.element, text: modules });
        }
        if !matches!(place.role, Role::Other | Role::Manifest) {
            needs.add(&target, preload);
        }
        Ok(edits)
    }

    #[cfg(feature = "toolchain")]
    fn module_errors(&self, context: &Context<'_>, needs: &Needs) -> Result<()> {
        let modules = self.inline_in(InlineLanguage::Module);
        let checked = modules.map(|place| {
            inline_module::check(context, self.source, &self.text, &place, needs.has_import_map)
        });
        Error::collect(checked).map(drop)
    }

    /// No errors: without the toolchain, imports of inline scripts are not checked.
    #[cfg(not(feature = "toolchain"))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self)]
    fn module_errors(&self, _: &Context<'_>, _: &Needs) -> Result<()> {
        Ok(())
    }
}

//! Partials: `<kiln-include src="_nav.html">`, in whose place the content of the file stands. References in a partial are
//! relative to its own file.

use std::ops::Range;

use html_escape::decode_html_entities;
use kiln_manifest::LogicalPath;

use super::{
    compile::{Includers, Page},
    include_element::IncludeElement,
    needs::Needs,
};
use crate::{
    Result,
    compile::{context::Context, graph::Graph, output::Inline},
    reference::Purpose,
    source::{Language, Source},
    text::{Edit, Text, apply},
};

/// A partial at its place in a page.
#[derive(Debug)]
pub(super) struct Partial<'a> {
    /// The bytes of the element.
    pub(super) place: Range<usize>,
    pub(super) page: Page<'a>,
}

impl<'a> Partial<'a> {
    /// Reads the partial of an element in `outer`, a text of the last of `includers`.
    pub(super) fn read(
        context: &Context<'a>,
        includers: Includers<'_, 'a>,
        outer: &Text,
        element: &IncludeElement,
    ) -> Result<Self> {
        let source = target(context, includers, outer, element)?;
        let includers = [includers, &[source]].concat();
        let page = Page::of(context, &includers, context.read_text(&source.file)?)?;
        Ok(Self { place: element.whole.clone(), page })
    }

    /// The partial, and those in it.
    pub(super) fn included(&self) -> Vec<&'a LogicalPath> {
        [&self.page.source.path].into_iter().chain(self.page.included()).collect()
    }

    /// The content with tokens in place of the element.
    pub(super) fn edit(
        &self,
        context: &Context<'_>,
        graph: &Graph,
        needs: &mut Needs,
    ) -> Result<(Vec<Edit>, Vec<Inline>)> {
        let (edits, inline) = self.page.edits(context, graph, needs)?;
        let html = apply(self.page.text.content(), &edits);
        let html = html.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']).to_owned();
        Ok((vec![Edit { place: self.place.clone(), text: html }], inline))
    }
}

/// The file that an element names.
fn target<'a>(
    context: &Context<'a>,
    includers: Includers<'_, 'a>,
    outer: &Text,
    element: &IncludeElement,
) -> Result<&'a Source> {
    let tag = element.whole.start..outer.word_at(element.whole.start + 1).end;
    let Some(src) = element.src.clone() else {
        return Err(outer
            .error(tag, "`<kiln-include>` without `src`")
            .with_help("name a partial: `<kiln-include src=\"_nav.html\"></kiln-include>`")
            .into());
    };
    if element.unknown.is_some() || element.has_content {
        let problem = match &element.unknown {
            Some(name) => format!("attribute `{name}` of `<kiln-include>`"),
            None => "content of `<kiln-include>`".to_owned(),
        };
        return Err(outer
            .error(tag, problem)
            .with_label("has no effect")
            .with_help("remove it: a partial is the same in every page")
            .into());
    }
    let base = &includers[includers.len() - 1].path;
    let written = decode_html_entities(&outer.content()[src.clone()]).into_owned();
    let found = context.tree.resolve(base, &written, Purpose::Resource, (outer, src.clone()))?;
    let Some((source, _)) = found else {
        return Err(outer
            .error(src, format!("`{written}` is not below assets/"))
            .with_help("name a file by its path, relative to this one or from the root of assets/")
            .into());
    };
    check(includers, source).map_err(|(problem, help)| outer.error(src, problem).with_help(help))?;
    Ok(source)
}

/// Checks that a file is a partial, and none of its `includers`.
fn check(includers: Includers<'_, '_>, source: &Source) -> Result<(), (String, String)> {
    let name = source.path.file_name();
    if source.language != Language::Partial {
        let help = match source.language {
            Language::Page => {
                format!("rename it to `_{name}`: HTML with `_` at the beginning is a partial, and no page")
            }
            _ => "include HTML whose name begins with `_`".to_owned(),
        };
        return Err((format!("`{}` is not a partial", source.path), help));
    }
    if let Some(first) = includers.iter().position(|one| one.path == source.path) {
        let circle = includers[first..].iter().map(|one| format!("`{}`", one.path)).collect::<Vec<_>>();
        let problem = format!("circular include of `{}`", source.path);
        return Err((problem, format!("remove an include in {}", circle.join(" or "))));
    }
    Ok(())
}

/// Warnings for partials that no page includes.
pub(in crate::compile) fn warn_of_unused(context: &Context<'_>, pages: &[Page<'_>]) {
    let included: Vec<&LogicalPath> = pages.iter().flat_map(Page::included).collect();
    let unused = context.in_language(Language::Partial).filter(|partial| !included.contains(&&partial.path));
    context.warn(unused.map(|partial| {
        let name = context.config.name_of(&partial.file);
        format!("{name}: partial included by no page; rename it without `_` to make it a page")
    }));
}

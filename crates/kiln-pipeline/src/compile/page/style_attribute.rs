//! CSS in attributes: `style`, and the presentation attributes of SVG.

use html_escape::{decode_html_entities, encode_quoted_attribute};

use kiln_manifest::LogicalPath;

use super::scan::Declarations;
use crate::{
    Result,
    compile::{
        context::Context,
        css::{Scan, demand_urls, rewrite_urls},
        demand::DemandScope,
        output::Inline,
    },
    reference::Purpose,
    text::{Edit, Text, apply},
};

/// The attribute with tokens, when it has references; and the value that the page's policy has to allow.
/// References are relative to `base`.
pub(super) fn edit(
    context: &Context<'_>,
    (base, page): (&LogicalPath, &LogicalPath),
    text: &Text,
    declarations: &Declarations,
) -> Result<(Option<Edit>, Option<Inline>)> {
    let value = &declarations.value;
    let written = &text.content()[value.clone()];
    let css = decode_html_entities(written);
    let scan = Scan::of(&css);
    demand_urls(context, (text, value.start), &scan, |_| DemandScope::Page(page.clone()));
    let edits = rewrite_urls(&scan, |url, place| {
        // In an attribute with entities, offsets differ, and the whole attribute is the place.
        let place =
            if css == written { value.start + place.start..value.start + place.end } else { value.clone() };
        context.token(base, url, Purpose::Resource, (text, place))
    })?;
    let with_tokens = apply(&css, &edits);
    let edit = (!edits.is_empty())
        .then(|| Edit { place: value.clone(), text: encode_quoted_attribute(&with_tokens).into_owned() });
    Ok((edit, declarations.is_style.then_some(Inline::StyleAttribute(with_tokens))))
}

//! CSS in attributes: `style`, and the presentation attributes of SVG.

use html_escape::{decode_html_entities, encode_quoted_attribute};

use super::{Edit, Page, scan::Declarations};
use crate::{
    Result,
    compile::{Inline, Stage, css::Scan},
    resolve::Purpose,
};

impl Page<'_> {
    /// The attribute with tokens, when it refers to a file; and what the policy of the page has to allow.
    pub(super) fn declared(
        &self,
        stage: &Stage<'_>,
        declarations: &Declarations,
    ) -> Result<(Option<Edit>, Option<Inline>)> {
        let value = &declarations.value;
        let written = &self.text.content()[value.clone()];
        let css = decode_html_entities(written);
        let mut marked = String::with_capacity(css.len());
        let mut done = 0;
        for url in Scan::of(&css).urls {
            // With entities in it, only the attribute as a whole has a place in the page.
            let place = if css == written {
                value.start + url.value.start..value.start + url.value.end
            } else {
                value.clone()
            };
            let base = &self.source.path;
            let here = (&self.text, place);
            let token = stage.tree.token(&stage.references, base, &url.written, Purpose::Resource, here)?;
            if let Some(token) = token {
                marked.push_str(&css[done..url.whole.start]);
                marked.push_str(&url.form.write(&token));
                done = url.whole.end;
            }
        }
        marked.push_str(&css[done..]);
        let edit = (done > 0)
            .then(|| Edit { place: value.clone(), text: encode_quoted_attribute(&marked).into_owned() });
        Ok((edit, declarations.is_style.then_some(Inline::StyleAttribute(marked))))
    }
}

//! Rewriting of CSS: tokens in place of the URLs in `url()` and `@import`.

use std::ops::Range;

use kiln_manifest::LogicalPath;

use super::scan::Scan;
use crate::{
    Error, Result,
    compile::context::Context,
    reference::Purpose,
    text::{Edit, Text},
};

/// Edits that put a token into each `url()` and `@import` of the CSS at `css` in `text`; `scan` is its scan.
pub(in crate::compile) fn rewrite(
    context: &Context<'_>,
    base: &LogicalPath,
    (text, css): (&Text, &Range<usize>),
    scan: &Scan,
) -> Result<Vec<Edit>> {
    let token = |written: &str, value: Range<usize>| {
        let place = css.start + value.start..css.start + value.end;
        context.token(base, written, Purpose::Resource, (text, place))
    };
    let imports = Error::collect(scan.imports.iter().map(|(value, written)| {
        let token = token(written, value.clone())?;
        Ok(token.map(|token| Edit { place: value.clone(), text: token }))
    }));
    let (mut edits, imports) = Error::both(rewrite_urls(scan, token), imports)?;
    edits.extend(imports.into_iter().flatten());
    edits.sort_by_key(|edit| edit.place.start);
    Ok(edits.into_iter().map(|edit| edit.after(css.start)).collect())
}

/// Edits that put a token into each `url()`; imports stay. `token` receives the URL and its place in the scanned text, and
/// returns `None` for a reference that stays.
pub(in crate::compile) fn rewrite_urls(
    scan: &Scan,
    token: impl Fn(&str, Range<usize>) -> Result<Option<String>>,
) -> Result<Vec<Edit>> {
    let edits = Error::collect(scan.urls.iter().map(|url| {
        let token = token(&url.written, url.value.clone())?;
        Ok(token.map(|token| Edit { place: url.whole.clone(), text: url.form.write(&token) }))
    }));
    Ok(edits?.into_iter().flatten().collect())
}

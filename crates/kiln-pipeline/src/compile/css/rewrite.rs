//! Rewriting of CSS: tokens in place of the URLs in `url()` and `@import`.

use std::ops::Range;

use super::scan::Scan;
use crate::{Error, Result, text::Edit};

/// Edits that put a token into each `url()` and `@import`. `token` receives the URL and its place in the scanned text, and
/// returns `None` for a reference that stays.
pub(in crate::compile) fn rewrite(
    scan: &Scan,
    token: impl Fn(&str, Range<usize>) -> Result<Option<String>>,
) -> Result<Vec<Edit>> {
    let imports = Error::collect(scan.imports.iter().map(|(value, written)| {
        let token = token(written, value.clone())?;
        Ok(token.map(|token| Edit { place: value.clone(), text: token }))
    }));
    let (mut edits, imports) = Error::both(rewrite_urls(scan, token), imports)?;
    edits.extend(imports.into_iter().flatten());
    edits.sort_by_key(|edit| edit.place.start);
    Ok(edits)
}

/// Edits that put a token into each `url()`; imports stay.
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

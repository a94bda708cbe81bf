//! CSS of a release: prefixed, lowered and minified.

use std::fmt::Display;

use lightningcss::{
    stylesheet::{MinifyOptions, ParserFlags, ParserOptions, PrinterOptions, StyleSheet},
    targets::Targets,
};

use crate::{Error, Result};

/// An error of lightningcss without a place.
pub(super) fn failed(problem: impl Display) -> Error {
    Error::Tool { tool: "lightningcss", problem: problem.to_string(), help: None }
}

/// Minifies in two passes, as Tailwind's command line does: one pass gives other bytes.
pub(super) fn minify(css: &str, targets: Targets) -> Result<String> {
    Ok(in_level_3(&minify_once(&minify_once(css, targets)?, targets)?))
}

fn minify_once(css: &str, targets: Targets) -> Result<String> {
    let options = ParserOptions {
        error_recovery: true,
        flags: ParserFlags::DEEP_SELECTOR_COMBINATOR | ParserFlags::CUSTOM_MEDIA,
        ..ParserOptions::default()
    };
    let mut sheet = StyleSheet::parse(css, options).map_err(failed)?;
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(failed)?;
    let printer = PrinterOptions { minify: true, targets, ..PrinterOptions::default() };
    Ok(sheet.to_css(printer).map_err(failed)?.code)
}

/// Adds a media type to negated queries: lightningcss lowers `(width < 40rem)` to `not (min-width: 40rem)`, which Media
/// Queries Level 3 does not allow without one. Tailwind's command line does the same.
fn in_level_3(css: &str) -> String {
    css.replace("@media not (", "@media not all and (")
}

#[cfg(test)]
mod tests {
    use super::{super::targets::targets, *};

    #[test]
    fn a_lowered_range_has_a_media_type() {
        let css = minify("@media (width < 40rem) { .a { color: red } }", targets(None)).expect("minify");
        assert_eq!(css, "@media not all and (min-width:40rem){.a{color:red}}");
    }
}

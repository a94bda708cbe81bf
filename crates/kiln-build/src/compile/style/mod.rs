//! Styles: CSS bundled, prefixed and minified by lightningcss, after Tailwind where it is used.

mod bundle;
#[cfg(feature = "scripts")]
mod joined;
mod marked;
mod module;

use std::path::Path;

use kiln_manifest::Mode;
use lightningcss::{
    stylesheet::{MinifyOptions, ParserFlags, ParserOptions, PrinterOptions, StyleSheet},
    targets::{Browsers, Features, Targets},
};

use self::bundle::Sheets;
#[cfg(feature = "scripts")]
pub(super) use self::joined::joined;
pub(super) use self::{
    marked::Marked,
    module::{is_module, module},
};
use super::{Compiled, Content, Stage, media_type, tailwind};
use crate::{Error, Result, discover::Source};

/// Compiles one style sheet with all that it imports.
pub(super) fn compile(stage: &Stage<'_>, source: &Source) -> Result<Compiled> {
    let css = if is_module(&source.file) {
        module(stage, &source.file)?.sheets.into_iter().map(|(_, css)| css).collect()
    } else {
        plain(stage, &source.file)?
    };
    Ok(Compiled {
        path: source.path.clone(),
        exposure: source.exposure,
        media_type: media_type(&source.path),
        content: Content::Marked(finished(stage, css)?),
        imports: Vec::new(),
        inline: Vec::new(),
    })
}

/// One style sheet with all that it imports, as text with tokens that is neither minified nor prefixed.
pub(super) fn plain(stage: &Stage<'_>, file: &Path) -> Result<String> {
    let sheets = Sheets::collect(stage, Marked::read(stage, file)?)?;
    if sheets.use_tailwind() {
        sheets
            .into_entry()
            .map(|entry| tailwind::compile(stage, entry))
            .transpose()
            .map(Option::unwrap_or_default)
    } else {
        sheets.bundle(stage.config.mode)
    }
}

/// The text of a style sheet as it is served.
pub(super) fn finished(stage: &Stage<'_>, css: String) -> Result<String> {
    match stage.config.mode {
        Mode::Dev => Ok(css),
        // The official command line optimises twice, and only twice gives its bytes.
        Mode::Release => Ok(in_level_3(&optimized(&optimized(&css)?)?)),
    }
}

fn failed(problem: String) -> Error {
    Error::Tool { tool: "lightningcss", problem, mend: None }
}

/// Prefixed and lowered for [`browsers`], and minified.
fn optimized(css: &str) -> Result<String> {
    let options = ParserOptions {
        error_recovery: true,
        flags: ParserFlags::DEEP_SELECTOR_COMBINATOR | ParserFlags::CUSTOM_MEDIA,
        ..ParserOptions::default()
    };
    let targets = browsers();
    let mut sheet = StyleSheet::parse(css, options).map_err(|error| failed(error.to_string()))?;
    sheet
        .minify(MinifyOptions { targets, ..MinifyOptions::default() })
        .map_err(|error| failed(error.to_string()))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })
        .map_err(|error| failed(error.to_string()))?;
    Ok(printed.code)
}

/// lightningcss lowers `(width < 40rem)` to `not (min-width: 40rem)`, which Media Queries Level 3 does not
/// know without a media type; Tailwind's command line puts the type in as well.
fn in_level_3(css: &str) -> String {
    css.replace("@media not (", "@media not all and (")
}

/// The browsers and features of Tailwind's own command line (`@tailwindcss/node` 4.3), so that its
/// `--minify` and this build agree to the byte.
fn browsers() -> Targets {
    let version = |major: u32, minor: u32| Some((major << 16) | (minor << 8));
    Targets {
        browsers: Some(Browsers {
            chrome: version(111, 0),
            firefox: version(128, 0),
            ios_saf: version(16, 4),
            safari: version(16, 4),
            ..Browsers::default()
        }),
        include: Features::Nesting | Features::MediaQueries,
        exclude: Features::LogicalProperties | Features::DirSelector | Features::LightDark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lowered_range_has_a_media_type() {
        let css = optimized("@media (width < 40rem) { .a { color: red } }").expect("optimise");
        assert_eq!(in_level_3(&css), "@media not all and (min-width:40rem){.a{color:red}}");
    }
}

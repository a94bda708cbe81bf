//! Styles: CSS bundled, prefixed and minified by lightningcss, after Tailwind where it is used.

mod bundle;
mod chart;
#[cfg(feature = "scripts")]
mod joined;
mod marked;
mod module;
mod origin;
mod target;

use std::path::Path;

use kiln_manifest::Mode;
use lightningcss::{
    stylesheet::{MinifyOptions, ParserFlags, ParserOptions, PrinterOptions, StyleSheet},
    targets::Targets,
};

#[cfg(feature = "scripts")]
pub(super) use self::joined::joined;
use self::{bundle::Sheets, target::targets};
pub(super) use self::{
    marked::Marked,
    module::{is_module, module},
    origin::{Given, Step, is_wanted, map},
};
use super::{Compiled, Content, Stage, mapped::Mapped, media_type, tailwind};
use crate::{Error, Result, discover::Source, resolve::output_of};

/// Compiles one style sheet with all that it imports.
pub(super) fn compile(stage: &Stage<'_>, source: &Source) -> Result<Compiled> {
    let css = if is_module(&source.file) {
        let sheets = module(stage, &source.file)?.sheets;
        Mapped::joined(&sheets.iter().map(|(_, css)| css).collect::<Vec<_>>())
    } else {
        plain(stage, &source.file)?
    };
    let path = output_of(source);
    let css = finished(stage, css)?;
    if let Some(map) = css.map {
        stage.map(path.clone(), map);
    }
    Ok(Compiled {
        media_type: media_type(&path),
        path,
        exposure: source.exposure,
        content: Content::Marked(css.text),
        imports: Vec::new(),
        preloads: Vec::new(),
        inline: Vec::new(),
    })
}

/// One style sheet with all that it imports, that is neither minified nor prefixed.
pub(super) fn plain(stage: &Stage<'_>, file: &Path) -> Result<Mapped> {
    let sheets = Sheets::collect(stage, Marked::read(stage, file)?)?;
    if sheets.use_tailwind() {
        sheets
            .into_entry()
            .map(|entry| tailwind::compile(stage, entry))
            .transpose()
            .map(Option::unwrap_or_default)
    } else {
        sheets.bundle(stage, stage.config.mode)
    }
}

/// The text of a style sheet as it is served.
pub(super) fn finished(stage: &Stage<'_>, css: Mapped) -> Result<Mapped> {
    match stage.config.mode {
        Mode::Dev => Ok(css),
        // The official command line optimises twice, and only twice gives its bytes.
        Mode::Release => {
            let targets = targets(stage.config.options.targets.as_ref());
            Ok(Mapped::plain(in_level_3(&optimized(&optimized(&css.text, targets)?, targets)?)))
        }
    }
}

fn failed(problem: String) -> Error {
    Error::Tool { tool: "lightningcss", problem, mend: None }
}

/// Prefixed, lowered and minified.
fn optimized(css: &str, targets: Targets) -> Result<String> {
    let options = ParserOptions {
        error_recovery: true,
        flags: ParserFlags::DEEP_SELECTOR_COMBINATOR | ParserFlags::CUSTOM_MEDIA,
        ..ParserOptions::default()
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lowered_range_has_a_media_type() {
        let css = optimized("@media (width < 40rem) { .a { color: red } }", targets(None)).expect("optimise");
        assert_eq!(in_level_3(&css), "@media not all and (min-width:40rem){.a{color:red}}");
    }
}

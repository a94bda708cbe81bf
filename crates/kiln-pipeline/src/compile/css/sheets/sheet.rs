//! Style sheets. Tokens replace URLs in `url()` before a tool compiles the sheet, so that none can lose, rebase or
//! rewrite them.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use kiln_manifest::LogicalPath;
use lightningcss::css_modules;

use super::{
    css_help::css_help,
    item::Skipped,
    sass,
    skip_warning::{SkippedAt, skip_warnings},
    skipped::{blanked, skipped},
};
use crate::{
    Error, Result,
    compile::{
        context::Context,
        css::{Scan, demand_urls, rewrite_urls},
        demand::DemandScope,
        file_reference::FileReference,
        loadable::check_loadable,
    },
    packages::is_installed,
    reference::{Purpose, record},
    text::{Edited, Lines, Map, Text, utf16_offset},
};

/// A style sheet: the written text, and the text with tokens.
#[derive(Clone, Debug)]
pub(in crate::compile) struct Sheet {
    pub(in crate::compile) file: PathBuf,
    /// The name below `assets/`; `None` for a sheet outside of it.
    pub(in crate::compile) path: Option<LogicalPath>,
    /// The written text.
    pub(in crate::compile) text: Text,
    /// The text with tokens.
    edited: Edited,
    /// URLs of imports, with their places in the written text.
    pub(in crate::compile) imports: Vec<(Range<usize>, String)>,
    pub(in crate::compile) uses_tailwind: bool,
    /// The source map of the written text, when that is compiled Sass.
    pub(super) sass_map: Option<Map>,
}

impl Sheet {
    pub(in crate::compile) fn read(context: &Context<'_>, file: &Path) -> Result<Self> {
        let written = context.read_text(file)?;
        context.track([file.to_owned()]);
        let text = Text::new(written.name(), written.content().trim_start_matches(BYTE_ORDER_MARK));
        if sass::is_sass(file) {
            return Self::of_sass(context, file, &text);
        }
        let base = logical_path(context, file);
        Self::of(context, file, text.clone(), |written, place| {
            token(
                context,
                &FileReference {
                    file,
                    base: base.as_ref(),
                    text: &text,
                    place,
                    written,
                    purpose: Purpose::Resource,
                },
            )
        })
    }

    fn of_sass(context: &Context<'_>, file: &Path, text: &Text) -> Result<Self> {
        let compiled = sass::compile(context, file, text)?;
        let css = Text::new(format!("{} as compiled", text.name()), compiled.css.as_str());
        let sheet = Self::of(context, file, css.clone(), |written, place| {
            token_of_sass(context, file, &compiled, &css, written, place)
        })?;
        Ok(Self { sass_map: compiled.map, ..sheet })
    }

    fn of(
        context: &Context<'_>,
        file: &Path,
        text: Text,
        token: impl Fn(&str, Range<usize>) -> Result<Option<String>>,
    ) -> Result<Self> {
        let scan = Scan::of(text.content());
        if let Some((start, name)) = scan.unclosed.filter(|_| !is_installed(file)) {
            let error = text.error(start..start + 1, format!("unclosed {name}")).with_label("never closed");
            return Err(error.with_help("close it: everything after it is lost to browsers").into());
        }
        demand_urls(context, (&text, 0), &scan, |url| DemandScope::Text(url.to_owned()));
        let edited = Edited::new(text.content(), &rewrite_urls(&scan, token)?);
        let Scan { imports, uses_tailwind, .. } = scan;
        let path = logical_path(context, file);
        Ok(Self { file: file.to_owned(), path, text, edited, imports, uses_tailwind, sass_map: None })
    }

    /// The text with tokens.
    pub(in crate::compile) fn css(&self) -> &str {
        &self.edited.text
    }

    /// The sheet without what browsers skip, of which it warns. `modules` is the configuration of a CSS module.
    pub(in crate::compile) fn without_skipped(
        mut self,
        context: &Context<'_>,
        modules: Option<&css_modules::Config>,
    ) -> Self {
        let skipped = skipped(self.css(), modules);
        context.warn(skip_warnings("browsers skip", skipped.iter().map(|skipped| self.skipped_at(skipped))));
        self.edited.text = blanked(self.css(), &skipped);
        self
    }

    /// The sheet with spaces in `places` of the text with tokens.
    pub(in crate::compile) fn without(mut self, places: &[Range<usize>]) -> Self {
        let parts = places.iter().map(|place| Skipped { place: place.clone(), reason: String::new() });
        self.edited.text = blanked(self.css(), &parts.collect::<Vec<_>>());
        self
    }

    /// A part of the text with tokens at its place in the written text.
    pub(in crate::compile) fn skipped_at(&self, Skipped { place, reason }: &Skipped) -> SkippedAt {
        let start = self.written_offset(place.start);
        let written = &self.text.content()[start..self.written_offset(place.end)];
        SkippedAt::new(self.text.name(), self.text.position(start), written, reason)
    }

    /// An error at a position in the text with tokens as lightningcss counts: lines from 0, columns from 1.
    pub(in crate::compile) fn error_at(&self, line: u32, column: u32, message: impl Into<String>) -> Error {
        let at = self.written_offset(Lines::of(self.css()).offset((line, column.saturating_sub(1))));
        let message = message.into();
        let help = css_help(&message);
        let error = self.text.error(self.text.word_at(at), message);
        match help {
            Some(help) => error.with_help(help).into(),
            None => error.into(),
        }
    }

    /// The byte offset in the written text of an offset in the text with tokens, counted in UTF-16 code units as scripts
    /// do.
    pub(in crate::compile) fn written_offset_of_utf16(&self, units: usize) -> usize {
        self.written_offset(utf16_offset(self.css(), units))
    }

    /// The byte offset in the written text of one in the text with tokens.
    pub(super) fn written_offset(&self, offset: usize) -> usize {
        self.edited.original_offset(offset)
    }
}

/// The byte order mark, with which some editors begin a file; CSS parsers reject it.
const BYTE_ORDER_MARK: char = '\u{feff}';

fn logical_path(context: &Context<'_>, file: &Path) -> Option<LogicalPath> {
    let relative = file.strip_prefix(context.config.assets()).ok()?.to_str()?;
    LogicalPath::new(relative.replace('\\', "/")).ok()
}

/// The token for a reference in a style sheet.
fn token(context: &Context<'_>, reference: &FileReference<'_>) -> Result<Option<String>> {
    let Some((source, suffix)) = reference.target(context)? else { return Ok(None) };
    let here = (reference.text, reference.place.clone());
    check_loadable(here.0, here.1.clone(), &source.file)?;
    Ok(Some(record(&context.references, &source, &suffix, here)))
}

/// The token for a reference in compiled Sass. A reference is relative to the file that writes it; where several files
/// write the same, the first in which it resolves counts.
fn token_of_sass(
    context: &Context<'_>,
    file: &Path,
    compiled: &sass::CompiledSass,
    css: &Text,
    written: &str,
    place: Range<usize>,
) -> Result<Option<String>> {
    let token = |file: &Path, text: &Text, place| {
        let base = logical_path(context, file);
        token(
            context,
            &FileReference { file, base: base.as_ref(), text, place, written, purpose: Purpose::Resource },
        )
    };
    let mut failure = None;
    for (file, text, value) in compiled.places(written) {
        match token(file, text, value) {
            Ok(token) => return Ok(token),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    match failure {
        Some(error) => Err(error),
        None => token(file, css, place),
    }
}

//! Plain CSS: `@import`s inlined with their layers and media.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use kiln_manifest::Mode;
use lightningcss::{
    bundler::{BundleErrorKind, Bundler, ResolveResult, SourceProvider},
    error::Error as CssError,
    stylesheet::{ParserOptions, PrinterOptions},
};

use super::Marked;
use crate::{Error, Result, compile::Stage, error::Text};

/// One sheet and all that it imports, as text that is neither minified nor prefixed.
pub(super) fn bundle(stage: &Stage<'_>, entry: Marked) -> Result<String> {
    let file = entry.file.clone();
    let sheets = Sheets::collect(stage, entry)?;
    let mut bundler = Bundler::new(&sheets, None, ParserOptions::default());
    let sheet = bundler.bundle(&file).map_err(|error| sheets.diagnose(&error))?;
    let minify = stage.config.mode == Mode::Release;
    let printed = sheet
        .to_css(PrinterOptions { minify, ..PrinterOptions::default() })
        .map_err(|error| Error::Tool { tool: "lightningcss", problem: error.to_string(), mend: None })?;
    Ok(printed.code)
}

/// Every sheet that takes part, by file.
struct Sheets(BTreeMap<PathBuf, Marked>);

impl Sheets {
    fn collect(stage: &Stage<'_>, entry: Marked) -> Result<Self> {
        let mut sheets = BTreeMap::new();
        let mut open = vec![entry];
        while let Some(sheet) = open.pop() {
            for (place, import) in sheet.imports.iter().filter(|(_, import)| !is_external(import)) {
                let file = imported(&sheet.file, import);
                if sheets.contains_key(&file) || file == sheet.file {
                    continue;
                }
                if !file.is_file() {
                    let error = sheet.text.error(place.clone(), format!("`{import}` cannot be found"));
                    return Err(error.with_label("no such style sheet").with_help("mend the path").into());
                }
                open.push(Marked::read(stage, &file)?);
            }
            sheets.insert(sheet.file.clone(), sheet);
        }
        Ok(Self(sheets))
    }

    fn diagnose(&self, error: &CssError<BundleErrorKind<'_, io::Error>>) -> Error {
        let place = error.loc.as_ref().and_then(|location| {
            let sheet = self.0.get(Path::new(&location.filename))?;
            let column = location.column.saturating_sub(1) as usize;
            let marked = Text::new("", sheet.css.as_str()).offset(location.line as usize, column);
            Some((sheet, sheet.written_at(marked)))
        });
        match place {
            Some((sheet, at)) => sheet.text.error(sheet.text.word_at(at), error.kind.to_string()).into(),
            None => Error::Tool { tool: "lightningcss", problem: error.to_string(), mend: None },
        }
    }
}

impl SourceProvider for Sheets {
    type Error = io::Error;

    fn read<'a>(&'a self, file: &Path) -> io::Result<&'a str> {
        self.0.get(file).map(|sheet| sheet.css.as_str()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn resolve(&self, specifier: &str, from: &Path) -> io::Result<ResolveResult> {
        Ok(if is_external(specifier) {
            ResolveResult::External(specifier.to_owned())
        } else {
            ResolveResult::File(imported(from, specifier))
        })
    }
}

fn is_external(import: &str) -> bool {
    import.contains("://") || import.starts_with("//") || import.starts_with("data:")
}

fn imported(from: &Path, specifier: &str) -> PathBuf {
    let file = from.with_file_name(specifier);
    file.canonicalize().unwrap_or(file)
}

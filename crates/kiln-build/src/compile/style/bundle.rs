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

use super::{Given, Marked, chart::Chart, failed};
use crate::{
    Error, Result,
    compile::{Stage, mapped::Mapped},
    resolve::Purpose,
};

/// A style sheet and all that it imports.
#[derive(Debug)]
pub(super) struct Sheets {
    entry: PathBuf,
    by_file: BTreeMap<PathBuf, Marked>,
    /// Which file an import means, by importer and by what that wrote. An import of another host has
    /// none.
    imports: BTreeMap<(PathBuf, String), PathBuf>,
}

impl Sheets {
    /// Reads everything that `entry` imports, as far as the first sheet that needs Tailwind's engine, which
    /// follows imports by itself.
    pub(super) fn collect(stage: &Stage<'_>, entry: Marked) -> Result<Self> {
        let mut all = Self { entry: entry.file.clone(), by_file: BTreeMap::new(), imports: BTreeMap::new() };
        let mut open = vec![entry];
        while let Some(sheet) = open.pop() {
            if !sheet.uses_tailwind {
                for file in all.follow(stage, &sheet)? {
                    open.push(Marked::read(stage, &file)?);
                }
            }
            all.by_file.insert(sheet.file.clone(), sheet);
        }
        Ok(all)
    }

    pub(super) fn use_tailwind(&self) -> bool {
        self.by_file.values().any(|sheet| sheet.uses_tailwind)
    }

    pub(super) fn into_entry(mut self) -> Option<Marked> {
        self.by_file.remove(&self.entry)
    }

    /// The files that `sheet` imports and that are not read yet.
    fn follow(&mut self, stage: &Stage<'_>, sheet: &Marked) -> Result<Vec<PathBuf>> {
        let mut unread = Vec::new();
        for (place, import) in &sheet.imports {
            let Some(base) = &sheet.path else { continue };
            let here = (&sheet.text, place.clone());
            let Some((source, _)) = stage.tree.resolve(base, import, Purpose::Resource, here)? else {
                continue;
            };
            self.imports.insert((sheet.file.clone(), import.clone()), source.file.clone());
            if source.file != sheet.file && !self.by_file.contains_key(&source.file) {
                unread.push(source.file.clone());
            }
        }
        Ok(unread)
    }

    /// Text that is neither minified nor prefixed.
    pub(super) fn bundle(&self, stage: &Stage<'_>, mode: Mode) -> Result<Mapped> {
        let mut bundler = Bundler::new(self, None, ParserOptions::default());
        let sheet = bundler.bundle(&self.entry).map_err(|error| self.diagnose(&error))?;
        let mut chart = Chart::wanted(stage);
        let options = PrinterOptions { minify: mode == Mode::Release, ..chart.options() };
        let printed = sheet.to_css(options).map_err(|error| failed(error.to_string()))?;
        let given: Vec<_> = sheet
            .sources
            .iter()
            .map(|file| self.by_file.get(Path::new(file)).map_or(Given::Unknown, Given::Sheet))
            .collect();
        Ok(Mapped { text: printed.code, map: chart.map(&given) })
    }

    fn diagnose(&self, error: &CssError<BundleErrorKind<'_, io::Error>>) -> Error {
        let place = error.loc.as_ref().and_then(|location| {
            let file = Path::new(&location.filename);
            Some((self.by_file.get(file).or_else(|| self.by_file.get(&self.entry))?, location))
        });
        match place {
            Some((sheet, location)) => sheet.error_at(location.line, location.column, error.kind.to_string()),
            None => failed(error.to_string()),
        }
    }
}

impl SourceProvider for Sheets {
    type Error = io::Error;

    fn read<'a>(&'a self, file: &Path) -> io::Result<&'a str> {
        self.by_file.get(file).map(|sheet| sheet.css.as_str()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn resolve(&self, specifier: &str, from: &Path) -> io::Result<ResolveResult> {
        Ok(match self.imports.get(&(from.to_owned(), specifier.to_owned())) {
            Some(file) => ResolveResult::File(file.clone()),
            None => ResolveResult::External(specifier.to_owned()),
        })
    }
}

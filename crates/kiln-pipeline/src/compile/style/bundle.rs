//! Bundles of style sheets: `@import`s inlined with their layers and media.

use std::{
    collections::BTreeMap,
    io,
    ops::Range,
    path::{Path, PathBuf},
};

use kiln_manifest::Mode;
use lightningcss::{
    bundler::{BundleErrorKind, Bundler, ResolveResult, SourceProvider},
    error::Error as CssError,
    stylesheet::{ParserOptions, PrinterOptions, StyleSheet},
};

use super::{external_imports::ExternalImports, minify::failed};
use crate::{
    Config, Error, Result,
    compile::{
        context::Context,
        css::sheets::{Mapped, PrinterMap, Sheet, SourceText, may_hide_mistakes},
        loadable::check_loadable,
        package::is_bare,
        tailwind::{self, Engines},
    },
    reference::{Purpose, is_elsewhere, split_suffix},
};

/// A style sheet with its imports, neither minified nor prefixed; by Tailwind's engine when one of them uses Tailwind.
pub(super) fn bundle(context: &Context<'_>, engines: &Engines, entry: Sheet, mode: Mode) -> Result<Mapped> {
    let sheets = StyleSheets::collect(context, entry.clone())?;
    if sheets.use_tailwind() {
        return tailwind::compile(context, engines, entry);
    }
    sheets.bundle_hoisted(context, mode)
}

/// A style sheet and its transitive imports.
#[derive(Debug)]
struct StyleSheets {
    entry: PathBuf,
    by_file: BTreeMap<PathBuf, Sheet>,
    /// The files of imports, by importer and written URL. An import from another host has no file.
    imports: BTreeMap<(PathBuf, String), PathBuf>,
}

impl StyleSheets {
    /// Reads `entry` and its transitive imports. Imports of a sheet that uses Tailwind are left to Tailwind's engine.
    fn collect(context: &Context<'_>, entry: Sheet) -> Result<Self> {
        let mut all = Self { entry: entry.file.clone(), by_file: BTreeMap::new(), imports: BTreeMap::new() };
        let mut open = vec![entry];
        while let Some(sheet) = open.pop() {
            if !sheet.uses_tailwind {
                for file in all.follow(context, &sheet)? {
                    open.push(Sheet::read(context, &file)?);
                }
            }
            all.by_file.insert(sheet.file.clone(), sheet);
        }
        Ok(all)
    }

    fn use_tailwind(&self) -> bool {
        self.by_file.values().any(|sheet| sheet.uses_tailwind)
    }

    /// Files that `sheet` imports and that have not been read yet.
    fn follow(&mut self, context: &Context<'_>, sheet: &Sheet) -> Result<Vec<PathBuf>> {
        let mut unread = Vec::new();
        for (place, import) in &sheet.imports {
            let Some(file) = imported(context, sheet, place, import)? else { continue };
            self.imports.insert((sheet.file.clone(), import.clone()), file.clone());
            if file != sheet.file && !self.by_file.contains_key(&file) {
                unread.push(file);
            }
        }
        Ok(unread)
    }

    /// The sheet with its imports inlined, those from other hosts first.
    fn bundle_hoisted(mut self, context: &Context<'_>, mode: Mode) -> Result<Mapped> {
        let external = ExternalImports::of(&self.entry, &self.by_file, &self.imports);
        if external.warnings.is_empty() {
            return self.bundle(context, mode);
        }
        self.by_file = external.removed(&self.by_file);
        context.warn(external.warnings);
        let rest = self.bundle(context, mode)?;
        Ok(Mapped::joined(&[&Mapped::plain(external.rules), &rest]))
    }

    /// The sheet with its imports inlined, not prefixed yet, and without what browsers skip.
    fn bundle(self, context: &Context<'_>, mode: Mode) -> Result<Mapped> {
        let is_valid = !self.by_file.values().any(|sheet| may_hide_mistakes(sheet.css()));
        match Bundler::new(&self, None, ParserOptions::default()).bundle(&self.entry) {
            Ok(sheet) if is_valid => self.print(context.config, mode, &sheet),
            Ok(_) | Err(CssError { kind: BundleErrorKind::ParserError(_), .. }) => {
                let valid = self.without_skipped(context);
                let sheet = Bundler::new(&valid, None, ParserOptions::default()).bundle(&valid.entry);
                valid.print(context.config, mode, &sheet.map_err(|error| valid.diagnose(&error))?)
            }
            Err(error) => Err(self.diagnose(&error)),
        }
    }

    fn without_skipped(&self, context: &Context<'_>) -> Self {
        let valid = |sheet: &Sheet| sheet.clone().without_skipped(context, None);
        Self {
            entry: self.entry.clone(),
            by_file: self.by_file.iter().map(|(file, sheet)| (file.clone(), valid(sheet))).collect(),
            imports: self.imports.clone(),
        }
    }

    fn print(&self, config: &Config, mode: Mode, sheet: &StyleSheet<'_>) -> Result<Mapped> {
        let mut printer_map = PrinterMap::new(config);
        let options = PrinterOptions { minify: mode == Mode::Release, ..printer_map.options() };
        let printed = sheet.to_css(options).map_err(failed)?;
        let texts: Vec<_> = sheet
            .sources
            .iter()
            .map(|file| self.by_file.get(Path::new(file)).map_or(SourceText::Unknown, SourceText::Sheet))
            .collect();
        Ok(Mapped { text: printed.code, map: printer_map.map(&texts) })
    }

    fn diagnose(&self, error: &CssError<BundleErrorKind<'_, io::Error>>) -> Error {
        let place = error.loc.as_ref().and_then(|location| {
            let file = Path::new(&location.filename);
            Some((self.by_file.get(file).or_else(|| self.by_file.get(&self.entry))?, location))
        });
        match place {
            Some((sheet, location)) => sheet.error_at(location.line, location.column, error.kind.to_string()),
            None => failed(error),
        }
    }
}

/// The file of an `@import`: below `assets/`, or in a package. `None` for another host.
fn imported(
    context: &Context<'_>,
    sheet: &Sheet,
    place: &Range<usize>,
    import: &str,
) -> Result<Option<PathBuf>> {
    let folder = sheet.file.parent().unwrap_or(&sheet.file);
    let (name, _) = split_suffix(import);
    let file = match &sheet.path {
        Some(base) => {
            let here = (&sheet.text, place.clone());
            let found = context.tree.resolve(base, import, Purpose::Resource, here);
            let found = found.map(|found| found.map(|(source, _)| source.file.clone()));
            found.or_else(|error| {
                let file = is_bare(name).then(|| context.packages.style_sheet(folder, name)).flatten();
                file.map(Some).ok_or(error)
            })?
        }
        None if name.starts_with('/') || is_elsewhere(name) => None,
        None => Some(context.packages.style_sheet(folder, name).ok_or_else(|| {
            let error = sheet.text.error(place.clone(), format!("`{name}` not found"));
            error.with_label("no such style sheet").with_help("install the package that holds it")
        })?),
    };
    if let Some(file) = &file {
        check_loadable(&sheet.text, place.clone(), file)?;
    }
    Ok(file)
}

impl SourceProvider for StyleSheets {
    type Error = io::Error;

    fn read<'a>(&'a self, file: &Path) -> io::Result<&'a str> {
        self.by_file.get(file).map(Sheet::css).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn resolve(&self, specifier: &str, from: &Path) -> io::Result<ResolveResult> {
        Ok(match self.imports.get(&(from.to_owned(), specifier.to_owned())) {
            Some(file) => ResolveResult::File(file.clone()),
            None => ResolveResult::External(specifier.to_owned()),
        })
    }
}

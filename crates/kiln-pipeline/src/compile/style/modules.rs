//! CSS modules (`card.module.css`): class names that are private to a file, and the exports that name them to scripts.

use std::{
    collections::BTreeMap,
    fmt::Display,
    ops::Range,
    path::{Path, PathBuf},
};

use kiln_manifest::Mode;
use lightningcss::{
    css_modules::{CssModuleExport, CssModuleReference},
    error::Error as CssError,
    rules::CssRule,
    stylesheet::{ParserOptions, PrinterOptions, StyleSheet},
    traits::ToCss,
};

use super::{
    bundle::bundle,
    minify::failed,
    private_names::{keep_keywords, private_names},
};
use crate::{
    Error, Result,
    compile::{
        context::Context,
        css::sheets::{Mapped, PrinterMap, Sheet, SourceText, may_hide_mistakes},
        package::is_bare,
        tailwind::Engines,
    },
    reference::Purpose,
};

/// A compiled CSS module, and the modules that it composes from.
#[derive(Debug)]
pub(in crate::compile) struct Module {
    /// Exports: the generated names for each name of the source, separated by spaces, the class's own first and composed
    /// names after it.
    pub(in crate::compile) exports: BTreeMap<String, String>,
    /// Style sheets in the order of linking, each file once, the module's own last; with tokens, neither minified nor
    /// prefixed.
    pub(in crate::compile) sheets: Vec<(PathBuf, Mapped)>,
}

/// Whether a style sheet is a CSS module, by its name.
pub(in crate::compile) fn is_module(file: &Path) -> bool {
    let stem = file.file_stem().map(Path::new);
    stem.and_then(Path::extension).is_some_and(|extension| extension == "module")
}

/// The compiler of a module and of the modules that it composes from.
pub(super) struct Modules<'a> {
    context: &'a Context<'a>,
    engines: &'a Engines,
    done: BTreeMap<PathBuf, BTreeMap<String, String>>,
    sheets: Vec<(PathBuf, Mapped)>,
    /// Modules in compilation, from the first to the innermost.
    open: Vec<PathBuf>,
}

impl<'a> Modules<'a> {
    pub(super) fn new(context: &'a Context<'a>, engines: &'a Engines) -> Self {
        Self { context, engines, done: BTreeMap::new(), sheets: Vec::new(), open: Vec::new() }
    }

    pub(super) fn compile(mut self, file: &Path) -> Result<Module> {
        let exports = self.load(file)?;
        Ok(Module { exports, sheets: self.sheets })
    }

    fn load(&mut self, file: &Path) -> Result<BTreeMap<String, String>> {
        if let Some(exports) = self.done.get(file) {
            return Ok(exports.clone());
        }
        self.open.push(file.to_owned());
        let sheet = Sheet::read(self.context, file)?;
        let (css, names) = self.compile_alone(&sheet)?;
        let mut exports = BTreeMap::new();
        for (local, export) in &names {
            let mut generated = Vec::new();
            self.collect(&sheet, &names, export, &mut generated)?;
            exports.insert(local.clone(), generated.join(" "));
        }
        self.open.pop();
        self.sheets.push((file.to_owned(), css));
        self.done.insert(file.to_owned(), exports.clone());
        Ok(exports)
    }

    /// Adds the generated names of `export` to `generated`, each once.
    fn collect(
        &mut self,
        sheet: &Sheet,
        names: &BTreeMap<String, CssModuleExport>,
        export: &CssModuleExport,
        generated: &mut Vec<String>,
    ) -> Result<()> {
        if generated.contains(&export.name) {
            return Ok(());
        }
        generated.push(export.name.clone());
        for composed in &export.composes {
            match composed {
                CssModuleReference::Local { name } => {
                    match names.values().find(|export| export.name == *name) {
                        Some(local) => self.collect(sheet, names, local, generated)?,
                        None => push_new(generated, name),
                    }
                }
                CssModuleReference::Global { name } => push_new(generated, name),
                CssModuleReference::Dependency { name, specifier } => {
                    let composed = self.composed(sheet, name, specifier)?;
                    composed.split(' ').for_each(|name| push_new(generated, name));
                }
            }
        }
        Ok(())
    }

    /// The generated names of `name` in the module `specifier` of `sheet`.
    fn composed(&mut self, sheet: &Sheet, name: &str, specifier: &str) -> Result<String> {
        let place = quoted(sheet, specifier);
        let wrong = |message: String, label: &str| {
            Error::from(sheet.text.error(place.clone(), message).with_label(label.to_owned()))
        };
        let file = self.file_of(sheet, place.clone(), specifier)?;
        let file = file.ok_or_else(|| wrong(format!("`{specifier}` not found"), "no such CSS module"))?;
        if self.open.contains(&file) {
            let label = format!("`{specifier}` composes from this module");
            return Err(wrong("circular `composes`".to_owned(), &label));
        }
        let exports = self.load(&file)?;
        exports.get(name).cloned().ok_or_else(|| {
            let names: Vec<_> = exports.keys().map(|name| format!("`{name}`")).collect();
            let label = if names.is_empty() {
                "exports no class".to_owned()
            } else {
                format!("exports {}", names.join(", "))
            };
            wrong(format!("class `{name}` not found in `{specifier}`"), &label)
        })
    }

    /// The file of the module `specifier`: below `assets/`, or in a package.
    fn file_of(&self, sheet: &Sheet, place: Range<usize>, specifier: &str) -> Result<Option<PathBuf>> {
        let folder = sheet.file.parent().unwrap_or(&sheet.file);
        let in_packages = || self.context.packages.style_sheet(folder, specifier);
        let Some(base) = &sheet.path else { return Ok(in_packages()) };
        let found = self.context.tree.resolve(base, specifier, Purpose::Resource, (&sheet.text, place));
        let found = found.map(|found| found.map(|(source, _)| source.file.clone()));
        found.or_else(|error| {
            let file = is_bare(specifier).then(in_packages).flatten();
            file.map(Some).ok_or(error)
        })
    }

    /// The text and the exports of one module.
    fn compile_alone(&self, sheet: &Sheet) -> Result<(Mapped, BTreeMap<String, CssModuleExport>)> {
        let flat = self.flattened(sheet)?;
        let options = ParserOptions {
            css_modules: Some(private_names()),
            filename: portable_name(self.context, sheet),
            ..ParserOptions::default()
        };
        let css = flat.as_ref().map_or(sheet.css(), |flat| &flat.text);
        let is_valid = !may_hide_mistakes(css) && StyleSheet::parse(css, options.clone()).is_ok();
        if flat.is_none() && !is_valid {
            let valid = sheet.clone().without_skipped(self.context, options.css_modules.as_ref());
            if valid.css() != css {
                return self.compile_alone(&valid);
            }
        }
        let own = flat.is_none().then_some(sheet);
        let mut parsed = StyleSheet::parse(css, options).map_err(|error| located(own, &error))?;
        check_exports(sheet, own, &parsed)?;
        keep_keywords(&mut parsed.rules);
        let mut printer_map = PrinterMap::new(self.context.config);
        let printed = parsed.to_css(printer_map.options()).map_err(|error| located(own, &error))?;
        let text = match &flat {
            None => SourceText::Sheet(sheet),
            Some(flat) => flat.map.as_ref().map_or(SourceText::Unknown, SourceText::Compiled),
        };
        let css = Mapped { text: printed.code, map: printer_map.map(&[text]) };
        Ok((css, printed.exports.unwrap_or_default().into_iter().collect()))
    }

    /// A sheet with its imports and with Tailwind's output; `None` when it has neither.
    fn flattened(&self, sheet: &Sheet) -> Result<Option<Mapped>> {
        if sheet.imports.is_empty() && !sheet.uses_tailwind {
            return Ok(None);
        }
        bundle(self.context, self.engines, sheet.clone(), Mode::Dev).map(Some)
    }
}

/// Checks that a module of the application has no `:export`, which only other compilers know.
fn check_exports(sheet: &Sheet, own: Option<&Sheet>, parsed: &StyleSheet<'_>) -> Result<()> {
    if sheet.path.is_none() || !sheet.css().contains(":export") {
        return Ok(());
    }
    let exports = parsed.rules.0.iter().find_map(|rule| match rule {
        CssRule::Style(rule) => {
            let selector = rule.selectors.to_css_string(PrinterOptions::default());
            selector.is_ok_and(|selector| selector == ":export").then_some(rule.loc)
        }
        _ => None,
    });
    let Some(place) = exports else { return Ok(()) };
    let message = "`:export` is not supported";
    Err(own.map_or_else(|| failed(message), |sheet| sheet.error_at(place.line, place.column, message)))
}

/// An error of lightningcss, at its place in `sheet`; without a place for compiled text, which no file holds.
fn located<Kind: Display>(sheet: Option<&Sheet>, error: &CssError<Kind>) -> Error {
    match sheet.zip(error.loc.as_ref()) {
        Some((sheet, location)) => sheet.error_at(location.line, location.column, error.kind.to_string()),
        None => failed(error),
    }
}

fn push_new(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|present| present == name) {
        names.push(name.to_owned());
    }
}

/// The name from which generated names are derived, equal in any folder.
fn portable_name(context: &Context<'_>, sheet: &Sheet) -> String {
    if let Some(path) = &sheet.path {
        return path.to_string();
    }
    let name = context.config.name_of(&sheet.file);
    name.rsplit_once("node_modules/").map_or(name.clone(), |(_, package)| package.to_owned())
}

/// The place of the quoted `specifier` in `sheet`.
fn quoted(sheet: &Sheet, specifier: &str) -> Range<usize> {
    let content = sheet.text.content();
    let at = ['"', '\''].into_iter().find_map(|quote| content.find(&format!("{quote}{specifier}{quote}")));
    at.map_or(0..0, |at| at + 1..at + 1 + specifier.len())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        Config,
        cache::Cache,
        compile::style::Styles,
        source::{discover, prepare},
    };

    /// The module `assets/FILE` of a package with these files below `assets/`.
    fn compiled(files: &[(&str, &str)], file: &str) -> Module {
        let folder = tempfile::tempdir().expect("folder");
        fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"fixture\"\n").expect("write");
        for (name, content) in files {
            let path = folder.path().join("assets").join(name);
            fs::create_dir_all(path.parent().expect("parent")).expect("folder");
            fs::write(path, content).expect("write");
        }
        let out = folder.path().join("out");
        let config = Config::new(folder.path().to_owned(), out, Mode::Dev).expect("configuration");
        let prepared = prepare(&config, None).expect("nothing to prepare");
        let sources = discover(&config, prepared).expect("sources");
        let cache = Cache::open(&config.cache).expect("cache");
        let context = Context::new(&config, &cache, &sources.files);
        let engines = Engines::default();
        Styles::new(&context, &engines).module(&config.assets().join(file)).expect("module")
    }

    const CARD: &str = ".card { composes: box from \"../base.module.css\"; composes: wide; color: red }
        .wide { composes: global-name from global; width: 9px }
        .card :global(.raw) { animation: spin 1s }
        @keyframes spin { to { rotate: 1turn } }";
    const BASE: &str = ".box { composes: edge; padding: 1px }\n.edge { border: 0 }";

    #[test]
    fn names_are_composed_across_files_and_sheets_are_in_the_order_of_the_cascade() {
        let files = [("ui/card.module.css", CARD), ("base.module.css", BASE)];
        let module = compiled(&files, "ui/card.module.css");
        let sheets: Vec<_> = module.sheets.iter().filter_map(|(file, _)| file.file_name()).collect();
        assert_eq!(sheets, ["base.module.css", "card.module.css"]);
        let name = |local: &str| module.exports[local].split(' ').next().unwrap_or_default().to_owned();
        let (css, base) = (&module.sheets[1].1.text, &module.sheets[0].1.text);
        for local in ["card", "wide"] {
            assert!(name(local).ends_with(&format!("_{local}")), "{:?}", module.exports);
            assert!(css.contains(&format!(".{}", name(local))), "{css}");
        }
        assert!(css.contains(".raw") && css.contains(&format!("@keyframes {}", name("spin"))), "{css}");
        assert!(!css.contains("composes") && !base.contains("composes"), "{css}{base}");
        let composed: Vec<&str> = module.exports["card"].split(' ').collect();
        let [_, boxed, edge, wide, global] = composed[..] else { panic!("{composed:?}") };
        assert!(base.contains(&format!(".{boxed}")) && base.contains(&format!(".{edge}")), "{base}");
        assert_eq!((wide, global), (&*name("wide"), "global-name"));
    }

    #[test]
    fn names_depend_on_the_logical_path_alone() {
        let one = compiled(&[("ui/card.module.css", ".a { color: red }")], "ui/card.module.css");
        let same = compiled(&[("ui/card.module.css", ".a { color: blue }")], "ui/card.module.css");
        let other = compiled(&[("card.module.css", ".a { color: red }")], "card.module.css");
        assert_eq!(one.exports, same.exports);
        assert_ne!(one.exports, other.exports);
    }
}

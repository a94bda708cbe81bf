//! Imports from other hosts below imports of files, which browsers would ignore after the rules of these files.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::{Path, PathBuf},
};

use crate::compile::css::{Scan, sheets::Sheet};

/// Sheets by file.
type Sheets = BTreeMap<PathBuf, Sheet>;

/// The imports from other hosts in a sheet and in those that it imports without a condition, in the order of browsers.
#[derive(Debug, Default)]
pub(super) struct ExternalImports {
    /// The rules, as they are written.
    pub(super) rules: String,
    /// A warning for each that stands below the import of a file.
    pub(super) warnings: Vec<String>,
    places: BTreeMap<PathBuf, Vec<Range<usize>>>,
    seen: BTreeSet<PathBuf>,
    has_file: bool,
}

impl ExternalImports {
    /// The imports of `entry`; `files` holds the files of imports, by importer and written URL.
    pub(super) fn of(entry: &Path, sheets: &Sheets, files: &BTreeMap<(PathBuf, String), PathBuf>) -> Self {
        let mut all = Self::default();
        all.visit(entry, sheets, files);
        all
    }

    fn visit(&mut self, file: &Path, sheets: &Sheets, files: &BTreeMap<(PathBuf, String), PathBuf>) {
        let Some(sheet) = sheets.get(file).filter(|_| self.seen.insert(file.to_owned())) else { return };
        let css = sheet.css();
        for ((value, import), (written, _)) in Scan::of(css).imports.iter().zip(&sheet.imports) {
            let Some(rule) = rule_at(css, value) else { continue };
            if let Some(imported) = files.get(&(file.to_owned(), import.clone())) {
                let condition =
                    css[value.end..rule.end].trim_matches(|c: char| c.is_whitespace() || "\"');".contains(c));
                if condition.is_empty() {
                    self.visit(imported, sheets, files);
                }
                self.has_file = true;
                continue;
            }
            if self.has_file {
                let (line, column) = sheet.text.position(written.start);
                self.warnings.push(format!(
                    "{}:{line}:{column}: `@import` of another host moves above those of files: write it first",
                    sheet.text.name()
                ));
            }
            self.rules.extend([css[rule.clone()].trim_end_matches(';'), ";\n"]);
            self.places.entry(file.to_owned()).or_default().push(rule);
        }
    }

    /// `sheets` without the imports.
    pub(super) fn removed(&self, sheets: &Sheets) -> Sheets {
        let without = |file: &PathBuf, sheet: &Sheet| match self.places.get(file) {
            Some(places) => sheet.clone().without(places),
            None => sheet.clone(),
        };
        sheets.iter().map(|(file, sheet)| (file.clone(), without(file, sheet))).collect()
    }
}

/// The rule whose URL stands at `value`.
fn rule_at(css: &str, value: &Range<usize>) -> Option<Range<usize>> {
    let start = css[..value.start].rfind('@')?;
    let end = css[value.end..].find(';').map_or(css.len(), |end| value.end + end + 1);
    Some(start..end)
}

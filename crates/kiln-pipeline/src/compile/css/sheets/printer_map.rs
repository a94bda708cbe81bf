//! Source maps of style sheets that lightningcss prints.

use lightningcss::stylesheet::PrinterOptions;
use parcel_sourcemap::SourceMap;

use super::source_map::{Mapping, SourceText, map};
use crate::{Config, text::Map};

/// The mappings of one printed style sheet; `None` in builds without source maps.
pub(in crate::compile) struct PrinterMap(Option<SourceMap>);

impl PrinterMap {
    pub(in crate::compile) fn new(config: &Config) -> Self {
        Self(config.maps_styles().then(|| SourceMap::new("/")))
    }

    /// Printer options that record mappings in `self`.
    pub(in crate::compile) fn options(&mut self) -> PrinterOptions<'_> {
        PrinterOptions { source_map: self.0.as_mut(), ..PrinterOptions::default() }
    }

    /// The source map of the printed sheet. `texts` are the sources in the order of the printer, which counts columns in
    /// bytes; the characters before a rule on its line are ASCII.
    pub(in crate::compile) fn map(self, texts: &[SourceText<'_>]) -> Option<Map> {
        let mappings = self.0?.get_mappings().into_iter().filter_map(|mapping| {
            let original = mapping.original?;
            Some(Mapping {
                generated: (mapping.generated_line, mapping.generated_column),
                source: original.source as usize,
                original: (original.original_line, original.original_column),
            })
        });
        Some(map(texts, mappings))
    }
}

//! What lightningcss tells of where it has printed what.

use lightningcss::stylesheet::PrinterOptions;
use parcel_sourcemap::SourceMap;

use super::{Given, Step, is_wanted, map};
use crate::{compile::Stage, source_map::Map};

/// The places of one printed style sheet, where a source map is wanted.
pub(super) struct Chart(Option<SourceMap>);

impl Chart {
    pub(super) fn wanted(stage: &Stage<'_>) -> Self {
        Self(is_wanted(stage).then(|| SourceMap::new("/")))
    }

    /// Options of a printer that draws on this.
    pub(super) fn options(&mut self) -> PrinterOptions<'_> {
        PrinterOptions { source_map: self.0.as_mut(), ..PrinterOptions::default() }
    }

    /// The source map of what was printed from the `given` texts, in the order in which the printer counts them.
    /// It counts bytes in a line, of which all that stand before a rule are ASCII.
    pub(super) fn map(self, given: &[Given<'_>]) -> Option<Map> {
        let steps = self.0?.get_mappings().into_iter().filter_map(|mapping| {
            let from = mapping.original?;
            Some(Step {
                compiled: (mapping.generated_line, mapping.generated_column),
                text: from.source as usize,
                given: (from.original_line, from.original_column),
            })
        });
        Some(map(given, steps))
    }
}

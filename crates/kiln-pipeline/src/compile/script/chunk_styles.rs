//! Style sheets of chunks: one for each chunk, of the sheets that its modules import, in the order of execution.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use kiln_manifest::{Exposure, LogicalPath};
use rolldown_common::OutputChunk;

use super::{
    chunk::{ChunkNames, sheet_of},
    imported_style::ImportedStyle,
};
use crate::{
    Result,
    compile::{
        css::sheets::Mapped,
        output::Compiled,
        style::{Styles, join},
    },
};

/// The style sheets of all chunks.
#[derive(Debug, Default)]
pub(super) struct ChunkStyles {
    pub(super) outputs: Vec<Compiled>,
    /// Style sheets by script.
    pub(super) by_script: BTreeMap<LogicalPath, LogicalPath>,
}

impl ChunkStyles {
    /// Joins the sheets of each chunk; `css` holds imported sheets by file.
    pub(super) fn new(
        styles: &Styles<'_>,
        chunks: &[Arc<OutputChunk>],
        names: &ChunkNames,
        css: &BTreeMap<PathBuf, (Mapped, ImportedStyle)>,
    ) -> Result<Self> {
        let mut sheets = Self::default();
        for chunk in chunks {
            let modules = chunk.modules.keys.iter();
            let parts: Vec<&Mapped> =
                modules.filter_map(|id| Some(&css.get(&PathBuf::from(id.as_str()))?.0)).collect();
            if parts.is_empty() {
                continue;
            }
            let css = styles.finish(join(&parts)?)?;
            if css.text.trim().is_empty() {
                continue;
            }
            let script = names.of(chunk);
            let path = sheet_of(styles.context, script, &sheets.by_script);
            sheets.by_script.insert(script.clone(), path.clone());
            sheets.outputs.push(styles.output(path, Exposure::Hashed, css));
        }
        Ok(sheets)
    }
}

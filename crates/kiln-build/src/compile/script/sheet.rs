//! Style sheets that scripts import: one for each chunk, with all that the chunk's modules import, in the order
//! in which they would run.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use kiln_manifest::{Exposure, LogicalPath};
use rolldown_common::OutputChunk;

use super::chunk::{Names, sheet_of};
use crate::{
    Result,
    compile::{Compiled, Content, Stage, mapped::Mapped, media_type, style},
};

/// What an imported style sheet is to the script: a module that holds names, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The sheets that have to come before it.
    pub(super) before: Vec<PathBuf>,
    /// The generated names, by those of the source.
    pub(super) names: BTreeMap<String, String>,
}

/// A sheet's own text, and what it is to a script that imports it.
pub(super) fn compile(stage: &Stage<'_>, file: &Path) -> Result<(Mapped, Sheet)> {
    if !style::is_module(file) {
        return Ok((style::plain(stage, file)?, Sheet::default()));
    }
    let mut module = style::module(stage, file)?;
    let own = module.sheets.pop().map(|(_, css)| css).unwrap_or_default();
    let before = module.sheets.into_iter().map(|(file, _)| file).collect();
    Ok((own, Sheet { before, names: module.exports }))
}

/// The sheets of all chunks.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    pub(super) outputs: Vec<Compiled>,
    /// The sheet of each script that has one.
    pub(super) by_script: BTreeMap<LogicalPath, LogicalPath>,
}

impl Sheets {
    /// Puts the sheets together; `css` holds the text of each by its file.
    pub(super) fn of(
        stage: &Stage<'_>,
        chunks: &[Arc<OutputChunk>],
        names: &Names,
        css: &BTreeMap<PathBuf, (Mapped, Sheet)>,
    ) -> Result<Self> {
        let mut sheets = Self::default();
        for chunk in chunks {
            let modules = chunk.modules.keys.iter();
            let parts: Vec<&Mapped> =
                modules.filter_map(|id| Some(&css.get(&PathBuf::from(id.as_str()))?.0)).collect();
            if parts.is_empty() {
                continue;
            }
            let Mapped { text, map } = style::finished(stage, style::joined(&parts)?)?;
            if text.trim().is_empty() {
                continue;
            }
            let script = names.of(chunk);
            let path = sheet_of(stage, script, &sheets.by_script);
            sheets.by_script.insert(script.clone(), path.clone());
            if let Some(map) = map {
                stage.map(path.clone(), map);
            }
            sheets.outputs.push(Compiled {
                media_type: media_type(&path),
                path,
                exposure: Exposure::Hashed,
                content: Content::Marked(text),
                imports: Vec::new(),
                preloads: Vec::new(),
                inline: Vec::new(),
            });
        }
        Ok(sheets)
    }
}

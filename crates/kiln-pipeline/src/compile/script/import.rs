//! Imports of files that are no scripts: `./logo.svg`, and those with a query (`./card.html?raw`).

use std::path::Path;

use oxc::syntax::{identifier::is_identifier_name, keyword::is_reserved_keyword};
use rolldown_utils::{dataurl::encode_as_shortest_dataurl, mime::guess_mime};

use super::{
    import_error::ImportError,
    imported_style::ImportedStyle,
    literal::literal,
    service::{Handle, Target},
};
use crate::source::Language;

/// The kind of an import, by its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImportKind {
    /// No query: scripts, JSON and text are bundled, style sheets linked, of other files the URL is given.
    Plain,
    /// `?url`: its URL, a script's or a style sheet's as well.
    Url,
    /// `?raw`: its text as it was written.
    Raw,
    /// `?inline`: the file as a `data:` URL; of a style sheet, its compiled text.
    Inline,
    /// `?worker`: a function that makes a worker of the script.
    Worker,
    /// `?sharedworker`: a function that makes a shared worker of the script.
    SharedWorker,
}

/// The file that `id` names, and the kind of its import.
pub(super) fn import_kind(id: &str) -> Result<(&Path, ImportKind), ImportError> {
    let Some((file, query)) = id.split_once('?') else { return Ok((Path::new(id), ImportKind::Plain)) };
    let kind = match query {
        "url" => ImportKind::Url,
        "raw" => ImportKind::Raw,
        "inline" => ImportKind::Inline,
        "worker" => ImportKind::Worker,
        "sharedworker" => ImportKind::SharedWorker,
        other => return Err(ImportError::UnknownQuery(other.to_owned())),
    };
    Ok((Path::new(file), kind))
}

/// A module that stands for a file.
#[derive(Default)]
pub(super) struct ImportedModule {
    pub(super) code: String,
    /// The file itself, in the language that its name says, and not a script made for it.
    pub(super) is_file: bool,
    /// The URL that it holds.
    pub(super) target: Option<Target>,
    /// A style sheet is wanted for itself, whether or not a name of it is used.
    pub(super) is_style: bool,
}

/// The module that stands for `file`. None when rolldown has to say what is wrong with it.
///
/// rolldown would have each file read by another thread, which takes longer than to read one that is in memory.
pub(super) async fn module(
    handle: &Handle,
    file: &Path,
    kind: ImportKind,
) -> Result<Option<ImportedModule>, ImportError> {
    let asked = file.to_owned();
    let value = |value: &str| format!("export default {};", literal(value));
    let code = match kind {
        ImportKind::Plain if is_style(file) => {
            let sheet = handle.call(move |service| service.sheet(&asked)).await?;
            return Ok(Some(ImportedModule {
                code: names(&sheet),
                is_style: true,
                ..ImportedModule::default()
            }));
        }
        ImportKind::Plain if is_bundled(file) => {
            let code = std::fs::read_to_string(file).ok();
            return Ok(code.map(|code| ImportedModule { code, is_file: true, ..ImportedModule::default() }));
        }
        ImportKind::Raw => value(&std::fs::read_to_string(file).map_err(|_| ImportError::NoText)?),
        ImportKind::Inline if is_style(file) => {
            value(&handle.call(move |service| service.inline_sheet(&asked)).await?)
        }
        ImportKind::Inline => value(&data_url(file)?),
        ImportKind::Plain | ImportKind::Url | ImportKind::Worker | ImportKind::SharedWorker => {
            let target = handle.call(move |service| service.import(&asked)).await??;
            let code = match kind {
                ImportKind::Worker | ImportKind::SharedWorker if !target.is_script => {
                    return Err(ImportError::NoWorker);
                }
                ImportKind::Worker => worker("Worker", &target.token),
                ImportKind::SharedWorker => worker("SharedWorker", &target.token),
                _ => value(&target.token),
            };
            return Ok(Some(ImportedModule { code, target: Some(target), ..ImportedModule::default() }));
        }
    };
    Ok(Some(ImportedModule { code, ..ImportedModule::default() }))
}

/// The names of a CSS module, each by itself where a script can say it, and all of them together.
fn names(sheet: &ImportedStyle) -> String {
    let before = sheet.before.iter().map(|file| format!("import {};\n", literal(&file.to_string_lossy())));
    let sayable =
        sheet.names.iter().filter(|(name, _)| is_identifier_name(name) && !is_reserved_keyword(name));
    let each = sayable.map(|(name, generated)| format!("export const {name} = {};\n", literal(generated)));
    let all =
        sheet.names.iter().map(|(name, generated)| format!("{}: {}", literal(name), literal(generated)));
    let all = format!("export default {{ {} }};\n", all.collect::<Vec<_>>().join(", "));
    before.chain(each).chain([all]).collect()
}

fn worker(constructor: &str, url: &str) -> String {
    let url = literal(url);
    format!(
        "export default function (options) {{ return new {constructor}({url}, {{ ...options, type: \"module\" }}); }}"
    )
}

fn data_url(file: &Path) -> Result<String, ImportError> {
    let content = std::fs::read(file).map_err(|_| ImportError::Unreadable)?;
    let media_type = guess_mime(file, &content).map_err(|_| ImportError::Unreadable)?;
    Ok(encode_as_shortest_dataurl(&media_type, &content))
}

pub(super) fn is_style(file: &Path) -> bool {
    language(file) == Language::Style
}

/// Whether rolldown knows the file as it is: scripts, JSON and text.
fn is_bundled(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_none_or(|extension| ["json", "txt"].contains(&extension))
        || language(file) == Language::Script
}

fn language(file: &Path) -> Language {
    let extension = file.extension().and_then(|extension| extension.to_str());
    Language::of_extension(extension.unwrap_or_default())
}

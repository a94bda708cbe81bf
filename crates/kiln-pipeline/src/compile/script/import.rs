//! Imports of files other than scripts: `./logo.svg`, and imports with a query (`./card.html?raw`).

use std::path::Path;

use oxc::syntax::{identifier::is_identifier_name, keyword::is_reserved_keyword};
use rolldown_utils::{dataurl::encode_as_shortest_dataurl, mime::guess_mime};

use super::{
    import_error::ImportError,
    imported_style::ImportedStyle,
    literal::literal,
    service::{Handle, Target, UrlUse},
};
use crate::source::{Language, uncompiled};

/// The kind of an import, by its query. Names are those of Vite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImportKind {
    /// No query: the bundled module of a script or JSON file, the names of a style sheet, or the URL of another file.
    NoQuery,
    /// `?url`: the URL, also of a script or style sheet.
    Url,
    /// `?raw`: the text of the file.
    Raw,
    /// `?inline`: a `data:` URL; for a style sheet, the compiled text.
    Inline,
    /// `?init`: a function that instantiates a WebAssembly module.
    Init,
    /// `?sheet`, and `with { type: "css" }`: a constructable style sheet.
    Sheet,
    /// `?worker`: a constructor of workers that run the script.
    Worker,
    /// `?worker&url`: the URL of a script for workers.
    WorkerUrl,
    /// `?sharedworker`: a constructor of shared workers that run the script.
    SharedWorker,
}

/// The file that `id` names, and the kind of its import. Parameters of a query may stand in any order.
pub(super) fn import_kind(id: &str) -> Result<(&Path, ImportKind), ImportError> {
    let Some((file, query)) = id.split_once('?') else { return Ok((Path::new(id), ImportKind::NoQuery)) };
    let names: Vec<&str> = query.split('&').collect();
    let known = ["url", "raw", "inline", "no-inline", "init", "sheet", "worker", "sharedworker"];
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        return Err(ImportError::UnknownQuery((*unknown).to_owned()));
    }
    let has = |name: &str| names.contains(&name);
    let kind = match () {
        () if has("raw") => ImportKind::Raw,
        () if has("sheet") => ImportKind::Sheet,
        () if has("init") => ImportKind::Init,
        () if (has("worker") || has("sharedworker")) && has("url") => ImportKind::WorkerUrl,
        () if has("worker") => ImportKind::Worker,
        () if has("sharedworker") => ImportKind::SharedWorker,
        () if has("inline") => ImportKind::Inline,
        () => ImportKind::Url,
    };
    Ok((Path::new(file), kind))
}

/// A module that stands for a file.
#[derive(Default)]
pub(super) struct ImportedModule {
    pub(super) code: String,
    /// Whether the code is the file itself, in the language of its extension, and not a generated script.
    pub(super) is_file: bool,
    /// The target of the URL in the code.
    pub(super) target: Option<Target>,
    /// Whether the file is a style sheet, which has a side effect even when no name of it is used.
    pub(super) is_style: bool,
}

/// The module that stands for `file`; `None` when the file is unreadable, which rolldown reports.
///
/// Scripts are read here, since rolldown would read each on another thread, which takes longer than reading a cached
/// file.
pub(super) async fn module(
    handle: &Handle,
    file: &Path,
    kind: ImportKind,
) -> Result<Option<ImportedModule>, ImportError> {
    let requested = file.to_owned();
    let value = |value: &str| format!("export default {};", literal(value));
    if let ImportKind::Raw | ImportKind::Inline = kind {
        let content = requested.clone();
        handle.call(move |service| service.dependencies.contents.insert(content)).await?;
    }
    let code = match kind {
        ImportKind::NoQuery if is_style(file) => {
            let sheet = handle.call(move |service| service.sheet(&requested)).await?;
            return Ok(Some(ImportedModule {
                code: names(&sheet),
                is_style: true,
                ..ImportedModule::default()
            }));
        }
        ImportKind::NoQuery if is_bundled(file) => {
            let code = std::fs::read_to_string(file).ok();
            // JSON has no byte order mark (RFC 8259 §8.1).
            let code = code.map(|code| match code.strip_prefix('\u{feff}') {
                Some(json) if extension(file) == "json" => json.to_owned(),
                _ => code,
            });
            return Ok(code.map(|code| ImportedModule { code, is_file: true, ..ImportedModule::default() }));
        }
        ImportKind::NoQuery if !is_asset(file) => return Err(unsupported(file)),
        ImportKind::Raw => value(&std::fs::read_to_string(file).map_err(|_| ImportError::NoText)?),
        ImportKind::Inline if is_style(file) => {
            value(&handle.call(move |service| service.inline_sheet(&requested)).await?)
        }
        ImportKind::Sheet if is_style(file) => {
            constructable(&handle.call(move |service| service.inline_sheet(&requested)).await?)
        }
        ImportKind::Sheet => return Err(ImportError::NoStyle),
        ImportKind::Inline => value(&data_url(file)?),
        kind => {
            let url_use = match kind {
                ImportKind::Worker | ImportKind::WorkerUrl | ImportKind::SharedWorker => UrlUse::Worker,
                _ => UrlUse::File,
            };
            let target = handle.call(move |service| service.import(&requested, url_use)).await??;
            let code = match kind {
                ImportKind::Worker | ImportKind::SharedWorker if !target.is_script => {
                    return Err(ImportError::NoWorker);
                }
                ImportKind::Worker => worker("Worker", &target.token),
                ImportKind::SharedWorker => worker("SharedWorker", &target.token),
                ImportKind::Init => init(&target.token),
                _ => value(&target.token),
            };
            let code = in_format_of(file, code);
            return Ok(Some(ImportedModule { code, target: Some(target), ..ImportedModule::default() }));
        }
    };
    Ok(Some(ImportedModule { code: in_format_of(file, code), ..ImportedModule::default() }))
}

/// The code in the format by which rolldown reads modules of this name: `.cjs` is `CommonJS`, with a query too.
fn in_format_of(file: &Path, code: String) -> String {
    match extension(file) {
        "cjs" | "cts" => code.replacen("export default ", "module.exports = ", 1),
        _ => code,
    }
}

/// The code of a CSS module: a named export for each name that is an identifier, and a default export of all names.
fn names(sheet: &ImportedStyle) -> String {
    let before = sheet.before.iter().map(|specifier| format!("import {};\n", literal(specifier)));
    let identifiers = sheet.names.iter().filter(|(name, _)| is_export(name));
    let each =
        identifiers.map(|(name, generated)| format!("export const {name} = {};\n", literal(generated)));
    let all =
        sheet.names.iter().map(|(name, generated)| format!("{}: {}", literal(name), literal(generated)));
    let all = format!("export default {{ {} }};\n", all.collect::<Vec<_>>().join(", "));
    before.chain(each).chain([all]).collect()
}

/// Whether a name of a CSS module is a named export. Modules are strict: `eval` and `arguments` are no names of constants.
pub(super) fn is_export(name: &str) -> bool {
    is_identifier_name(name) && !is_reserved_keyword(name) && !["arguments", "eval"].contains(&name)
}

fn worker(constructor: &str, url: &str) -> String {
    let url = literal(url);
    format!(
        "export default function (options) {{ return new {constructor}({url}, {{ ...options, type: \"module\" }}); }}"
    )
}

/// A function that instantiates the WebAssembly module at `url`, as Vite's.
fn init(url: &str) -> String {
    let url = literal(url);
    format!(
        "export default async (imports = {{}}) => \
         (await WebAssembly.instantiateStreaming(fetch({url}), imports)).instance;"
    )
}

fn constructable(css: &str) -> String {
    let css = literal(css);
    format!("const sheet = new CSSStyleSheet();\nsheet.replaceSync({css});\nexport default sheet;\n")
}

fn data_url(file: &Path) -> Result<String, ImportError> {
    let content = std::fs::read(file).map_err(|_| ImportError::Unreadable)?;
    let media_type = guess_mime(file, &content).map_err(|_| ImportError::Unreadable)?;
    Ok(encode_as_shortest_dataurl(&media_type, &content))
}

pub(super) fn is_style(file: &Path) -> bool {
    language(file) == Language::Style
}

/// Whether rolldown bundles the file itself: scripts and JSON.
fn is_bundled(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_none_or(|extension| extension == "json") || language(file) == Language::Script
}

/// Whether an import without a query is the URL of the file.
fn is_asset(file: &Path) -> bool {
    ASSETS.contains(&extension(file).to_ascii_lowercase().as_str())
}

/// Extensions of files that an import stands for by their URL: those of Vite, and WebAssembly.
const ASSETS: [&str; 36] = [
    "aac",
    "apng",
    "avif",
    "bmp",
    "cur",
    "eot",
    "flac",
    "gif",
    "ico",
    "jfif",
    "jpeg",
    "jpg",
    "jxl",
    "m4a",
    "mov",
    "mp3",
    "mp4",
    "ogg",
    "opus",
    "otf",
    "pdf",
    "pjp",
    "pjpeg",
    "png",
    "svg",
    "ttf",
    "txt",
    "vtt",
    "wasm",
    "wav",
    "weba",
    "webm",
    "webmanifest",
    "webp",
    "woff",
    "woff2",
];

fn unsupported(file: &Path) -> ImportError {
    uncompiled(extension(file)).map_or(ImportError::UnknownType, ImportError::Uncompiled)
}

fn language(file: &Path) -> Language {
    Language::of_extension(extension(file))
}

fn extension(file: &Path) -> &str {
    file.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_asset_is_declared_for_typescript() {
        let declarations = include_str!("../../../kiln.d.ts");
        for extension in ASSETS {
            let declaration = format!("declare module \"*.{extension}\"");
            assert!(declarations.contains(&declaration), "{declaration} is missing");
        }
    }
}

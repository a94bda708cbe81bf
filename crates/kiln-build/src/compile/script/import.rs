//! Imports of what is no script: `./logo.svg`, and what a query asks for (`./card.html?raw`).

use std::path::Path;

use oxc::syntax::{identifier::is_identifier_name, keyword::is_reserved_keyword};
use rolldown_utils::{dataurl::encode_as_shortest_dataurl, mime::guess_mime};

use super::{
    desk::{Closed, Target, Window},
    sheet::Sheet,
};

/// What an import asks of a file, by its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Nothing: scripts, JSON and text are bundled, style sheets linked, of other files the URL is given.
    Plain,
    /// `?url`: its URL, a script's or a style sheet's as well.
    Url,
    /// `?raw`: its text as it was written.
    Raw,
    /// `?inline`: the file as a `data:` URL; of a style sheet, its compiled text.
    Inline,
    /// `?worker`: a function that makes a worker of the script.
    Worker,
    /// `?sharedworker`: the same for a shared one.
    SharedWorker,
}

/// Why something cannot be imported.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("neither a script nor a file with a URL")]
    Outside,
    #[error("private, and a script is served")]
    Private,
    #[error("`?{0}` asks for nothing that is known")]
    UnknownQuery(String),
    #[error("not a script")]
    NoWorker,
    #[error("no text in UTF-8")]
    NoText,
    #[error("cannot be read")]
    Unreadable,
    #[error(transparent)]
    Closed(#[from] Closed),
}

impl Refusal {
    /// The mend.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Outside => "keep files that scripts import below assets/",
            Self::Private => "take it out of `private` in [package.metadata.kiln], or do not import it",
            Self::UnknownQuery(_) => "the queries are ?url, ?raw, ?inline, ?worker and ?sharedworker",
            Self::NoWorker => "a worker is made of a script below assets/",
            Self::NoText => "save it as UTF-8, or import it with ?url",
            Self::Unreadable => "see that it is there, and that this user may read it",
            Self::Closed(_) => "mend what else is told, and build again",
        }
    }
}

/// The file that `id` names, and what of it is wanted.
pub(super) fn wanted(id: &str) -> Result<(&Path, Wanted), Refusal> {
    let Some((file, query)) = id.split_once('?') else { return Ok((Path::new(id), Wanted::Plain)) };
    let wanted = match query {
        "url" => Wanted::Url,
        "raw" => Wanted::Raw,
        "inline" => Wanted::Inline,
        "worker" => Wanted::Worker,
        "sharedworker" => Wanted::SharedWorker,
        other => return Err(Refusal::UnknownQuery(other.to_owned())),
    };
    Ok((Path::new(file), wanted))
}

/// A module that stands for a file.
#[derive(Default)]
pub(super) struct Module {
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
pub(super) async fn module(window: &Window, file: &Path, wanted: Wanted) -> Result<Option<Module>, Refusal> {
    let asked = file.to_owned();
    let value = |value: &str| format!("export default {};", literal(value));
    let code = match wanted {
        Wanted::Plain if is_style(file) => {
            let sheet = window.ask(move |desk| desk.sheet(&asked)).await?;
            return Ok(Some(Module { code: names(&sheet), is_style: true, ..Module::default() }));
        }
        Wanted::Plain if is_bundled(file) => {
            let code = std::fs::read_to_string(file).ok();
            return Ok(code.map(|code| Module { code, is_file: true, ..Module::default() }));
        }
        Wanted::Raw => value(&std::fs::read_to_string(file).map_err(|_| Refusal::NoText)?),
        Wanted::Inline if is_style(file) => value(&window.ask(move |desk| desk.inline_sheet(&asked)).await?),
        Wanted::Inline => value(&data_url(file)?),
        Wanted::Plain | Wanted::Url | Wanted::Worker | Wanted::SharedWorker => {
            let target = window.ask(move |desk| desk.import(&asked)).await??;
            let code = match wanted {
                Wanted::Worker | Wanted::SharedWorker if !target.is_script => return Err(Refusal::NoWorker),
                Wanted::Worker => worker("Worker", &target.token),
                Wanted::SharedWorker => worker("SharedWorker", &target.token),
                _ => value(&target.token),
            };
            return Ok(Some(Module { code, target: Some(target), ..Module::default() }));
        }
    };
    Ok(Some(Module { code, ..Module::default() }))
}

/// The names of a CSS module, each by itself where a script can say it, and all of them together.
fn names(sheet: &Sheet) -> String {
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

fn data_url(file: &Path) -> Result<String, Refusal> {
    let content = std::fs::read(file).map_err(|_| Refusal::Unreadable)?;
    let media_type = guess_mime(file, &content).map_err(|_| Refusal::Unreadable)?;
    Ok(encode_as_shortest_dataurl(&media_type, &content))
}

/// JSON is a literal of JavaScript, whatever it holds (ECMA-262 since its tenth edition).
pub(super) fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(super) fn is_style(file: &Path) -> bool {
    file.extension().is_some_and(|extension| ["css", "sass", "scss"].iter().any(|style| extension == *style))
}

/// What rolldown knows as it is: scripts, JSON and text.
fn is_bundled(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_none_or(|extension| {
        ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "json", "txt"].contains(&extension)
    })
}

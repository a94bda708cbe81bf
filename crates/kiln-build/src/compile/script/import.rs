//! Imports of what is no script: `./logo.svg`, and what a query asks for (`./card.html?raw`).

use std::path::Path;

use rolldown_utils::{dataurl::encode_as_shortest_dataurl, mime::guess_mime};

use super::desk::{Closed, Target, Window};

/// What an import asks of a file, by its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Nothing: scripts, JSON and text are bundled, of other files the URL is given.
    Plain,
    /// `?url`: its URL, a script's or a style sheet's as well.
    Url,
    /// `?raw`: its text as it was written.
    Raw,
    /// `?inline`: the file as a `data:` URL.
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
    #[error("a style sheet")]
    Style,
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
            Self::Style => "link a style sheet from a page, or import its URL with ?url",
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

/// The module that stands for `file`, and the URL that it holds. None when rolldown reads the file itself.
pub(super) async fn module(
    window: &Window,
    file: &Path,
    wanted: Wanted,
) -> Result<Option<(String, Option<Target>)>, Refusal> {
    let asked = file.to_owned();
    window.ask(move |desk| desk.may_be_served(&asked)).await??;
    if wanted == Wanted::Plain && is_bundled(file) {
        return Ok(None);
    }
    let value = match wanted {
        Wanted::Plain if file.extension().is_some_and(|extension| extension == "css") => {
            return Err(Refusal::Style);
        }
        Wanted::Raw => literal(&std::fs::read_to_string(file).map_err(|_| Refusal::NoText)?),
        Wanted::Inline => literal(&data_url(file)?),
        Wanted::Plain | Wanted::Url | Wanted::Worker | Wanted::SharedWorker => {
            let asked = file.to_owned();
            let target = window.ask(move |desk| desk.import(&asked)).await??;
            let url = literal(&target.token);
            let code = match wanted {
                Wanted::Worker => worker("Worker", &url),
                Wanted::SharedWorker => worker("SharedWorker", &url),
                _ => format!("export default {url};"),
            };
            if matches!(wanted, Wanted::Worker | Wanted::SharedWorker) && !target.is_script {
                return Err(Refusal::NoWorker);
            }
            return Ok(Some((code, Some(target))));
        }
    };
    Ok(Some((format!("export default {value};"), None)))
}

fn worker(constructor: &str, url: &str) -> String {
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

/// What rolldown reads itself: scripts, JSON and text.
fn is_bundled(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_none_or(|extension| {
        ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "json", "txt"].contains(&extension)
    })
}

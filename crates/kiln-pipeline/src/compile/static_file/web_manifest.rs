//! Web app manifests (W3C Web Application Manifest): icons, screenshots, and the start URL. URLs are relative to the
//! manifest, so each has to be rewritten.

use serde_json::Value;

use crate::{
    Error, Result,
    compile::{context::Context, entry::Entry},
    reference::Purpose,
    source::{Language, Source},
    text::{Edit, Text, apply, json_strings},
};

/// Paths of members that hold a URL. Elements of an array have the path segment `*`.
const MEMBERS: [(&str, Purpose); 11] = [
    ("file_handlers/*/action", Purpose::Navigation),
    ("file_handlers/*/icons/*/src", Purpose::Resource),
    ("icons/*/src", Purpose::Resource),
    ("scope", Purpose::Navigation),
    ("screenshots/*/src", Purpose::Resource),
    ("serviceworker/scope", Purpose::Navigation),
    (SERVICE_WORKER, Purpose::ServiceWorker),
    ("share_target/action", Purpose::Navigation),
    ("shortcuts/*/icons/*/src", Purpose::Resource),
    ("shortcuts/*/url", Purpose::Navigation),
    ("start_url", Purpose::Navigation),
];

/// The script of a service worker, for payment handlers (W3C Payment Handler API).
const SERVICE_WORKER: &str = "serviceworker/src";

/// The service worker that a manifest names. Mistakes are errors of [`compile`].
pub(super) fn service_worker<'a>(context: &Context<'a>, source: &Source) -> Option<Entry<'a>> {
    let text = context.read_text(&source.file).ok()?;
    serde_json::from_str::<Value>(text.content()).ok()?;
    let (_, place) = json_strings(text.content()).into_iter().find(|(member, _)| member == SERVICE_WORKER)?;
    let written: String = serde_json::from_str(&text.content()[place.clone()]).ok()?;
    let found = context.tree.resolve(&source.path, &written, Purpose::ServiceWorker, (&text, place));
    let (script, _) = found.ok()??;
    (script.language == Language::Script).then_some(Entry::ServiceWorker(script))
}

/// The text with tokens; `None` for a manifest without references.
pub(super) fn compile(context: &Context<'_>, source: &Source) -> Result<Option<String>> {
    let text = context.read_text(&source.file)?;
    if let Err(error) = serde_json::from_str::<Value>(text.content()) {
        return Err(malformed(&text, &error));
    }
    let edits = Error::collect(json_strings(text.content()).into_iter().map(|(member, place)| {
        let Some((_, purpose)) = MEMBERS.iter().find(|(name, _)| *name == member) else { return Ok(None) };
        let written: String = serde_json::from_str(&text.content()[place.clone()]).unwrap_or_default();
        let inner = place.start + 1..place.end - 1;
        let token = context.token(&source.path, &written, *purpose, (&text, inner.clone()))?;
        Ok(token.map(|token| Edit { place: inner, text: token }))
    }))?;
    let edits: Vec<_> = edits.into_iter().flatten().collect();
    Ok((!edits.is_empty()).then(|| apply(text.content(), &edits)))
}

fn malformed(text: &Text, error: &serde_json::Error) -> Error {
    let place = text.word_at_position(error.line(), error.column());
    text.error(place, format!("invalid web app manifest: {error}"))
        .with_help("fix the JSON: browsers ignore a manifest that does not parse")
        .into()
}

//! Resolution of a URL in a source, `../logo.svg?v=1#icon`, to an output.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use kiln_manifest::LogicalPath;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::token::{Reference, ReferenceSite, References};
use crate::{
    Result,
    config::GlobList,
    error::{SourceError, nearest},
    source::{Language, Source},
    text::Text,
};

/// Characters that would end an unquoted `url()`.
const ENDS_URL: AsciiSet = CONTROLS.add(b' ').add(b'"').add(b'\'').add(b'(').add(b')').add(b'\\');

/// The sources by name, and the routes that need no source.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    sources: BTreeMap<&'a LogicalPath, &'a Source>,
    routes: &'a GlobList,
}

/// The purpose of a reference, which decides the targets that it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A file that the page or style needs: root-relative targets must exist as well.
    Resource,
    /// A link: root-relative targets may be routes of the application.
    Navigation,
    /// The script of a service worker.
    ServiceWorker,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(sources: &'a [Source], routes: &'a GlobList) -> Self {
        Self { sources: sources.iter().map(|source| (&source.path, source)).collect(), routes }
    }

    pub(crate) fn get(&self, path: &LogicalPath) -> Option<&'a Source> {
        self.sources.get(path).copied()
    }

    /// The source to which `written` in the file `base` refers, with its query and fragment. `None` for a reference to
    /// another host, to a route, or within the same file.
    ///
    /// # Errors
    /// When the target does not exist.
    pub(crate) fn resolve(
        &self,
        base: &LogicalPath,
        written: &str,
        purpose: Purpose,
        place: (&Text, Range<usize>),
    ) -> Result<Option<(&'a Source, String)>> {
        let written = written.trim();
        let (name, suffix) = split_suffix(written);
        if name.is_empty() || is_elsewhere(name) {
            return Ok(None);
        }
        let decoded = decoded(name);
        if let Some(source) = self.lookup(base, &decoded, purpose) {
            return Ok(Some((source, suffix.to_owned())));
        }
        let may_be_route = purpose == Purpose::Navigation && !decoded.ends_with(".html");
        if name.starts_with('/') && (may_be_route || self.routes.is_match(name)) {
            return Ok(None);
        }
        let (text, span) = place;
        Err(self.dangling(base, &decoded, text.error(span, format!("`{name}` not found"))).into())
    }

    /// The source that `written` in the file `base` names, with its query and fragment; another text is no mistake.
    pub(crate) fn find<'w>(&self, base: &LogicalPath, written: &'w str) -> Option<(&'a Source, &'w str)> {
        let (name, suffix) = split_suffix(written.trim());
        if name.is_empty() || is_elsewhere(name) {
            return None;
        }
        Some((self.lookup(base, &decoded(name), Purpose::Resource)?, suffix))
    }

    fn lookup(&self, base: &LogicalPath, name: &str, purpose: Purpose) -> Option<&'a Source> {
        let get = |name: &str| base.join(name).ok().and_then(|path| self.get(&path));
        match purpose {
            Purpose::Resource | Purpose::ServiceWorker => get(name),
            Purpose::Navigation => get(name).or_else(|| {
                let folder = name.trim_end_matches('/');
                [
                    format!("{name}.html"),
                    format!("{name}.htm"),
                    format!("{folder}/index.html"),
                    format!("{folder}/index.htm"),
                ]
                .iter()
                .find_map(|name| get(name))
            }),
        }
    }

    fn dangling(&self, base: &LogicalPath, name: &str, error: SourceError) -> SourceError {
        if climbs_out(base, name) {
            return error
                .with_label("outside of assets/")
                .with_help("copy the file below assets/: nothing outside of it is embedded");
        }
        let wanted = base.join(name).map_or_else(|_| name.to_owned(), |path| path.to_string());
        let names = self.sources.keys().map(|path| path.as_str());
        let help = match nearest(&wanted, names) {
            Some(suggestion) => format!("{suggestion} (names below assets/)"),
            None if name.starts_with('/') => {
                "add the file below assets/, or add the URL to `routes` in [package.metadata.kiln] if the application answers it".to_owned()
            }
            None => format!("add `{wanted}` below assets/, or fix the reference"),
        };
        error.with_label("no such file below assets/").with_help(help)
    }
}

/// Records a reference in a style sheet to `source`, followed by `suffix`, and returns its token.
pub(crate) fn record(
    references: &References,
    source: &Source,
    suffix: &str,
    (text, span): (&Text, Range<usize>),
) -> String {
    let suffix = utf8_percent_encode(suffix, &ENDS_URL).to_string();
    references
        .record(Reference::url_with(output_of(source), suffix), ReferenceSite::Source(text.clone(), span))
}

/// The name of the file in a URL, and the query and fragment after it.
pub(crate) fn split_suffix(written: &str) -> (&str, &str) {
    written.split_at(written.find(['?', '#']).unwrap_or(written.len()))
}

/// The name of the output of `source`: scripts become `.js`, style sheets `.css`.
pub(crate) fn output_of(source: &Source) -> LogicalPath {
    match source.language {
        Language::Script => source.path.with_extension("js").unwrap_or_else(|_| source.path.clone()),
        Language::Style => source.path.with_extension("css").unwrap_or_else(|_| source.path.clone()),
        Language::Page | Language::Partial | Language::StaticFile => source.path.clone(),
    }
}

/// The name of the output of `source` as a service worker: at the root, which is the widest scope that browsers allow.
pub(crate) fn service_worker_of(source: &Source) -> LogicalPath {
    let output = output_of(source);
    let name = output.as_str().rsplit('/').next().and_then(|name| LogicalPath::new(name).ok());
    name.unwrap_or(output)
}

/// A name without percent-encoding. A name with an encoded slash is left alone: for browsers the slash is part of a
/// segment, and no file name has one.
pub(crate) fn decoded(name: &str) -> Cow<'_, str> {
    let lower = name.to_ascii_lowercase();
    if lower.contains("%2f") || lower.contains("%5c") {
        return name.into();
    }
    percent_decode_str(name).decode_utf8_lossy()
}

/// Whether a reference leaves the root by `..`.
fn climbs_out(base: &LogicalPath, name: &str) -> bool {
    let folders = if name.starts_with('/') { 0 } else { base.as_str().matches('/').count() };
    let mut depth = folders.cast_signed();
    name.trim_start_matches('/').split('/').any(|segment| {
        depth += match segment {
            ".." => -1,
            "." => 0,
            _ => 1,
        };
        depth < 0
    })
}

/// Whether a URL has a scheme, or is relative to the scheme (`//host/…`).
pub(crate) fn is_elsewhere(name: &str) -> bool {
    name.starts_with("//")
        || name.split_once(':').is_some_and(|(scheme, _)| {
            scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
        })
}

#[cfg(test)]
mod tests {
    use kiln_manifest::Exposure;

    use super::*;

    #[test]
    fn references_resolve_to_sources_routes_and_other_hosts() {
        let source = |path: &str| Source {
            path: LogicalPath::new(path).expect(path),
            file: path.into(),
            language: Language::StaticFile,
            exposure: Exposure::Hashed,
        };
        let sources = ["img/a b.svg", "about.html", "docs/index.html", "logo.svg"].map(source);
        let routes = GlobList::default();
        let tree = Tree::new(&sources, &routes);
        let base = LogicalPath::new("docs/index.html").expect("base");
        let text = Text::new("docs/index.html", "");
        let resolve = |written: &str, purpose| {
            tree.resolve(&base, written, purpose, (&text, 0..0))
                .map(|found| found.map(|(source, suffix)| format!("{}{suffix}", source.path)))
                .map_err(|error| error.to_string())
        };
        let (resource, navigation) = (Purpose::Resource, Purpose::Navigation);
        for (written, purpose, expected) in [
            ("../img/a%20b.svg?v=1#x", resource, Ok(Some("img/a b.svg?v=1#x"))),
            ("/logo.svg", resource, Ok(Some("logo.svg"))),
            ("../about", navigation, Ok(Some("about.html"))),
            ("./", navigation, Ok(Some("docs/index.html"))),
            ("../docs/#top", navigation, Ok(Some("docs/index.html#top"))),
            ("/docs", navigation, Ok(Some("docs/index.html"))),
            ("/aboot.html", navigation, Err("`/aboot.html` not found")),
            ("/f/1", navigation, Ok(None)),
            ("#top", navigation, Ok(None)),
            ("https://example.org/x.js", resource, Ok(None)),
            ("//example.org/x.js", resource, Ok(None)),
            ("data:image/png;base64,AA", resource, Ok(None)),
            ("mailto:a@example.org", navigation, Ok(None)),
            ("tel:+12", navigation, Ok(None)),
            ("blob:https://example.org/1", resource, Ok(None)),
            ("%2e%2e/logo.svg", resource, Ok(Some("logo.svg"))),
            ("..%2Flogo.svg", resource, Err("`..%2Flogo.svg` not found")),
            ("logo.svg", resource, Err("`logo.svg` not found")),
            ("/lgo.svg", resource, Err("`/lgo.svg` not found")),
            ("../../../etc/passwd", resource, Err("`../../../etc/passwd` not found")),
        ] {
            let expected = expected.map(|found| found.map(str::to_owned)).map_err(str::to_owned);
            assert_eq!(resolve(written, purpose), expected, "{written}");
        }
    }
}

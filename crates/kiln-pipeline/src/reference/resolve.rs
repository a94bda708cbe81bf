//! From what a source wrote (`../logo.svg?v=1#mark`) to the output that it means.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use globset::GlobSet;
use kiln_manifest::LogicalPath;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::{
    Result,
    error::{SourceError, nearest},
    source::{Language, Source},
    text::Text,
};

use super::token::{Reference, ReferenceSite, References};

/// What would end an unquoted `url()`.
const ENDS_URL: AsciiSet = CONTROLS.add(b' ').add(b'"').add(b'\'').add(b'(').add(b')').add(b'\\');

/// The sources by name, and the rules for references that leave them.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    sources: BTreeMap<&'a LogicalPath, &'a Source>,
    routes: &'a GlobSet,
}

/// What a reference may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A file without which the page or style is broken: a root-relative one must exist as well.
    Resource,
    /// A place to go to; a root-relative one may be a route of the application.
    Navigation,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(sources: &'a [Source], routes: &'a GlobSet) -> Self {
        Self { sources: sources.iter().map(|source| (&source.path, source)).collect(), routes }
    }

    pub(crate) fn get(&self, path: &LogicalPath) -> Option<&'a Source> {
        self.sources.get(path).copied()
    }

    /// The source that `written` means when it stands in the file `base`, and the query and fragment
    /// that follow it. None when it leads out of the tree, to another host or to a route.
    ///
    /// # Errors
    /// When it ought to lead to a source and does not.
    pub(crate) fn resolve(
        &self,
        base: &LogicalPath,
        written: &str,
        purpose: Purpose,
        place: (&Text, Range<usize>),
    ) -> Result<Option<(&'a Source, String)>> {
        let written = written.trim();
        let (name, suffix) = written.split_at(written.find(['?', '#']).unwrap_or(written.len()));
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
        Err(self.dangling(base, &decoded, text.error(span, format!("`{name}` refers to nothing"))).into())
    }

    /// Resolves a reference in a style sheet and records it; the token to write in its place, or None to
    /// leave it alone.
    pub(crate) fn token(
        &self,
        references: &References,
        base: &LogicalPath,
        written: &str,
        purpose: Purpose,
        place: (&Text, Range<usize>),
    ) -> Result<Option<String>> {
        let (text, span) = place;
        let found = self.resolve(base, written, purpose, (text, span.clone()))?;
        Ok(found.map(|(source, suffix)| {
            let suffix = utf8_percent_encode(&suffix, &ENDS_URL).to_string();
            let reference = Reference::url_with(output_of(source), suffix);
            references.record(reference, ReferenceSite::Source(text.clone(), span))
        }))
    }

    fn lookup(&self, base: &LogicalPath, name: &str, purpose: Purpose) -> Option<&'a Source> {
        let get = |name: &str| base.join(name).ok().and_then(|path| self.get(&path));
        match purpose {
            Purpose::Resource => get(name),
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
                .with_label("leads out of assets/")
                .with_help("copy the file below assets/: nothing outside of it is embedded");
        }
        let wanted = base.join(name).map_or_else(|_| name.to_owned(), |path| path.to_string());
        let known = self.sources.keys().map(|path| path.as_str());
        let help = match nearest(&wanted, known) {
            Some(suggestion) => format!("{suggestion} (names below assets/)"),
            None if name.starts_with('/') => {
                "add the file below assets/, or name the URL in `routes` of [package.metadata.kiln] if the application answers it".to_owned()
            }
            None => format!("add `{wanted}` below assets/, or fix the reference"),
        };
        error.with_label("no such file below assets/").with_help(help)
    }
}

/// The name of what the compile stage makes of `source`: bundles are JavaScript whatever their source.
pub(crate) fn output_of(source: &Source) -> LogicalPath {
    match source.language {
        Language::Script => source.path.with_extension("js").unwrap_or_else(|_| source.path.clone()),
        Language::Style => source.path.with_extension("css").unwrap_or_else(|_| source.path.clone()),
        Language::Page | Language::StaticFile => source.path.clone(),
    }
}

/// A name without its escapes. An escaped slash is a part of a name for browsers, and no name has one.
fn decoded(name: &str) -> Cow<'_, str> {
    let lower = name.to_ascii_lowercase();
    if lower.contains("%2f") || lower.contains("%5c") {
        return name.into();
    }
    percent_decode_str(name).decode_utf8_lossy()
}

/// Whether a reference has more `..` than there are folders to leave.
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

/// URLs with a scheme, and those relative to the scheme (`//host/…`).
fn is_elsewhere(name: &str) -> bool {
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
    fn references_lead_to_sources_or_out_of_the_tree() {
        let source = |path: &str| Source {
            path: LogicalPath::new(path).expect(path),
            file: path.into(),
            language: Language::StaticFile,
            exposure: Exposure::Hashed,
        };
        let sources = ["img/a b.svg", "about.html", "docs/index.html", "logo.svg"].map(source);
        let routes = GlobSet::empty();
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
            ("/aboot.html", navigation, Err("`/aboot.html` refers to nothing")),
            ("/f/1", navigation, Ok(None)),
            ("#top", navigation, Ok(None)),
            ("https://example.org/x.js", resource, Ok(None)),
            ("//example.org/x.js", resource, Ok(None)),
            ("data:image/png;base64,AA", resource, Ok(None)),
            ("mailto:a@example.org", navigation, Ok(None)),
            ("tel:+12", navigation, Ok(None)),
            ("blob:https://example.org/1", resource, Ok(None)),
            ("%2e%2e/logo.svg", resource, Ok(Some("logo.svg"))),
            ("..%2Flogo.svg", resource, Err("`..%2Flogo.svg` refers to nothing")),
            ("logo.svg", resource, Err("`logo.svg` refers to nothing")),
            ("/lgo.svg", resource, Err("`/lgo.svg` refers to nothing")),
            ("../../../etc/passwd", resource, Err("`../../../etc/passwd` refers to nothing")),
        ] {
            let expected = expected.map(|found| found.map(str::to_owned)).map_err(str::to_owned);
            assert_eq!(resolve(written, purpose), expected, "{written}");
        }
    }
}

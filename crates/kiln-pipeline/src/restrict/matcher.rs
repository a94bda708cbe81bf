//! Whether the sources of a directive allow a URL (CSP Level 3 §6.7.2).

use kiln_manifest::PolicySource;

/// The parts of a URL of another origin that a policy compares.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RemoteUrl<'a> {
    /// The scheme; none for `//host`, which takes that of the page.
    scheme: Option<&'a str>,
    /// Host, port and path; none for a URL such as `data:`.
    place: Option<Place<'a>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Place<'a> {
    host: &'a str,
    port: &'a str,
    path: &'a str,
}

impl<'a> RemoteUrl<'a> {
    pub(super) fn of(url: &'a str) -> Self {
        let url = url.trim();
        let (scheme, rest) = match url.split_once(':') {
            Some((scheme, rest)) if !scheme.contains('/') => (Some(scheme), rest),
            _ => (None, url),
        };
        Self { scheme, place: rest.strip_prefix("//").map(Place::of) }
    }

    /// The source that allows everything of this origin: `https://a.example:8443`, `data:`.
    pub(super) fn origin(&self) -> String {
        let scheme = self.scheme.unwrap_or("https").to_ascii_lowercase();
        match &self.place {
            None => format!("{scheme}:"),
            Some(Place { host, port: "", .. }) => format!("{scheme}://{}", host.to_ascii_lowercase()),
            Some(Place { host, port, .. }) => format!("{scheme}://{}:{port}", host.to_ascii_lowercase()),
        }
    }

    /// Whether one of `sources` allows the URL; `'self'` allows none of another origin.
    pub(super) fn is_allowed_by(&self, sources: &[&PolicySource]) -> bool {
        sources.iter().any(|source| self.is_allowed_by_one(source.as_str()))
    }

    fn is_allowed_by_one(&self, source: &str) -> bool {
        if source.starts_with('\'') {
            return false;
        }
        let Some(place) = &self.place else {
            return self.scheme.is_some_and(|scheme| {
                source.strip_suffix(':').is_some_and(|one| one.eq_ignore_ascii_case(scheme))
            });
        };
        if source == "*" {
            return true;
        }
        if let Some(scheme) = source.strip_suffix(':') {
            return self.has_scheme(scheme);
        }
        match source.split_once("://") {
            Some((scheme, rest)) => self.has_scheme(scheme) && place.is_within(&Place::of(rest)),
            // The scheme of the page, which is not known here.
            None => place.is_within(&Place::of(source)),
        }
    }

    /// `scheme-part` match: a secure scheme fits where its plain one is allowed.
    fn has_scheme(&self, allowed: &str) -> bool {
        let allowed = allowed.to_ascii_lowercase();
        let scheme = self.scheme.unwrap_or("https").to_ascii_lowercase();
        match allowed.as_str() {
            "http" => ["http", "https"].contains(&scheme.as_str()),
            "ws" => ["ws", "wss", "http", "https"].contains(&scheme.as_str()),
            "wss" => ["wss", "https"].contains(&scheme.as_str()),
            _ => allowed == scheme,
        }
    }
}

impl<'a> Place<'a> {
    /// Of the text after `//`. A query and a fragment are no part of it.
    fn of(text: &'a str) -> Self {
        let text = &text[..text.find(['?', '#']).unwrap_or(text.len())];
        let (authority, path) = text.split_at(text.find('/').unwrap_or(text.len()));
        let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, rest)| rest);
        let (host, port) = match host_and_port.rsplit_once(':') {
            Some((host, port)) if port == "*" || port.bytes().all(|digit| digit.is_ascii_digit()) => {
                (host, port)
            }
            _ => (host_and_port, ""),
        };
        Self { host, port, path }
    }

    fn is_within(&self, allowed: &Self) -> bool {
        let is_host = match allowed.host.strip_prefix('*') {
            Some(end) => self.host.to_ascii_lowercase().ends_with(&end.to_ascii_lowercase()),
            None => allowed.host.eq_ignore_ascii_case(self.host),
        };
        let default = |port: &str| ["", "80", "443"].contains(&port);
        let is_port =
            allowed.port == "*" || allowed.port == self.port || default(allowed.port) && default(self.port);
        let is_path = match allowed.path {
            "" | "/" => true,
            folder if folder.ends_with('/') => self.path.starts_with(folder),
            file => self.path == file,
        };
        is_host && is_port && is_path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_matched_by_scheme_host_port_and_path() {
        for (url, source, expected) in [
            ("https://a.example/x.js", "https://a.example", true),
            ("https://A.example/x.js", "https://a.EXAMPLE", true),
            ("https://a.example/x.js", "a.example", true),
            ("https://a.example/x.js", "http://a.example", true),
            ("http://a.example/x.js", "https://a.example", false),
            ("https://a.example/x.js", "https://b.example", false),
            ("https://a.example/x.js", "https:", true),
            ("https://a.example/x.js", "*", true),
            ("data:image/png;base64,AA", "*", false),
            ("data:image/png;base64,AA", "data:", true),
            ("https://a.b.example/", "https://*.example", true),
            ("https://b.example/", "https://*.b.example", false),
            ("https://ab.example/", "https://*.b.example", false),
            ("https://a.example:8443/", "https://a.example", false),
            ("https://a.example:8443/", "https://a.example:8443", true),
            ("https://a.example:8443/", "https://a.example:*", true),
            ("https://a.example:443/", "https://a.example", true),
            ("https://a.example/lib/x.js?v=1", "https://a.example/lib/", true),
            ("https://a.example/lib/x.js?v=1", "https://a.example/lib/x.js", true),
            ("https://a.example/other/x.js", "https://a.example/lib/", false),
            ("https://a.example/lib/x.js", "https://a.example/lib", false),
            ("wss://a.example/s", "wss://a.example", true),
            ("wss://a.example/s", "https://a.example", false),
            ("//a.example/x.js", "https://a.example", true),
            ("https://a.example/", "'self'", false),
        ] {
            let source = PolicySource::new(source).expect(source);
            assert_eq!(RemoteUrl::of(url).is_allowed_by(&[&source]), expected, "{url} by {source}");
        }
    }

    #[test]
    fn the_source_that_a_warning_proposes_allows_the_url() {
        for (url, origin) in [
            ("https://A.example/x?y", "https://a.example"),
            ("//a.example/x", "https://a.example"),
            ("wss://u@a.example:81", "wss://a.example:81"),
            ("data:font/woff2;base64,//8=", "data:"),
        ] {
            let url = RemoteUrl::of(url);
            assert_eq!(url.origin(), origin);
            assert!(url.is_allowed_by(&[&PolicySource::new(origin).expect(origin)]), "{origin}");
        }
    }
}

//! Pages that the application renders: the elements that load scripts and style sheets, and the headers of the answer.

use std::{collections::BTreeSet, fmt};

use actix_web::http::header::{HeaderName, HeaderValue, LINK};
use kiln_manifest::{CorsSetting, Destination, Directive, Policy, PolicySource, Preload, SitePolicy};

use super::{preload, security, table::Table};

/// Names of scripts and style sheets, checked when the application compiled; `asset_tags!` makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetTags(&'static [&'static str]);

impl AssetTags {
    /// For the expansion of `asset_tags!`, which has checked the names.
    #[doc(hidden)]
    #[must_use]
    pub const fn of(names: &'static [&'static str]) -> Self {
        Self(names)
    }
}

/// A page that the application renders: the tags of its scripts and style sheets, and the headers of the answer, with a
/// policy that allows what they load.
///
/// The tags are HTML, which a template writes unescaped: `{{ page|safe }}` in askama, `(PreEscaped(page.tags()))` in maud,
/// `Value::from_safe_string(page.tags().to_owned())` in minijinja.
#[derive(Clone, Debug)]
pub struct RenderedPage {
    tags: String,
    site: SitePolicy,
    own: Policy,
    link: Option<HeaderValue>,
}

impl RenderedPage {
    pub(super) fn new(table: &Table, AssetTags(names): AssetTags) -> Self {
        let (mut own, mut tags, mut loaded) = (Policy::default(), String::new(), Vec::new());
        let (mut seen, mut run) = (BTreeSet::new(), BTreeSet::new());
        for name in names {
            let Some(asset) = table.asset(name) else {
                tracing::warn!(
                    "`{name}` of `asset_tags!` is not in this build; compile the application again"
                );
                continue;
            };
            own.extend(&asset.policy);
            for (index, preload) in asset.preloads.iter().enumerate() {
                let is_entry = index + 1 == asset.preloads.len();
                let is_new = seen.insert(preload.url.clone());
                // A module that is only fetched for another so far has to run as well.
                if is_entry && run.insert(preload.url.clone()) && preload.destination == Destination::Module
                    || is_new
                {
                    tags.push_str(&element(preload, is_entry));
                }
                if is_new {
                    loaded.push(preload.clone());
                }
            }
        }
        let link = preload::link(&loaded).and_then(|value| HeaderValue::try_from(value).ok());
        Self { tags, site: table.manifest().policy.clone(), own, link }
    }

    /// The elements that load the scripts and style sheets, with integrity metadata in a release: HTML for the `<head>`.
    #[must_use]
    pub fn tags(&self) -> &str {
        &self.tags
    }

    /// Adds a source to the policy of this page, as a nonce: `PolicySource::new(format!("'nonce-{nonce}'"))`.
    #[must_use]
    pub fn allow(mut self, directive: Directive, source: PolicySource) -> Self {
        self.own.allow(directive, source);
        self
    }

    /// Allows an inline script by the hash of this text, which is everything between `<script>` and `</script>`.
    #[must_use]
    pub fn allow_script(self, text: &str) -> Self {
        self.allow(Directive::ScriptSrc, PolicySource::hash_of(text))
    }

    /// Allows an inline style by the hash of this text, which is everything between `<style>` and `</style>`.
    #[must_use]
    pub fn allow_style(self, text: &str) -> Self {
        self.allow(Directive::StyleSrc, PolicySource::hash_of(text))
    }

    /// The security headers and preloads of the answer.
    #[must_use]
    pub fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let link = self.link.clone().map(|value| (LINK, value));
        security::page_headers(&self.site, &self.own).into_iter().chain(link).collect()
    }
}

impl fmt::Display for RenderedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tags)
    }
}

/// The element for `preload`; an entry runs, a script that it imports is only fetched. URLs are escaped by the build.
fn element(Preload { url, destination, cors, integrity }: &Preload, is_entry: bool) -> String {
    let integrity = integrity.as_ref().map(|value| format!(" integrity=\"{value}\"")).unwrap_or_default();
    let cors = match cors {
        CorsSetting::NoCors => "",
        CorsSetting::Anonymous => " crossorigin",
        CorsSetting::UseCredentials => " crossorigin=\"use-credentials\"",
    };
    match destination {
        Destination::Style => format!("<link rel=\"stylesheet\" href=\"{url}\"{integrity}{cors}>"),
        Destination::Module if is_entry => {
            format!("<script type=\"module\" src=\"{url}\"{integrity}{cors}></script>")
        }
        Destination::Module => format!("<link rel=\"modulepreload\" href=\"{url}\"{integrity}{cors}>"),
        Destination::Script => format!("<script src=\"{url}\"{integrity}{cors}></script>"),
    }
}

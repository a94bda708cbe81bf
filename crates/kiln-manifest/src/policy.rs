//! The Content-Security-Policy of pages: defaults that suit a page of files from its own site, and what is added to
//! them.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::{Directive, PolicySource};

/// Directives with their sources, in the order of [`Directive`]: a whole policy, or what is added to one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Policy(BTreeMap<Directive, Vec<PolicySource>>);

/// The policy of a site: the sources of every page, and what browsers do with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SitePolicy {
    /// Mode in which browsers apply the policy.
    #[serde(default)]
    pub enforcement: Enforcement,
    /// The policy of a page without sources of its own.
    pub base: Policy,
}

/// Mode in which browsers apply a policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enforcement {
    /// Refuse and report it.
    #[default]
    Enforced,
    /// Report it only.
    ReportOnly,
    /// Off: pages have no policy.
    Off,
}

/// Policy of a page of files from its own site.
const DEFAULTS: [(Directive, &[&str]); 10] = [
    (Directive::DefaultSrc, &["'self'"]),
    (Directive::ScriptSrc, &["'self'"]),
    (Directive::StyleSrc, &["'self'"]),
    (Directive::ImgSrc, &["'self'", "data:", "blob:"]),
    (Directive::FontSrc, &["'self'"]),
    (Directive::ConnectSrc, &["'self'"]),
    (Directive::ObjectSrc, &[NONE]),
    (Directive::BaseUri, &[NONE]),
    (Directive::FormAction, &["'self'"]),
    (Directive::FrameAncestors, &[NONE]),
];

const NONE: &str = "'none'";
const UNSAFE_INLINE: &str = "'unsafe-inline'";

impl Policy {
    /// The policy of a page that loads files of its own site, and holds no inline code.
    #[must_use]
    pub fn of_own_files() -> Self {
        let sources = |list: &[&'static str]| list.iter().map(|source| PolicySource::fixed(source)).collect();
        Self(DEFAULTS.iter().map(|(directive, list)| (*directive, sources(list))).collect())
    }

    /// Adds a source.
    pub fn allow(&mut self, directive: Directive, source: PolicySource) {
        let list = self.0.entry(directive).or_default();
        if !list.contains(&source) {
            list.push(source);
        }
    }

    /// Adds a directive that stands for itself, such as `upgrade-insecure-requests`.
    pub fn set(&mut self, directive: Directive) {
        self.0.entry(directive).or_default();
    }

    /// Adds everything that `other` allows.
    pub fn extend(&mut self, other: &Self) {
        for (directive, sources) in &other.0 {
            self.set(*directive);
            for source in sources {
                self.allow(*directive, source.clone());
            }
        }
    }

    /// Whether nothing is added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sources that `directive` itself has.
    #[must_use]
    pub fn own(&self, directive: Directive) -> &[PolicySource] {
        self.0.get(&directive).map_or(&[], Vec::as_slice)
    }

    /// The sources by which browsers decide for `directive`: its own, those of the directive that stands for it, or none
    /// where nothing restricts it. A directive beside the defaults adds to the one that stood for it before.
    ///
    /// Hashes and nonces would make `'unsafe-inline'` void (CSP Level 3 §6.7.3.2), so they give way to it; `'none'`
    /// gives way to everything.
    #[must_use]
    pub fn sources(&self, directive: Directive) -> Option<Vec<&PolicySource>> {
        let own = self.0.get(&directive);
        let is_default = DEFAULTS.iter().any(|(default, _)| *default == directive);
        let inherited = directive.fallbacks().iter().find(|fallback| self.0.contains_key(fallback));
        let inherited = inherited.filter(|_| own.is_none() || !is_default);
        if own.is_none() && inherited.is_none() {
            return None;
        }
        let above = inherited.and_then(|fallback| self.sources(*fallback)).unwrap_or_default();
        let mut sources: Vec<&PolicySource> = match own {
            Some(_) => above.iter().copied().filter(|source| concerns(directive, source, &above)).collect(),
            None => above,
        };
        for source in own.into_iter().flatten() {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        let has = |word: &str| sources.iter().any(|source| source.is(word));
        let (is_open, is_strict) = (has(UNSAFE_INLINE), has("'strict-dynamic'"));
        if is_open && !is_strict {
            sources.retain(|source| !source.is_hash_or_nonce());
        }
        if sources.len() > 1 {
            sources.retain(|source| !source.is(NONE));
        }
        Some(sources)
    }
}

/// Whether `source` of the directive that stood for `directive` means something there; `beside` are all of its sources.
fn concerns(directive: Directive, source: &PolicySource, beside: &[&PolicySource]) -> bool {
    let is_quoted = source.as_str().starts_with('\'');
    match directive {
        Directive::ScriptSrcElem | Directive::StyleSrcElem => true,
        Directive::ScriptSrcAttr | Directive::StyleSrcAttr => {
            // Hashes count for attributes beside `'unsafe-hashes'` alone (CSP Level 3 §8.3).
            let by_hash = beside.contains(&&PolicySource::UNSAFE_HASHES);
            source.is(UNSAFE_INLINE) || is_quoted && by_hash && !source.is("'self'")
        }
        _ => !is_quoted || source.is("'self'"),
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, directive) in self.0.keys().enumerate() {
            f.write_str(if index == 0 { "" } else { "; " })?;
            f.write_str(directive.name())?;
            for source in self.sources(*directive).unwrap_or_default() {
                write!(f, " {source}")?;
            }
        }
        Ok(())
    }
}

impl SitePolicy {
    /// The policy of a page that adds `own`.
    #[must_use]
    pub fn with(&self, own: &Policy) -> Policy {
        let mut policy = self.base.clone();
        policy.extend(own);
        policy
    }

    /// The name of the header field, in lower case; none for pages without a policy.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self.enforcement {
            Enforcement::Enforced => Some("content-security-policy"),
            Enforcement::ReportOnly => Some("content-security-policy-report-only"),
            Enforcement::Off => None,
        }
    }
}

impl Default for SitePolicy {
    fn default() -> Self {
        Self { enforcement: Enforcement::default(), base: Policy::of_own_files() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(added: &[(Directive, &str)]) -> String {
        let mut policy = Policy::of_own_files();
        for (directive, source) in added {
            policy.allow(*directive, PolicySource::new(*source).expect(source));
        }
        policy.to_string()
    }

    #[track_caller]
    fn holds(policy: &str, directive: &str) {
        assert!(policy.split("; ").any(|one| one == directive), "{directive} in {policy}");
    }

    #[test]
    fn the_default_policy_allows_files_of_the_site_and_no_inline_code() {
        let expected = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                        font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
                        form-action 'self'; frame-ancestors 'none'";
        assert_eq!(with(&[]), expected);
    }

    #[test]
    fn a_source_is_added_to_those_of_its_directive_once() {
        let api = (Directive::ConnectSrc, "https://api.example");
        holds(&with(&[api, api]), "connect-src 'self' https://api.example");
        holds(&with(&[(Directive::FrameAncestors, "'self'")]), "frame-ancestors 'self'");
    }

    #[test]
    fn a_new_directive_keeps_what_stood_for_it() {
        let hash = (Directive::ScriptSrc, "'sha256-YQ=='");
        holds(&with(&[hash, (Directive::WorkerSrc, "blob:")]), "worker-src 'self' blob:");
        holds(&with(&[(Directive::MediaSrc, "https://v.example")]), "media-src 'self' https://v.example");
        let policy = with(&[hash, (Directive::ScriptSrcElem, "https://s.example")]);
        holds(&policy, "script-src-elem 'self' 'sha256-YQ==' https://s.example");
    }

    #[test]
    fn hashes_and_nonces_give_way_to_unsafe_inline_unless_strict_dynamic_asks_for_them() {
        let hash = (Directive::StyleSrc, "'sha256-YQ=='");
        let nonce = (Directive::StyleSrc, "'nonce-YQ=='");
        let open = (Directive::StyleSrc, "'unsafe-inline'");
        holds(&with(&[hash, nonce, open]), "style-src 'self' 'unsafe-inline'");
        holds(&with(&[hash, nonce]), "style-src 'self' 'sha256-YQ==' 'nonce-YQ=='");
        let script = |source| (Directive::ScriptSrc, source);
        let policy = with(&[script("'nonce-YQ=='"), script("'strict-dynamic'"), script("'unsafe-inline'")]);
        holds(&policy, "script-src 'self' 'nonce-YQ==' 'strict-dynamic' 'unsafe-inline'");
    }

    #[test]
    fn attributes_follow_the_style_sheets_only_where_that_means_something() {
        let attribute =
            [(Directive::StyleSrcAttr, "'unsafe-hashes'"), (Directive::StyleSrcAttr, "'sha256-YQ=='")];
        let hash = (Directive::StyleSrc, "'sha256-Yg=='");
        holds(&with(&[&attribute[..], &[hash]].concat()), "style-src-attr 'unsafe-hashes' 'sha256-YQ=='");
        let open = (Directive::StyleSrc, "'unsafe-inline'");
        holds(&with(&[&attribute[..], &[open]].concat()), "style-src-attr 'unsafe-inline' 'unsafe-hashes'");
        let all = [&attribute[..], &[hash, (Directive::StyleSrc, "'unsafe-hashes'")]].concat();
        holds(&with(&all), "style-src-attr 'sha256-Yg==' 'unsafe-hashes' 'sha256-YQ=='");
    }

    #[test]
    fn a_site_policy_survives_json() {
        let written = SitePolicy { enforcement: Enforcement::ReportOnly, ..SitePolicy::default() };
        let json = serde_json::to_string(&written).expect("serialise");
        assert_eq!(serde_json::from_str::<SitePolicy>(&json).expect("parse"), written);
        assert_eq!(written.field(), Some("content-security-policy-report-only"));
    }
}

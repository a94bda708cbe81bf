//! `[package.metadata.kiln.policy]`: what the Content-Security-Policy of pages allows beyond the default.

use kiln_manifest::{Directive, Enforcement, LogicalPath, Mode, Policy, PolicySource, SitePolicy};
use toml::Spanned;

use super::{
    glob_list::WrittenGlob,
    policy_table::{PolicyKey, PolicyTable},
};
use crate::{Error, Result, error::nearest, text::Text};

/// Sources beyond those of the default policy, and the mode of the policy.
#[derive(Clone, Debug, Default)]
pub struct PagePolicies {
    /// Mode in which browsers apply the policy.
    pub enforcement: Enforcement,
    /// Sources for every page.
    pub all: Policy,
    by_glob: Vec<Rule>,
}

/// Sources for the pages that match a glob.
#[derive(Clone, Debug)]
struct Rule {
    glob: WrittenGlob,
    policy: Policy,
}

/// The key beside directives and globs.
const REPORT_ONLY: &str = "report-only";

impl PagePolicies {
    pub(super) fn checked(text: &Text, table: PolicyTable) -> Result<Self> {
        let mut policies = Self::default();
        let keys = match table {
            PolicyTable::Default | PolicyTable::Switch(true) => return Ok(policies),
            PolicyTable::Switch(false) => {
                return Ok(Self { enforcement: Enforcement::Off, ..policies });
            }
            PolicyTable::Keys(keys) => keys,
        };
        let added = keys.into_iter().map(|(key, value)| policies.add(text, &key, value));
        Error::all(added.filter_map(Result::err).collect())?;
        Ok(policies)
    }

    fn add(&mut self, text: &Text, key: &Spanned<String>, value: PolicyKey) -> Result<()> {
        match value {
            PolicyKey::Switch(is_on) if key.get_ref() == REPORT_ONLY => {
                if is_on {
                    self.enforcement = Enforcement::ReportOnly;
                }
                Ok(())
            }
            PolicyKey::Sources(sources) if is_name(key.get_ref()) => add(&mut self.all, text, key, sources),
            PolicyKey::Pages(directives) if !is_name(key.get_ref()) => {
                let glob = WrittenGlob::checked(text, key)?;
                let mut policy = Policy::default();
                let added = directives.into_iter().map(|(key, list)| add(&mut policy, text, &key, list));
                Error::all(added.filter_map(Result::err).collect())?;
                self.by_glob.push(Rule { glob, policy });
                Ok(())
            }
            _ => Err(wrong_value(text, key)),
        }
    }

    /// Sources for the page `path` alone.
    #[must_use]
    pub fn of(&self, path: &LogicalPath) -> Policy {
        let mut policy = Policy::default();
        let matching = self.by_glob.iter().filter(|rule| rule.glob.is_match(path.as_str()));
        matching.for_each(|rule| policy.extend(&rule.policy));
        policy
    }

    /// The policy of a page without sources of its own.
    pub(crate) fn site(&self, mode: Mode) -> SitePolicy {
        let mut site = SitePolicy { enforcement: self.enforcement, ..SitePolicy::of(mode) };
        site.base.extend(&self.all);
        site
    }

    /// Warnings for globs that match none of `pages`.
    pub(crate) fn unmatched(&self, pages: &[&str]) -> Vec<String> {
        self.by_glob.iter().filter_map(|rule| rule.glob.unmatched("policy", "page", pages)).collect()
    }
}

/// Whether a key looks like the name of a directive, and not like a glob of pages.
fn is_name(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn add(policy: &mut Policy, text: &Text, key: &Spanned<String>, sources: Vec<Spanned<String>>) -> Result<()> {
    let directive = Directive::of_name(key.get_ref()).ok_or_else(|| unknown(text, key))?;
    policy.set(directive);
    Error::all(
        sources
            .into_iter()
            .filter_map(|source| {
                let span = source.span();
                match PolicySource::new(source.into_inner()) {
                    Ok(source) => {
                        policy.allow(directive, source);
                        None
                    }
                    Err(invalid) => {
                        let error =
                            text.error(span, invalid.to_string()).with_label(format!("in `{directive}`"));
                        Some(error.with_help(invalid.help()).into())
                    }
                }
            })
            .collect(),
    )
}

fn unknown(text: &Text, key: &Spanned<String>) -> Error {
    let names = || Directive::ALL.into_iter().map(Directive::name);
    let help = nearest(key.get_ref(), names().chain([REPORT_ONLY]));
    let all = || format!("the directives are {}", names().collect::<Vec<_>>().join(", "));
    text.error(key.span(), format!("unknown directive `{}` of the Content-Security-Policy", key.get_ref()))
        .with_label("not a directive")
        .with_help(help.unwrap_or_else(all))
        .into()
}

fn wrong_value(text: &Text, key: &Spanned<String>) -> Error {
    let name = key.get_ref();
    if is_name(name) && name != REPORT_ONLY && Directive::of_name(name).is_none() {
        return unknown(text, key);
    }
    let (expected, help) = match name.as_str() {
        REPORT_ONLY => ("true or false", "write `report-only = true`, or remove it".to_owned()),
        _ if is_name(name) => ("a list of sources", format!("write `{name} = [\"https://a.example\"]`")),
        _ => (
            "a table of directives",
            format!("write `\"{name}\" = {{ style-src = [\"'unsafe-inline'\"] }}` for the pages that match"),
        ),
    };
    text.error(key.span(), format!("invalid value of `{name}` in `policy`"))
        .with_label(format!("expected {expected}"))
        .with_help(help)
        .into()
}

//! Warnings of what the policies of pages refuse.

use std::collections::BTreeSet;

use kiln_manifest::{Directive, Policy, PolicySource};

use super::{
    loaded::{Loaded, Outputs},
    matcher::RemoteUrl,
};
use crate::compile::{Demand, DemandKind};

/// Warnings for the demands that the policy of a concerned page refuses; one for each package and source.
pub(super) fn warnings(
    demands: &[Demand],
    all: &Outputs<'_>,
    pages: &[(&Loaded<'_>, Policy)],
) -> Vec<String> {
    let mut told = BTreeSet::new();
    let refused = demands.iter().filter(|demand| {
        let concerned = all.concerned(&demand.scope);
        let is_concerned = |page: &Loaded<'_>| concerned.iter().any(|path| page.all.contains(path));
        pages.iter().any(|(page, policy)| is_concerned(page) && !is_allowed(policy, &demand.kind))
    });
    let warnings = refused.filter_map(|demand| {
        let text = text(&demand.kind);
        // A package is named once; a demand of a partial concerns each of its pages.
        let is_of_package = demand.place.contains("node_modules/");
        let place = if is_of_package { "" } else { &demand.place };
        told.insert((place, text.clone())).then(|| format!("{}: {text}", demand.place))
    });
    warnings.collect()
}

fn is_allowed(policy: &Policy, demand: &DemandKind) -> bool {
    let has = |directive, word: &str| {
        policy.sources(directive).is_none_or(|sources| sources.iter().any(|one| one.as_str() == word))
    };
    match demand {
        DemandKind::Url { directive, url } => {
            policy.sources(*directive).is_none_or(|sources| RemoteUrl::of(url).is_allowed_by(&sources))
        }
        DemandKind::Handler { script } => {
            let directive = Directive::ScriptSrcAttr;
            has(directive, "'unsafe-inline'")
                || has(directive, "'unsafe-hashes'") && has(directive, PolicySource::hash_of(script).as_str())
        }
        DemandKind::Worker { .. } => false,
        DemandKind::Code { .. } => has(Directive::ScriptSrc, "'unsafe-eval'"),
        DemandKind::Styles { directive, .. } => has(*directive, "'unsafe-inline'"),
    }
}

fn text(demand: &DemandKind) -> String {
    const KEY: &str = "to [package.metadata.kiln.policy]";
    match demand {
        DemandKind::Url { directive, url } => {
            let origin = RemoteUrl::of(url).origin();
            let line = format!("{directive} = [\"{origin}\"]");
            format!("`{origin}` blocked by the Content-Security-Policy; add `{line}` {KEY}")
        }
        DemandKind::Handler { .. } => format!(
            "inline event handler blocked by the Content-Security-Policy; use `addEventListener` in a script, or add `script-src-attr = [\"'unsafe-inline'\"]` {KEY}"
        ),
        DemandKind::Worker { url } => {
            format!("worker `{url}` of another origin refused by browsers; bundle its script from a package")
        }
        DemandKind::Code { package } => {
            let code = "code made from text (`eval`, `new Function`) blocked by the Content-Security-Policy";
            let line = "script-src = [\"'unsafe-eval'\"]";
            match package {
                None => format!("{code}; write it as a function, or add `{line}` {KEY}"),
                Some(name) => format!(
                    "package `{name}`: {code}; use its build for such policies where it has one, or add `{line}` {KEY}"
                ),
            }
        }
        DemandKind::Styles { directive, package } => {
            let what = if *directive == Directive::StyleSrcAttr {
                "attributes in its HTML"
            } else {
                "elements that it inserts"
            };
            let line = format!("{directive} = [\"'unsafe-inline'\"]");
            format!(
                "package `{package}`: style {what} blocked by the Content-Security-Policy; add `{line}` {KEY}"
            )
        }
    }
}

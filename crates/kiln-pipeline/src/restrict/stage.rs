//! The restrict stage.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::take,
};

use kiln_manifest::{Enforcement, LogicalPath, Policy};

use super::{
    loaded::{Loaded, Outputs, is_page},
    warning::warnings,
};
use crate::{
    Config,
    link::{Linked, LinkedOutputs},
    source::Sources,
};

/// All outputs, with the policies of pages and entries, and their sources.
#[derive(Debug)]
pub(crate) struct RestrictedOutputs {
    pub(crate) outputs: Vec<Linked>,
    pub(crate) sources: Sources,
}

/// Gives each page what its policy adds to that of the site, and each entry what a page that loads it adds.
pub(crate) fn restrict(config: &Config, linked: LinkedOutputs) -> RestrictedOutputs {
    let LinkedOutputs { mut outputs, demands, mut sources } = linked;
    let options = &config.options.policy;
    let all = Outputs::new(&outputs);
    let restricted: Vec<(Loaded<'_>, Policy)> = all
        .restricted()
        .map(|loaded| {
            let own = own(config, &all, &loaded);
            (loaded, own)
        })
        .collect();
    if options.enforcement != Enforcement::Off {
        let site = config.site_policy();
        let checked = checked(config, &restricted).into_iter().map(|(loaded, own)| (loaded, site.with(own)));
        sources.tracked.warnings.extend(warnings(&demands, &all, &checked.collect::<Vec<_>>()));
    }
    let pages = restricted.iter().filter(|(loaded, _)| is_page(loaded.root));
    let pages: Vec<&str> = pages.map(|(loaded, _)| loaded.root.path.as_str()).collect();
    sources.tracked.warnings.extend(options.unmatched(&pages));
    let named = restricted.into_iter().map(|(loaded, own)| (loaded.root.path.clone(), own));
    let mut policies: BTreeMap<LogicalPath, Policy> = named.collect();
    for output in &mut outputs {
        output.policy = policies.get_mut(&output.path).map(take).unwrap_or_default();
    }
    RestrictedOutputs { outputs, sources }
}

/// What a page adds to the policy of the site, by what it loads and by the globs of the configuration.
fn own(config: &Config, all: &Outputs<'_>, loaded: &Loaded<'_>) -> Policy {
    let mut policy = all.policy(loaded);
    if is_page(loaded.root) {
        policy.extend(&config.options.policy.of(&loaded.root.path));
    }
    policy
}

/// Pages whose policy is not replaced by `headers`; and entries that no page loads, for pages that the application
/// renders.
fn checked<'r, 'a>(
    config: &Config,
    restricted: &'r [(Loaded<'a>, Policy)],
) -> Vec<(&'r Loaded<'a>, &'r Policy)> {
    let pages = restricted.iter().filter(|(loaded, _)| is_page(loaded.root));
    let by_pages: BTreeSet<_> = pages.flat_map(|(loaded, _)| &loaded.all).collect();
    let has_own = |path: &LogicalPath| config.options.headers.of(path).iter().any(|(name, _)| name == FIELD);
    let checked = restricted.iter().filter(|(loaded, _)| {
        let path = &loaded.root.path;
        if is_page(loaded.root) { !has_own(path) } else { !by_pages.contains(&path) }
    });
    checked.map(|(loaded, own)| (loaded, own)).collect()
}

const FIELD: &str = "content-security-policy";

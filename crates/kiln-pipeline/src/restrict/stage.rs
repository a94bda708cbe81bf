//! The restrict stage.

use std::{collections::BTreeMap, mem::take};

use kiln_manifest::{Enforcement, Exposure, LogicalPath, Policy};

use super::{
    loaded::{Loaded, Outputs, roots},
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
    let by_name: Outputs<'_> = outputs.iter().map(|output| (&output.path, output)).collect();
    if options.enforcement != Enforcement::Off {
        let site = options.site(config.mode);
        let pages = roots(&by_name).into_iter().map(|page| {
            let policy = site.with(&own(config, &page));
            (page, policy)
        });
        sources.tracked.warnings.extend(warnings(&demands, &pages.collect::<Vec<_>>()));
    }
    let pages: Vec<_> = by_name.values().filter(|output| output.exposure == Exposure::Page).collect();
    let names: Vec<&LogicalPath> = pages.iter().map(|page| &page.path).collect();
    sources.tracked.warnings.extend(options.unmatched(&names));
    let has_policy = |output: &Linked| output.exposure == Exposure::Page || !output.preloads.is_empty();
    let restricted = by_name.values().filter(|output| has_policy(output));
    let mut policies: BTreeMap<LogicalPath, Policy> =
        restricted.map(|output| (output.path.clone(), own(config, &Loaded::by(output, &by_name)))).collect();
    for output in &mut outputs {
        output.policy = policies.get_mut(&output.path).map(take).unwrap_or_default();
    }
    RestrictedOutputs { outputs, sources }
}

/// What a page adds to the policy of the site, by what it loads and by the globs of the configuration.
fn own(config: &Config, page: &Loaded<'_>) -> Policy {
    let mut policy = page.policy();
    if page.root.exposure == Exposure::Page {
        policy.extend(&config.options.policy.of(&page.root.path));
    }
    policy
}

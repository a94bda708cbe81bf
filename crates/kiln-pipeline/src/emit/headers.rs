//! Fields of responses, and warnings of globs of the configuration that match no output.

use kiln_manifest::{Exposure, Mode};

use crate::{Config, compress::Packed, link::Linked};

/// Fields of responses. Files of another origin than the page's are shared with it: browsers fetch modules, fonts and
/// files with integrity metadata in CORS mode.
pub(super) fn headers(config: &Config, linked: &Linked) -> Vec<(String, String)> {
    const SHARED: &str = "access-control-allow-origin";
    let mut headers = config.options.headers.of(&linked.path);
    let is_shared = config.asset_origin().is_some() && linked.exposure == Exposure::Hashed;
    if is_shared && headers.iter().all(|(name, _)| name != SHARED) {
        headers.push((SHARED.to_owned(), "*".to_owned()));
        headers.sort();
    }
    headers
}

/// Warnings for globs of `headers` and `budgets` that match no output. A development build has no budgets.
pub(super) fn unmatched_globs(config: &Config, outputs: &[Packed]) -> Vec<String> {
    let names: Vec<&str> = outputs.iter().map(|output| output.linked.path.as_str()).collect();
    let pages = outputs.iter().filter(|output| output.linked.exposure == Exposure::Page);
    let pages: Vec<&str> = pages.map(|output| output.linked.path.as_str()).collect();
    let mut unmatched = config.options.headers.unmatched(&names);
    if config.mode == Mode::Release {
        unmatched.extend(config.options.budgets.unmatched(&names, &pages));
    }
    unmatched
}

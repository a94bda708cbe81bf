//! The reload script: in [`Mode::Dev`] every page loads it, and is updated by the watcher through it.
//!
//! Browsers log each refused connection in the console of the page that attempted it. So `listen.js` connects to the
//! watcher in a shared worker, which has a console of its own and serves all pages of a browser; `reload.js` in the page
//! acts on its messages.

use kiln_manifest::{Exposure, LogicalPath, Mode};

use crate::{
    compile::{
        context::Context,
        output::{Compiled, Content},
    },
    reference::{Reference, ReferenceSite},
};

const RELOAD: &str = "kiln/reload.js";
const LISTEN: &str = "kiln/listen.js";

/// The placeholder of the watcher's port in `reload.js`.
const PORT: &str = "KILN_WATCHER_PORT";

/// The scripts; none for a build without pages, or for a release.
pub(in crate::compile) fn scripts(context: &Context<'_>, has_pages: bool) -> Vec<Compiled> {
    if context.config.mode != Mode::Dev || !has_pages {
        return Vec::new();
    }
    let port = context.config.options.watcher_port.to_string();
    let reload = include_str!("reload.js").replace(PORT, &port);
    vec![script(RELOAD, reload), script(LISTEN, include_str!("listen.js").to_owned())]
}

/// The element at the end of each page, where it is parsed whatever elements the page leaves open.
pub(in crate::compile) fn element(context: &Context<'_>) -> String {
    if context.config.mode != Mode::Dev {
        return String::new();
    }
    let url = context.references.record(Reference::url(path(RELOAD)), ReferenceSite::Generated);
    format!("<script type=\"module\" src=\"{url}\"></script>\n")
}

fn script(name: &str, content: String) -> Compiled {
    Compiled::new(path(name), Exposure::Hashed, Content::Text(content))
}

fn path(name: &str) -> LogicalPath {
    LogicalPath::new(name).expect("a logical path")
}

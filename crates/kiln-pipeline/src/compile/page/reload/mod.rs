//! The reload script: in [`Mode::Dev`] every page carries it, and listens through it to the watcher.
//!
//! Two files, because a page must stay quiet while no watcher is there: a browser notes each refused
//! connection in the console of who tried it. `listen.js` tries, as a shared worker with a console of its own,
//! once for all pages of a browser; `reload.js` acts on what it hears.

use kiln_manifest::{Exposure, LogicalPath, Mode};

use crate::{
    Result,
    compile::{
        context::Context,
        output::{Compiled, Content},
    },
    reference::{Reference, ReferenceSite},
};

const RELOAD: &str = "kiln/reload.js";
const LISTEN: &str = "kiln/listen.js";

/// Stands in `reload.js` for the watcher's port.
const PORT: &str = "KILN_WATCHER_PORT";

/// The scripts, when there are pages to carry them.
pub(in crate::compile) fn scripts(context: &Context<'_>, has_pages: bool) -> Result<Vec<Compiled>> {
    if context.config.mode != Mode::Dev || !has_pages {
        return Ok(Vec::new());
    }
    let port = context.config.options.watcher_port.to_string();
    let reload = include_str!("reload.js").replace(PORT, &port);
    Ok(vec![script(RELOAD, reload)?, script(LISTEN, include_str!("listen.js").to_owned())?])
}

/// What stands at the end of each page: there it is read whatever the page leaves open.
pub(in crate::compile) fn element(context: &Context<'_>) -> Result<String> {
    if context.config.mode != Mode::Dev {
        return Ok(String::new());
    }
    let url = context.references.record(Reference::url(path(RELOAD)?), ReferenceSite::Generated);
    Ok(format!("<script type=\"module\" src=\"{url}\"></script>\n"))
}

fn script(name: &str, content: String) -> Result<Compiled> {
    Ok(Compiled::new(path(name)?, Exposure::Hashed, Content::Text(content)))
}

fn path(name: &str) -> Result<LogicalPath> {
    LogicalPath::new(name).map_err(|invalid| crate::Error::Tool {
        tool: "the reload script",
        problem: invalid.to_string(),
        help: None,
    })
}

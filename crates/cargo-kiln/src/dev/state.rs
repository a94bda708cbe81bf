//! What pages have to know, as a whole each time: a page that comes late, or hears it twice, needs nothing more.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use kiln_build::Error;
use serde::Serialize;

use super::mistake::Mistake;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct State {
    /// When each URL changed last, in milliseconds since 1970.
    changed: BTreeMap<String, u64>,
    /// What is wrong while the sources do not build.
    mistakes: Vec<Mistake>,
}

impl State {
    /// A build went well and changed these URLs. Returns whether the one before had failed.
    pub(crate) fn succeed<'a>(&mut self, urls: impl Iterator<Item = &'a str>) -> bool {
        let now = now();
        self.changed.extend(urls.map(|url| (url.to_owned(), now)));
        !std::mem::take(&mut self.mistakes).is_empty()
    }

    /// A build failed. Returns whether it did so in another way than the one before.
    pub(crate) fn fail(&mut self, error: &Error) -> bool {
        let mistakes = Mistake::all(error);
        let is_news = self.mistakes != mistakes;
        self.mistakes = mistakes;
        is_news
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

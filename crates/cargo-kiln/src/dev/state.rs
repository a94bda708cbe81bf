//! State for pages, sent as a whole each time, so that a page may connect late or receive it twice.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use kiln_pipeline::Error;
use serde::Serialize;

use super::mistake::Mistake;

/// State of the front end since the watcher began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct State {
    /// Time of the last change of each URL, in milliseconds since 1970.
    changed: BTreeMap<String, u64>,
    /// Mistakes while the sources do not build.
    mistakes: Vec<Mistake>,
}

impl State {
    /// Records a build that succeeded and changed these URLs. Returns whether the one before had failed.
    pub(crate) fn succeed<'a>(&mut self, urls: impl Iterator<Item = &'a str>) -> bool {
        let now = now();
        self.changed.extend(urls.map(|url| (url.to_owned(), now)));
        !std::mem::take(&mut self.mistakes).is_empty()
    }

    /// Records a build that failed. Returns whether the one before did not fail alike.
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

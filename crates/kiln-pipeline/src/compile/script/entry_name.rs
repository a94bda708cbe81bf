//! Names of entries.

use crate::{reference::output_of, source::Source};

/// The name of an entry in rolldown.
pub(super) fn entry_name(entry: &Source) -> String {
    output_of(entry).as_str().trim_end_matches(".js").replace('/', "-")
}

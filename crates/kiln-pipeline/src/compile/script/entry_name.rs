//! Names of entries.

use crate::{reference::output_of, source::Source};

/// The name by which rolldown knows an entry.
pub(super) fn entry_name(entry: &Source) -> String {
    output_of(entry).as_str().trim_end_matches(".js").replace('/', "-")
}

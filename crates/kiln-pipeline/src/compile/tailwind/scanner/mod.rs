//! Candidates: words in sources that may be Tailwind classes, found in the same files and by the same rules as by the
//! official scanner.

mod grammar;

mod template;

mod extract;

mod rules;

mod class_sources;

mod watched;

mod version;

pub(super) use self::{
    class_sources::{ClassSources, candidates},
    version::check_version,
};

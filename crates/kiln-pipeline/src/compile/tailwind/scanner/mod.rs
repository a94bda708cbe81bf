//! Words in sources that might be Tailwind classes, found where and as the official scanner finds them.

mod grammar;

mod template;

mod extract;

mod rules;

mod class_sources;

mod watched;

mod version;

pub(super) use self::{class_sources::ClassSources, version::check_version};

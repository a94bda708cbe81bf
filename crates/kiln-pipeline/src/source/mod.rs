//! First stage: the sources of a build, and the language of each.

mod discover;
mod file_digest;
mod language;
mod prepare;
mod record;

pub(crate) use self::{
    discover::{Source, Sources, discover},
    file_digest::{FileDigest, digest},
    language::Language,
    prepare::prepare,
    record::record,
};

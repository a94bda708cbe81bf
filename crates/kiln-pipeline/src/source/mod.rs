//! First stage, discover: the sources of a build, and the language of each.

mod discover;
mod language;
mod prepare;
mod record;

pub use self::prepare::INPUTS;
pub(crate) use self::{
    discover::{Source, Sources, discover},
    language::Language,
    prepare::prepare,
    record::record,
};

//! First stage, discover: the sources of a build, and the language of each.

mod prepare;

mod language;

mod treatment;

mod discover;

mod record;

pub use self::prepare::INPUTS;
pub(crate) use self::{
    discover::{Source, Sources, discover},
    language::{Language, uncompiled},
    prepare::prepare,
    record::record,
};

//! References between outputs: resolution of a URL to an output, and tokens that stand for final URLs until the link
//! stage.

mod resolve;
mod token;

#[cfg(feature = "toolchain")]
pub(crate) use self::resolve::{decoded, split_suffix};
pub(crate) use self::{
    resolve::{Purpose, Tree, is_elsewhere, output_of, record, service_worker_of},
    token::{Form, Piece, Reference, ReferenceSite, ReferenceTable, References, UrlOrigin},
};

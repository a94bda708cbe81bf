//! CSS as text: its references and their tokens, and style sheets with source maps.

mod scan;

mod rewrite;

#[cfg(feature = "toolchain")]
pub(super) mod sheets;

pub(super) use self::{
    rewrite::{rewrite, rewrite_urls},
    scan::Scan,
};

//! CSS as text: its references and their tokens, and style sheets with source maps.

mod scan;

mod rewrite;

mod policy;

#[cfg(feature = "toolchain")]
pub(super) mod sheets;

pub(super) use self::{
    policy::{demand_urls, policy},
    rewrite::{rewrite, rewrite_urls},
    scan::Scan,
};

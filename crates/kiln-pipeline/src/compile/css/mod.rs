//! CSS as text: its references, their tokens, its source maps, and Sass.

mod scan;

mod rewrite;

#[cfg(feature = "toolchain")]
mod mapped;

#[cfg(feature = "toolchain")]
mod sass;

#[cfg(feature = "toolchain")]
mod sheet;

#[cfg(feature = "toolchain")]
mod source_map;

#[cfg(feature = "toolchain")]
mod printer_map;

#[cfg(feature = "toolchain")]
pub(super) use self::{
    mapped::Mapped,
    printer_map::PrinterMap,
    sheet::Sheet,
    source_map::{Mapping, SourceText, map},
};
pub(super) use self::{
    rewrite::{rewrite, rewrite_urls},
    scan::Scan,
};

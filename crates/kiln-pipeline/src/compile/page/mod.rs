//! Pages: HTML in which tokens stand for references, with integrity metadata and module preloads added. All else
//! keeps its bytes: a page is scanned once, and edited at the places that the scan found.

mod attribute;

mod preload;

mod inline;

mod srcset;

mod scan;

mod style_attribute;

mod inline_style;

mod import_map;

#[cfg(feature = "toolchain")]
mod inline_module;

mod needs;

pub(super) mod reload;

mod compile;

mod srcdoc;

pub(super) use self::compile::Page;

//! Pages: HTML with tokens for references, integrity metadata and module preloads. All other bytes stay: a page is
//! scanned once, and edited at the places of the scan.

mod attribute;

mod preload;

mod inline;

mod srcset;

mod head_end;

mod scan;

mod unloadable;

mod style_attribute;

mod inline_style;

mod import_map;

#[cfg(feature = "toolchain")]
mod inline_module;

#[cfg(feature = "toolchain")]
mod inline_paths;

mod demands;

mod needs;

pub(super) mod reload;

mod compile;

mod srcdoc;

pub(super) use self::compile::Page;

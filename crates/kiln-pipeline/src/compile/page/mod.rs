//! Pages: HTML with tokens for references, integrity metadata and module preloads. All other bytes stay: a page is
//! scanned once, and edited at the places of the scan.

mod attribute;

mod metadata;

mod preload;

mod inline;

mod srcset;

mod head_end;

mod url_place;

mod unknown_attribute;

mod include_element;

mod scan;

mod template_script;

mod unloadable;

mod site;

mod style_attribute;

mod inline_style;

mod import_map;

mod linked_data;

#[cfg(feature = "toolchain")]
mod inline_module;

#[cfg(feature = "toolchain")]
mod inline_paths;

mod demands;

mod needs;

pub(super) mod reload;

mod compile;

mod srcdoc;

mod partial;

mod target;

mod edits;

pub(super) use self::{compile::Page, partial::warn_of_unused};

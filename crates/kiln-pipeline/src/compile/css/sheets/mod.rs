//! Style sheets as compilers take and return them: with tokens, with source maps, and from Sass.

mod mapped;

mod item;

mod keyframes;

mod hidden_mistake;

mod skipped;

mod skip_warning;

mod sass;

mod css_help;

mod sheet;

mod source_map;

mod printer_map;

pub(in crate::compile) use self::{
    hidden_mistake::{is_known, may_hide_mistakes},
    item::{Item, Skipped, items},
    mapped::Mapped,
    printer_map::PrinterMap,
    sheet::Sheet,
    skip_warning::{SkippedAt, skip_warnings},
    skipped::{blanked, skipped},
    source_map::{Mapping, SourceText, map},
};

//! Style sheets as compilers take and return them: with tokens, with source maps, and from Sass.

mod mapped;

mod sass;

mod sheet;

mod source_map;

mod printer_map;

pub(in crate::compile) use self::{
    mapped::Mapped,
    printer_map::PrinterMap,
    sheet::Sheet,
    source_map::{Mapping, SourceText, map},
};

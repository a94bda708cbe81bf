//! The lengths of the representations (identity, gzip, zstd, br), then lines of `Accept-Encoding`.
#![no_main]

use kiln::assets::properties;
use kiln_fuzz::{lines, numbers};

libfuzzer_sys::fuzz_target!(|text: &[u8]| properties::accept_encoding(numbers(text), &lines(text)));

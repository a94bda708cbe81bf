//! The length of a body, then lines of `Range`.
#![no_main]

use kiln::assets::properties;
use kiln_fuzz::{lines, numbers};

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let [length] = numbers(text);
    properties::range(length.unwrap_or_default().into(), &lines(text));
});

//! Paths of requests, before decoding.
#![no_main]

use kiln::assets::properties;

libfuzzer_sys::fuzz_target!(|raw: &str| properties::path(raw));

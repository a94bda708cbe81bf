//! A request, from its first line to the empty one.
#![no_main]

use kiln::server::properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::request(bytes));

//! A head with `If-Match`, `If-None-Match` and `If-Range`.
#![no_main]

use kiln::assets::properties;
use kiln_fuzz::values;

libfuzzer_sys::fuzz_target!(|head: &[u8]| {
    properties::conditions(
        &values(head, "If-Match"),
        &values(head, "If-None-Match"),
        &values(head, "If-Range"),
    );
});

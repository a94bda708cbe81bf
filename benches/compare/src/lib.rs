//! What the servers share: the embedded files, and where to listen.

/// What the build made.
#[derive(rust_embed::RustEmbed)]
#[folder = "$OUT_DIR/kiln"]
pub struct Embedded;

/// The address in the first argument.
///
/// # Panics
/// Without one.
#[must_use]
pub fn address() -> String {
    std::env::args().nth(1).expect("an address to listen on")
}

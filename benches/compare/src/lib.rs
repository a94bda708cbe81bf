//! The embedded files that the servers share, and the address to listen on.

kiln::embed!();

/// The address in the first argument.
///
/// # Panics
/// Without an argument.
#[must_use]
pub fn address() -> String {
    std::env::args().nth(1).expect("an address to listen on")
}

//! The text of a migration, the same in every checkout.
//!
//! The checksum of a migration is the SHA-256 of this text. The build records it, `migrate` writes it into
//! the database, and both compare it, so that all have to agree on what the text is.

/// `text` without a byte order mark, with a line feed at the end of each line: checkouts differ in line
/// ends, and some editors begin a file with the mark.
#[must_use]
pub fn normalised(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}

//! Decimal points.

use super::super::grammar::{byte, variant};

/// Whether a dot belongs to a number, and not to the class after it: `p-2.5`, but `p-2.2xl:flex`.
pub(super) fn is_decimal_point(text: &[u8], dot: usize) -> bool {
    is_between_digits(text, dot) && variant(text, dot + 1).is_err()
}

/// Whether the byte at `at` is between digits.
pub(super) fn is_between_digits(text: &[u8], at: usize) -> bool {
    byte(text, at.wrapping_sub(1)).is_ascii_digit() && byte(text, at + 1).is_ascii_digit()
}

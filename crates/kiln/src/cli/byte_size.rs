//! A number of bytes as people write it.

use std::{fmt, str::FromStr};

/// A number of bytes: `1000`, `64KiB`, `64MiB`, `1GiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);

/// A text is no number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a number of bytes, such as 1000000, 64KiB, 64MiB or 1GiB")]
pub struct InvalidByteSize;

/// The largest first; `B` for none of them.
const UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

impl FromStr for ByteSize {
    type Err = InvalidByteSize;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let split = UNITS.iter().find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?.trim_end(), bytes)));
        let (number, bytes) = split.unwrap_or((text, &1));
        // Checked here because the standard library takes a sign.
        if !number.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(InvalidByteSize);
        }
        let number: Option<u64> = number.parse().ok();
        number.and_then(|number| number.checked_mul(*bytes)).map(Self).ok_or(InvalidByteSize)
    }
}

/// In the largest unit that divides it.
impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = UNITS.iter().find(|(_, bytes)| self.0 >= *bytes && self.0.is_multiple_of(*bytes));
        match whole {
            Some((unit, bytes)) => write!(f, "{} {unit}", self.0 / bytes),
            None => write!(f, "{} B", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_powers_of_1024() {
        for (text, bytes) in [("0", 0), ("1000", 1000), ("7B", 7), ("64KiB", 65_536), ("64 MiB", 67_108_864)]
        {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)), "{text}");
        }
    }

    #[test]
    fn an_ambiguous_size_is_refused() {
        for text in ["", "MiB", "64M", "64MB", "64mib", "-1", "+1", "1.5MiB", "99999999999GiB"] {
            assert_eq!(text.parse::<ByteSize>(), Err(InvalidByteSize), "{text}");
        }
    }

    #[test]
    fn a_printed_size_parses_to_the_same_size() {
        for text in ["0 B", "1 KiB", "1025 B", "64 MiB", "1 GiB"] {
            assert_eq!(text.parse::<ByteSize>().map(|size| size.to_string()).as_deref(), Ok(text));
        }
    }
}

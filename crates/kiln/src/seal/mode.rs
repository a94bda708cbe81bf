//! The mode of the seal.

use std::{fmt, str::FromStr};

use serde::Serialize;

/// Mode of the seal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealMode {
    /// Required: without it the process does not start.
    Enforce,
    /// Best effort: as much of it as the system offers.
    #[default]
    BestEffort,
    /// Off.
    Off,
}

impl fmt::Display for SealMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Enforce => "enforce",
            Self::BestEffort => "best-effort",
            Self::Off => "off",
        })
    }
}

impl FromStr for SealMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "enforce" => Ok(Self::Enforce),
            "best-effort" => Ok(Self::BestEffort),
            "off" => Ok(Self::Off),
            _ => Err(format!("`{text}` is none of `enforce`, `best-effort` and `off`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_mode_parses_to_the_same_mode() {
        for mode in [SealMode::Enforce, SealMode::BestEffort, SealMode::Off] {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert!("on".parse::<SealMode>().is_err());
    }
}

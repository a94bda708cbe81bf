//! Place of the bytes of a variant.

use serde::{Deserialize, Serialize};

/// Name of the file in the output folder to which [`Place::Pack`] refers.
pub const PACK_FILE: &str = "assets.pack";

/// Place of the bytes of a variant. Each embedded file costs compile time, so that a release has its small ones in
/// one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Place {
    /// A file of their own.
    #[default]
    File,
    /// A range of [`PACK_FILE`].
    Pack {
        /// Start of the range, in bytes.
        offset: u64,
    },
}

impl Place {
    pub(crate) fn is_file(&self) -> bool {
        *self == Self::File
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_json_and_nothing_else_is_taken_for_one() {
        for (place, json) in [
            (Place::File, r#""file""#),
            (Place::Pack { offset: 0 }, r#"{"pack":{"offset":0}}"#),
            (Place::Pack { offset: u64::MAX }, r#"{"pack":{"offset":18446744073709551615}}"#),
        ] {
            assert_eq!(serde_json::to_string(&place).expect("serialise"), json);
            assert_eq!(serde_json::from_str::<Place>(json).expect("parse"), place);
        }
        for json in [
            r#""pack""#,
            r#""folder""#,
            r#"{"pack":{}}"#,
            r#"{"pack":{"offset":-1}}"#,
            r#"{"pack":{"offset":1,"length":2}}"#,
            r#"{"pack":{"offset":1},"file":null}"#,
        ] {
            assert!(serde_json::from_str::<Place>(json).is_err(), "{json} was accepted");
        }
    }
}

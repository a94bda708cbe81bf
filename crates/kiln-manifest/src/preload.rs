//! Scripts and style sheets that a browser may fetch before it has read the page.

use serde::{Deserialize, Serialize};

/// A script or style sheet that a page is sure to need.
///
/// A browser uses an early response only where everything but the time agrees with the element that asks (HTML Living
/// Standard, "consume a preloaded resource"), so that a preload holds every setting of its element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preload {
    /// Absolute path, behind the origin of hashed assets where there is one.
    pub url: String,
    /// Use that the page makes of the response.
    pub destination: Destination,
    /// CORS setting of the element.
    #[serde(default, skip_serializing_if = "CorsSetting::is_no_cors")]
    pub cors: CorsSetting,
    /// Integrity metadata of the element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<String>,
}

/// Use of a response that is fetched early (HTML Living Standard, link types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Destination {
    /// A module script.
    Module,
    /// Any other script.
    Script,
    /// A style sheet.
    Style,
}

/// State of the attribute `crossorigin` (HTML Living Standard, "CORS settings attributes").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CorsSetting {
    /// No such attribute.
    #[default]
    NoCors,
    /// Credentials go to the site itself only.
    Anonymous,
    /// Credentials go everywhere.
    UseCredentials,
}

impl CorsSetting {
    /// Setting of a `crossorigin` attribute with this value; `None` when there is no attribute.
    #[must_use]
    pub fn of(attribute: Option<&str>) -> Self {
        match attribute {
            None => Self::NoCors,
            Some(value) if value.eq_ignore_ascii_case("use-credentials") => Self::UseCredentials,
            // Empty and unknown values mean `anonymous` too.
            Some(_) => Self::Anonymous,
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
    fn is_no_cors(&self) -> bool {
        *self == Self::NoCors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_value_of_crossorigin_is_anonymous() {
        for (attribute, expected) in [
            (None, CorsSetting::NoCors),
            (Some(""), CorsSetting::Anonymous),
            (Some("maybe"), CorsSetting::Anonymous),
            (Some("Use-Credentials"), CorsSetting::UseCredentials),
        ] {
            assert_eq!(CorsSetting::of(attribute), expected, "{attribute:?}");
        }
    }
}

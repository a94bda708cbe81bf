//! `targets` in `[package.metadata.kiln]`: the browsers that a release supports.

use toml::Spanned;

use crate::{Result, error::nearest, text::Text};

/// The oldest supported version of each browser. Queries such as `last 2 versions` are not allowed: a build must mean
/// the same tomorrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Targets(pub(crate) Vec<(Browser, Version)>);

/// A browser, by its name in browserslist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "names of browsers")]
pub enum Browser {
    Android,
    Chrome,
    Edge,
    Firefox,
    IosSafari,
    Opera,
    Safari,
    Samsung,
}

/// A version's major and minor number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The number before the dot.
    pub major: u16,
    /// The number after the dot, or 0.
    pub minor: u8,
}

const NAMES: [(&str, Browser); 8] = [
    ("android", Browser::Android),
    ("chrome", Browser::Chrome),
    ("edge", Browser::Edge),
    ("firefox", Browser::Firefox),
    ("ios_saf", Browser::IosSafari),
    ("opera", Browser::Opera),
    ("safari", Browser::Safari),
    ("samsung", Browser::Samsung),
];

impl Targets {
    pub(super) fn checked(text: &Text, written: &[Spanned<String>]) -> Result<Self> {
        written.iter().map(|target| checked(text, target)).collect::<Result<_>>().map(Self)
    }
}

/// A target as `chrome 111` or `safari 16.4`.
fn checked(text: &Text, target: &Spanned<String>) -> Result<(Browser, Version)> {
    let written = target.get_ref();
    let (name, version) = written.trim().split_once(' ').unwrap_or((written, ""));
    let wrong = |message: String, help: String| {
        text.error(target.span(), message).with_label("expected a browser and its version").with_help(help)
    };
    let found = NAMES.iter().find(|(candidate, _)| name.eq_ignore_ascii_case(candidate));
    let Some((_, browser)) = found else {
        let names = NAMES.map(|(name, _)| name);
        let help = nearest(name, names).unwrap_or_else(|| format!("the browsers are {}", names.join(", ")));
        return Err(wrong(format!("unknown browser `{name}`"), help).into());
    };
    let version = parsed(version.trim()).ok_or_else(|| {
        wrong(
            format!("target `{written}` without a version number"),
            format!("write the oldest supported version: `{name} 111` or `{name} 16.4`"),
        )
    })?;
    Ok((*browser, version))
}

fn parsed(version: &str) -> Option<Version> {
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    Some(Version { major: major.parse().ok()?, minor: minor.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_name_and_a_version() {
        let of = |written: &str| {
            let text = Text::new("Cargo.toml", written);
            checked(&text, &Spanned::new(0..written.len(), written.to_owned())).ok()
        };
        assert_eq!(of("safari 16.4"), Some((Browser::Safari, Version { major: 16, minor: 4 })));
        assert_eq!(of("Chrome 111"), Some((Browser::Chrome, Version { major: 111, minor: 0 })));
        for wrong in ["chrome", "chrome x", "chrome >= 111", "netscape 4", "safari 16.4.1", "last 2 versions"]
        {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}

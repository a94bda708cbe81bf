//! The name by which people know an asset.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Digest;

/// A relative, `/`-separated path that cannot leave its root: no empty, `.` or `..` segment, no
/// backslash, no control character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LogicalPath(String);

/// Rule of [`LogicalPath`] that a string breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPath {
    /// Path without a character.
    #[error("empty path")]
    Empty,
    /// Segment that is empty, `.` or `..`.
    #[error("invalid path `{0}`: an empty, `.` or `..` segment")]
    Segment(String),
    /// Backslash or control character.
    #[error("invalid path `{0}`: a backslash or a control character")]
    Character(String),
}

impl LogicalPath {
    /// Checks `path`.
    ///
    /// # Errors
    /// The rule of the type that `path` breaks.
    pub fn new(path: impl Into<String>) -> Result<Self, InvalidPath> {
        let path = path.into();
        if path.is_empty() {
            return Err(InvalidPath::Empty);
        }
        if path.contains('\\') || path.chars().any(char::is_control) {
            return Err(InvalidPath::Character(path));
        }
        if path.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
            return Err(InvalidPath::Segment(path));
        }
        Ok(Self(path))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// File name: the part after the last `/`.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Folder: the part before the last `/`; the empty string at the root.
    #[must_use]
    pub fn parent(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    /// Extension: the part after the last `.` of the file name.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        match self.file_name().rsplit_once('.') {
            None | Some(("", _)) => None,
            Some((_, extension)) => Some(extension),
        }
    }

    /// The same path with another extension.
    ///
    /// # Errors
    /// When the extension holds a character that no path may hold.
    pub fn with_extension(&self, extension: &str) -> Result<Self, InvalidPath> {
        Self::new(format!("{}.{extension}", self.without_extension()))
    }

    /// Target of `reference` as a browser resolves it from this file: relative to the folder of this path, or from
    /// the root when it begins with `/`.
    ///
    /// # Errors
    /// When the reference climbs out of the root, or names no file.
    pub fn join(&self, reference: &str) -> Result<Self, InvalidPath> {
        let mut segments: Vec<&str> = match reference.strip_prefix('/') {
            Some(_) => Vec::new(),
            None => self.parent().split('/').filter(|segment| !segment.is_empty()).collect(),
        };
        for segment in reference.trim_start_matches('/').split('/') {
            match segment {
                "." => {}
                ".." => {
                    segments.pop().ok_or_else(|| InvalidPath::Segment(reference.to_owned()))?;
                }
                segment => segments.push(segment),
            }
        }
        Self::new(segments.join("/"))
    }

    /// The path under which content with this digest is served: `css/app.css` becomes
    /// `css/app-0123456789abcdef.css`.
    #[must_use]
    pub fn with_fingerprint(&self, digest: &Digest) -> String {
        let stem = self.without_extension();
        match self.extension() {
            Some(extension) => format!("{stem}-{}.{extension}", digest.fingerprint()),
            None => format!("{stem}-{}", digest.fingerprint()),
        }
    }

    fn without_extension(&self) -> &str {
        match self.extension() {
            Some(extension) => &self.0[..self.0.len() - extension.len() - 1],
            None => &self.0,
        }
    }
}

impl fmt::Display for LogicalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for LogicalPath {
    type Error = InvalidPath;

    fn try_from(path: String) -> Result<Self, Self::Error> {
        Self::new(path)
    }
}

impl From<LogicalPath> for String {
    fn from(path: LogicalPath) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> LogicalPath {
        LogicalPath::new(text).expect(text)
    }

    #[test]
    fn paths_that_could_leave_the_root_are_refused() {
        for text in ["", "/a", "a/", "a//b", ".", "a/../b", "a\\b", "a\0b", "a\nb"] {
            assert!(LogicalPath::new(text).is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn references_resolve_as_in_a_browser() {
        let page = path("docs/guide/index.html");
        assert_eq!(page.join("../logo.svg"), Ok(path("docs/logo.svg")));
        assert_eq!(page.join("./a/./b.css"), Ok(path("docs/guide/a/b.css")));
        assert_eq!(page.join("/logo.svg"), Ok(path("logo.svg")));
        assert!(page.join("../../../logo.svg").is_err());
        assert!(page.join("").is_err());
    }

    #[test]
    fn a_fingerprint_stands_before_the_extension() {
        let digest = Digest::of(b"");
        assert_eq!(path("a.b/c").with_fingerprint(&digest), format!("a.b/c-{}", digest.fingerprint()));
        assert_eq!(path("x.min.js").with_fingerprint(&digest), format!("x.min-{}.js", digest.fingerprint()));
        assert_eq!(path(".well-known").extension(), None);
    }
}

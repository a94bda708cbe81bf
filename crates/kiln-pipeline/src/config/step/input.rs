//! `inputs` of a step: globs of the files that its command reads.

use globset::GlobMatcher;
use kiln_manifest::LogicalPath;
use toml::Spanned;

use crate::{Result, config::glob_list::parsed_glob, glob::glob, text::Text};

/// A glob of files that a command reads.
#[derive(Clone, Debug)]
pub struct Input {
    /// The file or folder with which the glob begins.
    pub root: LogicalPath,
    /// Matches files below `root`.
    pub glob: GlobMatcher,
}

impl Input {
    pub(super) fn checked(text: &Text, written: &Spanned<String>, output: &LogicalPath) -> Result<Self> {
        let pattern = written.get_ref();
        let literal: Vec<&str> =
            pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect();
        let root = LogicalPath::new(literal.join("/")).map_err(|_| {
            text.error(written.span(), format!("input glob `{pattern}` begins with a wildcard")).with_help(
                "begin with a file or folder below the package, which the build can watch: `web/**`",
            )
        })?;
        let matcher = parsed_glob(text, pattern, written.span())?.compile_matcher();
        if overlap(&root, output) && may_match_within(pattern, output) {
            return Err(text
                .error(written.span(), format!("inputs contain the output folder `{output}`"))
                .with_label("changes whenever the command runs")
                .with_help("name the folders and files that the command reads one by one")
                .into());
        }
        Ok(Self { root, glob: matcher })
    }
}

/// Whether the folders are equal, or one lies in the other.
pub(super) fn overlap(one: &LogicalPath, other: &LogicalPath) -> bool {
    let is_in = |inner: &LogicalPath, outer: &LogicalPath| {
        inner
            .as_str()
            .strip_prefix(outer.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    is_in(one, other) || is_in(other, one)
}

/// Whether a file in the folder `output` may match the pattern, part by part.
fn may_match_within(pattern: &str, output: &LogicalPath) -> bool {
    // Alternatives may hold a slash.
    if pattern.contains('{') {
        return true;
    }
    let mut parts = pattern.split('/');
    for folder in output.as_str().split('/') {
        match parts.next() {
            // The pattern names a folder above, which is no file.
            Some("**") | None => return true,
            Some(part) if glob(part).is_ok_and(|glob| !glob.compile_matcher().is_match(folder)) => {
                return false;
            }
            Some(_) => {}
        }
    }
    parts.next().is_some() || pattern == output.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_contains_the_output_only_when_it_can_match_a_file_in_it() {
        let output = LogicalPath::new("web/dist").expect("path");
        for (pattern, expected) in [
            ("web/**", true),
            ("web/*/*.js", true),
            ("web/d*/x.js", true),
            ("web/dist", true),
            ("web", true),
            ("web/{src,dist}/**", true),
            ("web/tsconfig*.json", false),
            ("web/*", false),
            ("web/src/**", false),
            ("web/d?/x.js", false),
        ] {
            assert_eq!(may_match_within(pattern, &output), expected, "{pattern}");
        }
    }
}

//! Values with rules beyond their type: paths, prefixes, globs.

use std::ops::Range;

use globset::{Glob, GlobSet, GlobSetBuilder};
use kiln_manifest::LogicalPath;
use toml::Spanned;

use crate::{Result, glob::glob, text::Text};

pub(super) fn logical_path(text: &Text, entry: &Spanned<String>) -> Result<LogicalPath> {
    LogicalPath::new(entry.get_ref()).map_err(|invalid| {
        text.error(entry.span(), invalid.to_string())
            .with_help("name a file below `assets`, with `/` between folders: `admin/main.ts`")
            .into()
    })
}

pub(super) fn prefix(text: &Text, value: &Spanned<String>) -> Result<String> {
    let prefix = value.get_ref();
    let inner = prefix.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    match inner.map(LogicalPath::new) {
        Some(Ok(_)) => Ok(prefix.clone()),
        _ => Err(text
            .error(value.span(), format!("invalid URL prefix `{prefix}`"))
            .with_help("begin and end it with `/`, with a name between: `/assets/`")
            .into()),
    }
}

/// A URL prefix, or the root.
pub(super) fn mount(text: &Text, value: &Spanned<String>) -> Result<String> {
    if value.get_ref() == "/" { Ok("/".to_owned()) } else { prefix(text, value) }
}

/// A prefix of public variables. An empty one would serve every secret of the environment.
pub(super) fn env_prefix(text: &Text, value: &Spanned<String>) -> Result<String> {
    let prefix = value.get_ref();
    let is_name = prefix.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if prefix.is_empty() || !is_name || prefix.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(text
            .error(value.span(), format!("invalid prefix of environment variables `{prefix}`"))
            .with_label(if prefix.is_empty() {
                "would make every variable public"
            } else {
                "matches no variable"
            })
            .with_help("use letters, digits and `_`: `env-prefix = \"PUBLIC_\"`")
            .into());
    }
    Ok(prefix.clone())
}

pub(super) fn globs(text: &Text, patterns: &[Spanned<String>]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(parsed_glob(text, pattern.get_ref(), pattern.span())?);
    }
    set.build().map_err(|error| text.error(0..0, error.to_string()).into())
}

/// The glob `pattern` at `place`.
pub(super) fn parsed_glob(text: &Text, pattern: &str, place: Range<usize>) -> Result<Glob> {
    glob(pattern).map_err(|error| {
        text.error(place, format!("invalid glob: {}", error.kind()))
            .with_help("`*` matches a part of a name, `**` folders, `{a,b}` alternatives")
            .into()
    })
}

pub(super) fn globs_or(
    text: &Text,
    patterns: Option<Vec<Spanned<String>>>,
    default: &[&str],
) -> Result<GlobSet> {
    let default = || default.iter().map(|glob| Spanned::new(0..0, (*glob).to_owned())).collect();
    globs(text, &patterns.unwrap_or_else(default))
}

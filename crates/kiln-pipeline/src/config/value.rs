//! Values with rules beyond their type: paths and prefixes.

use kiln_manifest::LogicalPath;
use toml::Spanned;

use crate::{Result, text::Text};

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

/// An origin, `https://www.example`, without a slash at the end.
pub(super) fn origin(text: &Text, key: &str, value: &Spanned<String>) -> Result<String> {
    let written = value.get_ref();
    let host = written.strip_prefix("https://").or_else(|| written.strip_prefix("http://"));
    let host = host.map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    let is_host = |host: &str| {
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte))
    };
    if !host.is_some_and(is_host) {
        return Err(text
            .error(value.span(), format!("invalid origin `{written}` of `{key}`"))
            .with_label("expected scheme and host")
            .with_help(format!("write `{key} = \"https://www.example\"`; a path belongs into `mount`"))
            .into());
    }
    Ok(written.trim_end_matches('/').to_ascii_lowercase())
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

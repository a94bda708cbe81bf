//! `attributes` in `[package.metadata.kiln]`: attributes of pages that hold URLs of files, beside those of HTML.

use toml::Spanned;

use crate::{Error, Result, text::Text};

/// Attributes that refer to files as `src` does, or as `srcset` where their name ends like that.
#[derive(Clone, Debug, Default)]
pub struct ReferenceAttributes(Vec<NamedAttribute>);

#[derive(Clone, Debug)]
struct NamedAttribute {
    /// The element; `None` for all.
    tag: Option<String>,
    name: String,
}

/// Attributes with another meaning for the build, and `content`, which is text on most elements.
const OTHERS: [&str; 6] = ["class", "content", "crossorigin", "integrity", "srcdoc", "style"];

impl ReferenceAttributes {
    pub(super) fn checked(text: &Text, written: &[Spanned<String>]) -> Result<Self> {
        Error::collect(written.iter().map(|attribute| checked(text, attribute))).map(Self)
    }

    /// Whether the attribute of an element holds URLs; names are in lower case.
    pub(crate) fn has(&self, tag: &str, attribute: &str) -> bool {
        let concerns = |tags: &Option<String>| tags.as_ref().is_none_or(|one| one == tag);
        self.0.iter().any(|one| one.name == attribute && concerns(&one.tag))
    }
}

fn checked(text: &Text, written: &Spanned<String>) -> Result<NamedAttribute> {
    let attribute = written.get_ref().to_ascii_lowercase();
    let (tag, name) = match attribute.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
        Some((tag, name)) => (Some(tag), name),
        None => (None, attribute.as_str()),
    };
    if !tag.is_none_or(is_name) || !is_name(name) {
        return Err(text
            .error(written.span(), format!("invalid attribute `{}`", written.get_ref()))
            .with_label("expected the name of an attribute")
            .with_help("write `data-src`, or `my-card[image]` for the attribute of one element")
            .into());
    }
    if OTHERS.contains(&name) || name.starts_with("on") {
        return Err(text
            .error(written.span(), format!("attribute `{name}` cannot be a reference"))
            .with_label("holds no URL of a file")
            .with_help("name attributes whose value is a path below assets/, such as `data-src`")
            .into());
    }
    Ok(NamedAttribute { tag: tag.map(str::to_owned), name: name.to_owned() })
}

/// Whether the name is one of an element or an attribute that a page may have (HTML §13.1.2.3).
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|letter| !letter.is_whitespace() && !letter.is_control() && !"\"'<>/=[]".contains(letter))
}

//! Paths of files in the strings of inline scripts, which are served unchanged.

use super::inline::{InlineLanguage, InlineText};
use crate::{
    compile::{context::Context, script::PathStrings},
    source::Source,
    text::Text,
};

/// Warns of paths in the scripts among `inline` of a page.
pub(super) fn warn(context: &Context<'_>, page: &Source, text: &Text, inline: &[InlineText]) {
    let is_script =
        |inline: &&InlineText| matches!(inline.language, InlineLanguage::Script | InlineLanguage::Module);
    let mut scripts = inline.iter().filter(is_script).peekable();
    if scripts.peek().is_none() {
        return;
    }
    let paths = PathStrings::new(context);
    context.warn(scripts.flat_map(|script| paths.in_unchanged(page, text, script.place.clone())));
}

//! Frames of `@keyframes`. lightningcss drops a frame silently, with all of its declarations, when one part of it does not
//! parse; browsers drop the part.

use std::ops::Range;

use lightningcss::{
    rules::CssRule,
    stylesheet::{ParserOptions, StyleSheet},
};

use super::item::{Item, Skipped, items};

/// Whether the at-rule `name` is `@keyframes`, with a vendor prefix or without.
pub(super) fn is_keyframes(name: &str) -> bool {
    name == "keyframes" || (name.starts_with('-') && name.ends_with("-keyframes"))
}

/// Whether lightningcss drops a frame in `css`.
pub(super) fn loses_frames(css: &str) -> bool {
    css.to_ascii_lowercase().contains("keyframes") && loses_in(css, 0..css.len(), false)
}

fn loses_in(css: &str, within: Range<usize>, is_block: bool) -> bool {
    items(css, within, is_block).into_iter().any(|item| match item.block {
        Some(block) if is_keyframes(&item.name) => !skipped_frames(css, block).is_empty(),
        Some(block) => !item.name.is_empty() && loses_in(css, block, true),
        None => false,
    })
}

/// The parts that browsers skip in the block of a `@keyframes`.
pub(super) fn skipped_frames(css: &str, block: Range<usize>) -> Vec<Skipped> {
    let parts = items(css, block, true).into_iter().flat_map(|frame| match frame.block {
        Some(inside) if is_frame(&css[frame.place.start..inside.start]) => {
            items(css, inside, true).into_iter().filter_map(|item| declaration(css, item)).collect()
        }
        _ => vec![Skipped { place: frame.place, reason: "Invalid keyframe selector".to_owned() }],
    });
    parts.collect()
}

/// The item of a frame as a skipped part; `None` for a declaration that browsers read.
fn declaration(css: &str, Item { place, name, block }: Item) -> Option<Skipped> {
    if block.is_some() || !name.is_empty() {
        return Some(Skipped { place, reason: "Rule in a keyframe".to_owned() });
    }
    let alone = format!("a{{{}}}", &css[place.clone()]);
    let error = StyleSheet::parse(&alone, ParserOptions::default()).err()?;
    Some(Skipped { place, reason: error.kind.to_string() })
}

/// Whether `opening` opens a frame: `from, 50% {`.
fn is_frame(opening: &str) -> bool {
    let alone = format!("@keyframes k{{{opening}}}}}");
    let Ok(parsed) = StyleSheet::parse(&alone, ParserOptions::default()) else { return false };
    matches!(&*parsed.rules.0, [CssRule::Keyframes(rule)] if rule.keyframes.len() == 1)
}

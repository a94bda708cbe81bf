//! At-rules that Tailwind's engine drops silently: statements that it does not know, and `@keyframes` without frames.

use crate::compile::css::sheets::{Item, Sheet, Skipped, SkippedAt, is_known, items};

/// Statements that the engine replaces, beside those that browsers know.
const STATEMENTS: [&str; 10] = [
    "apply",
    "config",
    "custom-variant",
    "plugin",
    "reference",
    "slot",
    "source",
    "tailwind",
    "utility",
    "variant",
];

/// The parts of `sheets` that the engine drops.
pub(super) fn dropped(sheets: &[Sheet]) -> Vec<SkippedAt> {
    let mut found = Vec::new();
    for sheet in sheets {
        let mut open = items(sheet.css(), 0..sheet.css().len(), false);
        while let Some(item) = open.pop() {
            if let Some(reason) = problem(sheet.css(), &item) {
                found.push(sheet.skipped_at(&Skipped { place: item.place.clone(), reason }));
            }
            open.extend(item.block.into_iter().flat_map(|block| items(sheet.css(), block, true)));
        }
    }
    found
}

/// The reason for which the engine drops `item`.
fn problem(css: &str, Item { place, name, block }: &Item) -> Option<String> {
    let text = css[place.clone()].trim_end_matches(';').trim_end();
    match block {
        None if name == "tailwind" => (text.split_whitespace().nth(1) != Some("utilities"))
            .then(|| "write `@import \"tailwindcss\"`, which stands for it".to_owned()),
        None => {
            let is_dropped = !name.is_empty() && !STATEMENTS.contains(&&**name) && !is_known(name);
            is_dropped.then(|| format!("Unknown at rule: @{name}"))
        }
        Some(block) => {
            let is_empty = name.ends_with("keyframes") && items(css, block.clone(), true).is_empty();
            is_empty.then(|| "No frames".to_owned())
        }
    }
}

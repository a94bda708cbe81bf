//! Extraction of candidates from a line. Of nested candidates, the longest wins.

use std::{collections::BTreeSet, ops::Range};

use super::grammar::{begins_class, byte, custom_property, ends_class, utility, variant};

/// Adds every word of `text` that may be a class or a custom property.
pub(super) fn extract(text: &[u8], found: &mut BTreeSet<String>) {
    for line in text.split(|letter| *letter == b'\n') {
        for range in custom_properties(line).chain(classes(line)) {
            if let Ok(word) = std::str::from_utf8(&line[range])
                && !found.contains(word)
            {
                found.insert(word.to_owned());
            }
        }
    }
}

/// Adds the custom properties that a style sheet uses: `var(--x)`.
pub(super) fn extract_used(css: &[u8], found: &mut BTreeSet<String>) {
    for line in css.split(|letter| *letter == b'\n') {
        let used = custom_properties(line).filter(|range| line[..range.start].ends_with(b"var("));
        found.extend(used.filter_map(|range| String::from_utf8(line[range].to_vec()).ok()));
    }
}

fn custom_properties(line: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < line.len() {
            let start = at;
            match custom_property(line, start) {
                Ok(end) => {
                    at = end;
                    return Some(start..end);
                }
                Err(end) => at = end + 1,
            }
        }
        None
    })
}

fn classes(line: &[u8]) -> Vec<Range<usize>> {
    let mut classes = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let start = at;
        let (class, end) = next_class(line, start);
        // Brackets that are no class may contain one: `[CssClass("flex")]`.
        let unread = start..class.as_ref().map_or(end.min(line.len()), |class| class.start);
        for open in unread.clone().filter(|at| line[*at] == b'[') {
            let mut at = open + 1;
            while at < unread.end {
                let (class, end) = next_class(line, at);
                classes.extend(class);
                at = end + 1;
            }
        }
        classes.extend(class);
        at = end + 1;
    }
    outermost(classes)
}

/// The next class from `at`, and the offset at which to continue. Without a class, a later offset may still have one.
fn next_class(line: &[u8], mut at: usize) -> (Option<Range<usize>>, usize) {
    // The range from the first variant to the end of the last.
    let mut variants: Option<Range<usize>> = None;
    while at < line.len() {
        if line[at].is_ascii_whitespace() || matches!(line[at], b':' | b'"' | b'\'' | b'`') {
            variants = None;
            at += 1;
            continue;
        }
        if matches!(line[at], b'<' | b'A'..=b'Z') {
            // No class begins here, nor before the next character that may precede a class.
            let Some(skipped) = line[at..].iter().position(|letter| begins_class(*letter)) else {
                return (None, at);
            };
            variants = None;
            at += skipped + 1;
            continue;
        }
        match (variant(line, at), utility(line, at)) {
            (Err(_), Ok(end)) => {
                let class = variants.map_or(at, |variants| variants.start)..end;
                let is_apart = begins_class(if class.start == 0 { 0 } else { line[class.start - 1] })
                    && ends_class(byte(line, end));
                return (is_apart.then_some(class), end);
            }
            (Ok(end), Ok(utility)) if variants.is_none() && is_key(line, utility, end) => {
                return (Some(at..utility), end);
            }
            (Ok(end), _) => {
                variants = Some(variants.map_or(at, |variants| variants.start)..end);
                at = end;
            }
            (Err(one), Err(other)) => {
                variants = None;
                at = one.max(other).max(at) + 1;
            }
        }
    }
    (None, line.len())
}

/// Whether a variant is the key of an object: `{ underline: true }`.
fn is_key(line: &[u8], utility: usize, variant: usize) -> bool {
    utility + 1 == variant && (variant >= line.len() || byte(line, variant).is_ascii_whitespace())
}

fn outermost(mut classes: Vec<Range<usize>>) -> Vec<Range<usize>> {
    classes.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    let mut reached = 0;
    classes.retain(|class| {
        let is_outside = class.end > reached;
        reached = reached.max(class.end);
        is_outside
    });
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        extract(line.as_bytes(), &mut found);
        found.into_iter().collect()
    }

    #[test]
    fn words_are_found_like_by_the_official_scanner() {
        for (line, expected) in [
            (r#"<p class="flex p-4">"#, &["class", "flex", "p-4"][..]),
            ("class={`a ${b ? 'mt-1' : 'mt-2'}`}", &["a", "class", "mt-1", "mt-2"]),
            ("x => ({ 'md:w-1/2': true })", &["md:w-1/2", "true", "x"]),
            ("{ underline: true }", &["true", "underline"]),
            ("p.items-center foo.bar()", &["items-center"]),
            ("class:underline={on}", &["class:underline"]),
            ("top-2.5 -left-1.5 p-.5 from-15%", &["-left-1.5", "from-15%", "top-2.5"]),
            ("flex,block (hidden) grid; a|b", &[]),
            ("!font-bold underline! !both!", &["!font-bold", "underline!"]),
            ("bg-red-500/20 bg-a/b/c bg-[#fff]/[0.5]", &["bg-[#fff]/[0.5]", "bg-red-500/20"]),
            (
                r#"before:content-['a_b'] bg-[url("/a.png")]"#,
                &["before:content-['a_b']", r#"bg-[url("/a.png")]"#],
            ),
            (
                "data-[state=open]:p-2 [&>p]:m-1 @[480px]:flex",
                &["@[480px]:flex", "[&>p]:m-1", "data-[state=open]:p-2"],
            ),
            ("group-hover/item:flex **:p-1 *:m-1", &["**:p-1", "*:m-1", "group-hover/item:flex"]),
            ("w-[calc(100%-(2*var(--gap)))]", &["--gap", "w-[calc(100%-(2*var(--gap)))]"]),
            (
                "p-(--x) p-(--x,1px) p-(length:--x) p-(x)",
                &["--x", "p-(--x)", "p-(--x,1px)", "p-(length:--x)"],
            ),
            ("[color:red] [a:b:c] [--x:1px] [a:'b:c']", &["--x", "[--x:1px]", "[a:'b:c']", "[color:red]"]),
            ("p-[${x}] p-[a[b] bg-[a][b] p-[]", &[]),
            (r#"[CssClass("flex",'grid')] [class.m-1]"#, &["flex", "grid", "m-1"]),
            ("<div>flex</div> {% if %}block{% else %}", &["block", "else", "flex", "if"]),
            ("_blank 2xl:flex 1flex u--v a", &["--v", "2xl:flex", "a", "u--v"]),
        ] {
            assert_eq!(words(line), expected, "{line}");
        }
    }

    #[test]
    fn custom_properties_of_a_style_sheet_are_those_that_it_uses() {
        let mut found = BTreeSet::new();
        extract_used(b".a { --set: 1; color: var(--used); b: flex }", &mut found);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["--used"]);
    }
}

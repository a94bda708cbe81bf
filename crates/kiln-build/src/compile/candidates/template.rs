//! Languages in which a class touches what no class may touch: blanks are put there before words are
//! looked for.

use std::borrow::Cow;

use super::grammar::variant;

/// `text` of a file with this extension, as it is looked through.
pub(super) fn prepared<'a>(text: &'a [u8], extension: &str) -> Cow<'a, [u8]> {
    match extension {
        "json" => json(text).into(),
        "md" | "mdx" => markdown(text).into(),
        "rs" => rust(text).into(),
        "svelte" => directives(text).into(),
        _ => text.into(),
    }
}

/// `class:flex`, as Svelte and Leptos have it.
fn directives(text: &[u8]) -> Vec<u8> {
    const DIRECTIVE: &[u8] = b"class:";
    let mut output = text.to_vec();
    for at in 1..text.len() {
        if matches!(text[at - 1], b' ' | b'\t' | b'\n') && text[at..].starts_with(DIRECTIVE) {
            output[at - 1] = b' ';
            output[at + DIRECTIVE.len() - 1] = b' ';
        }
    }
    output
}

/// `html! { p.flex.p-4 { "text" } }`, as Maud has it, where a file has such a macro at all.
fn rust(text: &[u8]) -> Vec<u8> {
    let mut output = directives(text);
    if !text.windows(5).any(|window| window == b"html!") {
        return output;
    }
    let text = output.clone();
    let letter = |at: usize| text.get(at).copied().unwrap_or(0);
    let (mut at, mut depth) = (0, 0_usize);
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            b'"' => {
                output[at] = b' ';
                at += 1;
                while at < text.len() && text[at] != b'"' {
                    at += if text[at] == b'\\' { 2 } else { 1 };
                }
                if at < text.len() {
                    output[at] = b' ';
                }
            }
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'.' if depth == 0 => {
                let is_number =
                    letter(at.wrapping_sub(1)).is_ascii_digit() && letter(at + 1).is_ascii_digit();
                if !is_number || variant(&text, at + 1).is_ok() {
                    output[at] = b' ';
                }
            }
            _ => {}
        }
        at += 1;
    }
    output
}

/// `:span[text]{.flex.p-4}`.
fn markdown(text: &[u8]) -> Vec<u8> {
    let mut depth = 0_usize;
    let blank = |letter: &u8| {
        let outside = depth;
        match letter {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (letter, outside) {
            (b'{', 0) | (b'}' | b'.', 1) => b' ',
            (letter, _) => *letter,
        }
    };
    text.iter().map(blank).collect()
}

/// `["flex",{"p-4":true}]`.
fn json(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let (mut at, mut is_string) = (0, false);
    while at < text.len() {
        match text[at] {
            b'\\' if is_string => at += 1,
            b'"' => is_string = !is_string,
            b'[' | b']' | b'{' | b'}' if !is_string => output[at] = b' ',
            _ => {}
        }
        at += 1;
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_put_between_classes_and_what_touches_them() {
        for (extension, text, expected) in [
            ("svelte", "<p class:flex class:p-2.5={on}>", "<p class flex class p-2.5={on}>"),
            ("rs", "<p class:flex> x.y", "<p class flex> x.y"),
            ("rs", "html! { p.p-2.5.flex.\"m-[a.b]\" }", "html! { p p-2.5 flex  m-[a.b]  }"),
            ("rs", "html! { p.p-2.2xl:flex }", "html! { p p-2 2xl:flex }"),
            ("md", "a.b :c[d]{.flex.p-4} {.a {.b} .c}", "a.b :c[d]  flex p-4    a {.b}  c "),
            ("json", r#"["flex",{"a]":["p-4"]}]"#, r#" "flex", "a]": "p-4"   "#),
            ("html", "class:flex {.a}", "class:flex {.a}"),
        ] {
            let output = prepared(text.as_bytes(), extension);
            assert_eq!(String::from_utf8_lossy(&output), expected, "{extension}: {text}");
        }
    }
}

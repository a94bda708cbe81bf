//! Languages in which classes touch other characters than in HTML, which are replaced by blanks before the scan. Languages
//! and places are those of the official scanner (Tailwind 4.3), so that both find the same classes.

mod brackets;
mod decimal;
mod heredoc;
mod words;

mod clojure;
mod elixir;
mod json;
mod markdown;
mod pug;
mod razor;
mod ruby;
mod slim;
mod svelte;

mod haml;
mod rust;
mod vue;

use std::borrow::Cow;

/// The text of a file with this extension, prepared for the scan.
pub(super) fn prepared<'a>(text: &'a [u8], extension: &str) -> Cow<'a, [u8]> {
    match extension {
        "clj" | "cljc" | "cljs" => clojure::prepared(text).into(),
        "cshtml" | "razor" => razor::prepared(text).into(),
        "eex" | "ex" | "exs" | "heex" => elixir::prepared(text).into(),
        "erb" | "rb" => ruby::prepared(text).into(),
        "haml" => haml::prepared(text).into(),
        "json" => json::prepared(text).into(),
        "md" | "mdx" => markdown::prepared(text).into(),
        "pug" => pug::prepared(text).into(),
        "rs" => rust::prepared(text).into(),
        "slang" | "slim" => slim::prepared(text).into(),
        "svelte" => svelte::prepared(text).into(),
        "vue" => vue::prepared(text).into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_separated_from_other_characters_by_blanks() {
        for (extension, text, expected) in [
            ("clj", r#"[:p.flex.p-2.5 {:class [:grid "m-1"]}]"#, r#"  p flex p-2.5           grid "m-1"   "#),
            ("clj", "'flex '[a b] (x) :y ;; \"z\"", " flex   a b       y       "),
            ("cshtml", "@@md:flex a@@b @c", " @md:flex a @b @c"),
            ("ex", "~w(flex p-(--x))a ~s[p] ~r(a)", "~w flex p-(--x) a ~s p  ~r(a)"),
            ("haml", "%p#a.flex.p-2.5(b){c: 'd.e'}", "%p a flex p-2.5 b  c: 'd.e' "),
            ("haml", "= a.b %w[c d] # e\n-# f.g", "= a.b %w c d     \n-# f.g"),
            ("html", "class:flex {.a}", "class:flex {.a}"),
            ("json", r#"["flex",{"a]":["p-4"]}]"#, r#" "flex", "a]": "p-4"   "#),
            ("md", "a.b :c[d]{.flex.p-4} {.a {.b} .c}", "a.b :c[d]  flex p-4    a {.b}  c "),
            ("md", "{.w-[1.5rem].p-4}", "  w-[1.5rem] p-4 "),
            ("pug", "p.w-[a.b].p-2.5(x=')' y.z).m-1", "p w-[a.b] p-2.5 x=')' y.z) m-1"),
            ("pug", "p: a.b(\n  c.d\n).e\n| f(.g\n.h", "p: a b \n  c.d\n) e\n| f .g\n h"),
            ("rb", "%w[a b-[c]] + \"%w[d]\" # e", "%w a b-[c]  + \"%w[d]\"    "),
            ("rb", "slim_template <<~A\n.b.c\nA\n.d.e", "slim_template <<~A\n b c\nA\n.d.e"),
            ("rs", "<p class:flex> x.y", "<p class flex> x.y"),
            ("rs", "html! { p.p-2.5.flex[x.y].\"m-[a.b]\" }", "html! { p p-2.5 flex x.y]  m-[a.b]  }"),
            ("rs", "html! { p.p-2.2xl:flex }", "html! { p p-2 2xl:flex }"),
            ("slim", "p.w-[a.b].p-2.5[c.d].e class=%w(f g)", "p w-[a.b] p-2.5 c.d] e class=   f g "),
            ("svelte", "<p class:flex class:p-2.5={on}>", "<p class flex class p-2.5={on}>"),
            ("vue", "<template lang=\"pug\">.a.b</template>.c", "<template lang=\"pug\"> a b</template>.c"),
            ("vue", "<template>.a.b</template>", "<template>.a.b</template>"),
        ] {
            let output = prepared(text.as_bytes(), extension);
            assert_eq!(String::from_utf8_lossy(&output), expected, "{extension}: {text}");
        }
    }

    #[test]
    fn truncated_text_keeps_its_length() {
        let text = "p.a(b='c\\') %w[d <e> slim_template <<~F\n= .g 'h ~w(i :j.k \"l\nF <template lang=\"haml\"></template>@@";
        for extension in
            ["clj", "cshtml", "ex", "haml", "json", "md", "pug", "rb", "rs", "slim", "svelte", "vue"]
        {
            for end in 0..=text.len() {
                assert_eq!(prepared(&text.as_bytes()[..end], extension).len(), end, "{extension}");
                assert_eq!(
                    prepared(&text.as_bytes()[end..], extension).len(),
                    text.len() - end,
                    "{extension}"
                );
            }
        }
    }
}

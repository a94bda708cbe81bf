//! Style sheets in CSS and Sass.

use kiln_manifest::Mode;

use crate::project::{Output, Project};

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

/// A release of the style sheet `entry`, with `files` below `assets/`.
fn release(options: &str, entry: &str, files: &[(&str, &str)]) -> Output {
    Project::new(&format!("entries = [{entry:?}]\n{options}")).assets(files).build(Mode::Release)
}

#[test]
fn imports_keep_their_layers_media_and_conditions_and_references_their_file() {
    let files = [
        (
            "app.css",
            "@import \"parts/a.css\" layer(one.two) supports(display: grid) (width >= 40rem);\n@import url(https://example.org/x.css);\n.b { color: #ff0000; .c & { color: blue } }\n",
        ),
        ("parts/a.css", "@import \"deep/b.css\" print;\n.a { background: url(img.svg#m) }\n"),
        ("parts/deep/b.css", "@media (hover) { .d { mask: url('../img.svg') } }\n"),
        ("parts/img.svg", SVG),
    ];
    // Browsers ignore imports from other hosts after a rule.
    let files = files.map(|(name, css)| match css.split_once("@import url(https://example.org/x.css);\n") {
        Some((before, after)) => (name, format!("@import url(https://example.org/x.css);\n{before}{after}")),
        None => (name, css.to_owned()),
    });
    let files: Vec<_> = files.iter().map(|(name, css)| (*name, css.as_str())).collect();
    let output = release("", "app.css", &files);
    let image = output.url("parts/img.svg");
    insta::assert_snapshot!(output.text("app.css").replace(&image, "IMAGE"));
}

#[test]
fn styles_are_written_for_the_configured_browsers() {
    let css = ".a { user-select: none; inset: 0; &:hover { color: oklch(60% 0.1 20) } }\n@media (width >= 40rem) { .b { mask-image: linear-gradient(red, blue) } }\n";
    let now = release("", "app.css", &[("app.css", css)]).text("app.css");
    let old =
        release("targets = [\"safari 12\", \"chrome 70\", \"safari 13\"]", "app.css", &[("app.css", css)]);
    insta::assert_snapshot!(format!("{now}\n{}", old.text("app.css")));
}

#[test]
fn sass_becomes_css_and_its_references_are_those_of_the_file_that_writes_them() {
    let output = release(
        "",
        "app.scss",
        &[
            (
                "app.scss",
                "@use 'theme/colors' as *;\n@function math-free($n) { @return $n * 4px }\n@import 'parts/card';\n// it's url(nothing.svg)\n.a { color: darken($ink, 5%); .b & { margin: math-free(2) } }\n",
            ),
            ("theme/_colors.scss", "$ink: #336699 !default;\n"),
            (
                "parts/_card.scss",
                ".card { background: url('../img/a.svg?x'); @extend %frame }\n%frame { border: 0 }\n",
            ),
            ("img/a.svg", SVG),
        ],
    );
    let css = output.text("app.css");
    assert!(css.contains(&format!("url({}?x)", output.url("img/a.svg"))), "{css}");
    insta::assert_snapshot!(css.replace(&output.url("img/a.svg"), "IMAGE"));
}

#[test]
fn indented_sass_is_linked_and_a_module_may_be_written_in_sass() {
    let output = Project::new("")
        .file(
            "assets/index.html",
            "<link rel=stylesheet href=app.sass><script type=module src=app.ts></script>",
        )
        .file("assets/app.sass", "$ink: red\n.a\n  .b\n    color: $ink\n")
        .file("assets/app.ts", "import styles from \"./card.module.scss\";\nconsole.log(styles.card);\n")
        .file("assets/card.module.scss", ".card { &:hover { color: red } }\n")
        .build(Mode::Release);
    assert_eq!(output.text("app.css"), ".a .b{color:red}");
    assert!(output.text("index.html").contains(&output.url("app.css")), "{}", output.text("index.html"));
    assert!(output.text("app.js").contains("_card"), "{}", output.text("app.js"));
}

//! Style sheets in CSS and Sass.

use kiln_manifest::Mode;

use crate::project::{Output, Project, rendered};

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

/// The style sheet and the script of a page whose script imports the CSS module `css`.
fn module(css: &str, mode: Mode) -> (String, String) {
    let output = Project::new("")
        .file("assets/index.html", "<!doctype html><title>t</title><script type=module src=app.ts></script>")
        .file("assets/app.ts", "import names from \"./m.module.css\";\nconsole.log(names);\n")
        .file("assets/m.module.css", css)
        .build(mode);
    assert_eq!(output.report.warnings, Vec::<String>::new());
    let sheets = output.report.manifest.assets.iter().filter(|asset| asset.path.extension() == Some("css"));
    (sheets.map(|asset| output.text(asset.path.as_str())).collect(), output.text("app.js"))
}

#[test]
fn areas_of_a_grid_and_containers_keep_their_names_in_a_css_module() {
    let css = ".page { grid-template: \"side main\" var(--row) / 1fr 3fr }\n.grid { grid: \"side main\" 1fr / 1fr 3fr }\n\
        .areas { grid-template-areas: \"side main\" }\n.side { grid-area: side }\n.line { grid-column: main-start / main }\n\
        .shell { container: shell / inline-size }\n@container shell (min-width: 30rem) { .wide { top: 0 } }\n";
    for mode in [Mode::Dev, Mode::Release] {
        let (css, script) = module(css, mode);
        assert_eq!(css.matches("\"side main\"").count(), 3, "{css}");
        let compact = css.replace([' ', '\n'], "");
        for kept in ["grid-area:side", "main-start/main", "container:shell/inline-size", "@containershell("] {
            assert!(compact.contains(kept), "{kept}: {css}");
        }
        assert!(css.contains("_shell") && script.contains("_shell"), "the class is private: {css}");
    }
}

#[test]
fn keywords_of_view_transitions_are_no_names_of_a_css_module() {
    let css = ".v { view-transition-name: match-element }\n.w { view-transition-name: hero; & .x { view-transition-name: auto } }\n\
        @media print { .y { view-transition-name: MATCH-ELEMENT !important } }\n.z { view-transition-class: slide }\n\
        ::view-transition-group(.slide) { top: 0 }\n:global(::view-transition-old(root)) { top: 1px }\n";
    for mode in [Mode::Dev, Mode::Release] {
        let (css, script) = module(css, mode);
        let compact = css.replace(' ', "");
        assert_eq!(compact.matches("view-transition-name:match-element").count(), 2, "{css}");
        assert!(compact.contains("view-transition-name:auto"), "{css}");
        assert!(compact.contains("::view-transition-old(root)"), "{css}");
        for private in ["_hero", "_slide"] {
            assert!(css.contains(private) && script.contains(private), "{private}: {css} {script}");
        }
        assert_eq!(css.matches("_slide").count(), 2, "{css}");
    }
}

#[cfg(unix)]
#[test]
fn equal_variants_of_tailwind_are_in_the_order_of_their_classes() {
    let classes = ["supports-(--test):flex", "supports-[var(--test)]:flex", "supports-[var(--test)]:grid"];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let classes = order.map(|index| classes[index]).join(" ");
        let page = format!(
            "<!doctype html><title>t</title><link rel=stylesheet href=app.css><p class=\"{classes}\">"
        );
        let output = Project::new("")
            .with_npm()
            .file("assets/index.html", page)
            .file("assets/app.css", "@import \"tailwindcss\" source(none);\n@source \"./*.html\";\n")
            .build(Mode::Dev);
        let css = output.text("app.css");
        let found: Vec<&str> = css.lines().filter(|line| line.contains(".supports")).map(str::trim).collect();
        // As `@tailwindcss/cli` 4.3.5 writes them.
        let expected = [
            ".supports-\\(--test\\)\\:flex {",
            ".supports-\\[var\\(--test\\)\\]\\:flex {",
            ".supports-\\[var\\(--test\\)\\]\\:grid {",
        ];
        assert_eq!(found, expected, "{classes}");
    }
}

#[test]
fn imports_from_other_hosts_below_those_of_files_move_to_the_top_with_a_warning() {
    let files = [
        (
            "app.css",
            "@import \"own.css\";\n@import url(\"https://example.org/css2?family=A:wght@1;2\") screen;\np { top: 0 }\n",
        ),
        ("own.css", "@import 'deep.css';\n@import 'https://example.org/deep.css';\n.own { top: 0 }\n"),
        ("deep.css", ".deep { top: 0 }\n"),
    ];
    let project = Project::new("entries = [\"app.css\"]\n").assets(&files);
    for mode in [Mode::Dev, Mode::Release] {
        let output = project.build(mode);
        let css = output.text("app.css");
        let order = ["https://example.org/deep.css", "https://example.org/css2?", ".deep", ".own"];
        let places: Vec<_> = order.iter().map(|part| css.find(part).expect(part)).collect();
        assert!(places.is_sorted() && css.starts_with("@import"), "{css}");
        assert!(
            css.contains("wght@1;2") && css.contains("screen") && css.matches("@import").count() == 2,
            "{css}"
        );
        let warnings = output.report.warnings.join("\n");
        for place in ["assets/app.css:2:14: `@import`", "assets/own.css:2:10: `@import`"] {
            assert!(warnings.contains(place), "{warnings}");
        }
    }
}

#[test]
fn css_that_has_another_form_here_is_an_error_that_names_it() {
    let page = "<!doctype html><title>t</title><link rel=stylesheet href=app.css><script type=module src=app.ts></script>";
    let layers = "@import \"a.css\" layer(x);\n@import \"a.css\" layer(y);\n";
    for (sheet, module, expected) in [
        (layers, "", "import the style sheet once"),
        ("", ".a :global .g2 { top: 0 }", "`:global(.name)`"),
        ("", "@value gap: 7px;\n.a { padding: gap }", "`var(--name)`"),
        ("", ".a { top: 0 }\n:export { primary: red }", "export the values from a script"),
        ("@import \"a.css\";\n@import \"b.css\" print;\n", "", "write the `@import` of the other host above"),
    ] {
        let project = Project::new("").assets(&[
            ("index.html", page),
            ("app.css", sheet),
            ("app.ts", "import names from \"./m.module.css\";\nconsole.log(names);\n"),
            ("m.module.css", module),
            ("a.css", ".a { top: 0 }"),
            ("d.css", ".d { top: 0 }"),
            ("b.css", "@import \"d.css\";\n@import url(https://example.org/c.css);\n"),
        ]);
        let error = project.try_build(Mode::Release).map(drop).expect_err(expected);
        assert!(rendered(&error).contains(expected), "{}", rendered(&error));
    }
}

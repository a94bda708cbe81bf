//! Attributes beside those of HTML, and parts of pages that browsers read later.

use kiln_manifest::Mode;

use crate::project::{Output, Project};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const HTML: &str = "<img src=low.png data-src=high.png data-srcset=\"high.png 2x, low.png\">\n<div data-bg=\"high.png\" title=high.png></div>\n\
                    <button hx-get=\"part.html\"></button><my-card image=\"high.png\"></my-card>";

fn build(options: &str, html: &str) -> Output {
    let project = Project::new(options).file("assets/index.html", html).file("assets/part.html", "");
    project.file("assets/high.png", PNG).file("assets/low.png", [PNG, b"\0"].concat()).build(Mode::Release)
}

fn missing(place: &str, name: &str, attribute: &str) -> String {
    format!(
        "assets/index.html:{place}: path `high.png` in `{name}` not rewritten, but the file is served under a hashed name; add `attributes = [\"{attribute}\"]` to [package.metadata.kiln]"
    )
}

#[test]
fn attributes_of_the_configuration_refer_to_files() {
    let options = "attributes = [\"data-src\", \"data-srcset\", \"DATA-bg\", \"my-card[image]\"]";
    let output = build(options, &format!("{HTML}<other-card image=some></other-card>"));
    let (high, low) = (output.url("high.png"), output.url("low.png"));
    let expected = format!(
        "<img src={low} data-src={high} data-srcset=\"{high} 2x, {low}\">\n<div data-bg=\"{high}\" title=high.png></div>\n\
         <button hx-get=\"part.html\"></button><my-card image=\"{high}\"></my-card><other-card image=some></other-card>"
    );
    assert_eq!(output.text("index.html"), expected);
    assert!(output.report.warnings.is_empty(), "{:?}", output.report.warnings);
}

#[test]
fn a_listed_attribute_has_to_name_a_file_of_its_element_alone() {
    let project = Project::new("attributes = [\"my-card[image]\"]");
    let html = "<other-card image=no.png></other-card><my-card image=no.png></my-card>";
    let error = project.file("assets/index.html", html).try_build(Mode::Release).expect_err("an error");
    assert_eq!(error.to_string(), "`no.png` not found");
}

#[test]
fn a_file_in_an_unknown_attribute_is_a_warning_with_the_key_to_add() {
    let output = build("", HTML);
    let expected = [
        missing("1:27", "data-src", "data-src"),
        missing("1:49", "data-srcset", "data-srcset"),
        missing("2:15", "data-bg", "data-bg"),
        missing("3:53", "image", "my-card[image]"),
    ];
    let low = "assets/index.html:1:62: path `low.png` in `data-srcset` not rewritten, but the file is served under a hashed name; add `attributes = [\"data-srcset\"]` to [package.metadata.kiln]";
    let mut expected: Vec<_> = expected.into_iter().chain([low.to_owned()]).collect();
    expected.sort();
    assert_eq!(output.report.warnings, expected);
}

#[test]
fn templates_and_noscript_are_read_and_not_preloaded() {
    let html = "<template><img src=high.png></template><noscript><img src=high.png><style>a{background:url(high.png)}</style>\
                <link rel=stylesheet href=app.css></noscript><NOSCRIPT><p>x</NOSCRIPT><script>let a = '<noscript>';</script>";
    let project = Project::new("").file("assets/index.html", html).file("assets/high.png", PNG);
    let output = project.file("assets/app.css", ".a{color:red}").build(Mode::Release);
    let (high, text) = (output.url("high.png"), output.text("index.html"));
    assert_eq!(text.matches(&format!("src={high}")).count(), 2, "{text}");
    assert!(text.contains(&format!("url({high})")) && text.contains(&output.url("app.css")), "{text}");
    assert!(text.ends_with("<NOSCRIPT><p>x</NOSCRIPT><script>let a = '<noscript>';</script>"), "{text}");
    assert!(output.asset("index.html").preloads.is_empty(), "a browser that runs scripts needs none");
}

#[test]
fn a_file_in_a_template_script_is_a_warning() {
    let html = "<script type=\"text/template\">\n<img src=\"high.png\"><img src=\"{{ url }}\"></script>";
    let output = build("", html);
    let expected = "assets/index.html:2:11: path `high.png` in a script not rewritten, but the file is served under a hashed name; use `<template>`";
    assert_eq!(output.report.warnings, [expected]);
    assert_eq!(output.text("index.html"), html);
}

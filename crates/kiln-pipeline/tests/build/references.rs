//! References in pages, styles and scripts, and names of outputs.

use kiln_manifest::{Digest, Directive, Mode};

use crate::project::{Output, Project};

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

/// A release of `html` as a page, with `files` beside it.
fn page(html: &str, files: &[(&str, &str)]) -> Output {
    Project::new("private = [\"secret/**\"]\nverbatim = [\"sw.js\"]")
        .file("assets/index.html", html)
        .assets(files)
        .build(Mode::Release)
}

#[test]
fn names_are_escaped_in_html_and_urls() {
    let output = page("<img src=\"a&amp;b%20c.svg?x=1&amp;y\" alt=\"\">", &[("a&b c.svg", SVG)]);
    let url = output.url("a&b c.svg");
    assert!(url.starts_with("/assets/a%26b%20c-"), "{url}");
    assert_eq!(output.text("index.html"), format!("<img src=\"{url}?x=1&amp;y\" alt=\"\">"));
}

#[test]
fn a_link_to_a_folder_leads_to_its_page() {
    let output =
        page("<a href=\"docs/\">1</a><a href=\"./\">2</a>", &[("docs/index.html", "<a href=\"../\">3</a>")]);
    assert_eq!(output.text("index.html"), "<a href=\"/docs/\">1</a><a href=\"/\">2</a>");
    assert_eq!(output.text("docs/index.html"), "<a href=\"/\">3</a>");
}

#[test]
fn a_verbatim_script_is_served_under_its_own_name() {
    let output = page("<title>Worker</title>", &[("sw.js", "self.x = 1;\n")]);
    assert_eq!(output.url("sw.js"), "/sw.js");
    assert_eq!(output.text("sw.js"), "self.x = 1;\n");
}

#[test]
fn inline_styles_refer_to_files_and_are_hashed_as_browsers_read_them() {
    let output = page("<style>\r\na{background:url('x.svg')}\r\n</style>", &[("x.svg", SVG)]);
    let style = format!("\na{{background:url(\"{}\")}}\n", output.url("x.svg"));
    assert_eq!(output.text("index.html"), format!("<style>{}</style>", style.replace('\n', "\r\n")));
    assert_eq!(output.hashes("index.html", Directive::StyleSrc), [Digest::of(style.as_bytes()).integrity()]);
}

#[test]
fn a_sheet_uses_tailwind_when_one_of_its_imports_does() {
    let output = Project::new("entries = [\"app.css\"]")
        .file("assets/app.css", "@import \"./button.css\";\n")
        .file("assets/button.css", "@reference \"tailwindcss\";\n.button { @apply p-4 }\n")
        .with_npm()
        .build(Mode::Release);
    assert!(output.text("app.css").contains("padding:"), "{}", output.text("app.css"));
    assert!(!output.text("app.css").contains("@apply"), "{}", output.text("app.css"));
}

#[test]
fn a_query_in_a_style_sheet_does_not_end_its_url() {
    let output = page(
        "<link rel=stylesheet href=app.css>",
        &[("app.css", ".a { background: url(\"x.svg?a=(b) c'd#e\") }"), ("x.svg", SVG)],
    );
    let expected = format!("url({}?a=%28b%29%20c%27d#e)", output.url("x.svg"));
    assert!(output.text("app.css").contains(&expected), "{}", output.text("app.css"));
}

#[test]
fn urls_in_scripts_are_resolved() {
    let output = page(
        "<script type=module src=app.js></script>",
        &[("app.js", "console.log(new URL('./x.svg', import.meta.url).href);"), ("x.svg", SVG)],
    );
    assert!(output.text("app.js").contains(&output.url("x.svg")), "{}", output.text("app.js"));
}

#[test]
fn chunks_with_equal_names_are_numbered() {
    let output = page(
        "<script type=module src=app.js></script>",
        &[
            ("app.js", "import('./a/view.js'); import('./b/view.js');"),
            ("a/view.js", "console.log('a');"),
            ("b/view.js", "console.log('b');"),
        ],
    );
    let scripts =
        output.names().into_iter().filter(|name| name.starts_with("kiln/public/assets/chunks/")).count();
    assert_eq!(scripts, 2, "{:?}", output.names());
}

#[test]
fn a_folder_may_replace_a_file_and_a_file_a_folder() {
    let project = Project::new("").file("assets/a", "file").build_then();
    let project = project.without("assets/a").file("assets/a/b.txt", "in a folder").build_then();
    let output =
        project.without("assets/a/b.txt").without("assets/a").file("assets/a", "file").build(Mode::Dev);
    assert_eq!(output.text("a"), "file");
}

//! Source maps of style sheets in development. Source maps of scripts are tested in `scripts.rs`.

use kiln_manifest::{Exposure, Mode};

use crate::project::{Output, Project};

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

/// A position in a source, with the content of the source. Lines and columns count from 0.
pub(crate) struct Original {
    pub(crate) source: String,
    content: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// The original position of `text` in an asset, by its source map.
#[track_caller]
pub(crate) fn original(output: &Output, asset: &str, text: &str) -> Original {
    let map = output.text(&format!("{asset}.map"));
    let map = oxc_sourcemap::SourceMap::from_json_string(&map).expect("source map");
    let output = output.text(asset);
    let at = output.find(text).unwrap_or_else(|| panic!("{text} is missing in {output}"));
    let line = output[..at].matches('\n').count();
    let start = output[..at].rfind('\n').map_or(0, |start| start + 1);
    let column = output[start..at].encode_utf16().count();
    let of = |number: usize| u32::try_from(number).expect("short");
    let table = map.generate_lookup_table();
    let token = map.lookup_source_view_token(&table, of(line), of(column));
    let token = token.unwrap_or_else(|| panic!("{text} is not mapped in {output}"));
    let (source, content) = token.get_source_and_content().expect("source");
    let (line, column) = (token.get_src_line(), token.get_src_col());
    Original { source: source.to_string(), content: content.to_string(), line, column }
}

impl Original {
    /// The line of the source from the column on.
    fn text(&self) -> String {
        let line = self.content.lines().nth(self.line as usize).unwrap_or_default();
        let units: Vec<u16> = line.encode_utf16().skip(self.column as usize).collect();
        String::from_utf16(&units).expect("UTF-16")
    }
}

/// Asserts that each text of the asset is mapped to a file, a line counted from 1, and the text at that place.
#[track_caller]
fn assert_mapped(output: &Output, asset: &str, expected: &[(&str, &str, u32, &str)]) {
    for (text, source, line, start) in expected {
        let found = original(output, asset, text);
        assert_eq!((found.source.as_str(), found.line + 1), (*source, *line), "{text}");
        assert!(found.text().starts_with(start), "{text} comes from `{}`", found.text());
    }
}

fn styles(files: &[(&str, &str)]) -> Project {
    let project = Project::new("entries = [\"app.css\"]").file("assets/a/long/way/down.svg", SVG);
    files.iter().fold(project, |project, (name, content)| project.file(name, content))
}

#[test]
fn a_rule_is_mapped_to_its_file_and_line_through_imports_and_past_references() {
    let files = [
        ("assets/app.css", "@import \"parts/card.css\" layer(cards);\n/* é😀 */ .page { color: red }\n"),
        (
            "assets/parts/card.css",
            "@media print {\n    .logo {\n        background: url(\n            ../a/long/way/down.svg\n        ), url(../a/long/way/down.svg) } .after { top: 0 }\n}\n\n.card { left: 0 }\n",
        ),
    ];
    let output = styles(&files).build(Mode::Dev);
    assert_mapped(
        &output,
        "app.css",
        &[
            (".page", "assets/app.css", 2, ".page {"),
            (".logo", "assets/parts/card.css", 2, ".logo {"),
            (".after", "assets/parts/card.css", 5, ".after {"),
            (".card", "assets/parts/card.css", 8, ".card {"),
        ],
    );
    assert!(output.text("app.css").ends_with("\n/*# sourceMappingURL=app.css.map */\n"));
}

#[test]
fn rules_compiled_by_tailwind_are_mapped_to_their_sources() {
    let files = [
        (
            "assets/app.css",
            "@import \"tailwindcss\";\n@import \"./parts/card.css\";\n\n.page {\n    background: url(a/long/way/down.svg);\n    @apply underline;\n}\n",
        ),
        ("assets/parts/card.css", "/* Cards. */\n.card {\n    left: 0;\n    top: --spacing(4);\n}\n"),
        ("assets/index.html", "<p class=\"flex\">"),
    ];
    let output = styles(&files).with_npm().build(Mode::Dev);
    assert_mapped(
        &output,
        "app.css",
        &[
            (".page {", "assets/app.css", 4, ".page {"),
            ("background: url(/", "assets/app.css", 5, "background: url("),
            ("text-decoration-line: underline;", "assets/app.css", 6, "underline;"),
            (".card {", "assets/parts/card.css", 2, ".card {"),
            ("left: 0;", "assets/parts/card.css", 3, "left: 0"),
            (".flex {", "node_modules/tailwindcss/index.css", 949, "@tailwind utilities"),
        ],
    );
}

#[test]
fn style_sheets_of_scripts_and_css_modules_are_mapped_to_each_of_their_files() {
    let project = Project::new("entries = [\"app.ts\"]")
        .file(
            "assets/app.ts",
            "import \"./plain.css\";\nimport styles from \"./card.module.css\";\nconsole.log(styles.card);\n",
        )
        .file("assets/plain.css", "\n.plain { top: 0 }\n")
        .file("assets/base.css", "\n\n.base { top: 0 }\n")
        .file(
            "assets/card.module.css",
            "@import \"./base.css\";\n.card { composes: box from \"./box.module.css\"; left: 0 }\n",
        )
        .file("assets/box.module.css", "\n\n\n.box { right: 0 }\n");
    let output = project.build(Mode::Dev);
    let folder = project.root().to_str().expect("UTF-8");
    assert!(!output.text("app.js.map").contains(folder), "a folder of the machine");
    let css = output.text("chunks/app.css");
    let named = |name: &str| {
        let rule = format!("_{name} {{");
        let end = css.find(&rule).unwrap_or_else(|| panic!("{name} is missing in {css}"));
        let start = css[..end].rfind('.').expect("a class");
        css[start..end + rule.len()].to_owned()
    };
    let [card, boxed, base] = ["card", "box", "base"].map(named);
    assert_mapped(
        &output,
        "chunks/app.css",
        &[
            (".plain", "assets/plain.css", 2, ".plain"),
            (&boxed, "assets/box.module.css", 4, ".box"),
            (&base, "assets/base.css", 3, ".base"),
            (&card, "assets/card.module.css", 2, ".card"),
        ],
    );
}

#[test]
fn rules_in_sass_are_mapped_to_the_file_that_writes_them() {
    let output = Project::new("entries = [\"app.scss\"]")
        .file("assets/app.scss", "@use \"parts/card\";\n\n.page {\n  .inner { top: 0 }\n}\n")
        .file(
            "assets/parts/_card.scss",
            "$gap: 4px;\n.card { background: url(\"../a/long/way/down.svg\"); left: $gap }\n",
        )
        .file("assets/a/long/way/down.svg", SVG)
        .build(Mode::Dev);
    assert_mapped(
        &output,
        "app.css",
        &[(".page .inner", "assets/app.scss", 4, ".inner"), (".card", "assets/parts/_card.scss", 2, ".card")],
    );
}

#[test]
fn maps_of_style_sheets_are_served_beside_them_in_development_only() {
    let files = [("assets/app.css", ".a { top: 0 }\n")];
    let project = styles(&files);
    let output = project.build(Mode::Dev);
    assert_eq!(output.asset("app.css.map").exposure, Exposure::Verbatim);
    assert_eq!(output.url("app.css.map"), format!("{}.map", output.url("app.css")));
    let folder = project.folder().to_string_lossy();
    assert!(!output.text("app.css.map").contains(&*folder));

    for options in ["", "source-maps = \"linked\""] {
        let release = Project::new(&format!("entries = [\"app.css\"]\n{options}"))
            .file("assets/app.css", files[0].1)
            .build(Mode::Release);
        assert_eq!(release.text("app.css"), ".a{top:0}");
    }
    let none = Project::new("entries = [\"app.css\"]\nsource-maps = \"none\"")
        .file("assets/app.css", files[0].1)
        .build(Mode::Dev);
    assert!(!none.names().iter().any(|name| name.contains(".map")), "{:?}", none.names());
    assert!(!none.text("app.css").contains("sourceMappingURL"));
}

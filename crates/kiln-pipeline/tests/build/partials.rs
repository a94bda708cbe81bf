//! Partials: parts of pages in files of their own.

use kiln_manifest::{Digest, Directive, Mode};

use crate::project::{Project, rendered};

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
const INCLUDE: &str = "<kiln-include src=parts/_nav.html></kiln-include>";

#[test]
fn a_partial_stands_in_place_of_its_element_with_references_of_its_own_file() {
    let output = Project::new("")
        .assets(&[
            ("index.html", "<main><kiln-include src=\"parts/_nav.html\">\n</kiln-include></main>"),
            ("docs/index.html", "<kiln-include src=/parts/_nav.html><p>"),
            ("parts/_nav.html", "<nav><img src=a.svg><kiln-include src=_deep.htm></kiln-include></nav>\n"),
            ("parts/_deep.htm", "<b style=color:red>deep</b>"),
            ("parts/a.svg", SVG),
        ])
        .build(Mode::Release);
    let nav = format!("<nav><img src={}><b style=color:red>deep</b></nav>", output.url("parts/a.svg"));
    assert_eq!(output.text("index.html"), format!("<main>{nav}</main>"));
    assert_eq!(output.text("docs/index.html"), format!("{nav}<p>"));
    let names = output.report.manifest.assets.iter().map(|asset| asset.path.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["docs/index.html", "index.html", "parts/a.svg"]);
    let hash = Digest::of(b"color:red").integrity();
    assert_eq!(output.hashes("index.html", Directive::StyleSrcAttr), [hash]);
    assert!(output.report.warnings.is_empty(), "{:?}", output.report.warnings);
}

#[test]
fn scripts_and_styles_of_a_partial_are_those_of_the_page() {
    let output = Project::new("")
        .assets(&[
            ("index.html", "<!doctype html><head><kiln-include src=_head.html></kiln-include><title>t</title></head><body><kiln-include src=_foot.html></kiln-include></body>"),
            ("_head.html", "<link rel=stylesheet href=app.css>"),
            ("_foot.html", "<script>let inline = 1</script><script type=module src=foot.ts></script>"),
            ("app.css", ".a{color:red}"),
            ("foot.ts", "import './foot.css'; console.log(1);"),
            ("foot.css", ".b{color:red}"),
        ])
        .build(Mode::Release);
    let text = output.text("index.html");
    let link = format!("<title>t</title><link rel=\"stylesheet\" href=\"{}\"", output.url("chunks/foot.css"));
    assert!(text.contains(&link), "{link} in {text}");
    let hash = Digest::of(b"let inline = 1").integrity();
    assert_eq!(output.hashes("index.html", Directive::ScriptSrc), [hash]);
    let page = output.asset("index.html");
    let expected = ["app.css", "chunks/foot.css", "foot.js"].map(|name| output.url(name));
    assert_eq!(page.imports, expected);
    assert_eq!(page.preloads.iter().map(|one| one.url.clone()).collect::<Vec<_>>(), expected);
}

#[test]
fn a_mistake_in_a_partial_is_told_once_at_its_own_place() {
    let project = Project::new("").assets(&[
        ("index.html", INCLUDE),
        ("about.html", INCLUDE),
        ("parts/_nav.html", "<nav>\n  <img src=no.png></nav>"),
    ]);
    let error = project.try_build(Mode::Release).expect_err("an error");
    assert_eq!(error.to_string(), "`no.png` not found");
    assert!(rendered(&error).contains("[assets/parts/_nav.html:2:12]"), "{}", rendered(&error));
}

#[test]
fn warnings_of_a_partial_are_told_once_at_its_own_place() {
    let output = Project::new("")
        .assets(&[
            ("index.html", INCLUDE),
            ("about.html", INCLUDE),
            ("parts/_nav.html", "<nav>\n<img src=https://img.example/a.png></nav>"),
            ("_draft.html", ""),
        ])
        .build(Mode::Release);
    let blocked = "assets/parts/_nav.html:2:10: `https://img.example` blocked by the Content-Security-Policy; add `img-src = [\"https://img.example\"]` to [package.metadata.kiln.policy]";
    let unused = "assets/_draft.html: partial included by no page; rename it without `_` to make it a page";
    assert_eq!(output.report.warnings, [unused, blocked]);
}

#[test]
fn tailwind_finds_the_classes_of_a_partial() {
    let output = Project::new("")
        .with_own_npm()
        .assets(&[
            ("index.html", "<link rel=stylesheet href=app.css><kiln-include src=_nav.html></kiln-include>"),
            ("_nav.html", "<nav class=\"underline\"></nav>"),
            ("app.css", "@import \"tailwindcss\";"),
        ])
        .build(Mode::Release);
    assert!(output.text("app.css").contains(".underline{"), "{}", output.text("app.css"));
}

#[test]
fn a_changed_partial_is_built_again() {
    let project = Project::new("").assets(&[
        ("index.html", "<kiln-include src=_nav.html></kiln-include>"),
        ("_nav.html", "<nav>one</nav>"),
    ]);
    let mut session = project.session(Mode::Release).expect("a session");
    let report = session.build().expect("a build");
    assert!(report.watched.iter().any(|path| path.ends_with("assets")), "{:?}", report.watched);
    project.write("assets/_nav.html", "<nav>two</nav>");
    let first = report.manifest.build_id;
    assert_ne!(session.build().expect("a build").manifest.build_id, first);
}

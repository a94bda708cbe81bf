//! Globs and variable names in scripts, and import attributes.

use kiln_manifest::Mode;

use crate::project::{Output, Project, rendered};

/// A package with a page that loads `app.ts`, and `files` below `assets/`.
fn project(app: &str, files: &[(&str, &str)]) -> Project {
    let page = "<!doctype html><title>t</title><script type=module src=app.ts></script>";
    let project = Project::new("").file("assets/index.html", page).file("assets/app.ts", app);
    files.iter().fold(project, |project, (name, content)| project.file(&format!("assets/{name}"), content))
}

fn dev(app: &str) -> Output {
    let files = [
        ("pages/a.ts", "export const show = () => \"page a\";\nexport default \"default a\";\n"),
        ("pages/b.ts", "export const show = () => \"page b\";\nexport default \"default b\";\n"),
        ("pages/draft.ts", "export const show = () => \"a draft\";\nexport default \"a draft\";\n"),
        ("img/one.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ("img/two.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"two\"/>"),
    ];
    project(app, &files).build(Mode::Dev)
}

#[track_caller]
fn holds(output: &Output, expected: &[&str]) {
    let app = output.text("app.js");
    for expected in expected {
        assert!(app.contains(expected), "{expected} is missing in {app}");
    }
}

#[test]
fn a_glob_is_a_table_of_imports() {
    let output = dev("console.log(import.meta.glob([\"./pages/*.ts\", \"!./pages/draft.ts\"]));\n");
    let (a, b) = (output.url("chunks/a.js"), output.url("chunks/b.js"));
    holds(&output, &[&format!("\"./pages/a.ts\": () => import(\"{a}\")"), &format!("import(\"{b}\")")]);
    assert!(!output.text("app.js").contains("draft"), "{}", output.text("app.js"));
}

#[test]
fn an_eager_glob_holds_the_modules() {
    let output =
        dev("console.log(import.meta.glob(\"./pages/{a,b}.ts\", { eager: true, import: \"default\" }));\n");
    holds(&output, &["default a", "default b", "\"./pages/a.ts\":"]);
    assert!(!output.text("app.js").contains("page a"), "only the named export is bundled");
    let output = dev("console.log(import.meta.glob(\"./pages/a.ts\", { eager: true }));\n");
    holds(&output, &["default a", "page a"]);
}

#[test]
fn options_of_a_glob_are_those_of_vite() {
    let app = "console.log(
  import.meta.glob(\"./img/*.svg\", { query: \"?raw\", import: \"default\", eager: true }),
  import.meta.glob(\"/pages/a.ts\", { import: \"show\" }),
  import.meta.glob(\"./*.ts\", { base: \"./pages\" }),
  import.meta.glob(\"./img/*.svg\", { query: { url: true }, import: \"default\", eager: true }),
);\n";
    let output = dev(app);
    let url = output.url("img/two.svg");
    holds(
        &output,
        &["id=\\\"two\\\"", "\"/pages/a.ts\": () =>", "module[\"show\"]", "\"./b.ts\": () =>", &url],
    );
    assert!(!output.text("app.js").contains("\"./app.ts\""), "`base` is the folder of the pattern");
}

#[test]
fn a_variable_in_an_import_is_a_table_of_imports() {
    let output =
        dev("const name = location.hash;\nimport(`./pages/${name}.ts`).then((page) => page.show());\n");
    holds(&output, &[&format!("\"./pages/a.ts\": () => import(\"{}\")", output.url("chunks/a.js")), "draft"]);
    assert!(!output.text("app.js").contains("import(`"), "{}", output.text("app.js"));
}

#[test]
fn a_variable_in_a_url_is_a_table_of_urls() {
    let output =
        dev("const name = location.hash;\nconsole.log(new URL(`./img/${name}.svg`, import.meta.url));\n");
    for asset in ["img/one.svg", "img/two.svg"] {
        holds(&output, &[&format!("\"./{asset}\": \"{}\"", output.url(asset))]);
    }
}

#[test]
fn a_type_assertion_hides_no_glob() {
    for app in [
        "(import.meta as any).glob(\"./pages/a.ts\")",
        "import.meta.glob(\"./pages/a.ts\" as const)",
        "import.meta.glob([\"./pages/a.ts\"] as const, { eager: false as false } as const)",
        "import.meta!.glob(\"./pages/a.ts\")",
    ] {
        let output = dev(&format!("console.log({app});\n"));
        holds(&output, &[&format!("\"./pages/a.ts\": () => import(\"{}\")", output.url("chunks/a.js"))]);
    }
}

#[test]
fn a_glob_leaves_out_the_script_that_contains_it() {
    let app = "import { pages } from \"./pages/index\";\nconsole.log(pages);\n";
    let index = "export const pages = import.meta.glob(\"./*.ts\", { eager: true, import: \"default\" });\n";
    let files = [("pages/index.ts", index), ("pages/a.ts", "export default \"default a\";\n")];
    for mode in [Mode::Dev, Mode::Release] {
        let script = project(app, &files).build(mode).text("app.js");
        assert!(script.contains("default a") && !script.contains("./index.ts"), "{script}");
    }
}

#[test]
fn a_joined_name_is_a_table_as_a_template_is() {
    let output = dev("const name = location.hash;
import(\"./pages/\" + name + \".ts\");
console.log(new URL(\"./img/\" + name + \".svg\", import.meta.url));\n");
    let (page, image) = (output.url("chunks/a.js"), output.url("img/one.svg"));
    holds(&output, &[&format!("\"./pages/a.ts\": () => import(\"{page}\")")]);
    holds(&output, &[&format!("\"./img/one.svg\": \"{image}\""), "\"./img/\" + name + \".svg\""]);
}

#[test]
fn a_query_after_a_variable_name_stays() {
    let output = dev("console.log(new URL(`./img/${location.hash}.svg?v=1`, import.meta.url));\n");
    holds(&output, &[&format!("\"./img/one.svg?v=1\": \"{}?v=1\"", output.url("img/one.svg"))]);
}

#[test]
fn a_name_that_is_a_url_already_is_no_file() {
    let app = "import logo from \"./img/one.svg?url\";
const name = location.hash;
console.log(new URL(logo, import.meta.url), new URL(`/api/${name}`, import.meta.url));
console.log(new URL(`https://example.org/${name}`, import.meta.url));
console.log(new URL(import.meta.env.BASE_URL + name, import.meta.url));
import(name);\n";
    holds(&dev(app), &["new URL(`/api/${name}`, import.meta.url)", "import(name)"]);
}

#[test]
fn a_pattern_that_is_not_known_at_build_time_is_an_error_at_its_place() {
    for (app, expected) in [
        ("const all = \"./*.ts\";\nimport.meta.glob(all);\n", "app.ts:2:1"),
        ("import.meta.glob(\"./*.ts\", { eagre: true });\n", "app.ts:1:30"),
        ("import.meta.glob(\"pages/*.ts\");\n", "app.ts:1:1"),
        ("const name = location.hash;\nimport(`./pages/${name}`);\n", "app.ts:2:8"),
        ("const name = location.hash;\nnew URL(`./img/${name}`, import.meta.url);\n", "app.ts:2:9"),
        ("const name = location.hash;\nnew URL(name, import.meta.url);\n", "app.ts:2:9"),
        ("const name = location.hash;\nnew URL(name + \".svg\", import.meta.url);\n", "app.ts:2:9"),
        ("new URL(location.hash ? \"./a.svg\" : \"./b.svg\", import.meta.url);\n", "app.ts:1:9"),
        ("const name = location.hash;\nimport(`@/pages/${name}.ts`);\n", "app.ts:2:8"),
    ] {
        let error = project(app, &[]).try_build(Mode::Release).expect_err("an unknown pattern");
        assert!(rendered(&error).contains(expected), "{}", rendered(&error));
    }
}

#[test]
fn a_file_that_a_glob_finds_is_seen_by_the_next_build_of_a_session() {
    let app = "console.log(import.meta.glob([\"./pages/*.ts\", \"../shared/*.ts\"], { eager: true }));\n";
    let project = project(app, &[("pages/a.ts", "export const one = \"one\";\n")]);
    let mut session = project.session(Mode::Dev).expect("a session");
    session.build().expect("a build");
    let project = project
        .file("assets/pages/b.ts", "export const two = \"two\";\n")
        .file("shared/c.ts", "export const three = \"three\";\n");
    let report = session.build().expect("a second build");
    assert!(report.watched.iter().any(|path| path.ends_with("shared")), "{:?}", report.watched);
    let output = Output::of(report, &project.config(Mode::Dev).expect("configuration").out);
    holds(&output, &["\"two\"", "\"three\"", "\"../shared/c.ts\""]);
}

#[test]
fn import_attributes_select_the_form_of_an_import() {
    let app = "import sheet from \"./s.css\" with { type: \"css\" };
import text from \"./s.css\" with { type: \"text\" };
import data from \"./d.json\" with { type: \"json\" };
document.adoptedStyleSheets = [sheet];
console.log(text, data.answer, import(\"./t.css\", { with: { type: \"css\" } }));\n";
    let files =
        [("s.css", "b { color: red }"), ("t.css", "i { color: blue }"), ("d.json", "{ \"answer\": 42 }")];
    let output = project(app, &files).build(Mode::Release);
    let app = output.text("app.js");
    for expected in ["new CSSStyleSheet", "replaceSync(`b{color:red}`)", "b { color: red }", "42"] {
        assert!(app.contains(expected), "{expected} is missing in {app}");
    }
    let linked = output.report.manifest.assets.iter().any(|asset| asset.path.extension() == Some("css"));
    assert!(!linked, "a constructable style sheet is not linked");
}

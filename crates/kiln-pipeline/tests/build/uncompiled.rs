//! Files that no compiler of the build reads: languages without a compiler, paths in strings, configuration of other tools.

use kiln_manifest::Mode;

use crate::project::{Project, rendered};

const PAGE: &str = "<!doctype html><title>t</title><script type=module src=app.ts></script>";

fn project(app: &str, files: &[(&str, &str)]) -> Project {
    Project::new("").assets(&[("index.html", PAGE), ("app.ts", app)]).assets(files)
}

/// Asserts that the build fails with a diagnostic that holds each of `expected`.
#[track_caller]
fn fails(project: &Project, expected: &[&str]) {
    for mode in [Mode::Dev, Mode::Release] {
        let error = rendered(&project.try_build(mode).expect_err("a build of what browsers cannot read"));
        let joined: String =
            error.lines().map(|line| line.trim_start_matches(['│', ' '])).collect::<Vec<_>>().join(" ");
        for expected in expected {
            assert!(joined.contains(expected), "{expected} is missing in {error}");
        }
    }
}

#[test]
fn an_import_in_a_language_without_a_compiler_is_an_error_that_names_the_language() {
    for (file, language) in [
        ("a.less", "Less"),
        ("a.styl", "Stylus"),
        ("a.vue", "Vue"),
        ("a.svelte", "Svelte"),
        ("a.astro", "Astro"),
        ("a.coffee", "CoffeeScript"),
        ("a.gql", "GraphQL"),
        ("a.yaml", "YAML"),
        ("a.toml", "TOML"),
        ("a.MD", "Markdown"),
        ("a.mdx", "MDX"),
        ("a.pug", "Pug"),
        ("a.hbs", "Handlebars"),
        ("a.pcss", "PostCSS"),
    ] {
        let app = format!("console.log(1);\nimport a from \"./{file}\";\nconsole.log(a);\n");
        let label = format!("{language} is not supported");
        fails(
            &project(&app, &[(file, "a: 1")]),
            &["assets/app.ts:2:15", &label, "?url", "?raw", "external step", "Vite"],
        );
    }
    fails(
        &project("import(\"./a.vue\");\n", &[("a.vue", "")]),
        &["assets/app.ts:1:8", "Vue is not supported"],
    );
}

#[test]
fn an_import_without_a_query_is_an_asset_only_when_its_type_is_known() {
    for file in ["a.glsl", "a.html", "a.map"] {
        let app = format!("import a from \"./{file}\";\nconsole.log(a);\n");
        fails(&project(&app, &[(file, "")]), &["assets/app.ts:1:15", "known type of asset", "?url"]);
    }
    let app = "import a from \"./a.pdf\";\nimport b from \"./b.glsl?raw\";\nimport c from \"./c.vue?url\";\nconsole.log(a, b, c);\n";
    let output =
        project(app, &[("a.pdf", "%PDF"), ("b.glsl", "void main"), ("c.vue", "<b/>")]).build(Mode::Release);
    let app = output.text("app.js");
    for expected in [&output.url("a.pdf"), "void main", &output.url("c.vue")] {
        assert!(app.contains(expected), "{expected} is missing in {app}");
    }
}

#[test]
fn an_import_of_a_package_and_in_a_package_is_an_error_as_well() {
    let with_package = |app: &str, main: &str| {
        project(app, &[])
            .file(
                "node_modules/kit/package.json",
                r#"{"name":"kit","version":"1.0.0","type":"module","exports":{".":"./main.js","./*":"./*"}}"#,
            )
            .file("node_modules/kit/main.js", main)
            .file("node_modules/kit/Button.vue", "<template/>")
    };
    let direct = with_package("import B from \"kit/Button.vue\";\nconsole.log(B);\n", "");
    fails(&direct, &["assets/app.ts:1:15", "Vue is not supported"]);
    let within = with_package("import \"kit\";\n", "export * from \"./Button.vue\";\n");
    fails(&within, &["node_modules/kit/main.js:1:15", "Vue is not supported"]);
}

#[test]
fn a_link_to_a_language_without_a_compiler_is_an_error_at_its_place() {
    for (element, file, language) in [
        ("<link rel=stylesheet href=a.less>", "a.less", "Less"),
        ("<link rel=preload as=style href=a.styl>", "a.styl", "Stylus"),
        ("<script src=a.coffee></script>", "a.coffee", "CoffeeScript"),
        ("<script type=module src=a.svelte></script>", "a.svelte", "Svelte"),
        ("<style>@import \"a.less\";</style>", "a.less", "Less"),
    ] {
        let page = format!("<!doctype html><title>t</title>\n{element}");
        let project = Project::new("").assets(&[("index.html", &page), (file, "@c: red; b { color: @c }")]);
        fails(
            &project,
            &["assets/index.html:2:", &format!("{language} is not supported"), "external step", "Vite"],
        );
    }
    let page = "<!doctype html><title>t</title><a href=a.less>the source</a><link rel=alternate href=a.md>";
    Project::new("").assets(&[("index.html", page), ("a.less", ""), ("a.md", "")]).build(Mode::Release);
    let entry = Project::new("entries = [\"a.less\"]").assets(&[("a.less", "")]);
    fails(&entry, &["assets/a.less", "Less of `entries`", "external step"]);
}

#[test]
fn a_reference_of_a_style_sheet_to_a_language_without_a_compiler_is_an_error_at_its_place() {
    type Way<'a> = &'a dyn Fn(&str) -> Project;

    let links = |css: &str| {
        let page = "<!doctype html><title>t</title><link rel=stylesheet href=app.css>";
        Project::new("").assets(&[("index.html", page), ("app.css", css)])
    };
    let imports = |css: &str| project("import \"./app.css\";\n", &[("app.css", css)]);
    let module = |css: &str| project("import \"./app.module.css\";\n", &[("app.module.css", css)]);
    let ways: &[(Way<'_>, &str)] = &[
        (&links, "assets/app.css"),
        (&imports, "assets/app.css"),
        (&module, "assets/app.module.css"),
        #[cfg(unix)]
        (&|css| links(&format!("@import \"tailwindcss\" source(none);{css}")).with_npm(), "assets/app.css"),
    ];
    for (way, file) in ways {
        for (css, place, language) in [
            ("\n@import \"a.less\";\n", ":2:", "Less"),
            ("\n@import url(a.less) print;\n", ":2:", "Less"),
            ("\nb { top: 0; background: url(a.styl) }\n", ":2:29", "Stylus"),
            ("\nb { background: image-set(\"a.styl\" 1x) }\n", ":2:", "Stylus"),
        ] {
            let project = way(css).assets(&[("a.less", ""), ("a.styl", "")]);
            let label = format!("{language} is not supported");
            fails(&project, &[&format!("{file}{place}"), &label, "external step", "Vite"]);
        }
    }
    for page in ["<style>b { background: url(a.styl) }</style>", "<p style=\"background: url(a.styl)\">"] {
        let page = format!("<!doctype html><title>t</title>\n{page}");
        let project = Project::new("").assets(&[("index.html", &page), ("a.styl", "")]);
        fails(&project, &["assets/index.html:2:", "Stylus is not supported", "external step"]);
    }
    let of_package = imports("@import \"kit/kit.css\";\n")
        .file("node_modules/kit/package.json", r#"{"name":"kit","version":"1.0.0"}"#)
        .file("node_modules/kit/kit.css", "@import \"./theme.less\";\n")
        .file("node_modules/kit/theme.less", "");
    fails(&of_package, &["node_modules/kit/kit.css:1:10", "Less is not supported"]);
}

/// The warnings of a release.
fn warnings(project: &Project) -> Vec<String> {
    project.try_build(Mode::Release).unwrap_or_else(|error| panic!("{}", rendered(&error))).warnings
}

#[test]
fn a_string_that_is_the_path_of_a_hashed_file_is_a_warning_with_the_import_to_write() {
    for (app, expected) in [
        ("console.log(1,\n  \"/img/a.png\");\n", "assets/ui/app.tsx:2:3: path `/img/a.png`"),
        ("fetch(`/data.json?v=1`);\n", "assets/ui/app.tsx:1:7: path `/data.json?v=1`"),
        ("fetch(\"../data.json\");\n", "`import url from \"../data.json?url\"`"),
        ("fetch(\"data.json\");\n", "`import url from \"../data.json?url\"`"),
        ("new Image().src = \"./here.png\";\n", "`import url from \"./here.png?url\"`"),
        (
            "const a = new Audio();\na.setAttribute(\"src\", \"img/a.png\");\n",
            "assets/ui/app.tsx:2:23: path `img/a.png`",
        ),
        ("new Worker(\"/work.js\");\n", "`import url from \"../work.js?url\"`"),
        ("const table = { \"x\": \"/img/a.png\" };\nconsole.log(table);\n", "app.tsx:1:22"),
        ("console.log(\"/assets/img/a.png\");\n", "path `/assets/img/a.png`"),
        ("console.log(<img src=\"../img/a.png\" />);\n", "app.tsx:1:22: path `../img/a.png`"),
        ("console.log(<video poster={\"/img/a.png\"} />);\n", "`import url from \"../img/a.png?url\"`"),
    ] {
        let found = warnings(&with_files(app));
        assert_eq!(found.len(), 1, "{app}: {found:?}");
        assert!(found[0].contains(expected), "{expected} is missing in {found:?}");
    }
}

/// A project whose script is `app`, with an image, data, a worker, a page and a verbatim file.
fn with_files(app: &str) -> Project {
    let page = "<!doctype html><title>t</title><script type=module src=ui/app.tsx></script>";
    Project::new("verbatim = [\"robots.txt\"]\nroutes = [\"/live/**\"]")
        .assets(&[
            ("index.html", page),
            ("ui/app.tsx", app),
            ("data.json", "{}"),
            ("work.js", "postMessage(1)"),
        ])
        .assets(&[
            ("robots.txt", "a"),
            ("about.html", "<title>t</title>"),
            ("live/feed.xml", "<a/>"),
            ("plain", "a"),
        ])
        .file("assets/img/a.png", b"\x89PNG\r\n\x1a\n")
        .file("assets/ui/here.png", b"\x89PNG\r\n\x1a\n")
        .file("tsconfig.json", r#"{"compilerOptions":{"jsx":"react","jsxFactory":"h"}}"#)
}

#[test]
fn a_path_in_a_script_that_is_served_unchanged_is_the_same_warning() {
    let end = "` in a module that the page loads from a file";
    for (page, script, expected) in [
        (
            "<script src=old.js></script>",
            "\nfetch(\"/data.json\");\n",
            "assets/ui/old.js:2:7: path `/data.json`",
        ),
        ("<script src=old.js></script>", "new Image().src = \"here.png\";\n", "\"./here.png?url\""),
        ("<script>fetch(\"/data.json\")</script>", "", "assets/ui/index.html:2:15: path `/data.json`"),
        ("<script>fetch(\"../data.json\")</script>", "", "\"../data.json?url\""),
        ("<script type=module>new Audio(`/data.json`)</script>", "", "assets/ui/index.html:2:31: path"),
        (
            "<iframe srcdoc='<script>fetch(\"/data.json\")</script>'></iframe>",
            "",
            "assets/ui/index.html, srcdoc:1:15",
        ),
    ] {
        let project = with_files("").assets(&[
            ("ui/index.html", &format!("<!doctype html><title>t</title>\n{page}")),
            ("ui/old.js", script),
        ]);
        let found = warnings(&project);
        assert_eq!(found.len(), 1, "{page}: {found:?}");
        assert!(found[0].contains(expected) && found[0].ends_with(end), "{expected} is missing in {found:?}");
    }
    let others = "<script>if (location.hash === \"/data.json\") fetch(\"/live/feed.xml\")</script>
        <script type=\"application/json\">[\"/data.json\"]</script>";
    let project =
        with_files("").assets(&[("ui/index.html", &format!("<!doctype html><title>t</title>{others}"))]);
    assert_eq!(warnings(&project), Vec::<String>::new());
}

#[test]
fn routes_and_reachable_files_and_rewritten_paths_are_no_warnings() {
    let app = "import url from \"../img/a.png\";
const name = location.hash;
console.log(url, \"/api/a.png\", \"/img/b.png\", \"/about\", \"/about.html\", \"/robots.txt\", \"/live/feed.xml\", \"/plain\", \"/\");
console.log(new URL(\"../img/a.png\", import.meta.url), \"img/a.png\", \"data.json\", \"https://a.example/img/a.png\");
console.log(import.meta.glob(\"/img/a.png\", { query: \"?url\" })[\"/img/a.png\"], { \"/img/a.png\": 1 });
if (name === \"/img/a.png\") console.log(<a href=\"/about\" download=\"data.json\">a</a>);
switch (name) { case \"/img/a.png\": console.log(name as \"/img/a.png\"); }
declare function h(...all: unknown[]): unknown;
";
    assert_eq!(warnings(&with_files(app)), Vec::<String>::new());
}

#[test]
fn the_warning_of_a_string_ends_in_a_session_when_the_file_goes() {
    let project = with_files("fetch(\"/data.json\");\n");
    let mut session = project.session(Mode::Dev).expect("a session");
    assert_eq!(session.build().expect("a build").warnings.len(), 1);
    assert_eq!(session.build().expect("a second build").warnings.len(), 1, "the bundle is reused");
    let _project = project.without("assets/data.json");
    assert_eq!(session.build().expect("a third build").warnings, Vec::<String>::new());
}

#[test]
fn a_configuration_file_that_no_tool_reads_is_one_warning() {
    for (file, expected) in [
        ("postcss.config.mjs", "PostCSS does not run"),
        (".postcssrc.json", "PostCSS does not run"),
        ("vite.config.ts", "no external step runs Vite"),
        ("tailwind.config.js", "no style sheet has `@config`"),
        ("babel.config.json", "Babel does not run"),
        (".babelrc", "Babel does not run"),
        ("svelte.config.js", "Svelte is not compiled"),
    ] {
        let found =
            warnings(&project("import \"./app.css\";\n", &[("app.css", "b { top: 0 }")]).file(file, ""));
        assert_eq!(found.len(), 1, "{file}: {found:?}");
        assert!(found[0].starts_with(&format!("{file}: ignored, because {expected}")), "{found:?}");
    }
}

#[test]
fn a_configuration_file_that_a_step_or_a_style_sheet_reads_is_no_warning() {
    let files = ["postcss.config.js", "vite.config.js", "tailwind.config.js", ".babelrc", "svelte.config.js"];
    let step = Project::new("[[package.metadata.kiln.steps]]\noutput = \"dist\"\n")
        .file("dist/a.txt", "a")
        .assets(&[("index.html", "<title>t</title>")]);
    let step = files.iter().fold(step, |project, file| project.file(file, ""));
    assert_eq!(warnings(&step), Vec::<String>::new());
    let sheet = "@import \"tailwindcss\";\n@config \"../tailwind.config.js\";\n";
    let project = project("import \"./app.css\";\n", &[("app.css", sheet)]);
    #[cfg(unix)]
    assert_eq!(
        warnings(&project.with_npm().file("tailwind.config.js", "export default {};")),
        Vec::<String>::new()
    );
}

//! Files of npm packages, by every way in which a package or a source refers to them.

use kiln_manifest::Mode;

use crate::project::{Output, Project, rendered};

const PAGE: &str = "<!doctype html><title>t</title>";

/// A package with a page that loads `app.ts` and `app.css`.
fn project(app: &str, css: &str) -> Project {
    let head = "<script type=module src=app.ts></script><link rel=stylesheet href=app.css>";
    Project::new("")
        .file("assets/index.html", format!("{PAGE}{head}"))
        .file("assets/app.ts", app)
        .file("assets/app.css", css)
}

/// The package `fontlet`, whose style sheet names a font and a second sheet.
fn with_fontlet(project: Project) -> Project {
    let sheet = "@import \"./more.css\";\n@font-face { font-family: F; src: url(./files/f.woff2?v=1#x) format(\"woff2\") }\n";
    project
        .file(
            "node_modules/fontlet/package.json",
            r#"{"name":"fontlet","version":"1.0.0","style":"fontlet.css"}"#,
        )
        .file("node_modules/fontlet/fontlet.css", sheet)
        .file("node_modules/fontlet/more.css", ".more { background: url('img/a b.png') }")
        .file("node_modules/fontlet/img/a b.png", b"\x89PNG\r\n\x1a\n")
        .file("node_modules/fontlet/files/f.woff2", "wOF2")
        .file("node_modules/fontlet/files/unused.woff", "never referred to")
}

/// The package `wasmy`, with a worker and a WebAssembly module.
fn with_wasmy(project: Project) -> Project {
    project
        .file(
            "node_modules/wasmy/package.json",
            r#"{"name":"wasmy","version":"1.0.0","type":"module","exports":{".":"./i.js","./w.js":"./w.js","./m.wasm":"./m.wasm"}}"#,
        )
        .file(
            "node_modules/wasmy/i.js",
            "export const u = new URL(\"./m.wasm\", import.meta.url).href;\nexport const go = () => new Worker(new URL(\"./w.js\", import.meta.url));\n",
        )
        .file("node_modules/wasmy/w.js", "import { one } from \"./part.js\";\npostMessage(one);\n")
        .file("node_modules/wasmy/part.js", "export const one = 1 + Date.now();\n")
        .file("node_modules/wasmy/m.wasm", b"\0asm\x01\0\0\0")
}

#[track_caller]
fn names_font(output: &Output, sheet: &str) {
    let css = output.text(sheet);
    for asset in ["packages/fontlet/files/f.woff2", "packages/fontlet/img/a b.png"] {
        assert!(css.contains(&output.url(asset)), "{asset} is missing in {css}");
    }
    assert!(css.contains("?v=1#x"), "{css}");
    let unused = output.report.manifest.assets.iter().any(|asset| asset.path.as_str().contains("unused"));
    assert!(!unused, "only files that are referred to are embedded");
}

#[test]
fn a_style_sheet_of_a_package_brings_its_files_when_a_script_imports_it() {
    let output = with_fontlet(project("import \"fontlet/fontlet.css\";\n", "")).build(Mode::Release);
    let sheet = output.report.manifest.assets.iter().find(|asset| {
        asset.path.extension() == Some("css") && output.text(asset.path.as_str()).contains("@font-face")
    });
    names_font(&output, sheet.expect("a sheet of the script").path.as_str());
}

#[test]
fn a_style_sheet_of_a_package_brings_its_files_when_a_sheet_imports_it() {
    for import in ["fontlet/fontlet.css", "fontlet"] {
        let output = with_fontlet(project("", &format!("@import \"{import}\";\n"))).build(Mode::Release);
        names_font(&output, "app.css");
        assert!(!output.text("app.css").contains("@import"), "{}", output.text("app.css"));
    }
}

#[cfg(unix)]
#[test]
fn a_style_sheet_of_a_package_brings_its_files_before_and_after_tailwind() {
    for css in [
        "@import \"tailwindcss\";\n@import \"fontlet/fontlet.css\";\n",
        "@import \"fontlet/fontlet.css\";\n@import \"tailwindcss\";\n",
    ] {
        let output = with_fontlet(project("", css).with_own_npm()).build(Mode::Release);
        names_font(&output, "app.css");
    }
}

#[test]
fn urls_in_a_script_of_a_package_are_those_of_embedded_files_and_its_workers_are_bundled() {
    let output = with_wasmy(project("import { u, go } from \"wasmy\";\nconsole.log(u, go());\n", ""))
        .build(Mode::Release);
    let app = output.text("app.js");
    for asset in ["packages/wasmy/m.wasm", "packages/wasmy/w.js"] {
        assert!(app.contains(&output.url(asset)), "{asset} is missing in {app}");
    }
    assert!(app.contains("type:`module`"), "{app}");
    assert!(output.text("packages/wasmy/w.js").contains("postMessage("), "a bundled worker");
    assert!(!output.text("packages/wasmy/w.js").contains("./part.js"), "a bundled worker");
}

#[test]
fn a_query_on_the_path_of_a_package_selects_the_form_of_the_import() {
    let output = with_wasmy(project(
        "import url from \"wasmy/m.wasm?url\";\nimport W from \"wasmy/w.js?worker\";\nimport at from \"wasmy/w.js?worker&url\";\nimport init from \"wasmy/m.wasm?init\";\nimport raw from \"wasmy/w.js?raw\";\nconsole.log(url, new W(), at, init(), raw, new URL(\"wasmy/w.js\", import.meta.url));\n",
        "",
    ))
    .build(Mode::Release);
    let app = output.text("app.js");
    assert_eq!(app.matches(&output.url("packages/wasmy/m.wasm")).count(), 2, "{app}");
    assert!(app.matches(&output.url("packages/wasmy/w.js")).count() >= 3, "{app}");
    for expected in ["instantiateStreaming(fetch(", "from \"./part.js\""] {
        assert!(app.contains(expected), "{expected} is missing in {app}");
    }
}

#[test]
fn a_second_version_of_a_package_has_a_name_of_its_own() {
    let json = |version: &str| format!(r#"{{"name":"icons","version":"{version}","main":"i.js"}}"#);
    let script = "export default new URL(\"./i.svg\", import.meta.url).href;\n";
    let output =
        project("import one from \"icons\";\nimport two from \"other\";\nconsole.log(one, two);\n", "")
            .file("node_modules/icons/package.json", json("2.0.0"))
            .file("node_modules/icons/i.js", script)
            .file("node_modules/icons/i.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"two\"/>")
            .file("node_modules/other/package.json", r#"{"name":"other","version":"1.0.0","main":"o.js"}"#)
            .file("node_modules/other/o.js", "export { default } from \"icons\";\n")
            .file("node_modules/other/node_modules/icons/package.json", json("1.0.0"))
            .file("node_modules/other/node_modules/icons/i.js", script)
            .file(
                "node_modules/other/node_modules/icons/i.svg",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"one\"/>",
            )
            .build(Mode::Release);
    for (asset, id) in [("packages/icons/i.svg", "two"), ("packages/icons@1.0.0/i.svg", "one")] {
        assert!(output.text(asset).contains(id), "{asset}");
        assert!(output.text("app.js").contains(&output.url(asset)), "{asset}");
    }
}

#[test]
fn a_package_without_a_name_has_that_of_its_folder() {
    let output = project("import \"@scope/bare/i.js\";\n", "")
        .file("node_modules/@scope/bare/i.js", "console.log(new URL(\"./m.wasm\", import.meta.url));\n")
        .file("node_modules/@scope/bare/m.wasm", "")
        .build(Mode::Release);
    assert!(output.text("app.js").contains(&output.url("packages/@scope/bare/m.wasm")));
}

#[test]
fn a_file_that_a_package_lacks_is_an_error_at_the_place_in_the_package() {
    for (file, content, expected) in [
        ("fontlet.css", ".a {\n  src: url(./files/none.woff2)\n}", "node_modules/fontlet/fontlet.css:2:12"),
        ("fontlet.css", "@import \"./none.css\";", "node_modules/fontlet/fontlet.css:1:10"),
        ("more.js", "\nnew URL(\"./none.wasm\", import.meta.url);", "node_modules/fontlet/more.js:2:9"),
    ] {
        let app = "import \"fontlet/fontlet.css\";\nimport \"fontlet/more.js\";\n";
        let project = with_fontlet(project(app, ""))
            .file("node_modules/fontlet/more.js", "")
            .file(&format!("node_modules/fontlet/{file}"), content);
        let error = rendered(&project.try_build(Mode::Release).expect_err("a missing file"));
        assert!(error.contains(expected) && error.contains("not found"), "{error}");
    }
}

#[test]
fn a_folder_and_another_host_in_a_script_of_a_package_stay_as_they_are() {
    let output = project("import at from \"where\";\nconsole.log(at);\n", "")
        .file("node_modules/where/package.json", r#"{"name":"where","version":"1.0.0","main":"i.js"}"#)
        .file(
            "node_modules/where/i.js",
            "export default [new URL(\".\", import.meta.url), new URL(\"https://example.org/a.js\", import.meta.url)];\n",
        )
        .build(Mode::Release);
    let app = output.text("app.js");
    assert!(app.contains("new URL(`.`,") && app.contains("new URL(`https://example.org/a.js`,"), "{app}");
}

#[test]
fn a_session_that_reuses_the_bundle_embeds_the_files_of_packages_again() {
    let project = with_wasmy(project("import { u, go } from \"wasmy\";\nconsole.log(u, go());\n", ""));
    let mut session = project.session(Mode::Dev).expect("a session");
    let first = session.build().expect("a build");
    let project =
        project.file("assets/index.html", format!("{PAGE}<script type=module src=app.ts></script><p>"));
    let second = session.build().expect("a second build");
    let packages = |report: &kiln_pipeline::Report| {
        let paths = report.manifest.assets.iter().map(|asset| asset.path.to_string());
        paths.filter(|path| path.starts_with("packages/") && !path.contains(".map")).collect::<Vec<_>>()
    };
    assert_eq!(packages(&first), ["packages/wasmy/m.wasm", "packages/wasmy/w.js"]);
    assert_eq!(packages(&first), packages(&second));
    drop(project);
}

#[cfg(unix)]
#[test]
fn every_file_of_a_package_that_a_build_reads_is_an_input_and_no_other() {
    let app = "import \"fontlet/fontlet.css\";\nimport url from \"wasmy/m.wasm?url\";\nimport raw from \"sheet/n.js?raw\";\nimport W from \"wasmy/w.js?worker\";\nconsole.log(url, raw, new W());\n";
    let css = "@import \"tailwindcss\" source(none);\n@plugin \"paint\";\n@import \"sheet/s.css\";\n";
    let project = with_wasmy(with_fontlet(project(app, css).with_own_npm()))
        .file("node_modules/paint/package.json", r#"{"name":"paint","version":"1.0.0","main":"i.js"}"#)
        .file("node_modules/paint/i.js", "module.exports = require('./part.js');\n")
        .file("node_modules/paint/part.js", "module.exports = () => {};\n")
        .file("node_modules/sheet/package.json", r#"{"name":"sheet","version":"1.0.0"}"#)
        .file("node_modules/sheet/s.css", "b { color: red }")
        .file("node_modules/sheet/n.js", "a note");
    let modules = project.root().canonicalize().expect("root").join("node_modules");
    // The second build finds the plugin in the cache.
    for output in [project.build(Mode::Release), project.build(Mode::Release)] {
        for name in [
            "fontlet/fontlet.css",
            "fontlet/more.css",
            "fontlet/files/f.woff2",
            "fontlet/img/a b.png",
            "wasmy/m.wasm",
            "wasmy/part.js",
            "wasmy/w.js",
            "wasmy/package.json",
            "sheet/s.css",
            "sheet/n.js",
            "tailwindcss/index.css",
            "tailwindcss/dist/lib.js",
            "paint/i.js",
            "paint/part.js",
        ] {
            assert!(output.report.watched.contains(&modules.join(name)), "{name} is no input");
        }
        for name in ["fontlet/files/unused.woff", "wasmy/i.js", "wasmy", "tailwindcss"] {
            assert!(!output.report.watched.contains(&modules.join(name)), "{name} is an input");
        }
        let mut sources = output.report.manifest.sources.iter().map(|source| source.path.as_str());
        let recorded = sources.find(|path| path.starts_with("node_modules"));
        assert_eq!(recorded, None, "the lock file stands for packages");
    }
}

#[test]
fn a_session_builds_the_bundle_again_when_a_file_of_a_package_has_changed() {
    let json = |entry: &str| format!(r#"{{"name":"local","version":"1.0.0","main":"{entry}"}}"#);
    let project = project("import { one } from \"local\";\nconsole.log(one);\n", "")
        .file("node_modules/local/package.json", json("a.js"))
        .file("node_modules/local/a.js", "export const one = \"first\";\n")
        .file("node_modules/local/b.js", "export const one = \"third\";\n");
    let mut session = project.session(Mode::Dev).expect("a session");
    let out = project.config(Mode::Dev).expect("configuration").out;
    let mut built = || Output::of(session.build().expect("a build"), &out).text("app.js");
    assert!(built().contains("\"first\""));
    project.write("node_modules/local/a.js", "export const one = \"second\";\n");
    assert!(built().contains("\"second\""));
    project.write("node_modules/local/package.json", json("b.js"));
    assert!(built().contains("\"third\""));
}

#[test]
fn exports_of_a_package_may_depend_on_the_mode() {
    let exports = |file: &str, extension: &str| {
        let (other, conditions) = (format!("./other.{extension}"), ["development", "production"]);
        let conditions = conditions.map(|name| format!(r#""{name}":"./{name}.{extension}""#)).join(",");
        format!(r#""{file}":{{{conditions},"default":"{other}"}}"#)
    };
    let json = [exports(".", "js"), exports("./style.css", "css"), exports("./file.svg", "svg")].join(",");
    let app = "import name from \"modal\";\nconsole.log(name, new Worker(new URL(\"./w.ts\", import.meta.url)), new URL(\"modal/file.svg\", import.meta.url));\n";
    let mut project = project(app, "@import \"modal/style.css\";\n")
        .file("assets/w.ts", "import name from \"modal\";\npostMessage(name);\n")
        .file(
            "node_modules/modal/package.json",
            format!(r#"{{"name":"modal","version":"1.0.0","type":"module","exports":{{{json}}}}}"#),
        );
    for name in ["development", "production", "other"] {
        project = project
            .file(&format!("node_modules/modal/{name}.js"), format!("export default \"{name} script\";\n"))
            .file(&format!("node_modules/modal/{name}.css"), format!(".{name} {{ color: red }}\n"))
            .file(
                &format!("node_modules/modal/{name}.svg"),
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"/>",
            );
    }
    for (mode, name, other) in
        [(Mode::Dev, "development", "production"), (Mode::Release, "production", "development")]
    {
        let output = project.build(mode);
        let assets = output.report.manifest.assets.iter();
        let scripts = assets.filter(|asset| asset.path.extension() == Some("js"));
        let app: String = scripts.map(|asset| output.text(asset.path.as_str())).collect();
        assert!(app.contains(&format!("{name} script")), "{app}");
        assert!(app.contains(&output.url(&format!("packages/modal/{name}.svg"))), "{app}");
        let css = output.text("app.css");
        assert!(css.contains(&format!(".{name}")), "{css}");
        for wrong in [other, "other"] {
            assert!(!app.contains(&format!("{wrong} script")), "{app}");
            assert!(!css.contains(&format!(".{wrong}")), "{css}");
        }
    }
}

#[test]
fn built_in_modules_of_node_are_empty_in_packages_with_a_warning_for_each_package() {
    let project = project("import { read, load } from \"iso\";\nconsole.log(read(), load());\n", "")
        .file("node_modules/iso/package.json", r#"{"name":"iso","version":"1.0.0","main":"i.js"}"#)
        .file(
            "node_modules/iso/i.js",
            "import path, { join } from \"node:path\";
import { events } from \"events\";
const isNode = typeof process === \"object\";
export const read = () => isNode ? require(\"fs\").readFileSync(path.sep + join(\"x\")) : events;
export const load = async () => isNode ? (await import(\"module\")).createRequire(\".\") : 2;\n",
        )
        .file("node_modules/events/package.json", r#"{"name":"events","version":"3.0.0","main":"e.js"}"#)
        .file("node_modules/events/e.js", "exports.events = \"installed\";\n");
    for mode in [Mode::Dev, Mode::Release] {
        let output = project.build(mode);
        assert!(output.text("app.js").contains("installed"), "{}", output.text("app.js"));
        let warnings = &output.report.warnings;
        let expected = "package `iso` imports built-in modules of Node.js, empty in browsers: `fs`, `module`, `node:path`";
        assert_eq!(warnings, &[expected]);
    }
}

#[test]
fn sass_of_a_package_is_found_by_its_fields_and_exports() {
    for json in [
        r#"{"name":"tones","version":"1.0.0","sass":"scss/main.scss","main":"i.js"}"#,
        r#"{"name":"tones","version":"1.0.0","exports":{".":{"sass":"./scss/main.scss","default":"./i.js"},"./vars":{"style":"./scss/_vars.scss"}}}"#,
    ] {
        let vars = if json.contains("./vars") { "tones/vars" } else { "tones/scss/vars" };
        let sass = format!("@use \"{vars}\" with ($v: blue);\n@use \"tones\";\n.a {{ color: vars.$v }}\n");
        let output = Project::new("")
            .file("assets/index.html", format!("{PAGE}<link rel=stylesheet href=app.scss>"))
            .file("assets/app.scss", sass)
            .file("node_modules/tones/package.json", json)
            .file("node_modules/tones/i.js", "")
            .file("node_modules/tones/scss/main.scss", "@forward \"vars\";\n.b { color: red }\n")
            .file("node_modules/tones/scss/_vars.scss", "$v: red !default;\n")
            .build(Mode::Release);
        let css = output.text("app.css");
        assert!(css.contains(".b{color:red}") && css.contains(".a{color:#00f}"), "{css}");
    }
}

#[test]
fn a_tilde_before_the_package_of_a_sass_import_is_an_error_with_its_remedy() {
    let project = Project::new("")
        .file("assets/index.html", format!("{PAGE}<link rel=stylesheet href=app.scss>"))
        .file("assets/app.scss", "@use \"~tones/vars\";\n");
    let error = project.try_build(Mode::Dev).map(drop).expect_err("a tilde");
    assert!(rendered(&error).contains("remove the `~`"), "{}", rendered(&error));
}

#[test]
fn a_css_module_composes_from_one_of_a_package() {
    let app = "import own from \"./own.module.css\";\nconsole.log(own.mine);\n";
    let output = project(app, "")
        .file("assets/own.module.css", ".mine { composes: round from \"uikit/shape.module.css\" }\n")
        .file("node_modules/uikit/package.json", r#"{"name":"uikit","version":"1.0.0"}"#)
        .file(
            "node_modules/uikit/shape.module.css",
            ".round { composes: base from \"./base.module.css\"; color: red }\n",
        )
        .file("node_modules/uikit/base.module.css", ".base { top: 0 }\n")
        .build(Mode::Release);
    let app = output.text("app.js");
    assert!(app.contains("_mine ") && app.contains("_round ") && app.contains("_base"), "{app}");
}

#[test]
fn a_path_of_tsconfig_in_an_import_of_a_style_sheet_is_an_error() {
    let error = project("", "@import \"@/c/b.css\";\n")
        .file("tsconfig.json", r#"{"compilerOptions":{"paths":{"@/*":["./assets/*"]}}}"#)
        .file("assets/c/b.css", "b { color: red }\n")
        .try_build(Mode::Release)
        .map(drop)
        .expect_err("style sheets know no paths of tsconfig.json");
    assert!(error.to_string().contains("`@/c/b.css` not found"), "{}", rendered(&error));
}

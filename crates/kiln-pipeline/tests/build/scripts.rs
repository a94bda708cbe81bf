//! Scripts, and the files that they import.

use kiln_manifest::{Destination, Mode};

use crate::{
    engine::title,
    project::{Output, Project, rendered},
    source_maps::original,
};

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

/// A page that loads `app.ts`, with `files` below `assets/`.
fn project(app: &str, files: &[(&str, &str)]) -> Project {
    let page = "<!doctype html><title>App</title><script type=module src=app.ts></script>";
    Project::new("").file("assets/index.html", page).file("assets/app.ts", app).assets(files)
}

fn release(app: &str, files: &[(&str, &str)]) -> Output {
    project(app, files).build(Mode::Release)
}

#[track_caller]
fn holds(output: &Output, asset: &str, expected: &str) {
    let text = output.text(asset);
    assert!(text.contains(expected), "{expected} is missing in {asset}: {text}");
}

#[test]
fn workers_are_entries_of_their_own_and_modules() {
    let worker = "import { twice } from \"./twice\";\npostMessage(twice(21));\n";
    for (made, options) in [
        ("Worker(new URL(\"./w.ts\", import.meta.url))", "type:`module`"),
        ("Worker(new URL('w.ts', import.meta.url), { type: \"module\" })", "type:`module`"),
        ("Worker(new URL(`./w.ts`, import.meta.url), { name: \"w\" })", "name:`w`,type:`module`"),
        ("SharedWorker(new URL(\"./w.ts\", import.meta.url), \"w\")", "type:`module`,name:`w`"),
    ] {
        let output = release(
            &format!("import {{ twice }} from \"./twice\";\nconsole.log(twice(1), new {made});\n"),
            &[
                ("w.ts", worker),
                ("twice.ts", "export const twice = (n: number): number => n * 2 + Date.now();\n"),
            ],
        );
        let url = output.url("w.js");
        holds(&output, "app.js", &format!("new URL(`{url}`,import.meta.url),{{{options}}})"));
        holds(&output, "w.js", "postMessage(");
        let shared = output.names().into_iter().filter(|name| name.contains("/chunks/twice-")).count();
        assert_eq!(shared, 1, "{:?}", output.names());
    }
}

#[test]
fn a_url_of_a_script_style_or_page_is_that_of_its_output() {
    let output = release(
        "for (const url of [new URL(\"./tone.ts\", import.meta.url), new URL(\"./dark.css\", import.meta.url), new URL(\"./about.html\", import.meta.url), new URL(\"./a.svg?x='`#b\", import.meta.url)]) console.log(url);\nconsole.log(new URL(\"https://example.org/a.js\", import.meta.url), new URL(\"/api/x\", import.meta.url));\n",
        &[
            ("tone.ts", "registerProcessor(\"tone\", class {} as never);\n"),
            ("dark.css", "a { color: #ffffff }"),
            ("about.html", "<title>About</title>"),
            ("a.svg", SVG),
        ],
    );
    for asset in ["tone.js", "dark.css"] {
        holds(&output, "app.js", &format!("`{}`", output.url(asset)));
    }
    holds(&output, "app.js", "new URL(`/about`,");
    holds(&output, "app.js", &format!("`{}?x=%27%60#b`", output.url("a.svg")));
    holds(&output, "app.js", "new URL(`https://example.org/a.js`,");
    holds(&output, "app.js", "new URL(`/api/x`,");
    assert_eq!(output.text("dark.css"), "a{color:#fff}");
}

#[test]
fn the_url_of_a_classic_script_is_that_of_the_unchanged_file() {
    let legacy = "function legacy() { return  1; } // global\n";
    let umd = "typeof exports == \"object\" && require(\"fs\"); this.umd =  1;\n";
    let app = "import u from \"./legacy.js?url\";\nimport p from \"lib/umd.cjs?url\";\nconsole.log(u, p, new URL(\"./more.js\", import.meta.url), new URL(\"lib/wasm.js\", import.meta.url));\n";
    for mode in [Mode::Dev, Mode::Release] {
        let output = project(app, &[("legacy.js", legacy), ("more.js", umd)])
            .file("node_modules/lib/package.json", r#"{"name":"lib","version":"1.0.0"}"#)
            .file("node_modules/lib/umd.cjs", umd)
            .file("node_modules/lib/wasm.js", umd)
            .build(mode);
        for (asset, expected) in [
            ("legacy.js", legacy),
            ("more.js", umd),
            ("packages/lib/umd.js", umd),
            ("packages/lib/wasm.js", umd),
        ] {
            assert_eq!(output.text(asset), expected, "{asset}");
            holds(&output, "app.js", &output.url(asset));
        }
    }
}

#[test]
fn a_script_with_imports_and_one_that_a_worker_runs_are_bundled() {
    let app = "import u from \"./linked.js?url\";\nimport Work from \"./both.js?worker\";\nimport both from \"./both.js?url\";\nconsole.log(u, new Work(), both, new AudioContext().audioWorklet.addModule(new URL(\"./tone.js\", import.meta.url)), new Worker(new URL(\"./w.js\", import.meta.url)));\n";
    let read = "console.log(process.env.NODE_ENV);\n";
    for mode in [Mode::Dev, Mode::Release] {
        let linked = format!("import \"./part.js\";\n{read}");
        let files = [
            ("linked.js", &*linked),
            ("part.js", read),
            ("both.js", read),
            ("tone.js", read),
            ("w.js", read),
        ];
        let output = project(app, &files).build(mode);
        for asset in ["linked.js", "both.js", "tone.js", "w.js"] {
            assert!(!output.text(asset).contains("process.env"), "{asset}: {}", output.text(asset));
            holds(&output, "app.js", &output.url(asset));
        }
    }
}

#[test]
fn an_import_from_the_root_of_the_site_is_one_below_assets() {
    let app = "import svg from \"/img/dot.svg\";\nimport \"/page.css\";\nimport { one } from \"/lib/one\";\nimport(\"/lib/late.ts\");\nconsole.log(svg, one);\n";
    let output = release(
        app,
        &[
            ("img/dot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("page.css", "p { color: red }"),
            ("lib/one.ts", "export const one = \"the first\";\n"),
            ("lib/late.ts", "console.log(\"late\");\n"),
        ],
    );
    holds(&output, "app.js", &output.url("img/dot.svg"));
    holds(&output, "app.js", "the first");
    holds(&output, "chunks/late.js", "late");
    assert!(output.text("index.html").contains("rel=\"stylesheet\""), "{}", output.text("index.html"));
}

#[test]
fn a_query_selects_the_form_of_an_import() {
    let output = release(
        "import raw from \"./a.svg?raw\";\nimport url from \"./a.svg?url\";\nimport script from \"./w.ts?url\";\nimport style from \"./dark.css?url\";\nimport inline from \"./a.svg?inline\";\nimport Work from \"./w.ts?worker\";\nimport data from \"./data.json\";\nimport text from \"./words.txt?raw\";\nconsole.log(raw, url, script, style, inline, new (Work as any)({ name: \"w\" }), data.answer, text);\n",
        &[
            ("a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- ${`\"'\\ --></svg>"),
            ("w.ts", "postMessage(1);\n"),
            ("dark.css", "a { color: #ffffff }"),
            ("data.json", "{ \"answer\": 42, \"unused\": \"never read\" }"),
            ("words.txt", "some \"words\"\n"),
        ],
    );
    let script = output.text("app.js");
    for asset in ["a.svg", "w.js", "dark.css"] {
        holds(&output, "app.js", &format!("`{}`", output.url(asset)));
    }
    for expected in ["<!-- ${`\"\\'\\\\ -->", "data:image/svg+xml,", "type:`module`", "42", "some \"words\""]
    {
        assert!(script.contains(expected), "{expected} is missing in {script}");
    }
    assert!(!script.contains("never read"), "{script}");
}

#[test]
fn only_public_variables_reach_scripts_and_only_as_data() {
    let app = "console.log(import.meta.env.PUBLIC_A, import.meta.env.SECRET_B, import.meta.env.PUBLIC_UNSET ?? \"unset\", import.meta.env.MODE, import.meta.env.PROD, import.meta.env.BASE_URL);\n";
    let project = project(app, &[]);
    let mut config = project.config(Mode::Release).expect("configuration");
    config.variables =
        [("PUBLIC_A", "\"); alert(1); (\"\u{2028}`${x}"), ("PUBLIC_B", "not read"), ("SECRET_B", "secret")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    let report = kiln_pipeline::build(&config).expect("build");
    let read: Vec<_> = report.variables.iter().map(String::as_str).collect();
    assert_eq!(read, ["PUBLIC_A", "PUBLIC_UNSET"]);
    let output = Output::of(report, &config.out);
    insta::assert_snapshot!("variables", output.text("app.js"));
}

#[test]
fn the_environment_as_a_whole_holds_the_public_variables() {
    let project = project("console.log(JSON.stringify(import.meta.env));\n", &[]);
    let mut config = project.config(Mode::Dev).expect("configuration");
    config.variables = [("VITE_A", "1"), ("PUBLIC_A", "2"), ("SECRET", "3")]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .into();
    config.options.env_prefix = "VITE_".to_owned();
    let report = kiln_pipeline::build(&config).expect("build");
    assert_eq!(report.variables.iter().collect::<Vec<_>>(), ["VITE_A"]);
    let output = Output::of(report, &config.out);
    holds(&output, "app.js", "\"VITE_A\": \"1\"");
    holds(&output, "app.js", "\"DEV\": true");
    assert!(!output.text("app.js").contains("SECRET"), "{}", output.text("app.js"));
}

#[test]
fn a_type_assertion_hides_no_name_that_the_build_replaces() {
    for mode in [Mode::Dev, Mode::Release] {
        let app = "const { MODE } = (import.meta as any).env;
console.log(MODE, (import.meta as any).env.PROD, import.meta!.env!.BASE_URL, (import.meta satisfies ImportMeta).env.DEV);
console.log((process as any).env.NODE_ENV, (globalThis as any).__G__, (<any>import.meta).env.PUBLIC_A);
console.log(new URL(\"./a.svg\" as string, (import.meta as any).url));\n";
        let options = "define = { \"globalThis.__G__\" = \"defined\" }\n";
        let page = "<!doctype html><title>App</title><script type=module src=app.ts></script>";
        let files = [("index.html", page), ("app.ts", app), ("a.svg", SVG)];
        let project = Project::new(options).assets(&files);
        let mut config = project.config(mode).expect("configuration");
        config.variables = [("PUBLIC_A".to_owned(), "public".to_owned())].into();
        let report = kiln_pipeline::build(&config).expect("build");
        assert!(report.variables.contains("PUBLIC_A"), "{:?}", report.variables);
        let output = Output::of(report, &config.out);
        let script = output.text("app.js");
        for name in ["import.meta.env", "process", "__G__"] {
            assert!(!script.contains(name), "{name} is in {script}");
        }
        for value in ["defined", "public", &output.url("a.svg")] {
            holds(&output, "app.js", value);
        }
    }
}

#[test]
fn class_syntax_that_no_browser_parses_is_an_error_at_its_place() {
    let class =
        "const log = (value: any) => value;\n@log class K { accessor x = 1; }\nconsole.log(new K().x);\n";
    let error = project(class, &[]).try_build(Mode::Dev).expect_err("no browser parses it");
    let error = rendered(&error);
    for expected in ["app.ts:2:1", "experimentalDecorators", "app.ts:2:16", "`accessor` is not supported"] {
        assert!(error.contains(expected), "{expected} is missing in {error}");
    }
    let options = "{ \"compilerOptions\": { \"experimentalDecorators\": true } }";
    let compiled = project(&class.replace("accessor ", ""), &[]).file("tsconfig.json", options);
    let script = compiled.build(Mode::Release).text("app.js");
    assert!(!script.contains('@'), "{script}");
}

#[test]
fn json_may_begin_with_a_byte_order_mark() {
    let app = "import data from \"./data.json\";\nconsole.log(data.answer);\n";
    let output = release(app, &[("data.json", "\u{feff}{ \"answer\": \"forty-two\" }")]);
    holds(&output, "app.js", "forty-two");
}

#[test]
fn specifiers_are_resolved_by_tsconfig_and_package_json() {
    let output = project(
        "import { one } from \"@/deep/one\";\nimport { two } from \"modern/two\";\nimport three, { four } from \"classic\";\nconsole.log(one, two, three, four);\n",
        &[("deep/one.ts", "export const one = \"one\";\n")],
    )
    .file("tsconfig.json", "{ \"compilerOptions\": { \"paths\": { \"@/*\": [\"./assets/*\"] } } }")
    .file(
        "node_modules/modern/package.json",
        "{ \"name\": \"modern\", \"type\": \"module\", \"exports\": { \"./two\": { \"node\": \"./node.js\", \"browser\": \"./browser.js\" } } }",
    )
    .file("node_modules/modern/node.js", "export const two = \"node\";\n")
    .file("node_modules/modern/browser.js", "export const two = \"browser\";\n")
    .file("node_modules/classic/package.json", "{ \"name\": \"classic\", \"main\": \"main.js\" }")
    .file(
        "node_modules/classic/main.js",
        "exports.four = require(\"./four\"); exports.mode = process.env.NODE_ENV;\n",
    )
    .file("node_modules/classic/four.js", "module.exports = \"four\";\n")
    .build(Mode::Release);
    for expected in ["`one`", "`browser`", "`four`", "`production`"] {
        holds(&output, "app.js", expected);
    }
    assert!(!output.text("app.js").contains("`node`"), "{}", output.text("app.js"));
}

#[test]
fn jsx_is_compiled_for_the_library_that_tsconfig_names() {
    for (options, expected) in [
        ("\"jsx\": \"react-jsx\", \"jsxImportSource\": \"preact\"", "from-preact"),
        ("\"jsx\": \"react-jsx\"", "from-react"),
        ("\"jsx\": \"react\", \"jsxFactory\": \"make\"", "(`p`,{class:`a`},`x`)"),
    ] {
        let output = Project::new("entries = [\"app.tsx\"]")
            .file(
                "assets/app.tsx",
                "const make = (window as any).make;\nexport { make };\nconsole.log(<p class=\"a\">x</p>);\n",
            )
            .file("tsconfig.json", format!("{{ \"compilerOptions\": {{ {options} }} }}"))
            .file("node_modules/preact/jsx-runtime.js", "export const jsx = () => \"from-preact\";\n")
            .file("node_modules/react/jsx-runtime.js", "export const jsx = () => \"from-react\";\n")
            .build(Mode::Release);
        holds(&output, "app.js", expected);
    }
}

#[test]
fn style_sheets_that_scripts_import_are_linked_in_the_order_of_the_imports() {
    let output = project(
        "import \"box/box.css\";\nimport { b } from \"./b\";\nimport \"./a.css\";\nimport(\"./late\");\nb();\n",
        &[
            ("a.css", "@import url(https://example.org/a.css);\n.a { background: url(a.svg) }"),
            ("a.svg", SVG),
            ("b.ts", "import \"./b.css\";\nexport const b = () => console.log(\"b\");\n"),
            ("b.css", ".b { color: #ff0000 }"),
            ("late.ts", "import \"./late.css\";\nimport { b } from \"./b\";\nb();\n"),
            ("late.css", ".late { color: #00ff00 }"),
        ],
    )
    .file("node_modules/box/package.json", "{ \"name\": \"box\", \"sideEffects\": false }")
    .file("node_modules/box/box.css", ".box { margin: 0 }")
    .build(Mode::Release);
    assert_eq!(
        output.text("chunks/app2.css"),
        format!(
            "@import \"https://example.org/a.css\";.box{{margin:0}}.b{{color:red}}.a{{background:url({})}}",
            output.url("a.svg")
        )
    );
    assert_eq!(output.text("chunks/late.css"), ".late{color:#0f0}");
    insta::assert_snapshot!("styled_page", output.text("index.html"));
    insta::assert_snapshot!("styled_script", output.text("app.js"));
    let expected = ["chunks/app2.js", "chunks/app2.css", "app.js"].map(|asset| output.url(asset));
    assert_eq!(output.asset("index.html").imports, expected);
}

#[test]
fn the_loader_of_late_style_sheets_is_no_part_of_the_last_comment() {
    let output = project(
        "import(\"./late\").then((late) => console.log(late.z));\nexport {};\n",
        &[("late.ts", "import \"./late.css\";\nexport const z = 1;\n"), ("late.css", "a { color: red }")],
    )
    .build(Mode::Dev);
    let app = output.text("app.js");
    let mut lines = app.lines();
    assert!(lines.any(|line| line.starts_with("function __kiln_load(")), "{app}");
    assert!(app.contains("\n//#endregion\n"), "the code before ends with a comment: {app}");
}

#[test]
fn the_sheets_of_scripts_are_linked_at_the_end_of_the_head() {
    let files = [
        ("app.ts", "import \"./one.css\";\nimport \"./two.css\";\nimport(\"./late\");\n"),
        ("other.ts", "import \"./other.css\";\n"),
        ("late.ts", "import \"./late.css\";\n"),
        ("own.css", ".own { top: 0 }"),
        ("one.css", ".one { top: 0 }"),
        ("two.css", ".two { top: 0 }"),
        ("other.css", ".other { top: 0 }"),
        ("late.css", ".late { top: 0 }"),
    ];
    let (app, other) =
        ("<script type=module src=app.ts></script>", "<script type=module src=other.ts></script>");
    for (head, body) in [
        (
            format!("<html><head><title>A</title>{other}<link rel=stylesheet href=own.css>"),
            format!("</head><body>{app}<p>"),
        ),
        (format!("<title>A</title>{other}<link rel=stylesheet href=own.css>"), format!("<p>x</p>{app}")),
    ] {
        for mode in [Mode::Dev, Mode::Release] {
            let project = Project::new("").file("assets/index.html", format!("<!doctype html>{head}{body}"));
            let output = project.assets(&files).build(mode);
            let page = output.text("index.html");
            let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is missing in {page}"));
            let sheets = ["own.css", "chunks/other.css", "chunks/app.css"];
            let [own, of_other, of_app] = sheets.map(|sheet| at(&output.url(sheet)));
            let end = at(if body.starts_with("</head>") { "</head>" } else { "<p>" });
            assert!(own < of_other && of_other < of_app && of_app < end, "{page}");
            assert!(!page.contains("late"), "{page}");
        }
    }
}

#[test]
fn the_sheets_of_shared_chunks_are_linked_before_those_of_their_importers() {
    let output = Project::new("")
        .file("assets/one.html", "<script type=module src=one.ts></script>")
        .file("assets/two.html", "<link rel=stylesheet href=own.css><script type=module src=two.ts></script>")
        .file("assets/own.css", "a { color: #ff0000 }")
        .file("assets/one.ts", "import \"./one.css\";\nimport { shared } from \"./shared\";\nshared(1);\n")
        .file("assets/two.ts", "import { shared } from \"./shared\";\nimport \"./two.css\";\nshared(2);\n")
        .file(
            "assets/shared.ts",
            "import \"./shared.css\";\nexport const shared = (n: number) => console.log(n);\n",
        )
        .file("assets/one.css", ".one { top: 1px }")
        .file("assets/two.css", ".two { top: 2px }")
        .file("assets/shared.css", ".shared { top: 0 }")
        .build(Mode::Dev);
    let linked = |page: &str| -> Vec<String> {
        let text = output.text(page);
        let links =
            text.match_indices("rel=\"stylesheet\" href=\"").map(|(at, open)| &text[at + open.len()..]);
        links.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
    };
    assert_eq!(linked("one.html"), ["/assets/chunks/shared.css", "/assets/chunks/one.css"]);
    assert_eq!(linked("two.html"), ["/assets/chunks/shared.css", "/assets/chunks/two.css"]);
    let early: Vec<_> = output
        .asset("one.html")
        .preloads
        .iter()
        .map(|early| (early.destination, early.url.as_str()))
        .collect();
    let expected = [
        (Destination::Module, "/assets/chunks/shared.js"),
        (Destination::Style, "/assets/chunks/shared.css"),
        (Destination::Style, "/assets/chunks/one.css"),
        (Destination::Module, "/assets/one.js"),
    ];
    assert_eq!(early, expected);
}

#[test]
fn a_css_module_gives_its_names_to_the_script_that_imports_it() {
    let output = release(
        "import styles, { card } from \"./card.module.css\";\nconsole.log(card, styles[\"two-words\"]);\n",
        &[
            (
                "card.module.css",
                ".card { composes: box from \"./box.module.css\"; color: #ff0000 }\n.two-words { top: 0 }\n",
            ),
            ("box.module.css", ".box { margin: 0 }\n"),
        ],
    );
    let (script, sheet) = (output.text("app.js"), output.text("chunks/app.css"));
    let names: Vec<&str> = sheet.split('.').filter_map(|rule| Some(rule.split_once('{')?.0)).collect();
    let [box_name, card, words] = names[..] else { panic!("{sheet}") };
    assert!(script.contains(&format!("`{card} {box_name}`")), "{script}");
    assert!(script.contains(&format!("`{words}`")), "{script}");
}

const MAPPED: &str = "import logo from \"./a.svg\";
console.log(\"é😀\", logo, new URL(\"./a.svg\", import.meta.url), \"after\");
import(\"./late\").then((late) => late.show(\"then\"));
";

fn mapped_project(options: &str) -> Project {
    Project::new(&format!("entries = [\"app.ts\"]\n{options}"))
        .file("assets/app.ts", MAPPED)
        .file("assets/a.svg", SVG)
        .file(
            "assets/late.ts",
            "import \"./late.css\";\nexport const show = (text: string) => alert(text + \"late\");\n",
        )
        .file("assets/late.css", "a { color: red }")
}

#[test]
fn source_maps_stay_correct_when_urls_are_resolved_in_scripts() {
    let place = |text: &str| {
        let (line, content) = MAPPED.lines().enumerate().find(|(_, line)| line.contains(text)).expect(text);
        let column = content[..content.find(text).expect(text)].encode_utf16().count();
        let of = |number: usize| u32::try_from(number).expect("short");
        ("assets/app.ts".to_owned(), of(line), of(column))
    };
    for mode in [Mode::Dev, Mode::Release] {
        let output = mapped_project("source-maps = \"linked\"").build(mode);
        for text in ["é😀", "after", "then\""] {
            let quoted = output.text("app.js").find(&format!("`{}", text.trim_end_matches('"'))).is_some();
            let found = match (quoted, text) {
                (true, text) => format!("`{}", text.trim_end_matches('"')),
                (false, text) => format!("\"{}", text.trim_end_matches('"')),
            };
            let found = original(&output, "app.js", &found);
            assert_eq!(
                (found.source, found.line, found.column),
                place(&format!("\"{text}")),
                "{mode:?}: {}",
                output.text("app.js")
            );
        }
        let map = output.url("app.js.map");
        let comment = format!("\n//# sourceMappingURL={}\n", map.rsplit('/').next().expect("name"));
        assert!(
            output.text("app.js").ends_with(&comment),
            "{comment} is missing in {}",
            output.text("app.js")
        );
    }
}

#[test]
fn source_maps_are_never_immutable_and_hold_no_folder_of_the_machine() {
    let project = mapped_project("source-maps = \"linked\"");
    let output = project.build(Mode::Release);
    for script in ["app.js", "chunks/late.js"] {
        let map = format!("{script}.map");
        assert_eq!(output.asset(&map).exposure, kiln_manifest::Exposure::Verbatim);
        let root = project.root().to_string_lossy().into_owned();
        let text = output.text(&map);
        assert!(!text.contains(&root) && !text.contains("__kiln_chunk"), "{text}");
    }
    // A comment is in the map only: its bytes change, and its URL does not.
    let changed = mapped_project("source-maps = \"linked\"")
        .file("assets/app.ts", format!("{MAPPED}// a remark\n"))
        .build(Mode::Release);
    assert_eq!(changed.url("app.js"), output.url("app.js"));
    assert_eq!(changed.url("app.js.map"), output.url("app.js.map"));
    assert_ne!(changed.text("app.js.map"), output.text("app.js.map"));
}

#[test]
fn hidden_source_maps_are_embedded_and_neither_named_nor_served() {
    let with = |options: &str| mapped_project(options).build(Mode::Release);
    let (hidden, none) = (with("source-maps = \"hidden\""), with(""));
    assert_eq!(hidden.text("app.js"), none.text("app.js"));
    assert!(hidden.names().contains(&"kiln/private/app.js.map"), "{:?}", hidden.names());
    assert_eq!(hidden.asset("app.js.map").url, None);
    assert!(!none.names().iter().any(|name| name.contains(".map")), "{:?}", none.names());
}

#[test]
fn the_environment_holds_the_mount_and_says_that_no_server_renders() {
    let app = "console.log(import.meta.env.BASE_URL, typeof import.meta.env.SSR, new URL(\"cart\", location.origin + import.meta.env.BASE_URL).href);\n";
    let page = "<title>App</title><script type=module src=app.ts></script>";
    for mode in [Mode::Dev, Mode::Release] {
        let project =
            Project::new("mount = \"/shop/\"\n").file("assets/index.html", page).file("assets/app.ts", app);
        let text = project.build(mode).text("app.js");
        assert!(text.contains("/shop/") && !text.contains("import.meta"), "{text}");
        assert!(text.contains("\"boolean\"") || text.contains("`boolean`"), "{text}");
    }
}

#[test]
fn variables_of_env_files_reach_scripts_and_a_change_of_a_file_is_an_input() {
    let project = project("console.log(import.meta.env.PUBLIC_A, import.meta.env.PUBLIC_B);\n", &[])
        .file(".env", "PUBLIC_A=first\nPUBLIC_B=b\nSECRET=secret\n")
        .file(".env.production", "PUBLIC_A=second\n")
        .file(".env.development", "PUBLIC_A=third\n");
    let output = project.build(Mode::Release);
    holds(&output, "app.js", "console.log(`second`,`b`)");
    for name in [".env", ".env.production"] {
        assert!(output.report.watched.iter().any(|path| path.ends_with(name)), "{:?}", output.report.watched);
    }
    assert!(output.report.missing_inputs.iter().any(|path| path.ends_with(".env.local")));
}

#[test]
fn names_of_define_are_replaced_by_their_values() {
    let options =
        "define = { __VERSION__ = \"1.4 `x`\", __LIMITS__ = { size = 3 }, \"app.debug\" = false }\n";
    let page = "<title>App</title><script type=module src=app.ts></script>";
    let app = "console.log(__VERSION__, __LIMITS__.size, app.debug ? \"debug\" : \"quiet\");\n";
    let output =
        Project::new(options).file("assets/index.html", page).file("assets/app.ts", app).build(Mode::Release);
    holds(&output, "app.js", "1.4 ");
    holds(&output, "app.js", "{size:3}.size,`quiet`)");
}

#[test]
fn code_for_hot_updates_is_removed_and_variables_of_node_are_undefined() {
    let app = "if (import.meta.hot) import.meta.hot.accept(() => console.log(\"hot\"));\nif (process.env.DEBUG) console.log(\"debug\");\nconsole.log(process.env.NODE_ENV);\n";
    let output = release(app, &[]);
    assert_eq!(output.text("app.js").trim(), "({}).DEBUG&&console.log(`debug`),console.log(`production`);");
}

#[test]
fn names_of_functions_and_classes_are_those_of_the_source_while_developing_and_by_keep_names() {
    let app = "class Widget {}\nexport class Error {}\nfunction named() {}\nconsole.log(Widget.name, new Error().constructor.name, named.name);\n";
    let page = "<title>App</title><script type=module src=app.ts></script>";
    let built = |options: &str, mode| {
        let project = Project::new(options).file("assets/index.html", page).file("assets/app.ts", app);
        project.build(mode).text("app.js")
    };
    let development = built("", Mode::Dev);
    for expected in ["Widget = class {}", "(this, \"Error\")", "function named"] {
        assert!(development.contains(expected), "{expected} is missing in {development}");
    }
    let release = built("keep-names = true\n", Mode::Release);
    for expected in ["Widget", "Error", "named"] {
        assert!(release.contains(expected), "{expected} is missing in {release}");
    }
    assert!(!built("", Mode::Release).contains("Widget"), "names cost bytes by default");
}

#[test]
fn modules_run_in_the_order_of_the_source_across_chunks() {
    let page =
        |script: &str| format!("<!doctype html><title>t</title><script type=module src={script}></script>");
    let project = Project::new("")
        .file("assets/one.html", page("one.ts"))
        .file("assets/two.html", page("two.ts"))
        .file("assets/setup.ts", "(globalThis as any).flag = \"set\";\n")
        .file("assets/use.ts", "export const seen = (globalThis as any).flag ?? \"unset\";\n")
        .file(
            "assets/one.ts",
            "import \"./setup\";\nimport { seen } from \"./use\";\ndocument.title += `one ${seen} `;\n",
        )
        .file("assets/two.ts", "import { seen } from \"./use\";\ndocument.title += `two ${seen} `;\n");
    for mode in [Mode::Dev, Mode::Release] {
        let output = project.build(mode);
        assert_eq!(title(&output, &["one.js"]), "one set ", "{mode:?}");
        assert_eq!(title(&output, &["two.js"]), "two unset ", "{mode:?}");
        assert_eq!(
            title(&output, &["two.js", "one.js"]),
            "two unset one unset ",
            "a module runs once, {mode:?}"
        );
    }
}

#[test]
fn a_variable_of_an_env_file_is_expanded_by_the_files_of_the_mode() {
    let project = project("console.log(import.meta.env.PUBLIC_B, import.meta.env.PUBLIC_C);\n", &[])
        .file(".env", "PUBLIC_A=one\nPUBLIC_B=two-$PUBLIC_A\nPUBLIC_C=two words\n")
        .file(".env.production", "PUBLIC_A=live\n");
    holds(&project.build(Mode::Dev), "app.js", "console.log(\"two-one\", \"two words\")");
    holds(&project.build(Mode::Release), "app.js", "console.log(`two-live`,`two words`)");
}

#[test]
fn a_text_file_is_imported_by_its_url_and_by_its_attribute_as_text() {
    let app = "import url from \"./t.txt\";\nimport text from \"./t.txt\" with { type: \"text\" };
console.log(url, text);\n";
    for mode in [Mode::Dev, Mode::Release] {
        let output = project(app, &[("t.txt", "hello")]).build(mode);
        holds(&output, "app.js", &output.url("t.txt"));
        holds(&output, "app.js", "hello");
    }
}

#[test]
fn an_import_may_omit_the_extensions_that_vite_knows() {
    let app = "import { d } from \"./d\";\nimport { e } from \"./e\";\nimport { i } from \"./dir\";
console.log(d, e, i);\n";
    let files = [
        ("d.mjs", "export const d = \"of mjs\";\n"),
        ("e.mts", "export const e: string = \"of mts\";\n"),
        ("dir/index.mjs", "export const i = \"of index\";\n"),
    ];
    let output = release(app, &files);
    for expected in ["of mjs", "of mts", "of index"] {
        holds(&output, "app.js", expected);
    }
}

//! Service workers: one classic script at a stable URL, which knows the assets of the build.

use std::path::Path;

use kiln_manifest::{Exposure, Mode};
use serde_json::Value;

use crate::project::{Output, Project};

const MODES: [Mode; 2] = [Mode::Dev, Mode::Release];

const REGISTER: &str = "navigator.serviceWorker.register(new URL(\"./sw.ts\", import.meta.url));\n";

/// A service worker that uses the list.
const LISTING: &str = "import { assets, build } from \"kiln:assets\";\nself.addEventListener(\"install\", () => console.log(assets, build));\n";

const PAGE: &str = "<!doctype html><title>t</title><script type=module src=app.ts></script><img src=a.svg>";

fn project(options: &str, app: &str, worker: &str) -> Project {
    Project::new(options)
        .file("assets/index.html", PAGE)
        .file("assets/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("assets/app.ts", app)
        .file("assets/sw.ts", worker)
}

/// The value that the service worker parses.
#[track_caller]
fn list(worker: &str) -> Value {
    let (_, rest) = worker.split_once("JSON.parse(").unwrap_or_else(|| panic!("no list in {worker}"));
    let quote = rest.chars().next().expect("a quote");
    let mut content = String::new();
    let mut characters = rest[1..].chars();
    while let Some(character) = characters.next().filter(|character| *character != quote) {
        content.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    serde_json::from_str(&content).unwrap_or_else(|error| panic!("{error}: {content}"))
}

fn urls(list: &Value) -> Vec<&str> {
    let assets = list["assets"].as_array().expect("assets");
    assets.iter().map(|asset| asset["url"].as_str().expect("a URL")).collect()
}

#[track_caller]
fn assert_classic(worker: &str) {
    assert!(!worker.contains("import ") && !worker.contains("import.meta"), "{worker}");
    assert!(!worker.contains("__kiln_"), "{worker}");
    let body = worker.trim_start_matches("//#region").trim_start();
    assert!(body.starts_with("(function") || body.starts_with("(()=>"), "{worker}");
}

#[test]
fn a_registered_script_is_compiled_to_one_classic_file_at_the_root() {
    let worker = "import { version } from \"./part\";\nimport { name } from \"cachey\";\nexport const caches: string[] = [version, name];\nself.addEventListener(\"install\", () => console.log(caches));\n";
    let project = project("", REGISTER, worker)
        .file("assets/part.ts", "export const version: string = \"v1\";\n")
        .file("node_modules/cachey/package.json", r#"{"name":"cachey","version":"1.0.0","main":"i.js"}"#)
        .file("node_modules/cachey/i.js", "export const name = \"cachey-name\";\n");
    for mode in MODES {
        let output = project.build(mode);
        assert_eq!(output.report.warnings, [] as [&str; 0]);
        let asset = output.asset("sw.js");
        assert_eq!((asset.url.as_deref(), asset.exposure), (Some("/sw.js"), Exposure::Verbatim), "{mode:?}");
        assert!(asset.media_type.starts_with("text/javascript"), "{}", asset.media_type);
        let text = output.text("sw.js");
        assert_classic(&text);
        assert!(text.contains("v1") && text.contains("cachey-name"), "{text}");
        let app = output.text("app.js");
        assert!(app.contains("\"/sw.js\"") || app.contains("`/sw.js`"), "{app}");
        let workers = output.report.manifest.assets.iter().filter(|asset| asset.path.as_str().contains("sw"));
        assert_eq!(workers.filter(|asset| asset.path.extension() == Some("js")).count(), 1);
    }
}

#[test]
fn a_release_minifies_a_service_worker() {
    let worker = "const aLongName = location.href;\nself.addEventListener(\"install\", () => console.log(aLongName, aLongName));\n";
    let text = project("", REGISTER, worker).build(Mode::Release).text("sw.js");
    assert!(!text.contains("aLongName") && text.trim_end().lines().count() == 1, "{text}");
}

#[test]
fn a_service_worker_of_a_folder_or_a_package_lies_at_the_mount() {
    for mode in MODES {
        let register =
            "navigator.serviceWorker.register(new URL(\"./workers/offline.ts\", import.meta.url).href);\n";
        let project =
            project("mount = \"/shop/\"\n", register, "").file("assets/workers/offline.ts", LISTING);
        assert_eq!(project.build(mode).url("offline.js"), "/shop/offline.js");
        let register = "navigator.serviceWorker?.register(new URL(\"cachey/worker.js\", import.meta.url));\n";
        let package = self::project("", register, "")
            .file("node_modules/cachey/package.json", r#"{"name":"cachey","version":"1.0.0"}"#)
            .file(
                "node_modules/cachey/worker.js",
                "self.addEventListener(\"fetch\", () => console.log(1));\n",
            );
        let output = package.build(mode);
        assert_eq!(output.url("worker.js"), "/worker.js");
        assert_classic(&output.text("worker.js"));
    }
}

#[test]
fn the_option_type_of_a_registration_is_removed() {
    let register = "const { serviceWorker } = navigator;\nserviceWorker.register(new URL(\"./sw.ts\", import.meta.url), { type: \"module\", updateViaCache: \"none\" });\n";
    for mode in MODES {
        let output = project("", register, LISTING).build(mode);
        let app = output.text("app.js");
        assert!(app.contains("updateViaCache") && !app.contains("module"), "{app}");
        assert_classic(&output.text("sw.js"));
    }
}

#[test]
fn the_list_has_each_url_of_the_build_with_its_type() {
    for mode in MODES {
        let output = project("private = [\"secret.txt\"]\nsource-maps = \"linked\"\n", REGISTER, LISTING)
            .file("assets/about.html", "<!doctype html><title>a</title>")
            .file("assets/secret.txt", "secret")
            .file("assets/robots.txt", "User-agent: *\n")
            .build(mode);
        let list = list(&output.text("sw.js"));
        let found = urls(&list);
        for path in ["index.html", "about.html", "app.js", "a.svg", "robots.txt"] {
            assert!(found.contains(&output.url(path).as_str()), "{path} is missing in {found:?}");
        }
        assert_eq!(output.url("about.html"), "/about");
        let assets = &output.report.manifest.assets;
        let served = assets.iter().filter(|asset| asset.path.as_str() != "sw.js");
        let mut expected: Vec<_> = served.filter_map(|asset| asset.url.as_deref()).collect();
        let is_map = |url: &str| Path::new(url).extension().is_some_and(|extension| extension == "map");
        assert!(expected.iter().any(|url| is_map(url)), "a source map is served");
        expected.retain(|url| !is_map(url));
        expected.sort_unstable();
        assert_eq!(found, expected, "neither the worker nor source maps nor private files are listed");
        let types = list["assets"].as_array().expect("assets").iter().map(|asset| asset["type"].as_str());
        assert_eq!(types.clone().flatten().filter(|name| *name == "text/html").count(), 2);
        assert!(types.flatten().all(|name| !name.contains(';')), "{list}");
    }
}

#[test]
fn any_change_of_an_asset_changes_the_service_worker() {
    for mode in MODES {
        for import in ["assets, build", "assets", "build"] {
            let used = import.replace(", ", ");console.log(");
            let worker = format!("import {{ {import} }} from \"kiln:assets\";\nconsole.log({used});\n");
            let project =
                project("private = [\"secret.txt\"]\n", REGISTER, &worker).file("assets/secret.txt", "1");
            let first = project.build(mode).text("sw.js");
            assert_eq!(project.build(mode).text("sw.js"), first, "same sources, same bytes");
            project.write("assets/secret.txt", "2");
            assert_eq!(project.build(mode).text("sw.js"), first, "a private file is no asset of a browser");
            let mut last = first;
            for (name, content) in [
                ("assets/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"b\"/>".to_owned()),
                ("assets/index.html", PAGE.replace("<title>t", "<title>u")),
                ("assets/app.ts", format!("{REGISTER}console.log(2);\n")),
                ("assets/robots.txt", "User-agent: *\n".to_owned()),
            ] {
                project.write(name, content);
                let next = project.build(mode).text("sw.js");
                assert_ne!(list(&next)["build"], list(&last)["build"], "{name} for {import} in {mode:?}");
                last = next;
            }
        }
    }
}

#[test]
fn a_session_rebuilds_a_service_worker_when_an_asset_changes() {
    let project = project("", REGISTER, LISTING);
    let mut session = project.session(Mode::Dev).expect("a session");
    let out = project.config(Mode::Dev).expect("configuration").out;
    let mut build = || Output::of(session.build().expect("a build"), &out).text("sw.js");
    let first = build();
    project.write("assets/index.html", PAGE.replace("<title>t", "<title>u"));
    let second = build();
    assert_ne!(list(&second)["build"], list(&first)["build"]);
    project.write("assets/sw.ts", format!("{LISTING}console.log(\"changed\");\n"));
    let third = build();
    assert!(third.contains("changed"), "{third}");
    assert_eq!(list(&third), list(&second), "the list has no service worker");
    project.write("assets/app.ts", "console.log(1);\n");
    let fourth = Output::of(session.build().expect("a build"), &out);
    assert!(fourth.report.manifest.assets.iter().all(|asset| asset.path.as_str() != "sw.js"));
}

#[test]
fn a_service_worker_without_the_list_does_not_depend_on_assets() {
    let worker = "import { assets } from \"kiln:assets\";\nconsole.log(1);\n";
    let text = project("", REGISTER, worker).build(Mode::Release).text("sw.js");
    assert!(!text.contains("JSON.parse"), "an unused import is removed: {text}");
}

#[test]
fn a_web_app_manifest_names_a_service_worker() {
    for mode in MODES {
        for written in ["sw.ts", "/sw.ts?v=1"] {
            let manifest = format!(
                "{{ \"name\": \"n\", \"serviceworker\": {{ \"src\": \"{written}\", \"scope\": \"/\" }} }}"
            );
            let output = Project::new("mount = \"/shop/\"\n")
                .file(
                    "assets/index.html",
                    "<!doctype html><title>t</title><link rel=manifest href=app.webmanifest>",
                )
                .file("assets/app.webmanifest", manifest)
                .file("assets/sw.ts", LISTING)
                .build(mode);
            let suffix = written.find('?').map_or("", |at| &written[at..]);
            let text = output.text("app.webmanifest");
            assert!(text.contains(&format!("\"/shop/sw.js{suffix}\"")), "{text}");
            assert!(urls(&list(&output.text("sw.js"))).contains(&"/shop/"));
        }
    }
}

#[test]
fn a_service_worker_refers_to_other_files_by_their_urls() {
    let worker = "import url from \"./a.svg?url\";\nconsole.log(url, new URL(\"./a.svg\", import.meta.url).href);\nimport(\"./part\").then(({ part }) => console.log(part));\n";
    for mode in MODES {
        let output = project("", REGISTER, worker)
            .file("assets/part.ts", "export const part = \"a part\" + Date.now();\n")
            .build(mode);
        let text = output.text("sw.js");
        assert_classic(&text);
        assert_eq!(text.matches(&output.url("a.svg")).count(), 2, "{text}");
        assert!(text.contains("self.location.href") && text.contains("a part"), "{text}");
    }
}

#[test]
fn a_service_worker_that_keeps_its_name_is_registered_unchanged() {
    let register = "navigator.serviceWorker.register(new URL(\"./own.js\", import.meta.url));\n";
    let output = project("verbatim = [\"own.js\"]\n", register, "")
        .file("assets/own.js", "self.own = 1;\n")
        .build(Mode::Release);
    assert_eq!(
        (output.url("own.js"), output.text("own.js")),
        ("/own.js".to_owned(), "self.own = 1;\n".to_owned())
    );
}

#[test]
fn a_script_that_is_registered_by_a_string_is_a_warning_with_the_url_to_write() {
    for (register, expected) in [
        ("navigator.serviceWorker.register(\"/sw.js\");", true),
        ("navigator.serviceWorker.register(\"sw.js\");", true),
        ("navigator.serviceWorker.register(\"/other.js\");", false),
        ("fetch(\"/sw.js\");", false),
    ] {
        let report = project("", register, LISTING).try_build(Mode::Dev).expect("a build");
        let warned = report.warnings.iter().any(|warning| {
            warning.starts_with("assets/app.ts:1:34: service worker")
                && warning.ends_with("use `new URL(\"./sw.ts\", import.meta.url)`")
        });
        assert_eq!(warned, expected, "{register}: {:?}", report.warnings);
        assert_eq!(report.warnings.len(), usize::from(expected), "{:?}", report.warnings);
    }
}

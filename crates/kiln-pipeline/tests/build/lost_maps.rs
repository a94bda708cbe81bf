//! Comments of vendored files that name a source map.

use std::path::Path;

use kiln_manifest::Mode;

use crate::project::{Output, Project};

const MAP: &str = r#"{"version":3,"sources":["lib.ts"],"names":[],"mappings":"AAAA"}"#;

/// A page that loads `lib.js` as a classic script and `lib.css`, and a module that imports `part.js` and `part.css`.
/// Each ends with a comment that names the map `NAME.map`.
fn vendored(script: &str, style: &str) -> Project {
    let page = "<!doctype html><title>t</title><script src=vendor/lib.js></script><link rel=stylesheet href=vendor/lib.css><script type=module src=app.ts></script>";
    Project::new("").assets(&[
        ("index.html", page),
        ("app.ts", "import \"./vendor/part.js\";\nimport \"./vendor/part.css\";\n"),
        ("vendor/lib.js", &format!("window.L=1;\n{script}").replace("NAME", "lib.js")),
        ("vendor/part.js", &format!("window.P=1;\n{script}").replace("NAME", "part.js")),
        ("vendor/lib.css", &format!("b{{color:red}}\n{style}").replace("NAME", "lib.css")),
        ("vendor/part.css", &format!("i{{color:red}}\n{style}").replace("NAME", "part.css")),
    ])
}

/// The URLs that comments of the outputs name, each with the URL of its output.
fn named(output: &Output) -> Vec<(String, String)> {
    let is_code = |name: &str| {
        Path::new(name).extension().is_some_and(|extension| extension == "js" || extension == "css")
    };
    let assets = output.report.manifest.assets.iter().map(|asset| asset.path.as_str());
    let with_comment = assets.filter(|name| is_code(name)).filter_map(|name| {
        let text = output.text(name);
        let (_, url) = text.rsplit_once("sourceMappingURL=")?;
        Some((output.url(name), url.split(['\n', ' ']).next()?.to_owned()))
    });
    with_comment.collect()
}

#[track_caller]
fn all_are_served(output: &Output) {
    for (file, url) in named(output) {
        let folder = &file[..=file.rfind('/').expect("a folder")];
        let url = if url.starts_with('/') { url } else { format!("{folder}{url}") };
        let served = output.report.manifest.assets.iter().any(|asset| asset.url.as_ref() == Some(&url));
        assert!(served, "{file} names {url}, which is not served");
    }
}

#[test]
fn a_comment_that_names_a_missing_map_is_left_out_with_a_warning_at_its_place() {
    for comment in [
        "//# sourceMappingURL=NAME.map",
        "//@ sourceMappingURL=NAME.map\n",
        "/*# sourceMappingURL=NAME.map */",
    ] {
        for mode in [Mode::Dev, Mode::Release] {
            let output = vendored(comment, "/*# sourceMappingURL=NAME.map */").build(mode);
            all_are_served(&output);
            assert_eq!(output.text("vendor/lib.js").trim_end(), "window.L=1;");
            let warning = |name: &str| {
                format!(
                    "assets/vendor/{name}:2:1: source map `{name}.map` not found; the comment is left out: add the file, or remove the comment"
                )
            };
            assert_eq!(output.report.warnings, [warning("lib.js"), warning("part.js")]);
        }
    }
}

#[test]
fn a_missing_map_of_a_package_is_no_warning() {
    let output = Project::new("")
        .assets(&[
            ("index.html", "<!doctype html><title>t</title><script type=module src=app.ts></script>"),
            ("app.ts", "import \"part\";\n"),
        ])
        .file("node_modules/part/package.json", r#"{"name":"part","version":"1.0.0","main":"part.js"}"#)
        .file("node_modules/part/part.js", "window.P=1;\n//# sourceMappingURL=part.js.map")
        .build(Mode::Release);
    assert_eq!(output.report.warnings, Vec::<String>::new());
}

#[test]
fn a_comment_that_names_a_map_below_assets_names_its_hashed_url() {
    for mode in [Mode::Dev, Mode::Release] {
        let project =
            vendored("//# sourceMappingURL=NAME.map", "/*# sourceMappingURL=NAME.map */").assets(&[
                ("vendor/lib.js.map", MAP),
                ("vendor/part.js.map", MAP),
                ("vendor/lib.css.map", MAP),
                ("vendor/part.css.map", MAP),
            ]);
        let output = project.build(mode);
        all_are_served(&output);
        let expected = format!("window.L=1;\n//# sourceMappingURL={}", output.url("vendor/lib.js.map"));
        assert_eq!(output.text("vendor/lib.js"), expected);
        assert_eq!(output.report.warnings, Vec::<String>::new());
        if mode == Mode::Release {
            assert_eq!(
                named(&output).len(),
                1,
                "a map of a file that is compiled does not fit: {:?}",
                named(&output)
            );
        }
    }
}

#[test]
fn the_url_of_a_map_changes_the_url_of_its_script() {
    let with_map = |map: &str| {
        let project = vendored("//# sourceMappingURL=NAME.map", "").file("assets/vendor/lib.js.map", map);
        project.build(Mode::Release).url("vendor/lib.js")
    };
    assert_ne!(with_map(MAP), with_map("{}"));
}

#[test]
fn a_comment_with_a_map_in_it_or_on_another_host_stays() {
    for url in ["data:application/json;base64,e30=", "https://maps.example/lib.js.map"] {
        let comment = format!("//# sourceMappingURL={url}\n");
        let output = vendored(&comment, "").build(Mode::Release);
        assert_eq!(output.text("vendor/lib.js"), format!("window.L=1;\n{comment}"));
        assert_eq!(output.report.warnings, Vec::<String>::new());
    }
}

#[test]
fn a_comment_that_names_a_private_map_is_left_out() {
    let page = "<!doctype html><title>t</title><script src=lib.js></script>";
    let output = Project::new("private = [\"**/*.map\"]")
        .assets(&[
            ("index.html", page),
            ("lib.js", "window.L=1;\n//# sourceMappingURL=lib.js.map"),
            ("lib.js.map", MAP),
        ])
        .build(Mode::Release);
    assert_eq!(output.text("lib.js"), "window.L=1;\n");
    assert_eq!(output.report.warnings, Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_style_sheet_that_tailwind_compiles_loses_the_comments_of_its_parts() {
    for mode in [Mode::Dev, Mode::Release] {
        let output = Project::new("entries = [\"app.css\"]")
            .assets(&[
                ("app.css", "@import \"tailwindcss\";\n@import \"./lib.css\";\n"),
                ("lib.css", "b{color:red}\n/*# sourceMappingURL=lib.css.map */"),
            ])
            .with_npm()
            .build(mode);
        all_are_served(&output);
        assert!(!output.text("app.css").contains("lib.css.map"), "{}", output.text("app.css"));
    }
}

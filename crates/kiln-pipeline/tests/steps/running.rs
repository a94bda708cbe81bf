//! Runs of a command, and its output.

use std::fs;

use kiln_manifest::{Coding, Directive, Exposure, Mode};

use crate::{project::Project, supervised::Supervised};

pub(crate) const TESTS: &[(&str, fn())] = &[
    ("a_command_runs_once_for_each_change_of_its_inputs", runs_once_for_each_change),
    ("the_output_of_a_command_is_embedded_under_its_own_names", is_embedded),
    ("a_failed_command_runs_again_without_a_change", runs_again_after_a_failure),
    ("a_folder_may_be_finished_before_the_build", finished_before),
];

/// A step that copies `web` to `dist`, and counts its runs.
const COUNTING: &str = r#"
[[package.metadata.kiln.steps]]
command = ["sh", "-c", "echo run >> runs; rm -rf dist; cp -r web dist"]
inputs = ["web/**"]
output = "dist"
env = ["KILN_TEST_STEP"]
"#;

fn counting() -> Project {
    Project::new(COUNTING)
        .supervised()
        .file("web/index.html", "<title>Web</title>")
        .file("assets/robots.txt", "User-agent: *\n")
}

fn runs(project: &Project) -> usize {
    fs::read_to_string(project.root().join("runs")).map_or(0, |runs| runs.lines().count())
}

fn runs_once_for_each_change() {
    let project = counting();
    for (mode, expected) in [(Mode::Release, 1), (Mode::Release, 1), (Mode::Dev, 1)] {
        let output = project.build(mode);
        assert!(output.text("index.html").starts_with("<title>Web</title>"));
        assert_eq!(runs(&project), expected);
        assert!(output.report.watched.contains(&project.root().canonicalize().expect("root").join("web")));
        assert!(output.report.variables.contains("KILN_TEST_STEP"));
    }
    let project = project.file("web/index.html", "<title>New</title>");
    assert!(project.build(Mode::Dev).text("index.html").starts_with("<title>New</title>"));
    assert_eq!(runs(&project), 2);
    let project = project.file("dist/index.html", "<title>Edited by hand</title>");
    assert!(project.build(Mode::Dev).text("index.html").starts_with("<title>New</title>"));
    assert_eq!(runs(&project), 3);
    let project = project.file("elsewhere/x.txt", "no input").file("package-lock.json", "{\"packages\": {}}");
    project.build(Mode::Dev);
    assert_eq!(runs(&project), 4, "a lock file of npm is an input");
    let mut config = project.config(Mode::Dev).expect("configuration");
    config.variables.insert("KILN_TEST_STEP".to_owned(), "other".to_owned());
    kiln_pipeline::Session::new(config).with_supervisor(kiln_pipeline::supervise()).build().expect("build");
    assert_eq!(runs(&project), 5, "a variable is an input");
}

fn is_embedded() {
    let style = ".a { background: url(logo-1a2b3c4d.svg) }\n".repeat(20);
    let options = format!("hashed = [\"assets/**\"]\n{COUNTING}");
    let output = Project::new(&options)
        .supervised()
        .file("web/index.html", "<link rel=stylesheet href=/assets/app-9f8e7d6c.css><script>let a;</script>")
        .file("web/assets/app-9f8e7d6c.css", &style)
        .file("web/assets/logo-1a2b3c4d.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("web/plain.js", "import \"./assets/app.js\";\n")
        .build(Mode::Release);
    let served: Vec<_> =
        output.report.manifest.assets.iter().map(|asset| (asset.url.as_deref(), asset.exposure)).collect();
    let expected = [
        (Some("/assets/app-9f8e7d6c.css"), Exposure::Hashed),
        (Some("/assets/logo-1a2b3c4d.svg"), Exposure::Hashed),
        (Some("/"), Exposure::Page),
        (Some("/plain.js"), Exposure::Verbatim),
    ];
    assert_eq!(served, expected);
    assert_eq!(output.text("assets/app-9f8e7d6c.css"), style);
    let codings = output.report.manifest.assets[0].variants.iter().map(|variant| variant.coding);
    assert_eq!(codings.collect::<Vec<_>>(), [Coding::Identity, Coding::Gzip, Coding::Zstd, Coding::Brotli]);
    let integrity = kiln_manifest::Digest::of(style.as_bytes()).integrity();
    assert!(output.text("index.html").contains(&integrity), "{}", output.text("index.html"));
    assert_eq!(output.report.manifest.assets[2].policy.own(Directive::ScriptSrc).len(), 1);
}

fn runs_again_after_a_failure() {
    let options = r#"
[[package.metadata.kiln.steps]]
command = ["sh", "-c", "echo run >> runs; mkdir -p dist; grep -q well mood"]
inputs = ["web/**"]
output = "dist"
"#;
    let project = Project::new(options).supervised().file("web/a.txt", "").file("mood", "fail\n");
    project.try_build(Mode::Dev).map(drop).expect_err("the command fails");
    let project = project.file("mood", "well\n");
    project.build(Mode::Dev);
    assert_eq!(runs(&project), 2);
}

fn finished_before() {
    let options = "[[package.metadata.kiln.steps]]\noutput = \"web/dist\"\n";
    let output = Project::new(options)
        .supervised()
        .file("web/dist/index.html", "<title>Done</title>")
        .build(Mode::Release);
    assert_eq!(output.text("index.html"), "<title>Done</title>");
    assert!(
        output.report.watched.iter().any(|path| path.ends_with("web/dist")),
        "{:?}",
        output.report.watched
    );
}

//! `kiln.d.ts`, which a build writes where `tsconfig.json` names it. `npm run types` in e2e checks the fixture with
//! TypeScript, so that its declarations are true.

use std::{fs, path::Path, time::SystemTime};

use kiln_manifest::Mode;

use crate::project::{Project, files};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixture/declarations");
const FILE: &str = "kiln.d.ts";
const ASKS: &str = "{ \"include\": [\"assets\", \"kiln.d.ts\"] }";
const PAGE: &str = "<!doctype html><title>t</title><script type=module src=app.ts></script>";

fn project(tsconfig: &str) -> Project {
    Project::new("")
        .assets(&[
            ("index.html", PAGE),
            ("app.ts", "import styles from \"./card.module.css\";\nconsole.log(styles);\n"),
            ("card.module.css", ".card { color: red }"),
        ])
        .file("tsconfig.json", tsconfig)
}

/// The declarations of a project; `None` when it has none.
fn declarations(project: &Project) -> Option<String> {
    fs::read_to_string(project.root().join(FILE)).ok()
}

#[test]
fn both_modes_write_the_same_declarations_which_typescript_has_checked() {
    let expected = fs::read_to_string(Path::new(FIXTURE).join(FILE)).expect("the file of the fixture");
    for mode in [Mode::Dev, Mode::Release] {
        let project = Project::copy_of(Path::new(FIXTURE)).without(FILE);
        project.build(mode);
        assert_eq!(declarations(&project).as_deref(), Some(&*expected), "{mode:?}");
    }
}

#[test]
fn a_build_writes_into_the_package_only_when_tsconfig_names_the_declarations() {
    for tsconfig in [
        "{}",
        "{ \"include\": [\"assets\"] }",
        "{ \"include\": [\"**/*\"] }",
        "{ \"files\": [\"types/kiln.d.ts\", \"../kiln.d.ts\"] }",
        "{ \"exclude\": [\"kiln.d.ts\"] }",
    ] {
        let project = project(tsconfig);
        let before = files(project.root());
        project.build(Mode::Dev);
        assert_eq!(files(project.root()), before, "{tsconfig}");
    }
    for tsconfig in [ASKS, "{ \"files\": [\"./kiln.d.ts\",], /* a comment */ }"] {
        let project = project(tsconfig);
        let mut expected = files(project.root());
        project.build(Mode::Dev);
        let written = declarations(&project).expect(tsconfig);
        assert!(written.contains("export const card: string;"), "{written}");
        expected.insert(FILE.to_owned(), written.into_bytes());
        assert_eq!(files(project.root()), expected, "no other file is written: {tsconfig}");
    }
}

#[test]
fn a_project_without_scripts_gets_its_declarations() {
    let project = Project::new("").file("assets/index.html", "<title>t</title>").file("tsconfig.json", ASKS);
    project.build(Mode::Dev);
    assert!(declarations(&project).is_some_and(|text| text.contains("interface ImportMeta")));
}

#[test]
fn declarations_are_written_when_their_content_changes_and_only_then() {
    let project = project(ASKS);
    let mut session = project.session(Mode::Dev).expect("a session");
    session.build().expect("a build");
    let file = project.root().join(FILE);
    let open = fs::File::options().write(true).open(&file).expect("the declarations");
    open.set_modified(SystemTime::UNIX_EPOCH).expect("set the time");
    session.build().expect("a second build");
    project.build(Mode::Release);
    let modified = || fs::metadata(&file).and_then(|metadata| metadata.modified()).expect("metadata");
    assert_eq!(modified(), SystemTime::UNIX_EPOCH, "the content is the same");
    let project = project.file("assets/card.module.css", ".other { color: red }");
    session.build().expect("a third build");
    let written = declarations(&project).expect("declarations");
    assert!(written.contains("export const other: string;") && !written.contains("card:"), "{written}");
    let _project = project.file(FILE, "an edit");
    session.build().expect("a fourth build");
    assert_eq!(fs::read_to_string(&file).expect("declarations"), written, "an edit is undone");
}

#[cfg(unix)]
#[test]
fn declarations_are_no_input_of_a_build_and_no_source_of_classes() {
    let app = "import styles from \"./card.module.css\";\nconsole.log(styles[location.hash]);\n";
    for (css, watches_folder) in [
        ("@import \"tailwindcss\";", false),
        ("@import \"tailwindcss\" source(\"../\");", false),
        ("@import \"tailwindcss\";\n@source \"../*.ts\";", true),
    ] {
        let project = project(ASKS).with_npm().assets(&[
            ("index.html", &format!("{PAGE}<link rel=stylesheet href=app.css>")),
            ("app.ts", app),
            ("app.css", css),
            ("card.module.css", ".underline { color: red }"),
        ]);
        project.build(Mode::Dev);
        assert!(declarations(&project).is_some_and(|text| text.contains("underline")));
        let output = project.build(Mode::Dev);
        assert!(!output.text("app.css").contains(".underline"), "{css}: {}", output.text("app.css"));
        let file = project.root().canonicalize().expect("root").join(FILE);
        let watched = &output.report.watched;
        assert!(
            !watched.contains(&file) && !output.report.missing_inputs.contains(&file),
            "{css}: {watched:?}"
        );
        let is_below_a_watched_folder = file.ancestors().any(|folder| watched.contains(folder));
        assert_eq!(is_below_a_watched_folder, watches_folder, "{css}: {watched:?}");
    }
}

#[test]
fn the_folder_of_a_package_that_cargo_has_unpacked_stays_as_it_is() {
    let manifest = "# THIS FILE IS AUTOMATICALLY GENERATED BY CARGO\n#\n\n[package]\nname = \"fixture\"\n";
    let project = project(ASKS).file("Cargo.toml", manifest);
    let before = files(project.root());
    project.build(Mode::Release);
    assert_eq!(files(project.root()), before);
}

#[test]
fn declarations_that_cannot_be_written_are_a_warning() {
    let output = project(ASKS).file("kiln.d.ts/file", "").build(Mode::Dev);
    let [warning] = &*output.report.warnings else { panic!("{:?}", output.report.warnings) };
    assert!(warning.starts_with("kiln.d.ts not written, which tsconfig.json names: "), "{warning}");
}

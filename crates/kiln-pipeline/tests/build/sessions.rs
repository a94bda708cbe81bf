//! Sessions: successive builds in one process, several sessions at once, and builds as processes of their own.

use std::{collections::BTreeMap, thread};

use kiln_manifest::Mode;
use kiln_pipeline::Session;

use crate::{
    process,
    project::{Output, Project},
};

/// Two front ends in all languages, which differ in all state of a session.
fn front_ends() -> [Project; 2] {
    [("one", "red", "p-1"), ("two", "lime", "p-2")].map(|(name, colour, class)| {
        Project::new("")
            .with_npm()
            .file(
                "assets/index.html",
                format!("<link rel=stylesheet href=app.css><script type=module src=app.ts></script><p class={class}>"),
            )
            .file("assets/app.css", format!("@import \"tailwindcss\";\n@theme {{ --color-own: {colour} }}\n"))
            .file("assets/app.ts", format!("import {{ part }} from \"./part\"; console.log(part, \"{name}\");\n"))
            .file("assets/part.ts", format!("export const part = \"{name}\";\n"))
    })
}

/// The output of a build by a process of its own.
fn by_process(project: &Project, mode: Mode) -> BTreeMap<String, Vec<u8>> {
    process::run(&mut process::build(project, mode)).expect("a build");
    let out = project.config(mode).expect("configuration").out;
    let output = crate::project::files(&out.join("kiln"));
    std::fs::remove_dir_all(out).expect("remove");
    output
}

fn by_session(session: &mut Session, project: &Project, mode: Mode) -> BTreeMap<String, Vec<u8>> {
    let report = session.build().expect("a build");
    let out = project.config(mode).expect("configuration").out;
    Output::of(report, &out);
    crate::project::files(&out.join("kiln"))
}

#[test]
fn two_sessions_in_turns_equal_two_processes() {
    for mode in [Mode::Dev, Mode::Release] {
        let mut projects = front_ends();
        let mut sessions = projects.each_ref().map(|project| project.session(mode).expect("a session"));
        for round in 0..3 {
            projects = projects.map(|project| {
                project.file("assets/part.ts", format!("export const part = \"round {round}\";\n"))
            });
            for (session, project) in sessions.iter_mut().zip(&projects) {
                let expected = by_process(project, mode);
                assert_eq!(by_session(session, project, mode), expected, "{mode:?}, round {round}");
            }
        }
    }
}

#[test]
fn two_sessions_at_once_equal_two_processes() {
    let projects = front_ends();
    let expected = projects.each_ref().map(|project| by_process(project, Mode::Dev));
    let built = thread::scope(|scope| {
        let building = projects.each_ref().map(|project| {
            scope.spawn(move || {
                let mut session = project.session(Mode::Dev).expect("a session");
                [(); 3].map(|()| by_session(&mut session, project, Mode::Dev))
            })
        });
        building.map(|thread| thread.join().expect("a build"))
    });
    for (built, expected) in built.into_iter().zip(expected) {
        assert!(built.into_iter().all(|output| output == expected));
    }
}

#[test]
fn an_edit_between_two_builds_of_a_session_is_built() {
    let [project, _] = front_ends();
    let mut session = project.session(Mode::Dev).expect("a session");
    session.build().expect("a build");
    let project = project.file("assets/part.ts", "export const part = \"edited\";\n").file(
        "assets/app.css",
        "@import \"tailwindcss\";\n@theme { --color-own: teal }\nb { color: var(--color-own) }\n",
    );
    let report = session.build().expect("a build");
    let output = Output::of(report, &project.config(Mode::Dev).expect("configuration").out);
    assert!(output.text("app.js").contains("edited"));
    assert!(output.text("app.css").contains("teal"), "{}", output.text("app.css"));
}

//! The table of the guide that compares with Vite: the code of each row that says *the same* builds.

use kiln_manifest::Mode;

use crate::project::{Project, rendered};

const GUIDE: &str = include_str!("../../../../docs/src/vite.md");

/// The files that the code of the table names.
const FILES: [(&str, &str); 13] = [
    ("assets/plain.css", "b { color: red }"),
    ("assets/imports.css", "@import \"./plain.css\";\n@import \"twice/style.css\";\n"),
    ("assets/card.module.css", ".card { color: red }"),
    ("assets/tones.scss", "$tone: red;\nb { color: $tone }\n"),
    ("assets/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ("assets/img/one.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ("assets/worker.ts", "postMessage(1);\n"),
    ("assets/data.json", "{ \"answer\": 42 }"),
    ("assets/pages/a.ts", "export default \"a\";\n"),
    ("assets/pages/b.ts", "export default \"b\";\n"),
    (
        "node_modules/twice/package.json",
        "{ \"name\": \"twice\", \"version\": \"1.0.0\", \"main\": \"i.js\" }",
    ),
    ("node_modules/twice/i.js", "export const twice = (number) => 2 * number;\n"),
    ("node_modules/twice/style.css", "i { color: red }"),
];

/// The rows of the table: the feature, what holds here, and code.
fn rows() -> Vec<[&'static str; 3]> {
    let rows = GUIDE.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        <[&str; 3]>::try_from(cells).unwrap_or_else(|cells| panic!("three cells: {cells:?}"))
    })
    .collect()
}

#[test]
fn every_feature_that_is_said_to_be_the_same_builds() {
    let page = "<!doctype html><title>t</title><script type=module src=app.ts></script>";
    let mut built = 0;
    for [feature, here, code] in rows() {
        let code = code.trim_matches('`').trim();
        if code.is_empty() {
            continue;
        }
        let project = Project::new("").file("assets/index.html", page).file("assets/app.ts", code);
        let project = FILES.into_iter().fold(project, |project, (name, content)| project.file(name, content));
        let project = project
            .file("assets/add.wasm", b"\0asm\x01\0\0\0")
            .file("node_modules/twice/notes.pdf", "%PDF-1.7\n");
        for mode in [Mode::Dev, Mode::Release] {
            let built = project.try_build(mode).map(drop);
            built.unwrap_or_else(|error| panic!("{feature} ({here}): {}", rendered(&error)));
        }
        built += 1;
    }
    assert!(built >= 20, "{built} rows have code");
}

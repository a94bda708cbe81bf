//! The same sources give the same bytes, and nothing is written that need not be.

use std::{fs, path::Path, time::SystemTime};

use kiln_manifest::Mode;

use crate::project::Project;

fn project(folders: &str) -> Project {
    Project::below(folders, "")
        .file("assets/index.html", "<link rel=\"stylesheet\" href=\"app.css\"><script type=\"module\" src=\"app.tsx\"></script><p class=\"p-4\">")
        .file("assets/app.css", "@import \"tailwindcss\" source(\"../assets\");\n")
        .file("assets/app.tsx", "import { render } from \"preact\";\nimport { join } from \"./deep/join\";\nrender(<p class=\"flex\">{join([\"a\"])}</p>, document.body);\nimport(\"./late\");\n")
        .file("assets/late.ts", "import { join } from \"./deep/join\";\nconsole.log(join([\"b\"]));\n")
        .file("assets/deep/join.ts", "export const join = (words: string[]): string => words.join(\" \");\n")
        .file("tsconfig.json", "{ \"compilerOptions\": { \"jsx\": \"react-jsx\", \"jsxImportSource\": \"preact\" } }")
        .with_npm()
}

#[test]
fn two_folders_of_different_depth_give_the_same_bytes() {
    let one = project("").build(Mode::Release);
    let other = project("some/folders/further/down").build(Mode::Release);
    assert_eq!(one.names(), other.names());
    for (name, bytes) in &one.files {
        assert!(bytes == &other.files[name], "{name} differs");
    }
}

#[test]
fn a_cold_and_a_warm_cache_give_the_same_bytes() {
    let project = project("");
    let cold = project.build(Mode::Release).files;
    fs::remove_dir_all(project.config(Mode::Release).expect("configuration").out).expect("remove");
    assert_eq!(project.build(Mode::Release).files, cold);
}

#[test]
fn a_second_build_writes_nothing() {
    let project = project("");
    let out = project.config(Mode::Release).expect("configuration").out;
    let first = modified(&project.build(Mode::Release).names(), &out);
    let second = modified(&project.build(Mode::Release).names(), &out);
    assert_eq!(first, second);
}

fn modified(names: &[&str], out: &Path) -> Vec<(String, SystemTime)> {
    let time = |name: &str| fs::metadata(out.join(name)).and_then(|file| file.modified()).expect("modified");
    names.iter().map(|name| ((*name).to_owned(), time(name))).collect()
}

//! The record of sources in the manifest.

use kiln_manifest::{Digest, Mode};

use crate::project::Project;

#[test]
fn the_manifest_records_the_sources_of_the_build() {
    let output = Project::new("spa = \"index.html\"")
        .file("assets/index.html", "<script type=\"module\" src=\"app.ts\"></script>")
        .file("assets/app.ts", "import { one } from \"../shared/one\";\nconsole.log(one);\n")
        .file("assets/unused.ts", "")
        .file("assets/.DS_Store", "temporary")
        .file("shared/one.ts", "export const one = 1;\n")
        .file("migrations/0001_a.sql", "create table a (id integer);\r\n")
        .file("README.md", "not a source")
        .build(Mode::Release);
    let manifest = &output.report.manifest;
    assert_eq!(manifest.spa.as_ref().map(kiln_manifest::LogicalPath::as_str), Some("index.html"));
    let sources: Vec<_> =
        manifest.sources.iter().map(|source| (source.path.as_str(), source.digest)).collect();
    let digest = |content: &str| Digest::of(content.as_bytes());
    let expected =
        ["assets/app.ts", "assets/index.html", "assets/unused.ts", "migrations/0001_a.sql", "shared/one.ts"];
    let named = sources.iter().filter(|(path, _)| *path != "Cargo.toml").map(|(path, _)| *path);
    assert_eq!(named.collect::<Vec<_>>(), expected);
    assert!(sources.contains(&("assets/unused.ts", digest(""))));
    assert!(sources.contains(&("migrations/0001_a.sql", digest("create table a (id integer);\n"))));
}

#[test]
fn the_build_and_the_command_ignore_the_same_files() {
    let folders = Project::new("")
        .file("assets/index.html", "")
        .file("assets/.well-known/a.txt", "")
        .file("assets/.git/config", "")
        .file("assets/a.bak", "");
    let manifest = folders.build(Mode::Dev).report.manifest;
    let names: Vec<_> = manifest.sources.iter().map(|source| source.path.as_str()).collect();
    assert_eq!(names, ["Cargo.toml", "assets/.well-known/a.txt", "assets/index.html"]);
}

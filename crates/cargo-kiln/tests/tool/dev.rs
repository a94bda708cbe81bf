//! Changes of files: each is reported once, whichever tool makes it.

use std::fs;

use crate::project::Project;

const PAGE: &str = "<!doctype html><title>Home</title><link rel=\"stylesheet\" href=\"app.css\">\n";

fn site() -> Project {
    Project::watched(&[
        ("assets/index.html", PAGE),
        ("assets/app.css", "a { color: red }\n"),
        ("assets/secret/key.txt", "key\n"),
        ("src/main.rs", "fn main() {}\n"),
    ])
}

#[test]
fn an_overwritten_file_is_reported_once() {
    let site = site();
    site.write("assets/app.css", "a { color: green }\n");
    assert_eq!(site.changed(), ["app.css"]);
    site.expect_nothing_more();
}

#[test]
fn a_file_that_an_editor_replaces_is_reported_once_each_time() {
    let site = site();
    for colour in ["green", "blue"] {
        site.write("assets/.app.css.swp", "temporary");
        site.write("assets/app.css~", &format!("a {{ color: {colour} }}\n"));
        fs::rename(site.path("assets/app.css~"), site.path("assets/app.css")).expect("rename");
        assert_eq!(site.changed(), ["app.css"]);
        site.expect_nothing_more();
    }
}

#[test]
fn a_file_rewritten_with_equal_bytes_is_not_reported() {
    let site = site();
    site.write("assets/app.css", "a { color: red }\n");
    site.expect_nothing_more();
}

#[test]
fn deletions_and_renames_are_reported() {
    let site = site();
    site.write("assets/about.html", "<!doctype html><title>About</title>\n");
    assert_eq!(site.changed(), ["about.html"]);
    fs::rename(site.path("assets/about.html"), site.path("assets/us.html")).expect("rename");
    assert_eq!(site.changed(), ["about.html", "us.html"]);
    fs::remove_file(site.path("assets/us.html")).expect("remove");
    assert_eq!(site.changed(), ["us.html"]);
    site.expect_nothing_more();
}

#[test]
fn a_new_or_recreated_folder_is_watched() {
    let site = site();
    for content in ["one", "two"] {
        site.write("assets/docs/deep/note.txt", content);
        assert_eq!(site.changed(), ["docs/deep/note.txt"]);
        site.write("assets/docs/deep/note.txt", "more");
        assert_eq!(site.changed(), ["docs/deep/note.txt"]);
        fs::remove_dir_all(site.path("assets/docs")).expect("remove");
        assert_eq!(site.changed(), ["docs/deep/note.txt"]);
    }
    site.expect_nothing_more();
}

/// A `git checkout` of another branch changes many files at once.
#[test]
fn a_replaced_source_tree_is_reported_and_watched() {
    let site = site();
    fs::rename(site.path("assets"), site.path("former")).expect("rename");
    for number in 0..200 {
        site.write(&format!("next/{number}.txt"), "text");
    }
    site.write("next/index.html", "<!doctype html><title>Next</title>\n");
    fs::rename(site.path("next"), site.path("assets")).expect("rename");
    let mut seen = Vec::new();
    // 200 texts, the page, and the removed style sheet and key.
    while seen.len() < 203 {
        let (_, round) = site.next();
        seen.extend(round.changed.iter().map(ToString::to_string));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 203, "none twice");
    site.write("assets/0.txt", "followed\n");
    assert_eq!(site.changed(), ["0.txt"]);
    site.expect_nothing_more();
}

#[test]
fn a_mistake_and_its_fix_are_each_reported_once() {
    let site = site();
    site.write("assets/index.html", "<!doctype html><img src=\"no.png\" alt=\"\">\n");
    let (_, round) = site.next();
    let failure = round.failure.expect("a failure");
    assert!(failure.to_string().contains("no.png"), "{failure}");
    site.write("assets/index.html~", PAGE);
    fs::rename(site.path("assets/index.html~"), site.path("assets/index.html")).expect("rename");
    let (_, fixed) = site.next();
    assert!(fixed.is_fixed && fixed.failure.is_none());
    assert!(fixed.changed.is_empty(), "{:?}", fixed.changed);
    site.expect_nothing_more();
}

#[test]
fn a_new_package_json_is_noticed() {
    let site = site();
    site.write("package.json", "{ \"private\": true, \"dependencies\": { \"a\": \"1\" } }\n");
    let (_, round) = site.next();
    assert!(round.failure.expect("a failure").to_string().contains("package-lock.json"));
    fs::remove_file(site.path("package.json")).expect("remove");
    assert!(site.next().1.is_fixed);
}

#[test]
fn new_migrations_are_checked_and_named_as_sources_of_the_server() {
    let site = site();
    site.write("migrations/0002_gap.sql", "SELECT 1;\n");
    let (burst, round) = site.next();
    assert!(round.failure.is_some());
    assert_eq!(burst.server, [std::path::Path::new("migrations/0002_gap.sql")]);
}

#[test]
fn the_sources_of_the_server_are_named_when_their_content_changes() {
    let site = site();
    site.write("src/main.rs", "fn main() {}\n");
    site.write("src/deep/mod.rs", "//! New.\n");
    let (burst, _) = site.next();
    assert_eq!(burst.server, [std::path::Path::new("src/deep/mod.rs")]);
}

#[test]
fn a_changed_private_file_is_named_as_such() {
    let site = site();
    site.write("assets/secret/key.txt", "another\n");
    let (_, round) = site.next();
    assert_eq!(round.private.iter().map(ToString::to_string).collect::<Vec<_>>(), ["secret/key.txt"]);
}

/// A site whose script is `app`.
fn scripted(app: &str, further: &[(&str, &str)]) -> Project {
    let page = "<!doctype html><title>Home</title><script type=module src=app.ts></script>\n";
    Project::watched(&[&[("assets/index.html", page), ("assets/app.ts", app)], further].concat())
}

#[test]
fn an_edited_file_of_a_package_is_reported_once() {
    let app =
        "import { one } from \"local/i.js\";\nimport url from \"local/a.svg?url\";\nconsole.log(one, url);\n";
    let site = scripted(
        app,
        &[
            ("node_modules/local/package.json", "{ \"name\": \"local\", \"version\": \"1.0.0\" }\n"),
            ("node_modules/local/i.js", "export const one = 1;\n"),
            ("node_modules/local/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("node_modules/local/unread.js", ""),
        ],
    );
    site.write("node_modules/local/unread.js", "console.log(1);\n");
    site.expect_nothing_more();
    site.write("node_modules/local/i.js", "export const one = 3;\n");
    assert_eq!(site.changed(), ["app.js"]);
    site.write("node_modules/local/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>");
    assert_eq!(site.changed(), ["packages/local/a.svg"]);
    site.expect_nothing_more();
}

#[cfg(unix)]
#[test]
fn an_edited_file_of_a_package_that_is_linked_from_a_store_is_reported_once() {
    let site = scripted("", &[]);
    let store = "node_modules/.pnpm/local@1.0.0/node_modules/local";
    site.write(&format!("{store}/package.json"), "{ \"name\": \"local\", \"main\": \"i.js\" }\n");
    site.write(&format!("{store}/i.js"), "export const one = 1;\n");
    std::os::unix::fs::symlink(site.path(store), site.path("node_modules/local")).expect("link");
    site.write("assets/app.ts", "import { one } from \"local\";\nconsole.log(one);\n");
    assert_eq!(site.changed(), ["app.js"]);
    site.write("node_modules/local/i.js", "export const one = 2;\n");
    assert_eq!(site.changed(), ["app.js"]);
    site.expect_nothing_more();
}

#[test]
fn a_file_that_a_glob_finds_is_reported_when_it_comes_and_goes() {
    let app = "console.log(import.meta.glob([\"./pages/*.ts\", \"../shared/*.ts\", \"../*.md\"], { eager: true, query: \"?raw\" }));\n";
    let site = scripted(app, &[("shared/a.ts", "export const a = 1;\n")]);
    for name in ["assets/pages/b.ts", "shared/b.ts", "NOTES.md"] {
        site.write(name, "export const b = 1;\n");
        assert_eq!(site.changed(), ["app.js"], "{name} was added");
        site.write(name, "export const b = 2;\n");
        assert_eq!(site.changed(), ["app.js"], "{name} was edited");
        fs::remove_file(site.path(name)).expect("remove");
        assert_eq!(site.changed(), ["app.js"], "{name} was removed");
    }
    site.expect_nothing_more();
}

#[test]
fn a_file_of_variables_is_reported_when_it_comes_changes_and_goes() {
    let site = scripted("console.log(import.meta.env.PUBLIC_KILN_TEST);\n", &[]);
    for name in [".env", ".env.local", ".env.development"] {
        for value in ["a", "b"] {
            site.write(name, &format!("PUBLIC_KILN_TEST={value}\n"));
            assert_eq!(site.changed(), ["app.js"], "{name} says {value}");
        }
        fs::remove_file(site.path(name)).expect("remove");
        assert_eq!(site.changed(), ["app.js"], "{name} was removed");
    }
    site.expect_nothing_more();
}

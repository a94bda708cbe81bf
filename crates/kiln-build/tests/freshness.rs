//! Reruns of the build script, by the real cargo and with real modification times.

#[allow(dead_code)]
mod package;

use std::fs;

use self::package::Package;

const LOCK: &str = r#"{ "name": "fixture", "lockfileVersion": 3, "packages": {} }"#;

#[test]
fn every_change_of_a_source_and_no_other_is_built_once() {
    let mut package = Package::new();
    package.is_built_once("a new package");

    package.write("src/main.rs", "fn main() { println!(); }\n");
    package.write("README.md", "changed\n");
    package.write("notes.txt", "new\n");
    assert_eq!(package.runs(), 0, "a file that is not a source was built");

    package.write("assets/app.ts", "console.log(import.meta.env.PUBLIC_NAME, 1);\n");
    package.is_built_once("an edited file");
    package.write("assets/img/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    package.is_built_once("an added file in a new folder");
    fs::rename(package.path("assets/img/a.svg"), package.path("assets/img/b.svg")).expect("rename");
    package.is_built_once("a renamed file");
    fs::rename(package.path("assets/img/b.svg"), package.path("assets/img/b.txt")).expect("rename");
    package.is_built_once("a file of another type");
    package.remove("assets/img/b.txt");
    package.is_built_once("a removed file");

    let options = "[package]\nname = \"fixture\"\nedition = \"2024\"\n\n[workspace]\n\n\
                   [package.metadata.kiln]\nspa = \"index.html\"\n";
    package.write("Cargo.toml", options);
    package.is_built_once("a changed configuration");
    assert_eq!(package.runs_with(&[("PUBLIC_NAME", "a")]), 1, "a set variable was not built");
    assert_eq!(package.runs_with(&[("PUBLIC_NAME", "a")]), 0, "a variable was built again");
    assert_eq!(package.runs_with(&[("PUBLIC_NAME", "b")]), 1, "a changed variable was not built");
    assert_eq!(package.runs_with(&[("PUBLIC_NAME", "b"), ("OTHER", "c")]), 0, "another variable was built");
}

#[test]
fn files_that_tsconfig_extends_are_sources() {
    let base = |factory: &str| {
        format!(
            "{{ // base\n \"compilerOptions\": {{ \"jsx\": \"react\", \"jsxFactory\": \"{factory}\" }} }}\n"
        )
    };
    let mut package = Package::new();
    package.write(
        "tsconfig.json",
        "{ \"extends\": \"./config/base\", \"references\": [{ \"path\": \"./config\" }] }\n",
    );
    package.write("config/base.json", &base("one"));
    package.write("config/tsconfig.json", "{ \"compilerOptions\": { \"composite\": true } }\n");
    package.is_built_once("a package with two files of TypeScript's");
    package.write("config/base.json", &base("two"));
    package.is_built_once("a file that tsconfig.json extends");
    package.write("config/tsconfig.json", "{ \"compilerOptions\": { \"target\": \"es2022\" } }\n");
    package.is_built_once("a file that tsconfig.json refers to");
    package.write("config/other.json", "{}\n");
    assert_eq!(package.runs(), 0, "an unused configuration was built");
}

#[cfg(unix)]
#[test]
fn a_missing_input_that_appears_is_built_once() {
    let mut package = Package::new();
    package.is_built_once("a new package");

    package.write("migrations/0001_a.sql", "CREATE TABLE a (id INTEGER);\n");
    package.is_built_once("a first migration");
    package.write("migrations/0002_b.sql", "CREATE TABLE b (id INTEGER);\n");
    package.is_built_once("another migration");

    package.write("tsconfig.json", "{ \"compilerOptions\": { \"target\": \"es2022\" } }\n");
    package.is_built_once("a first tsconfig.json");
    package.write("tsconfig.json", "{ \"compilerOptions\": { \"target\": \"es2023\" } }\n");
    package.is_built_once("another tsconfig.json");

    package.write("package-lock.json", LOCK);
    package.write("package.json", "{ \"name\": \"fixture\" }\n");
    package.is_built_once("a first package.json");
    package.write("package-lock.json", &LOCK.replace('}', "}\n"));
    package.is_built_once("a changed lock file");

    package.remove("tsconfig.json");
    package.is_built_once("a tsconfig.json that is gone");

    // A moved file keeps its modification time; the link to it is new.
    let aside = package.project.folder().join("tsconfig.json");
    fs::write(&aside, "{}\n").expect("write");
    let old = fs::File::options().append(true).open(&aside).expect("open");
    old.set_modified(std::time::UNIX_EPOCH).expect("age");
    fs::rename(&aside, package.path("tsconfig.json")).expect("rename");
    package.is_built_once("an old tsconfig.json");
}

#[cfg(unix)]
#[test]
fn gitignore_decides_where_tailwind_searches_for_classes() {
    let mut package = Package::new();
    package.project = package.project.with_npm();
    package.write("assets/app.css", "@import \"tailwindcss\";\n");
    package.write("assets/index.html", "<link rel=\"stylesheet\" href=\"app.css\">\n");
    package.write("generated/page.html", "<p class=\"flex\">\n");
    package.is_built_once("a package with Tailwind");

    package.write(".gitignore", "/generated/\n");
    package.is_built_once("a first .gitignore");
    package.write(".gitignore", "/target/\n");
    package.is_built_once("a changed .gitignore");
    package.remove(".gitignore");
    package.is_built_once("a .gitignore that is gone");
    package.write("picture.png", "no text\n");
    assert_eq!(package.runs(), 0, "a file without classes was built");
}

#[cfg(unix)]
#[test]
fn a_file_of_variables_is_a_source_from_its_first_line_to_its_removal() {
    let mut package = Package::new();
    package.is_built_once("a new package");
    for name in [".env", ".env.local", ".env.development"] {
        package.write(name, "PUBLIC_NAME=a\n");
        package.is_built_once("a first file of variables");
        package.write(name, "PUBLIC_NAME=b\n");
        package.is_built_once("a changed file of variables");
        package.remove(name);
        package.is_built_once("a file of variables that is gone");
    }
    package.write(".env.other", "PUBLIC_NAME=c\n");
    assert_eq!(package.runs(), 0, "a file for another mode was built");
}

#[test]
fn a_file_that_a_glob_finds_is_a_source() {
    let mut package = Package::new();
    package
        .write("assets/app.ts", "console.log(import.meta.glob([\"./pages/*.ts\", \"../shared/*.ts\"]));\n");
    package.write("shared/a.ts", "export const a = 1;\n");
    package.is_built_once("a package with globs");
    for name in ["assets/pages/b.ts", "shared/b.ts"] {
        package.write(name, "export const b = 1;\n");
        package.is_built_once("an added file");
        package.write(name, "export const b = 2;\n");
        package.is_built_once("an edited file");
        package.remove(name);
        package.is_built_once("a removed file");
    }
}

#[test]
fn a_glob_that_names_the_folder_of_the_package_does_not_watch_the_target_folder() {
    let mut package = Package::new();
    package.target = package.path("target");
    package.write("assets/app.ts", "console.log(import.meta.glob(\"../*.md\", { query: \"?raw\" }));\n");
    package.is_built_once("a package with a glob for its own folder");
    package.write("README.md", "# Changed\n");
    package.is_built_once("an edited file");
    package.write(".git/index", "");
    assert_eq!(package.runs(), 0, "a hidden folder was built");
    package.remove("README.md");
    package.is_built_once("a removed file");
}

/// Packages that npm installs without a registry: copies of folders.
const INSTALLED: [(&str, &str); 6] = [
    (
        "../local/package.json",
        "{ \"name\": \"local\", \"version\": \"1.0.0\", \"exports\": { \"./*\": \"./*\" } }\n",
    ),
    ("../local/i.js", "export const url = new URL(\"./m.wasm\", import.meta.url);\n"),
    ("../local/m.wasm", "\0asm\u{1}\0\0\0"),
    ("../local/s.css", "a { color: red }\n"),
    ("../local/unread.js", ""),
    (".npmrc", "install-links=true\n"),
];

const OF_PACKAGE: &str = "import { url } from \"local/i.js\";\nimport \"local/s.css\";\nimport raw from \"local/t.txt?raw\";\nconsole.log(url, raw);\n";

#[test]
fn a_file_of_a_package_is_a_source_and_its_installation_is_built_once() {
    let mut package = Package::new();
    for (name, content) in INSTALLED {
        package.write(name, content);
    }
    package.write("../local/t.txt", "text\n");
    package.write(
        "package.json",
        "{ \"name\": \"fixture\", \"dependencies\": { \"local\": \"file:../local\" } }\n",
    );
    package.write(
        "package-lock.json",
        "{ \"name\": \"fixture\", \"lockfileVersion\": 3, \"requires\": true, \"packages\": {
            \"\": { \"name\": \"fixture\", \"dependencies\": { \"local\": \"file:../local\" } },
            \"node_modules/local\": { \"version\": \"1.0.0\", \"resolved\": \"file:../local\" } } }\n",
    );
    package.write("assets/app.ts", OF_PACKAGE);
    package.is_built_once("a package whose packages npm has installed");

    for (name, content) in [
        ("i.js", "export const url = new URL(\"./m.wasm\", import.meta.url).href;\n"),
        ("m.wasm", "\0asm\u{1}\0\0\0\0\u{1}\0"),
        ("s.css", "a { color: blue }\n"),
        ("t.txt", "other\n"),
        (
            "package.json",
            "{ \"name\": \"local\", \"version\": \"1.0.0\", \"exports\": { \"./*\": \"./*\" }, \"sideEffects\": true }\n",
        ),
    ] {
        package.write(&format!("node_modules/local/{name}"), content);
        package.is_built_once(name);
    }
    package.write("node_modules/local/unread.js", "console.log(1);\n");
    package.write("node_modules/other/package.json", "{}\n");
    assert_eq!(package.runs(), 0, "a file that no source imports was built");
}

#[cfg(unix)]
#[test]
fn a_file_of_a_package_that_is_linked_from_a_store_is_a_source() {
    let mut package = Package::new();
    let store = "node_modules/.pnpm/local@1.0.0/node_modules/local";
    package.write(&format!("{store}/package.json"), INSTALLED[0].1);
    package.write(&format!("{store}/i.js"), "export const url = 1;\n");
    std::os::unix::fs::symlink(package.path(store), package.path("node_modules/local")).expect("link");
    package.write("assets/app.ts", "import { url } from \"local/i.js\";\nconsole.log(url);\n");
    package.is_built_once("a package of a store");
    package.write("node_modules/local/i.js", "export const url = 2;\n");
    package.is_built_once("a file that is edited through the link");
}

//! `assets ls|cat|verify|export`.

use std::{fs, path::Path};

use kiln::{
    assets::Assets,
    cli::{AssetsCommand, AssetsCommandError},
    manifest::Asset,
};

use crate::{
    loading::load,
    site::{self, Embedded, Files, MODEL, release},
};

fn run(assets: &Assets, command: &AssetsCommand) -> (String, Result<(), AssetsCommandError>) {
    let mut out = Vec::new();
    let result = command.run(assets, &mut out);
    (String::from_utf8(out).expect("UTF-8"), result)
}

fn site() -> Assets {
    Assets::load::<Embedded>().expect("the site")
}

#[test]
fn ls_prints_names_urls_and_sizes() {
    let (table, result) = run(&site(), &AssetsCommand::Ls { json: false });
    result.expect("ls");
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["path", "url", "identity", "gzip", "zstd", "br"]);
    assert!(lines.contains(&vec![
        "app.css",
        "/assets/app-0123456789abcdef.css",
        "1000",
        "300",
        "250",
        "200"
    ]));
    assert!(lines.contains(&vec!["model/model.onnx", "-", "7", "-", "-", "-"]));
    assert_eq!(lines.len(), 1 + site().manifest().assets.len());
}

#[test]
fn ls_as_json_prints_every_asset_of_the_manifest() {
    let (json, result) = run(&site(), &AssetsCommand::Ls { json: true });
    result.expect("ls");
    let parsed: Vec<Asset> = serde_json::from_str(&json).expect("an array of assets");
    assert_eq!(parsed, site().manifest().assets);
    assert!(parsed.is_sorted_by(|one, other| one.path < other.path));
    assert_eq!(json.lines().count(), parsed.len() + 2);
}

#[test]
fn cat_writes_the_bytes_of_an_asset_and_names_a_miss() {
    let cat = |name: &str| run(&site(), &AssetsCommand::Cat { name: name.to_owned() });
    let (bytes, result) = cat("model/model.onnx");
    assert!(result.is_ok());
    assert_eq!(bytes.as_bytes(), MODEL);
    let (_, result) = cat("nothing");
    assert_eq!(
        result.expect_err("a miss").to_string(),
        "unknown asset `nothing`; `assets ls` lists the names"
    );
}

#[test]
fn verify_names_each_file_that_is_not_as_built() {
    let (report, result) = run(&site(), &AssetsCommand::Verify { source: None });
    result.expect("an intact site");
    assert!(report.ends_with(": as built\n"), "{report}");

    let mut files = release();
    files.insert("public/robots.txt".to_owned(), b"012345678x".to_vec());
    files.remove("public/model/model.onnx");
    let (report, result) =
        run(&load(files).expect("lengths are as before"), &AssetsCommand::Verify { source: None });
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines.len(), 2, "{report}");
    assert_eq!(lines[0], "public/model/model.onnx of model/model.onnx is missing");
    assert!(lines[1].starts_with("public/robots.txt of robots.txt has the SHA-256 "), "{report}");
    let error = result.expect_err("a corrupt site").to_string();
    assert!(error.starts_with("2 of 15 embedded files"), "{error}");
}

/// Report of `verify --source` on a package with `files`, by an executable built from `a`, `b` and a migration.
fn compared(files: &[(&str, &str)]) -> (Vec<String>, Result<(), AssetsCommandError>) {
    let package = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let file = package.path().join(name);
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(file, content).expect("a file");
    }
    let built = site::site()
        .with_source("Cargo.toml", "[package]")
        .with_source("assets/a.css", "a")
        .with_source("assets/deep/b.css", "b")
        .with_source("migrations/0001_a.sql", "a;\nb;\n");
    let assets = load(built.finish()).expect("the site");
    let (report, result) = run(&assets, &AssetsCommand::Verify { source: Some(package.path().to_owned()) });
    (report.lines().skip(1).map(str::to_owned).collect(), result)
}

#[test]
fn verify_finds_the_tree_from_which_the_executable_was_built() {
    let (report, result) = compared(&[
        ("Cargo.toml", "[package]"),
        ("assets/a.css", "a"),
        ("assets/deep/b.css", "b"),
        ("assets/.DS_Store", "temporary"),
        ("migrations/0001_a.sql", "a;\r\nb;\r\n"),
        ("src/main.rs", "fn main() {}"),
    ]);
    result.expect("the same tree");
    assert!(report[0].starts_with("4 sources: as in "), "{report:?}");
}

#[test]
fn verify_names_each_source_that_differs_is_missing_or_is_new() {
    let (report, result) = compared(&[
        ("assets/a.css", "A"),
        ("assets/deep/c.css", "c"),
        ("assets/deep/b.css/file", "in the place of a file"),
        ("migrations/0001_a.sql", "a;\nB;\n"),
        ("migrations/0002_b.sql", ""),
    ]);
    let expected = [
        "Cargo.toml is missing",
        "assets/a.css differs",
        "assets/deep/b.css is missing",
        "assets/deep/b.css/file is new",
        "assets/deep/c.css is new",
        "migrations/0001_a.sql differs",
        "migrations/0002_b.sql is new",
    ];
    assert_eq!(report, expected);
    let error = result.expect_err("another tree").to_string();
    assert!(error.starts_with("7 differences from the 4 sources"), "{error}");
}

#[test]
fn one_difference_is_counted_as_one() {
    let (report, result) = compared(&[
        ("Cargo.toml", "[package]"),
        ("assets/a.css", "a"),
        ("migrations/0001_a.sql", "a;\nb;\n"),
    ]);
    assert_eq!(report, ["assets/deep/b.css is missing"]);
    let error = result.expect_err("another tree").to_string();
    assert!(error.starts_with("1 difference from the 4 sources of"), "{error}");
}

#[test]
fn verify_requires_the_folder_of_a_package() {
    let (_, result) = compared(&[("Cargo.toml", "[package]")]);
    let error = result.expect_err("no package").to_string();
    assert!(error.ends_with("name the folder of the package, with Cargo.toml"), "{error}");
}

#[test]
fn export_writes_every_file_into_an_empty_folder_only() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("new/site");
    let export = || run(&site(), &AssetsCommand::Export { dir: folder.clone() });
    export().1.expect("export");
    assert_eq!(read(&folder, &folder), release());
    let error = export().1.expect_err("the folder is full").to_string();
    assert!(error.ends_with("is not empty; name one that is empty or does not exist"), "{error}");
    assert_eq!(read(&folder, &folder), release());
}

fn read(root: &Path, folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(read(root, &path));
        } else {
            let name = path.strip_prefix(root).expect("below the root").to_str().expect("UTF-8").to_owned();
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
    files
}

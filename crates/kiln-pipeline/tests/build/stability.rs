//! Stability: equal sources give equal bytes, and unchanged files are not written.

use std::{collections::BTreeMap, fs, path::Path, time::SystemTime};

use kiln_manifest::Mode;

use crate::{
    process,
    project::{Project, files},
};

/// Two entries, lazy chunks, a worker, a glob, a package with a font, CSS modules and Tailwind.
fn project(folders: &str) -> Project {
    Project::below(folders, "")
        .file("assets/index.html", "<link rel=\"stylesheet\" href=\"app.css\"><script type=\"module\" src=\"app.tsx\"></script><p class=\"p-4\">")
        .file("assets/app.css", "@import \"tailwindcss\" source(\"../assets\");\n")
        .file("assets/app.tsx", "import { render } from \"preact\";\nimport { join } from \"./deep/join\";\nrender(<p class=\"flex\">{join([\"a\"])}</p>, document.body);\nimport(\"./late\");\nimport(\"./deep/late\");\nimport.meta.glob(\"./notes/*.ts\");\nnew Worker(new URL(\"./worker.ts\", import.meta.url));\n")
        .file("assets/late.ts", "import { join } from \"./deep/join\";\nimport styles from \"./late.module.css\";\nconsole.log(join([styles.b!]));\n")
        .file("assets/late.module.css", ".b { color: red }\n")
        .file("assets/deep/late.ts", "import \"./late.css\";\nconsole.log(\"late\");\n")
        .file("assets/deep/late.css", ".late { color: red }\n")
        .file("assets/worker.ts", "import { join } from \"./deep/join\";\npostMessage(join([\"c\"]));\n")
        .file("assets/deep/join.ts", "export const join = (words: string[]): string => words.join(\" \");\n")
        .file("assets/notes/clay.ts", "import { join } from \"../deep/join\";\nexport const note = join([\"clay\"]);\n")
        .file("assets/notes/glass.ts", "export const note = \"glass\";\n")
        .file("assets/admin.html", "<script type=\"module\" src=\"admin.ts\"></script>")
        .file("assets/admin.ts", "import \"fontlet/fontlet.css\";\nimport { join } from \"./deep/join\";\ndocument.title = join([\"d\"]);\n")
        .file("tsconfig.json", "{ \"compilerOptions\": { \"jsx\": \"react-jsx\", \"jsxImportSource\": \"preact\" } }")
        .with_own_npm()
        .file("node_modules/fontlet/package.json", "{ \"name\": \"fontlet\", \"version\": \"1.0.0\" }")
        .file("node_modules/fontlet/fontlet.css", "@font-face { font-family: F; src: url(./files/f.woff2) format(\"woff2\") }\n")
        .file("node_modules/fontlet/files/f.woff2", "font")
}

/// Circumstances that must not change the output.
#[derive(Clone)]
struct Circumstances {
    project: usize,
    threads: &'static str,
    cache: CacheState,
}

#[derive(Clone, Copy, PartialEq)]
enum CacheState {
    Cold,
    Warm,
}

#[test]
fn ten_builds_give_the_same_bytes_in_two_folders_with_one_and_two_threads_and_a_cold_and_a_warm_cache() {
    let projects = [project(""), project("some/folders/further/down")];
    for mode in [Mode::Release, Mode::Dev] {
        let mut first = None;
        for Circumstances { project, threads, cache } in circumstances(mode) {
            let project = &projects[project];
            let target = project.target();
            let _ =
                fs::remove_dir_all(if cache == CacheState::Cold { target } else { target.join("profile") });
            let out = project.config(mode).expect("configuration").out;
            let mut build = process::build(project, mode);
            build.env("RAYON_NUM_THREADS", threads).env("TOKIO_WORKER_THREADS", threads);
            process::run(&mut build).expect("build");
            let files = files(&out);
            let first = first.get_or_insert_with(|| files.clone());
            assert_eq!(first.keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
            for (name, bytes) in &files {
                assert!(bytes == &first[name], "{mode:?}, {threads} threads: {name} differs");
            }
        }
    }
}

/// Circumstances of ten builds for release, and of four for development, which uses no cache.
fn circumstances(mode: Mode) -> Vec<Circumstances> {
    let caches: &[CacheState] = match mode {
        Mode::Release => &[CacheState::Cold, CacheState::Warm],
        Mode::Dev => &[CacheState::Cold],
    };
    let all = caches.iter().flat_map(|cache| {
        [(0, "1"), (1, "2"), (0, "2"), (1, "1")].map(|(project, threads)| Circumstances {
            project,
            threads,
            cache: *cache,
        })
    });
    all.cycle().take(if mode == Mode::Release { 10 } else { 4 }).collect()
}

#[test]
fn a_second_build_writes_nothing() {
    let project = project("");
    let out = project.config(Mode::Release).expect("configuration").out;
    let written = || {
        project.build(Mode::Release);
        modified(&out)
    };
    assert_eq!(written(), written());
}

/// Modification times of the files below `out`.
fn modified(out: &Path) -> BTreeMap<String, SystemTime> {
    let time = |name: &str| fs::metadata(out.join(name)).and_then(|file| file.modified()).expect("modified");
    files(out).into_keys().map(|name| (name.clone(), time(&name))).collect()
}

#[test]
fn the_pack_is_rewritten_only_when_its_bytes_change() {
    let project = Project::new("").file("assets/a.txt", "a").file("assets/film.bin", vec![7; 100_000]);
    let out = project.config(Mode::Release).expect("configuration").out;
    project.build(Mode::Release);
    let first = modified(&out);

    let project = project.file("assets/film.bin", vec![8; 100_000]);
    project.build(Mode::Release);
    let second = modified(&out);
    assert_eq!(second["kiln/assets.pack"], first["kiln/assets.pack"]);
    assert_ne!(
        second.keys().collect::<Vec<_>>(),
        first.keys().collect::<Vec<_>>(),
        "the film has a new name"
    );

    let project = project.file("assets/a.txt", "b");
    assert_eq!(project.build(Mode::Release).text("a.txt"), "b");
    fs::write(out.join("kiln/assets.pack"), "c").expect("damage");
    assert_eq!(project.build(Mode::Release).text("a.txt"), "b", "a pack of the same length is compared");
}

#[test]
fn a_later_build_of_a_process_equals_a_first_one() {
    let project = || {
        Project::new("")
            .file(
                "assets/app.css",
                "@import \"tailwindcss\" source(\".\");\n@theme { --color-kiln: #c2410c; }\n",
            )
            .with_npm()
    };
    let page = |classes: &str| format!("<link rel=\"stylesheet\" href=\"app.css\"><p class=\"{classes}\">\n");
    let mut edited = project();
    for classes in ["p-4", "m-2 hover:flex p-4", "m-2 hover:flex", "--color-kiln m-2", "m-2 w-1/2"] {
        edited = edited.file("assets/index.html", page(classes));
        let css = edited.build(Mode::Dev).text("app.css");
        let first = project().file("assets/index.html", page(classes)).build(Mode::Dev);
        assert_eq!(css, first.text("app.css"), "{classes}");
    }
    let edited =
        edited.file("assets/app.css", "@import \"tailwindcss\" source(\".\");\n.a { @apply p-1; }\n");
    let css = edited.build(Mode::Dev).text("app.css");
    assert!(css.contains(".a {") && !css.contains("kiln"), "{css}");
}

#[test]
fn a_reused_bundle_equals_that_of_a_new_process() {
    let (mut edited, mut first) = (project("").build_then().build_then(), project(""));
    let out = first.config(Mode::Dev).expect("configuration").out;
    for (name, content) in [
        ("assets/app.css", "@import \"tailwindcss\" source(\"../assets\");\n.a { color: red }\n"),
        ("assets/deep/late.css", ".late { color: blue; background: url(dot.svg) }\n"),
        ("assets/late.module.css", ".a { color: red } .b { composes: a; color: blue }\n"),
        ("assets/index.html", "<script type=\"module\" src=\"app.tsx\"></script><p class=\"p-8\">"),
        ("assets/deep/join.ts", "export const join = (words: string[]): string => words.join(\"+\");\n"),
        ("assets/late.tsx", "console.log(<p>instead of late.ts</p>);\n"),
        ("tsconfig.json", "{ \"compilerOptions\": { \"jsx\": \"react\", \"jsxFactory\": \"render\" } }"),
        ("assets/app.css", ".a { color: green }\n"),
    ] {
        let dot = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n";
        edited = edited.file("assets/deep/dot.svg", dot).file(name, content);
        first = first.file("assets/deep/dot.svg", dot).file(name, content);
        let output = edited.build(Mode::Dev).files;
        process::run(&mut process::build(&first, Mode::Dev)).expect("build");
        let expected = files(&out);
        assert_eq!(output.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{name}");
        for (file, bytes) in &output {
            assert!(bytes == &expected[file], "after {name}, {file} differs");
        }
    }
}

//! Styles that use Tailwind, compared byte by byte with the output of Tailwind's command line.

use std::{
    io::Write,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::Command,
};

use kiln_manifest::Mode;
use kiln_pipeline::Session;

use crate::project::{Output, Project, files, npm_packages};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixture/tailwind");

/// The folder of packages with the command line; `None`, with a message, on a machine without npm and Node.js.
fn command_line(test: &str) -> Option<PathBuf> {
    let is_there = |tool: &str| Command::new(tool).arg("--version").output().is_ok();
    if is_there("npm") && is_there("node") {
        return Some(npm_packages(Path::new(FIXTURES), "tailwind"));
    }
    // The test harness captures the output of `eprintln!`.
    let _ = writeln!(std::io::stderr(), "{test}: SKIPPED, npm or Node.js is not installed");
    None
}

/// The output of `@tailwindcss/cli` for a style sheet below `assets/`.
fn reference(packages: &Path, project: &Project, sheet: &str, mode: Mode) -> String {
    let output = project.root().with_file_name(format!("reference-{}", sheet.replace('/', "-")));
    let mut command = Command::new("node");
    command
        .arg(packages.join("node_modules/@tailwindcss/cli/dist/index.mjs"))
        .args(["--silent", "--cwd"])
        .arg(project.root())
        .arg("--input")
        .arg(project.root().join("assets").join(sheet))
        .arg("--output")
        .arg(&output);
    if mode == Mode::Release {
        command.arg("--minify");
    }
    let done = command.output().expect("node");
    let stderr = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && !stderr.contains("warning"), "{stderr}");
    std::fs::read_to_string(output).expect("output")
}

/// Asserts that two sheets are equal, and shows their first difference.
#[track_caller]
fn assert_same(one: &str, other: &str, what: &str) {
    let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let excerpt = |css: &str| {
        let bytes = &css.as_bytes()[at.saturating_sub(200)..css.len().min(at + 200)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    assert!(
        one == other,
        "{what} differs at byte {at}:\n--- one\n{}\n--- other\n{}",
        excerpt(one),
        excerpt(other)
    );
}

/// Compares both modes with the command line, and returns the development output.
fn assert_identical(project: &Project, packages: &Path, sheets: &[&str]) -> Output {
    let [dev, _] = [Mode::Dev, Mode::Release].map(|mode| {
        let output = project.build(mode);
        for sheet in sheets {
            let (mut ours, theirs) = (output.text(sheet), reference(packages, project, sheet, mode));
            if mode == Mode::Dev {
                let name = sheet.rsplit('/').next().unwrap_or_default();
                let map = format!("/*# sourceMappingURL={name}.map */\n");
                ours.truncate(ours.strip_suffix(&map).expect("a source map").len());
            }
            assert_same(&ours, &theirs, &format!("{sheet} for {mode:?}"));
        }
        output
    });
    dev
}

/// Numbers of classes in the shop's templates, a range for each language: HAML, Slim, Pug, Ruby, ERB, Elixir, `HEEx`,
/// Clojure, Razor, Vue, Svelte, Markdown, JSON and Maud.
const IN_VIEWS: [RangeInclusive<u32>; 15] = [
    11..=21,
    31..=40,
    51..=62,
    64..=65,
    71..=80,
    91..=94,
    111..=117,
    121..=123,
    131..=140,
    151..=155,
    161..=165,
    171..=172,
    181..=184,
    191..=194,
    201..=203,
];

/// Asserts that a property has each value of `found`, and none of `absent`, which stand in comments or where a language
/// has no classes.
fn assert_each(css: &str, property: &str, found: &[RangeInclusive<u32>], absent: &[u32]) {
    let is_there = |number: u32| css.contains(&format!("{property}: {number};"));
    for number in found.iter().cloned().flatten() {
        assert!(is_there(number), "{property}: {number} is missing");
    }
    for number in absent {
        assert!(!is_there(*number), "{property}: {number} is there");
    }
}

#[test]
fn a_shop_with_plugins_themes_and_a_configuration_equals_the_output_of_the_command_line() {
    let Some(packages) = command_line("tailwind") else { return };
    let project = Project::copy_of(&Path::new(FIXTURES).join("shop"))
        .file("Cargo.toml", "[package]\nname = \"shop\"\n")
        .file(".gitignore", "generated/\n*.secret.html\n")
        .file("generated/out.html", "<p class=\"bg-lime-950\">")
        .file("a.secret.html", "<p class=\"bg-lime-900\">")
        .with_packages_of(&packages);
    let css = assert_identical(&project, &packages, &["app.css"]).text("app.css");
    for found in [".prose", ".form-input", ".btn", ".glow", ".stripes", ".rotate-\\[17deg\\]", ".bg-rose-200"]
    {
        assert!(css.contains(found), "{found} is missing");
    }
    for absent in ["lime-9", "fuchsia"] {
        assert!(!css.contains(absent), "{absent} is there");
    }
    assert_each(&css, "z-index", &IN_VIEWS, &[63, 911, 913, 914, 921, 922, 923, 931, 941, 942]);
}

#[test]
fn a_library_with_a_prefix_and_named_sources_equals_the_output_of_the_command_line() {
    let Some(packages) = command_line("tailwind") else { return };
    let project = Project::copy_of(&Path::new(FIXTURES).join("library"))
        .file("Cargo.toml", "[package]\nname = \"library\"\n")
        .with_packages_of(&packages);
    let css = assert_identical(&project, &packages, &["app.css", "button.css"]).text("app.css");
    for found in
        [".tw\\:text-flow", ".tw\\:d-btn", ".tw\\:p-3", ".tw\\:order-7", ".tw\\:near-\\[x\\]\\:italic"]
    {
        assert!(css.contains(found), "{found} is missing");
    }
    for absent in ["order-8", "blur-sm", "rotate-90"] {
        assert!(!css.contains(absent), "{absent} is there");
    }
    let in_views = [11..=12, 21..=22, 31..=32, 41..=42, 51..=52, 61..=62];
    assert_each(&css, "order", &in_views, &[43, 53]);
}

const TAILWIND: &str = "@import \"tailwindcss\" source(none);\n@source inline(\"mt-3 shadow\");\n";

/// Successive edits: rules and themes at the end of a sheet.
const EDITS: [&str; 12] = [
    "",
    ".a { color: red }\n.b,\n.c > d {\n  margin: 0\n    auto !important; &:hover { top: 0 }\n}",
    ".a { color: var(--color-red-500 , var(--color-blue-300)); top: var(--nothing, --color-lime-500) }",
    "@font-face { font-family: a; src: url(a/long/way/down.svg) }\n@keyframes turn { to { rotate: 1turn } }",
    ".a { top: 0 }\n@utility u { top: 1px }\n.c { @apply u }\n@theme { --color-own: red }\n.e { color: var(--color-own) }",
    ".a { animation: spin 1s }\n.b { color: color-mix(in oklab, var(--color-red-500) 50%, transparent) }\n.e\\:f { top: 0 }",
    ".é😀 { top: 0 } .a { top: 1px }\r\n.b {\r\n  top: 2px;\r\n}\r\n",
    "@theme { --color-clay: oklch(0.62 0.14 45); --font-display: \"Source Serif 4\", serif }\n@source inline(\"bg-clay font-display\");",
    "@theme { --breakpoint-own: 50rem; --shadow-own: 0 0 1px red }\n@source inline(\"own:p-3 shadow-own\");",
    "@plugin \"../base.js\";\n@plugin \"@tailwindcss/typography\";\n@theme { --color-clay: red }\n@source inline(\"prose bg-clay/50\");",
    "@plugin \"../reads.js\";\n@theme { --color-clay: red }\n@source inline(\"bg-clay\");",
    "@config \"../config.js\";\n@theme { --color-clay: red }\n@source inline(\"bg-clay\");",
];

fn holds(entry: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(entry).contains(text)
}

fn sheet(text: &str) -> Project {
    Project::new("entries = [\"app.css\"]")
        .with_packages_of(&npm_packages(Path::new(FIXTURES), "tailwind"))
        .file("assets/index.html", "<p class='flex shadow'>")
        .file("assets/a/long/way/down.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("base.js", "module.exports = ({ addBase }) => addBase({ h2: { top: '1px' } });\n")
        .file(
            "reads.js",
            "module.exports = ({ addBase, theme }) => addBase({ h3: { color: theme('colors.clay') } });\n",
        )
        .file(
            "config.js",
            "module.exports = { theme: { extend: { width: ({ theme }) => theme('colors') } } };\n",
        )
        .file("assets/app.css", text)
}

/// The output sheet of a build, and its source map.
fn printed(session: &mut Session, project: &Project) -> (String, String) {
    let report = session.build().expect("a build");
    let output = Output::of(report, &project.config(Mode::Dev).expect("configuration").out);
    (output.text("app.css"), output.text("app.css.map"))
}

#[test]
fn an_edited_sheet_equals_that_of_a_first_build() {
    let mut edited = sheet(TAILWIND);
    let mut session = edited.session(Mode::Dev).expect("a session");
    session.build().expect("a build");
    for rules in EDITS {
        let text = format!("{TAILWIND}{rules}");
        edited = edited.file("assets/app.css", &text);
        let fresh = sheet(&text);
        let expected = printed(&mut fresh.session(Mode::Dev).expect("a session"), &fresh);
        let found = printed(&mut session, &edited);
        assert_same(&found.0, &expected.0, rules);
        assert_eq!(found.1, expected.1, "{rules}");
    }
}

#[test]
fn a_warning_is_repeated_in_every_build() {
    const WARNED: &str =
        "@import \"tailwindcss\";\n@utility foo-* { tab-size: --value(bar); }\n.a { top: 0 }\n";
    let project = sheet(WARNED);
    let mut session = project.session(Mode::Dev).expect("a session");
    let first = session.build().expect("a build").warnings;
    assert_eq!(first.len(), 2, "{first:?}");
    assert_eq!(session.build().expect("a build").warnings, first);
    let _edited = project.file("assets/app.css", WARNED.replace("top", "left"));
    assert_eq!(session.build().expect("a build").warnings, first);
}

#[test]
fn an_installed_plugin_is_cached_until_one_of_its_files_changes() {
    let part = |colour: &str| format!("module.exports = {{ mine: {{ color: '{colour}' }} }}\n");
    let with_part = |project: Project, colour| project.file("node_modules/paint/part.js", part(colour));
    let css = |project: &Project| project.build(Mode::Dev).text("app.css");
    let cached = |project: &Project| {
        let entries = files(&project.target().join("kiln-cache"));
        entries.values().filter(|entry| holds(entry, "\"code\"") && holds(entry, "addComponents")).count()
    };
    let project = Project::new("")
        .with_own_npm()
        .file("assets/index.html", "<link rel=stylesheet href=app.css><p class=mine>")
        .file("assets/app.css", "@import \"tailwindcss\" source(none);\n@plugin \"paint\";\n@source inline(\"mine\");\n")
        .file("node_modules/paint/package.json", "{\"name\": \"paint\", \"main\": \"index.js\"}")
        .file(
            "node_modules/paint/index.js",
            "const { mine } = require('./part');\nmodule.exports = ({ addComponents }) => addComponents({ '.mine': mine });\n",
        );

    let project = with_part(project, "red");
    assert!(css(&project).contains("color: red"));
    assert_eq!(cached(&project), 1);
    let project = with_part(project, "green");
    assert!(css(&project).contains("color: green"));
    assert_eq!(cached(&project), 1, "the new bundle replaces the old one");

    let own = project
        .file(
            "assets/app.css",
            "@import \"tailwindcss\" source(none);\n@plugin \"../own.js\";\n@source inline(\"mine\");\n",
        )
        .file(
            "own.js",
            "module.exports = ({ addComponents }) => addComponents({ '.mine': { color: 'blue' } });\n",
        );
    assert!(css(&own).contains("color: blue"));
    assert_eq!(cached(&own), 1, "plugins of the project itself are not cached");
}

#[test]
fn a_sheet_is_compiled_again_when_a_response_to_the_engine_has_changed() {
    let css = |project: &Project| project.build(Mode::Dev).text("app.css");
    let recordings = |project: &Project| {
        let entries = files(&project.target().join("kiln-cache"));
        entries.values().filter(|entry| holds(entry, "\"exchanges\"")).count()
    };
    let mut project = Project::new("")
        .with_own_npm()
        .file("assets/index.html", "<link rel=stylesheet href=app.css><p class='mine mt-3 2xl:p-4'>")
        .file("assets/app.css", "@import \"tailwindcss\";\n@import \"./part.css\";\n")
        .file("assets/part.css", "@utility mine { color: red }\n");
    let first = css(&project);
    for part in [".mt-3", "xl\\:p-4", "color: red"] {
        assert!(first.contains(part), "{part} is missing");
    }
    assert_eq!(recordings(&project), 1);
    assert_eq!(css(&project), first);

    // A compiler accumulates candidates, and is replaced when one disappears.
    for (class, gone) in [("mt-3", "xl\\:p-4"), ("mt-7", ".mt-3")] {
        let page = format!("<link rel=stylesheet href=app.css><p class='mine {class}'>");
        project = project.file("assets/index.html", page);
        let css = css(&project);
        assert!(css.contains(&format!(".{class}")), "{class} is missing");
        assert!(!css.contains(gone), "{gone} is there");
    }
    project = project.file("assets/part.css", "@utility mine { color: green }\n");
    assert!(css(&project).contains("color: green"));
    let project = project.file("assets/app.css", "@import \"tailwindcss\";\n");
    assert!(!css(&project).contains(".mine"));
}

#[test]
fn another_minor_release_of_tailwind_is_a_warning() {
    let project = Project::new("entries = [\"app.css\"]")
        .with_own_npm()
        .file("assets/app.css", "@import \"tailwindcss\" source(none);");
    assert_eq!(project.build(Mode::Dev).report.warnings, [""; 0]);
    let file = project.root().join("node_modules/tailwindcss/package.json");
    let package = std::fs::read_to_string(&file).expect("a package");
    std::fs::write(&file, package.replace("\"version\": \"4.3.", "\"version\": \"4.9.")).expect("write");
    let warnings = project.build(Mode::Dev).report.warnings;
    assert!(matches!(&warnings[..], [one] if one.starts_with("tailwindcss 4.9.")), "{warnings:?}");
}

//! Styles are what Tailwind's own command line makes of the same project, to the byte.

use std::{
    io::Write,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::Command,
};

use kiln_manifest::Mode;

use crate::project::{Output, Project, files, npm_packages};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixture/tailwind");

/// The packages with the command line; none, with a word about it, on a machine without npm and Node.
fn command_line(test: &str) -> Option<PathBuf> {
    let is_there = |tool: &str| Command::new(tool).arg("--version").output().is_ok();
    if is_there("npm") && is_there("node") {
        return Some(npm_packages(Path::new(FIXTURES), "tailwind"));
    }
    // Not by a macro, whose output the test harness would keep to itself.
    let _ = writeln!(std::io::stderr(), "{test}: SKIPPED, because npm or Node is not installed");
    None
}

/// What `@tailwindcss/cli` makes of a style sheet below `assets/`.
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
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && !said.contains("warning"), "{said}");
    std::fs::read_to_string(output).expect("output")
}

/// That two sheets are the same; else it shows where they begin not to be.
#[track_caller]
fn assert_same(one: &str, other: &str, what: &str) {
    let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let around = |css: &str| {
        let bytes = &css.as_bytes()[at.saturating_sub(200)..css.len().min(at + 200)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    assert!(
        one == other,
        "{what} differs at byte {at}:\n--- one\n{}\n--- other\n{}",
        around(one),
        around(other)
    );
}

/// Compares both modes, and returns the readable one.
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

/// What the shop's templates have, a range for each language: HAML, Slim, Pug, Ruby, ERB, Elixir, `HEEx`, Clojure,
/// Razor, Vue, Svelte, Markdown, JSON and Maud.
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

/// Whether a property has each value of `found`, and none of `absent`: those stand in comments, or where a language
/// has no class.
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
fn a_shop_with_plugins_themes_and_a_configuration_is_what_the_command_line_makes_of_it() {
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
fn a_library_with_a_prefix_and_named_sources_is_what_the_command_line_makes_of_it() {
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

/// What follows in a sheet: rules in which the engine has nothing to do, between others.
const PARTED: [&str; 10] = [
    "",
    ".a { color: red }\n.b,\n.c > d {\n  margin: 0\n    auto !important; &:hover { top: 0 }\n}",
    "/* one */ .a { content: \"}\"; /* two */ background: url(\"a/long/way/down.svg\") }\n/*! three */\n.b { left: 0 }",
    ".a { color: var(--color-red-500 , var(--color-blue-300)); top: var(--nothing, --color-lime-500) }",
    "@layer own {\n  * { border-color: var(--color-gray-200, currentcolor) }\n}\n@media print { .a { top: 0 } }\n@layer empty;",
    "@font-face { font-family: a; src: url(a/long/way/down.svg) }\n@keyframes turn { to { rotate: 1turn } }\n@supports (top: 0) { .a { top: 0 } }",
    ".a { top: 0 }\n@utility u { top: 1px }\n.b { top: 2px }\n.c { @apply u }\n.d { top: 3px }\n@theme { --color-own: red }\n.e { color: var(--color-own) }",
    ".a { animation: spin 1s }\n.b { color: color-mix(in oklab, var(--color-red-500) 50%, transparent) }\n.c { top: --spacing(3) }\n.d { color: theme(--color-lime-500) }\n.e\\:f { top: 0 }",
    ".a {}\n.b { top: 0 }\n:root { --x: { a: b }; --y:; --z: var(--color-red-500) }\n@media important { .c { top: 0 } }\n@property --p { syntax: \"*\"; inherits: false }",
    ".é😀 { top: 0 } .a { top: 1px }\r\n.b {\r\n  top: 2px;\r\n}\r\n",
];

/// Sheets of which the engine makes something else than of their parts.
const WHOLE: [&str; 8] = [
    "@import \"tailwindcss\";\n@layer utilities { .a { top: 0 } }",
    "@import \"tailwindcss\";\n@layer base { * { @apply mt-3 } }\n@layer base { h1 { top: 0 } }",
    "@import \"tailwindcss\";\n.a { top: 0 }\n.a { @apply flex }",
    "@import \"tailwindcss\";\n.a { @apply flex }\n.b {}\n.a { left: 0 }",
    "@import \"tailwindcss\";\n@plugin \"../base.js\";\n@layer base { * { @apply mt-3 } }",
    ".a {}\n@import url(https://example.org/a.css);\n@import \"tailwindcss\";",
    "@import \"tailwindcss\";\n.a { @apply mt-3; content: 'it's' }",
    "@utility u { top: 0 }\n.a { top: 0 }",
];

/// Themes of which values are kept from the engine.
const UNREAD: [&str; 11] = [
    "@theme { --color-clay: oklch(0.62 0.14 45); --font-display: \"Source Serif 4\", serif }\n@source inline(\"bg-clay font-display\");",
    "@theme {\n  --color-clay: #abc;\n  --color-mud: #abc;\n  --radius-own: 3px;\n  --text-own: 1rem;\n  --text-own--line-height: calc(2 / 1.5);\n}\n@source inline(\"bg-clay/50 text-mud/20 text-own rounded-own hover:focus:bg-clay/50 via-mud/[12.5%]\");",
    "/*! one */ @theme { /* two */ --ease-own: cubic-bezier(0.1, 0.2, 0.3, 1); @keyframes own { to { top: 0 } } --animate-own: own 1s; --spacing: 3px; --breakpoint-own: 50rem; --shadow-own: 0 0 1px red }\n@source inline(\"ease-own animate-own own:p-3 shadow-own\");\n.a { color: var(--color-own) }",
    "@theme { --color-clay: red; }\n.a { content: \"é😀\" theme(--color-clay) \" /\"; border: 1px solid theme(--color-clay / 50%) } .b { color: --alpha(var(--color-clay) / 30%) }",
    "@theme { --color-clay: red } @theme { --color-clay: blue; --color-red-500: lime; --color-*: initial; --color-mud: #123456; --spacing-1\\.5: 2rem }\n@source inline(\"bg-clay/50 bg-mud p-1.5\");",
    "@theme { --color-clay: red; --color-mud: var(--color-clay); --color-now: currentcolor; --font-sans: initial; --color-late: color-mix(in lab, red, blue) }\n@source inline(\"bg-mud/50 bg-clay/50 bg-now/50 bg-late/50 font-sans\");",
    "@theme { --color-clay: hsl(3 4% 5% / 0.5) }\n@theme inline { --color-mud: #123 }\n@theme static { --color-far: #456 }\n@theme reference { --color-not: #789 }\n@source inline(\"bg-clay/50 bg-mud/50 bg-not/50\");\n.a { @apply text-clay/20 text-mud }",
    "@plugin \"../base.js\";\n@plugin \"@tailwindcss/typography\";\n@plugin \"@tailwindcss/forms\";\n@theme { --color-clay: red }\n@source inline(\"prose bg-clay/50 form-input\");",
    "@theme { --color-clay: red }\n@utility own-* { color: --value(--color-*); background: --alpha(--value(--color-*) / 10%) }\n@source inline(\"own-clay bg-[theme(--color-clay)] text-[color:theme(colors.clay/20%)]\");",
    "@plugin \"../function.js\";\n@theme { --color-clay: red;; --spacing: 3px }\n@source inline(\"bg-clay bg-extra p-3\");",
    "@plugin \"../patches.js\";\n@theme { --color-clay: red }\n@source inline(\"bg-clay patched\");",
];

/// Themes of which the engine or a plugin reads every value, or may.
const READ: [&str; 18] = [
    "@theme { --breakpoint-own: 50rem; --container-own: 20rem; --text-shadow-own: 0 0 1px red; --color-a: currentColor }\n@source inline(\"text-shadow-own\");",
    "@theme { --breakpoint-own: 50rem; --font-own: a !important; --color-own: light-dark(red, blue); --font-odd: a\n  b }",
    "@theme inline { --color-clay: red }\n@source inline(\"bg-clay/50\");",
    "@theme { --color-clay: red }\n@media (width > theme(--color-clay)) { .a { top: 0 } }",
    "@theme { --color-clay: red }\n@keyframes red { to { top: 0 } }\n.a { animation: 1s theme(--color-clay) }",
    "@theme { --color-clay: red; --color-mud: blue }\n.a { color: theme(--color-clay); @apply flex; color: red }",
    "@theme { --color-clay: red }\n.a { @apply bg-clay/50; color: red; background-color: color-mix(in srgb, red 50%, transparent) }",
    "@theme { --font-a: b; --font-c: b, d }\n.e { font: theme(--font-a), d; @apply flex; font: theme(--font-c) }",
    "@theme { --color-clay: red; --color-space: oklab }\n.a { color: color-mix(in var(--color-space), var(--color-clay) 50%, transparent) }",
    "@theme { --color-clay: red; --color-space: in oklab }\n.a { color: color-mix(theme(--color-space), var(--color-clay) 50%, transparent) }",
    "@theme { --color-pair: red 40% }\n.a { color: color-mix(in oklab, theme(--color-pair), var(--mine)) }",
    "@theme { --ease-own: wig; --animate-own: theme(--ease-own) 1s; @keyframes wig { to { top: 0 } } }\n@source inline(\"animate-own\");",
    "@theme { --font-own: var; --color-clay: theme(--font-own)(--shadow-sm) }\n@source inline(\"bg-clay\");",
    "@plugin \"../throws.js\";\n@theme { --color-clay: red }\n@source inline(\"bg-clay\");",
    "@plugin \"../reads.js\";\n@theme { --color-clay: red }\n@source inline(\"bg-clay\");",
    "@plugin \"../told.js\";\n@theme { --color-clay: red }\n@source inline(\"bg-clay\");",
    "@config \"../config.js\";\n@theme { --color-clay: red }\n@source inline(\"bg-clay\");",
    "@plugin \"@tailwindcss/forms\";\n@theme { --color-gray-500: oklch(1 0 0) }\n@source inline(\"bg-gray-500\");",
];

#[cfg(unix)]
fn holds(entry: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(entry).contains(text)
}

#[cfg(unix)]
fn sheet(text: &str) -> Project {
    Project::new("entries = [\"app.css\"]")
        .with_packages_of(&npm_packages(Path::new(FIXTURES), "tailwind"))
        .file("assets/index.html", "<p class='flex shadow'>")
        .file("assets/a/long/way/down.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("base.js", "module.exports = ({ addBase }) => addBase({ h2: { top: '1px' } });\n")
        .file("assets/marked.css", ".z { color: kiln-value-0- }\n")
        .file(
            "patches.js",
            "exports.config = null;\nexports.handler = (api) => { api.addUtilities = () => {}; api.addComponents({ '.patched': { top: '1px' } }); };\n",
        )
        .file("warns.js", "module.exports = ({ theme }) => console.warn(theme('colors.clay'));\n")
        .file("throws.js", "module.exports = ({ theme }) => { if (theme('colors.clay') !== 'red') throw 1; };\n")
        .file(
            "function.js",
            "module.exports = () => {};\nmodule.exports.config = { theme: { extend: { colors: { extra: 'lime' } } } };\n",
        )
        .file("reads.js", "module.exports = ({ addBase, theme }) => addBase({ h3: { color: theme('colors.clay') } });\n")
        .file(
            "told.js",
            "exports.handler = () => {};\nexports.config = { theme: { extend: { width: ({ theme }) => theme('colors') } } };\n",
        )
        .file("config.js", "module.exports = { theme: { extend: { width: ({ theme }) => theme('colors') } } };\n")
        .file("assets/app.css", text)
}

/// The sheet, and where its source map says that it comes from.
#[cfg(unix)]
fn printed(project: &Project) -> (String, Vec<String>) {
    let output = project.build(Mode::Dev);
    let map = output.text("app.css.map");
    let map = oxc_sourcemap::SourceMap::from_json_string(&map).expect("source map");
    let step = |token: oxc_sourcemap::SourceViewToken<'_, '_>| {
        let (compiled, written) =
            ((token.get_dst_line(), token.get_dst_col()), (token.get_src_line(), token.get_src_col()));
        format!("{compiled:?} {:?} {written:?}", token.get_source())
    };
    (output.text("app.css"), map.get_source_view_tokens().map(step).collect())
}

/// How an edited sheet was compiled.
#[cfg(unix)]
#[derive(Debug, PartialEq)]
enum Way {
    Whole,
    /// Rules were printed apart.
    Parted,
    /// And values of the theme were kept from the engine.
    WithoutValues,
}

/// Compares what a process makes of a sheet that builds again with what one makes that builds once.
#[cfg(unix)]
fn assert_edited_as_whole(text: &str) -> Way {
    let again = sheet(TAILWIND).build_then().file("assets/app.css", text);
    let (parted, whole) = (printed(&again), printed(&sheet(text)));
    assert_same(&parted.0, &whole.0, text);
    assert_eq!(parted.1, whole.1, "{text}");
    let entries = files(&again.target().join("kiln-cache"));
    let recordings: Vec<_> = entries.values().filter(|entry| holds(entry, "\"exchanges\"")).collect();
    let parted = |has_marks: bool| {
        let is_so = |recording: &&&Vec<u8>| {
            holds(recording, "\"Plain\"") && holds(recording, "kiln-value-") == has_marks
        };
        recordings.iter().filter(is_so).count()
    };
    // The first build's is whole; the last of the ways that were tried is the one that was of use.
    match (recordings.len(), parted(true), parted(false)) {
        (2, 1, 0) => Way::WithoutValues,
        (2, 0, 1) | (3, 1, 1) => Way::Parted,
        _ => Way::Whole,
    }
}

#[cfg(unix)]
#[test]
fn rules_that_are_printed_apart_are_as_if_they_were_not() {
    for rules in PARTED {
        assert_ne!(assert_edited_as_whole(&format!("{TAILWIND}{rules}")), Way::Whole, "{rules}");
    }
}

#[cfg(unix)]
#[test]
fn a_sheet_stays_whole_where_its_parts_would_be_something_else() {
    for text in WHOLE {
        assert_eq!(assert_edited_as_whole(text), Way::Whole, "{text}");
    }
}

#[cfg(unix)]
#[test]
fn values_that_are_kept_from_the_engine_are_printed_as_if_they_were_not() {
    for theme in UNREAD {
        assert_eq!(assert_edited_as_whole(&format!("{TAILWIND}{theme}")), Way::WithoutValues, "{theme}");
    }
}

#[cfg(unix)]
#[test]
fn a_warning_holds_the_value_that_the_plugin_was_told() {
    let theme = "@plugin \"../warns.js\";\n@theme { --color-clay: red }\n";
    let project = sheet(TAILWIND).build_then().file("assets/app.css", format!("{TAILWIND}{theme}"));
    assert_eq!(project.try_build(Mode::Dev).expect("build").warnings, ["red"]);
}

#[cfg(unix)]
#[test]
fn what_looks_like_a_mark_in_another_sheet_stays() {
    let theme = "@import \"./marked.css\";\n@theme { --color-clay: red }\n@source inline(\"bg-clay\");";
    assert_ne!(assert_edited_as_whole(&format!("{TAILWIND}{theme}")), Way::WithoutValues);
}

#[cfg(unix)]
#[test]
fn what_was_made_without_a_value_stays_right_for_another() {
    let css = |colour: &str| {
        format!("{TAILWIND}@theme {{ --color-clay: {colour} }}\n@source inline(\"bg-clay/50\");\n")
    };
    let mut project = sheet(TAILWIND).build_then();
    for colour in ["red", "#abc", "oklch(1 0 0 / 0.5)", "red"] {
        project = project.file("assets/app.css", css(colour));
        assert_same(&printed(&project).0, &printed(&sheet(&css(colour))).0, colour);
    }
    let entries = files(&project.target().join("kiln-cache"));
    assert_eq!(entries.values().filter(|entry| holds(entry, "\"exchanges\"")).count(), 2);
}

#[cfg(unix)]
#[test]
fn a_value_is_not_kept_from_who_may_read_it() {
    for theme in READ {
        assert_eq!(assert_edited_as_whole(&format!("{TAILWIND}{theme}")), Way::Parted, "{theme}");
    }
}

#[cfg(unix)]
#[test]
fn a_warning_is_repeated_when_only_a_plain_rule_has_changed() {
    const WARNED: &str =
        "@import \"tailwindcss\";\n@utility foo-* { tab-size: --value(bar); }\n.a { top: 0 }\n";
    let warnings = |project: &Project| project.try_build(Mode::Dev).expect("build").warnings;
    let project = sheet(WARNED).build_then();
    let first = warnings(&project);
    assert_eq!(first.len(), 2, "{first:?}");
    let project = project.file("assets/app.css", WARNED.replace("top", "left"));
    assert_eq!(warnings(&project), first);
    let project = project.file("assets/app.css", WARNED.replace("top", "right"));
    assert_eq!(warnings(&project), first);
}

#[cfg(unix)]
#[test]
fn an_installed_plugin_is_kept_until_any_of_its_files_changes() {
    let part = |colour: &str| format!("module.exports = {{ mine: {{ color: '{colour}' }} }}\n");
    let with_part = |project: Project, colour| project.file("node_modules/paint/part.js", part(colour));
    let css = |project: &Project| project.build(Mode::Dev).text("app.css");
    let kept = |project: &Project| {
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
    assert_eq!(kept(&project), 1);
    let project = with_part(project, "green");
    assert!(css(&project).contains("color: green"));
    assert_eq!(kept(&project), 1, "the new one takes the place of the old one");

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
    assert_eq!(kept(&own), 1, "what the project's own files make is made in every build");
}

#[cfg(unix)]
#[test]
fn a_sheet_is_made_anew_when_any_answer_changes_that_the_engine_was_given() {
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

    // One class at a time: a compiler forgets none, and is made anew when one is gone.
    for (class, gone) in [("mt-3", "xl\\:p-4"), ("mt-7", ".mt-3")] {
        let page = format!("<link rel=stylesheet href=app.css><p class='mine {class}'>");
        project = project.file("assets/index.html", page);
        let css = css(&project);
        assert!(css.contains(&format!(".{class}")), "{class} is missing");
        assert!(!css.contains(gone), "{gone} is there");
    }
    project = project.file("assets/part.css", "@utility mine { color: green }\n");
    assert!(css(&project).contains("color: green"));
    for colour in ["blue", "lime", "teal"] {
        let sheet = "@import \"tailwindcss\";\n@import \"./part.css\";\n.plain { color: COLOUR }\n";
        project = project.file("assets/app.css", sheet.replace("COLOUR", colour));
        assert!(css(&project).contains(&format!("color: {colour}")));
    }
    assert_eq!(
        recordings(&project),
        2,
        "one for the sheet and one for its rest, whatever its plain rules say"
    );
    let project = project.file("assets/app.css", "@import \"tailwindcss\";\n");
    assert!(!css(&project).contains(".mine"));
}

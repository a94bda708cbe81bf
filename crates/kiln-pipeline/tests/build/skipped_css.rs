//! CSS that browsers skip, by every way in which a style sheet reaches a page.

use kiln_manifest::Mode;

use crate::project::{Output, Project, rendered};

const PAGE: &str = "<!doctype html><title>t</title>";
const MODES: [Mode; 2] = [Mode::Dev, Mode::Release];

/// Mistakes, each with a text that only it holds, and the beginning of its warning's excerpt.
const MISTAKES: [(&str, &str, &str); 12] = [
    (".cf { *zoom: 1 }", "zoom", "*zoom: 1"),
    (".tip:after .arrow { top: 0 }", "arrow", ".tip:after .arrow"),
    (".a :nth-child(2of.b) { top: 0 }", "2of", ".a :nth-child(2of.b)"),
    (
        "@media (max-width: calc(var(--bp) - 1px)) { b { top: 0 } }",
        "--bp",
        "@media (max-width: calc(var(--bp) - 1px))",
    ),
    (".s { @keyframes k { to { opacity: 1 } } animation: k 1s }", "keyframes", "@keyframes k"),
    (
        "@property --bad { syntax: \"*\"; inherits: true; initial-value: inherit }",
        "@property --bad",
        "@property --bad",
    ),
    (
        "@property --bad { syntax: \"<length>\"; inherits: true; initial-value: red }",
        "@property --bad",
        "@property --bad",
    ),
    (".u { @unknown { top: 0 } color: blue }", "unknown", "@unknown"),
    (".b:::hover { color: blue }", ":hover", ".b:::hover"),
    (".c { margin: 0 0 }0 .d { top: 0 }", ".d", "0 .d"),
    ("@keyframes f { from { top: 0; *zoom: 1 } }", "zoom", "*zoom: 1"),
    ("@keyframes f { from { top: 0 } oddly { top: 1px } }", "oddly", "oddly"),
];

/// The ways of a style sheet to a page: the sheet that the page or its script names.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Plain,
    Import,
    Script,
    Module,
    #[cfg(unix)]
    Tailwind,
    #[cfg(unix)]
    TailwindImport,
}

const WAYS: &[Way] = &[
    Way::Plain,
    Way::Import,
    Way::Script,
    Way::Module,
    #[cfg(unix)]
    Way::Tailwind,
    #[cfg(unix)]
    Way::TailwindImport,
];

impl Way {
    /// A project whose sheet `css` comes to the page by this way, and the file of the sheet.
    fn project(self, css: &str) -> (Project, &'static str) {
        let script = format!("{PAGE}<script type=module src=app.ts></script>");
        let link = format!("{PAGE}<link rel=stylesheet href=app.css>");
        let page = |text: &str| Project::new("").file("assets/index.html", text);
        match self {
            Self::Plain => (page(&link).file("assets/app.css", css), "assets/app.css"),
            Self::Import => {
                let app = page(&link).file("assets/app.css", "@import \"./old.css\";\n");
                (app.file("assets/old.css", css), "assets/old.css")
            }
            Self::Script => {
                let app = page(&script).file("assets/app.ts", "import \"./old.css\";\n");
                (app.file("assets/old.css", css), "assets/old.css")
            }
            Self::Module => {
                let app = page(&script).file("assets/app.ts", "import \"./old.module.css\";\n");
                (app.file("assets/old.module.css", css), "assets/old.module.css")
            }
            #[cfg(unix)]
            Self::Tailwind => {
                let css = format!("{css}\n@import \"tailwindcss\" source(none);\n");
                (page(&link).with_npm().file("assets/app.css", css), "assets/app.css")
            }
            #[cfg(unix)]
            Self::TailwindImport => {
                let app = page(&link).with_npm().file(
                    "assets/app.css",
                    "@import \"tailwindcss\" source(none);\n@import \"./old.css\";\n",
                );
                (app.file("assets/old.css", css), "assets/old.css")
            }
        }
    }
}

/// The style sheets of an output.
fn styles(output: &Output) -> String {
    let sheets = output.report.manifest.assets.iter().filter(|asset| asset.path.extension() == Some("css"));
    sheets.map(|asset| output.text(asset.path.as_str())).collect()
}

#[test]
fn a_mistake_is_left_out_with_a_warning_at_its_place_by_every_way_and_in_both_modes() {
    for way in WAYS {
        for mode in MODES {
            for (mistake, absent, excerpt) in MISTAKES {
                let (project, file) = way.project(&format!("\n{mistake}\n.good {{ color: red }}\n"));
                let output = project.build(mode);
                let css = styles(&output);
                assert!(!css.contains(absent), "{way:?} {mode:?} {mistake}: {css}");
                assert!(css.contains("good"), "{way:?} {mode:?} {mistake}: {css}");
                let column = mistake.find(excerpt).expect("excerpt") + 1;
                let start = format!("{file}:2:{column}: browsers skip `{excerpt}`: ");
                let warnings = &output.report.warnings;
                assert!(
                    warnings.len() == 1 && warnings[0].starts_with(&start),
                    "{way:?} {mode:?} {start} {warnings:?}"
                );
            }
        }
    }
}

#[test]
fn what_stands_beside_a_mistake_stays() {
    let css = ".a { top: 1px; *zoom: 1; left: 2px; .b:::c { top: 0 } .d { right: 3px; *x: 1 } bottom: 4px }\n\
        @media print, (a b) { .e { width: 5px } }\n\
        @supports (top: 0) { .f { *top: 0; height: 6px } }\n\
        .g { filter: progid:DXImageTransform.Microsoft.Alpha(Opacity=50); margin: 7px }\n\
        .h:hoover, .i::-x-y { padding: 8px }\n@navigation x { y: 9px }\n\
        @keyframes k { from { *x: 1; bottom: 10px } top { top: 0 } to { bottom: 11px; left: 1 2 } }\n\
        .j { animation: k 1s }\n";
    for way in WAYS {
        for mode in MODES {
            let (project, _) = way.project(css);
            let css = styles(&project.build(mode)).replace(": ", ":");
            for number in 1..=11 {
                let kept = format!(":{number}px");
                assert!(css.contains(&kept), "{way:?} {mode:?} {kept}: {css}");
            }
            assert!(css.contains("print"), "{way:?} {mode:?}: {css}");
        }
    }
}

/// A project whose page has the sheet of the package `old`, by a script or by a sheet.
fn with_package(app: (&str, &str)) -> Project {
    let page = format!("{PAGE}<link rel=stylesheet href=app.css><script type=module src=app.ts></script>");
    let mistakes = "\n.a { *zoom: 1 }\n.b:::c { top: 0 }\n.good { color: red }\n";
    Project::new("")
        .file("assets/index.html", page)
        .file("assets/app.css", "")
        .file("assets/app.ts", "")
        .file(app.0, app.1)
        .file("node_modules/old/package.json", r#"{"name":"old","version":"1.0.0"}"#)
        .file("node_modules/old/old.css", mistakes)
}

#[test]
fn mistakes_in_a_file_of_a_package_are_one_warning() {
    let ways = [
        ("assets/app.ts", "import \"old/old.css\";\n", false),
        ("assets/app.css", "@import \"old/old.css\";\n", false),
        #[cfg(unix)]
        ("assets/app.css", "@import \"tailwindcss\" source(none);\n@import \"old/old.css\";\n", true),
    ];
    for (file, app, is_tailwind) in ways {
        for mode in MODES {
            let project = with_package((file, app));
            let project = if is_tailwind { project.with_own_npm() } else { project };
            let output = project.build(mode);
            let css = styles(&output);
            assert!(css.contains(".good") && !css.contains("zoom") && !css.contains(":::"), "{css}");
            let expected = "node_modules/old/old.css:2:6: browsers skip `*zoom: 1`, and 1 more: ";
            let warnings = &output.report.warnings;
            assert!(warnings.len() == 1 && warnings[0].starts_with(expected), "{warnings:?}");
        }
    }
}

#[test]
fn a_session_warns_in_each_build() {
    for way in [Way::Plain, Way::Script] {
        let (project, _) = way.project(".cf { *zoom: 1 }\n");
        let mut session = project.session(Mode::Dev).expect("a session");
        let first = session.build().expect("a build").warnings;
        assert_eq!(first.len(), 1, "{way:?}");
        assert_eq!(first, session.build().expect("a second build").warnings, "{way:?}");
    }
}

#[test]
fn mistakes_that_lose_the_rest_of_the_sheet_are_errors_by_every_way() {
    for way in WAYS {
        for (css, expected) in [
            (".a { top: 0 }\n.b { top: 0\n.c { top: 0 }\n", "unclosed block"),
            (".a { top: 0 }\n/* a */ /* b\n.c { top: 0 }\n", "unclosed comment"),
        ] {
            let (project, file) = way.project(css);
            let error = rendered(&project.try_build(Mode::Dev).expect_err("a sheet that ends too early"));
            assert!(error.contains(expected) && error.contains(&format!("{file}:2:")), "{way:?} {error}");
        }
    }
}

#[cfg(unix)]
#[test]
fn an_at_rule_that_tailwind_drops_is_a_warning_at_its_place() {
    for (rule, expected) in [
        ("@use \"./old\";", "Unknown at rule: @use"),
        ("@custom-selector :--title h1;", "Unknown at rule: @custom-selector"),
        ("@tailwind base;", "write `@import \"tailwindcss\"`, which stands for it"),
        ("@keyframes gone {}", "No frames"),
    ] {
        let (project, file) =
            Way::TailwindImport.project(&format!("\n@media print {{ .a {{ top: 0 }} }}\n{rule}\n"));
        let excerpt = rule.trim_end_matches([' ', '{', '}', ';']);
        let output = project.build(Mode::Release);
        assert!(!styles(&output).contains(excerpt), "the engine keeps it: {rule}");
        assert_eq!(output.report.warnings, [format!("{file}:3:1: Tailwind drops `{excerpt}`: {expected}")]);
    }
    let known = "@layer one, two;\n@namespace svg url(http://www.w3.org/2000/svg);\n\
        @custom-variant wide (&:hover);\n@custom-variant tall { &:hover { @slot; } }\n\
        @utility big { @apply p-2; }\n@source \"../assets\";\n.b { @apply p-1; @variant wide { top: 0 } }\n";
    let (project, _) = Way::Tailwind.project(known);
    assert_eq!(project.build(Mode::Release).report.warnings, Vec::<String>::new());
}

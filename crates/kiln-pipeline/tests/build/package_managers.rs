//! Package managers: the lock file that counts, what is recognised as installed, and what is said when something is
//! missing. The packages of these tests exist in no registry.

use std::{env, fs, process::Command};

use kiln_manifest::Mode;

use crate::project::{Output, Project, rendered};

const DECLARED: &str = r#"{
  "name": "fixture",
  "dependencies": { "kiln-none": "^1.0.0" },
  "devDependencies": { "@kiln/tool": "2.0.0" }
}
"#;

/// One installed tree: the lock file, and the manager's record of it.
struct Tree {
    lock: (&'static str, &'static str),
    further: &'static [(&'static str, &'static str)],
}

const NPM: Tree = Tree {
    lock: (
        "package-lock.json",
        r#"{"lockfileVersion": 3, "packages": {
            "": {"name": "fixture", "dependencies": {"kiln-none": "^1.0.0"}, "devDependencies": {"@kiln/tool": "2.0.0"}},
            "node_modules/kiln-none": {"version": "1.0.0", "integrity": "sha512-AP8="},
            "node_modules/@kiln/tool": {"version": "2.0.0", "integrity": "sha512-AP8=", "dev": true}}}"#,
    ),
    further: &[(
        "node_modules/.package-lock.json",
        r#"{"packages": {
            "node_modules/kiln-none": {"version": "1.0.0", "integrity": "sha512-AP8="},
            "node_modules/@kiln/tool": {"version": "2.0.0", "integrity": "sha512-AP8=", "dev": true}}}"#,
    )],
};

const PNPM_LOCK: &str = "lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      kiln-none:
        specifier: ^1.0.0
        version: 1.0.0
    devDependencies:
      '@kiln/tool':
        specifier: 2.0.0
        version: 2.0.0

packages:

  '@kiln/tool@2.0.0':
    resolution: {integrity: sha512-AP8=}

  kiln-none@1.0.0:
    resolution: {integrity: sha512-AP8=}
";

const PNPM: Tree = Tree {
    lock: ("pnpm-lock.yaml", PNPM_LOCK),
    further: &[
        ("node_modules/.pnpm/lock.yaml", PNPM_LOCK),
        ("node_modules/.modules.yaml", "{\"included\": {\"dependencies\": true, \"devDependencies\": true}}"),
    ],
};

const YARN_CLASSIC: Tree = Tree {
    lock: (
        "yarn.lock",
        "# yarn lockfile v1


\"@kiln/tool@2.0.0\":
  version \"2.0.0\"
  resolved \"https://registry.yarnpkg.com/@kiln/tool/-/tool-2.0.0.tgz#00\"

kiln-deep@^3, kiln-deep@^3.1:
  version \"3.1.0\"
  resolved \"https://registry.yarnpkg.com/kiln-deep/-/kiln-deep-3.1.0.tgz#00\"

kiln-none@^1.0.0:
  version \"1.0.0\"
  resolved \"https://registry.yarnpkg.com/kiln-none/-/kiln-none-1.0.0.tgz#00\"
  dependencies:
    kiln-deep \"^3\"
",
    ),
    further: &[(
        "node_modules/.yarn-integrity",
        r#"{"flags": [], "topLevelPatterns": ["@kiln/tool@2.0.0", "kiln-none@^1.0.0"], "lockfileEntries": {
            "@kiln/tool@2.0.0": "https://registry.yarnpkg.com/@kiln/tool/-/tool-2.0.0.tgz#00",
            "kiln-deep@^3": "https://registry.yarnpkg.com/kiln-deep/-/kiln-deep-3.1.0.tgz#00",
            "kiln-deep@^3.1": "https://registry.yarnpkg.com/kiln-deep/-/kiln-deep-3.1.0.tgz#00",
            "kiln-none@^1.0.0": "https://registry.yarnpkg.com/kiln-none/-/kiln-none-1.0.0.tgz#00"}}"#,
    )],
};

const YARN_BERRY: Tree = Tree {
    lock: (
        "yarn.lock",
        r#"__metadata:
  version: 8
  cacheKey: 10c0

"@kiln/tool@npm:2.0.0":
  version: 2.0.0
  resolution: "@kiln/tool@npm:2.0.0"
  languageName: node
  linkType: hard

"fixture@workspace:.":
  version: 0.0.0-use.local
  resolution: "fixture@workspace:."
  dependencies:
    "@kiln/tool": "npm:2.0.0"
    kiln-none: "npm:^1.0.0"
  languageName: unknown
  linkType: soft

"kiln-none@npm:^1.0.0, kiln-none@npm:^1.0":
  version: 1.0.0
  resolution: "kiln-none@npm:1.0.0"
  languageName: node
  linkType: hard

"kiln-mac@npm:^1.0.0":
  version: 1.0.0
  resolution: "kiln-mac@npm:1.0.0"
  conditions: os=darwin
  languageName: node
  linkType: hard
"#,
    ),
    further: &[
        (".yarnrc.yml", "nodeLinker: node-modules\n"),
        (
            "node_modules/.yarn-state.yml",
            r#"__metadata:
  version: 1
  nmMode: classic

"@kiln/tool@npm:2.0.0":
  locations:
    - "node_modules/@kiln/tool"

"fixture@workspace:.":
  locations:
    - ""

"kiln-none@npm:1.0.0":
  locations:
    - "node_modules/kiln-none"
"#,
        ),
    ],
};

const BUN: Tree = Tree {
    lock: (
        "bun.lock",
        r#"{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "fixture",
      "dependencies": {
        "kiln-none": "^1.0.0",
      },
      "devDependencies": {
        "@kiln/tool": "2.0.0",
      },
    },
  },
  "packages": {
    "@kiln/tool": ["@kiln/tool@2.0.0", "", {}, "sha512-AP8="],

    "kiln-mac": ["kiln-mac@1.0.0", "", { "os": "darwin" }, "sha512-AP8="],

    "kiln-none": ["kiln-none@1.0.0", "", {}, "sha512-AP8="],
  }
}
"#,
    ),
    further: &[],
};

const TREES: [Tree; 5] = [NPM, PNPM, YARN_CLASSIC, YARN_BERRY, BUN];

/// A package with this `package.json`, whose script imports a package that lies in `node_modules`.
fn project(package: &str) -> Project {
    with_sources(Project::new(""), package)
}

fn with_sources(project: Project, package: &str) -> Project {
    let page = "<!doctype html><title>t</title><script type=module src=app.ts></script>";
    project
        .file("package.json", package)
        .file("assets/index.html", page)
        .file("assets/app.ts", "import { one } from \"kiln-none\";\nconsole.log(one);\n")
        .file(
            "node_modules/kiln-none/package.json",
            r#"{"name":"kiln-none","version":"1.0.0","main":"i.js"}"#,
        )
        .file("node_modules/kiln-none/i.js", "export const one = \"of a package\";\n")
        .file("node_modules/@kiln/tool/package.json", r#"{"name":"@kiln/tool","version":"2.0.0"}"#)
}

impl Tree {
    /// The tree, with a lock file that is edited by `edit`.
    fn into(self, project: Project, edit: impl Fn(&str) -> String) -> Project {
        let project = project.file(self.lock.0, edit(self.lock.1));
        self.further.iter().fold(project, |project, (name, content)| project.file(name, content))
    }
}

#[track_caller]
fn error(project: &Project) -> String {
    rendered(&project.try_build(Mode::Dev).expect_err("an error"))
}

#[test]
fn installed_packages_that_match_the_lock_file_are_built_as_they_are() {
    for tree in TREES {
        let output = tree.into(project(DECLARED), str::to_owned).build(Mode::Dev);
        assert!(output.text("app.js").contains("of a package"), "{}", output.text("app.js"));
    }
}

#[test]
fn installed_packages_of_another_version_are_not_those_of_the_lock_file() {
    for tree in TREES {
        let name = tree.lock.0;
        let newer = |lock: &str| {
            let newer = lock
                .replace("kiln-none@1.0.0", "kiln-none@1.0.1")
                .replace("kiln-none@npm:1.0.0", "kiln-none@npm:1.0.1");
            newer
                .replace("kiln-none-1.0.0", "kiln-none-1.0.1")
                .replace("none\": {\"version\": \"1.0.0\"", "none\": {\"version\": \"1.0.1\"")
        };
        let offline = project(DECLARED).file(".npmrc", "offline=true\n");
        let error = error(&tree.into(offline, newer));
        let manager = name.split(['-', '.']).next().unwrap_or_default().replace("package", "npm");
        assert!(error.contains(&manager), "{error}");
        assert!(error.contains("do not match") || error.contains("failed with"), "{error}");
    }
}

#[test]
fn a_dependency_that_the_lock_file_lacks_is_an_error_at_its_place() {
    let declared = DECLARED.replace("\"^1.0.0\"", "\"^1.0.0\", \"kiln-new\": \"^4\"");
    for tree in TREES {
        let name = tree.lock.0;
        if tree.further.iter().any(|(name, _)| name.ends_with(".yarn-integrity")) {
            continue;
        }
        let error = error(&tree.into(project(&declared), str::to_owned));
        assert!(error.contains(&format!("dependency `kiln-new@^4` is not in {name}")), "{error}");
        assert!(error.contains("package.json:3:56"), "{error}");
        assert!(error.contains(&format!("install`, and commit {name}")), "{error}");
    }
    insta::assert_snapshot!("dependency_without_lock", error(&NPM.into(project(&declared), str::to_owned)));
}

#[test]
fn a_missing_lock_file_is_an_error_with_the_command_that_writes_it() {
    insta::assert_snapshot!("no_lock_file", error(&project(DECLARED)));
    for (manager, command, lock) in [
        ("pnpm@10.34.9", "pnpm install", "pnpm-lock.yaml"),
        ("yarn@4.9.0", "yarn install", "yarn.lock"),
        ("bun@1.4.5", "bun install", "bun.lock"),
    ] {
        let package = DECLARED.replacen('{', &format!("{{\"packageManager\": \"{manager}\","), 1);
        // The lock file of another manager is not that of the one in `packageManager`.
        let error = error(&NPM.into(project(&package), str::to_owned));
        assert!(error.contains(&format!("run `{command}`, and commit {lock}")), "{error}");
    }
    let package = DECLARED.replacen('{', "{\"packageManager\": \"vlt@1\",", 1);
    assert!(error(&project(&package)).contains("unknown package manager `vlt`"));
}

#[test]
fn a_package_without_dependencies_needs_no_lock_file() {
    let output = project(r#"{"type": "module"}"#).build(Mode::Dev);
    assert!(output.text("app.js").contains("of a package"));
}

#[test]
fn of_two_lock_files_package_manager_selects_one() {
    let both = |package: &str| PNPM.into(NPM.into(project(package), str::to_owned), str::to_owned);
    insta::assert_snapshot!("two_lock_files", error(&both(DECLARED)));
    let package = DECLARED.replacen('{', "{\"packageManager\": \"pnpm@10.34.9+sha512.00\",", 1);
    both(&package).build(Mode::Dev);
}

#[test]
fn the_lock_file_of_a_workspace_is_that_of_its_members() {
    let member = |lock: &str| lock.replace("\"\": {\"name\"", "\"package\": {\"name\"");
    let above = |name: &str, content: &str| {
        with_sources(Project::below("", ""), DECLARED).file(&format!("../{name}"), content)
    };
    let npm = |workspace: &str| {
        let project = above("package.json", workspace).file("../package-lock.json", member(NPM.lock.1));
        project.file("../node_modules/.package-lock.json", NPM.further[0].1)
    };
    for workspace in [r#"{"workspaces": ["pack*"]}"#, r#"{"workspaces": {"packages": ["./package"]}}"#] {
        let report = npm(workspace).build(Mode::Dev).report;
        assert!(
            report.watched.iter().any(|path| path.ends_with("package-lock.json")),
            "{:?}",
            report.watched
        );
    }
    let excluded = error(&npm(r#"{"workspaces": ["pack*", "!package"]}"#));
    assert!(excluded.contains("package-lock.json: file not found"), "{excluded}");
    let lock = PNPM.lock.1.replace("  .:", "  package:");
    let pnpm = above("pnpm-workspace.yaml", "packages:\n  - 'pack*'\n").file("../pnpm-lock.yaml", &lock);
    pnpm.file("../node_modules/.pnpm/lock.yaml", &lock)
        .file("../node_modules/.modules.yaml", PNPM.further[1].1)
        .build(Mode::Dev);
}

#[test]
fn a_session_bundles_again_when_a_workspace_resolves_an_import_to_another_package() {
    let lock = |nested: &str| {
        format!(
            r#"{{"lockfileVersion": 3, "packages": {{
            "package": {{"name": "fixture", "dependencies": {{"kiln-none": "^1.0.0"}}, "devDependencies": {{"@kiln/tool": "2.0.0"}}}},
            "node_modules/kiln-none": {{"version": "1.0.0"}},{nested}
            "node_modules/@kiln/tool": {{"version": "2.0.0"}}}}}}"#
        )
    };
    let project = with_sources(Project::below("", ""), DECLARED)
        .without("node_modules/kiln-none/i.js")
        .without("node_modules/kiln-none/package.json")
        .file("../package.json", r#"{"workspaces": ["package"]}"#)
        .file("../package-lock.json", lock(""))
        .file("../node_modules/.package-lock.json", lock(""))
        .file("../node_modules/kiln-none/package.json", r#"{"name":"kiln-none","main":"i.js"}"#)
        .file("../node_modules/kiln-none/i.js", "export const one = \"of the workspace\";\n");
    let mut session = project.session(Mode::Dev).expect("a session");
    let out = project.config(Mode::Dev).expect("configuration").out;
    let mut built = || Output::of(session.build().expect("a build"), &out).text("app.js");
    assert!(built().contains("of the workspace"));
    let nested = lock("\n\"package/node_modules/kiln-none\": {\"version\": \"1.1.0\"},");
    for (name, content) in [
        ("../package-lock.json", nested.as_str()),
        ("../node_modules/.package-lock.json", &nested),
        ("node_modules/kiln-none/package.json", r#"{"name":"kiln-none","main":"i.js"}"#),
        ("node_modules/kiln-none/i.js", "export const one = \"of the member\";\n"),
    ] {
        project.write(name, content);
    }
    assert!(built().contains("of the member"));
}

#[test]
fn lock_files_that_cannot_be_read_say_what_to_write_instead() {
    let binary = error(&project(DECLARED).file("bun.lockb", "#!/usr/bin/env bun"));
    assert!(binary.contains("bun install --save-text-lockfile"), "{binary}");
    for (name, program) in [("pnpm-lock.yaml", "pnpm"), ("bun.lock", "bun")] {
        let invalid = error(&project(DECLARED).file(name, "importers: {\n"));
        assert!(invalid.contains(&format!("invalid lock file of {program}")), "{invalid}");
        assert!(invalid.contains(&format!("run `{program} install`, and commit")), "{invalid}");
    }
    let plug_and_play = YARN_BERRY.into(project(DECLARED), str::to_owned).without(".yarnrc.yml");
    assert!(error(&plug_and_play).contains("nodeLinker: node-modules"));
}

/// A package that depends on a folder beside it, with the lock file that npm writes for it.
fn linked(kind: &str) -> Project {
    let package = format!(r#"{{"name": "fixture", "{kind}": {{"local": "file:../local"}}}}"#);
    let lock = format!(
        r#"{{"name": "fixture", "lockfileVersion": 3, "requires": true, "packages": {{
            "": {{"name": "fixture", "{kind}": {{"local": "file:../local"}}}},
            "../local": {{"version": "1.0.0"{dev}}},
            "node_modules/local": {{"resolved": "../local", "link": true}}}}}}"#,
        dev = if kind == "devDependencies" { ", \"dev\": true" } else { "" }
    );
    Project::new("")
        .file("../local/package.json", r#"{"name": "local", "version": "1.0.0", "main": "i.js"}"#)
        .file("../local/i.js", "export const one = \"of a folder\";\n")
        .file("package.json", package)
        .file("package-lock.json", lock)
        .file("assets/app.ts", "import { one } from \"local\";\nconsole.log(one);\n")
        .file("assets/index.html", "<!doctype html><title>t</title><script type=module src=app.ts></script>")
}

#[test]
fn a_linked_package_is_installed_once() {
    let project = linked("dependencies");
    assert!(project.build(Mode::Dev).text("app.js").contains("of a folder"));
    // `npm ci` begins with the removal of `node_modules`.
    let project = project.file("node_modules/witness", "");
    project.build(Mode::Dev);
    assert!(project.root().join("node_modules/witness").exists(), "npm ran again");
}

#[test]
fn packages_of_development_are_installed_whatever_the_settings_omit() {
    let output = linked("devDependencies").file(".npmrc", "omit=dev\n").build(Mode::Dev);
    assert!(output.text("app.js").contains("of a folder"));
}

#[test]
fn packages_of_development_are_installed_whatever_the_environment_omits() {
    // Variables are those of a process: this executable runs the test above in another.
    let output = Command::new(env::current_exe().expect("this executable"))
        .args([
            "--exact",
            "package_managers::packages_of_development_are_installed_whatever_the_settings_omit",
        ])
        .envs([("NODE_ENV", "production"), ("npm_config_omit", "dev"), ("NPM_CONFIG_PRODUCTION", "true")])
        .output()
        .expect("a run of the test");
    let log = String::from_utf8_lossy(&output.stdout);
    assert!(log.contains("1 passed"), "{log}");
}

#[test]
fn the_failure_of_npm_is_told_in_its_first_lines() {
    let project =
        linked("dependencies").file("../other/package.json", r#"{"name": "local", "version": "2.0.0"}"#);
    let package = fs::read_to_string(project.root().join("package.json")).expect("package.json");
    let project = project.file("package.json", package.replace("../local", "../other"));
    insta::assert_snapshot!("npm_failed", error(&project));
}

#[test]
fn an_input_glob_beside_the_output_of_a_step_contains_none_of_it() {
    let step = |glob: &str| {
        let options = format!(
            "steps = [{{ command = [\"vite\"], inputs = [\"web/src/**\", \"{glob}\"], output = \"web/dist\" }}]\n"
        );
        Project::new(&options).config(Mode::Dev)
    };
    step("web/tsconfig*.json").expect("a configuration");
    let contains = step("web/*/*.json").expect_err("a glob that matches files of the output");
    assert!(contains.to_string().contains("inputs contain the output folder `web/dist`"), "{contains}");
}

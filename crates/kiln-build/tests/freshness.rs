//! Reruns of the build script, by the real cargo and with real modification times.

#[allow(dead_code)]
#[path = "../../kiln-pipeline/tests/build/project.rs"]
mod project;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use self::project::Project;

/// A package with Kiln's build script, whose runs are counted.
struct Package {
    project: Project,
    runs: usize,
}

const LOCK: &str = r#"{ "name": "fixture", "lockfileVersion": 3, "packages": {} }"#;

impl Package {
    fn new() -> Self {
        let project = Project::new("");
        let count = project.folder().join("runs");
        let project = project
            .file("Cargo.toml", "[package]\nname = \"fixture\"\nedition = \"2024\"\n\n[workspace]\n")
            .file("build.rs", build_script(&count))
            .file("src/main.rs", "fn main() {}\n")
            .file("README.md", "not a source\n")
            .file("assets/index.html", "<script type=\"module\" src=\"app.ts\"></script>\n")
            .file("assets/app.ts", "console.log(import.meta.env.PUBLIC_NAME);\n");
        Self { project, runs: 0 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.project.root().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        self.project.write(name, content);
    }

    /// Builds by cargo, and returns the number of runs of the build script.
    fn runs_with(&mut self, variables: &[(&str, &str)]) -> usize {
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--offline", "--target-dir"])
            .arg(self.project.target())
            .current_dir(self.project.root())
            .envs(variables.iter().copied())
            .output()
            .expect("cargo");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let before = self.runs;
        self.runs = fs::read_to_string(self.project.folder().join("runs")).expect("runs").len();
        self.runs - before
    }

    fn runs(&mut self) -> usize {
        self.runs_with(&[])
    }

    /// Asserts that a change is built once, and that the next build has nothing to do.
    #[track_caller]
    fn is_built_once(&mut self, change: &str) {
        assert_eq!(self.runs(), 1, "{change} was not built once");
        assert_eq!(self.runs(), 0, "{change} was built again");
    }
}

/// A build script that counts its runs, and runs the example, which cargo has compiled beside this test.
fn build_script(count: &Path) -> String {
    let test = env::current_exe().expect("this test");
    let folder = test.ancestors().nth(2).expect("the folder of the profile");
    let example = folder.join("examples/build_script").with_extension(env::consts::EXE_EXTENSION);
    assert!(example.is_file(), "{} is not built", example.display());
    let (count, example) = (count.to_string_lossy(), example.to_string_lossy());
    format!(
        "use std::{{fs::File, io::Write, process::Command}};\n\
         fn main() {{\n\
             let count = File::options().create(true).append(true).open({count:?});\n\
             count.and_then(|mut count| count.write_all(b\"x\")).expect(\"count\");\n\
             assert!(Command::new({example:?}).status().expect(\"run\").success());\n\
         }}\n"
    )
}

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
    fs::remove_file(package.path("assets/img/b.txt")).expect("remove");
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

    fs::remove_file(package.path("tsconfig.json")).expect("remove");
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
    let Package { project, runs } = Package::new();
    let mut package = Package { project: project.with_npm(), runs };
    package.write("assets/app.css", "@import \"tailwindcss\";\n");
    package.write("assets/index.html", "<link rel=\"stylesheet\" href=\"app.css\">\n");
    package.write("generated/page.html", "<p class=\"flex\">\n");
    package.is_built_once("a package with Tailwind");

    package.write(".gitignore", "/generated/\n");
    package.is_built_once("a first .gitignore");
    package.write(".gitignore", "/target/\n");
    package.is_built_once("a changed .gitignore");
    fs::remove_file(package.path(".gitignore")).expect("remove");
    package.is_built_once("a .gitignore that is gone");
    package.write("picture.png", "no text\n");
    assert_eq!(package.runs(), 0, "a file without classes was built");
}

//! A package with Kiln's build script, built by the real cargo.

#[path = "../../../kiln-pipeline/tests/build/project.rs"]
mod project;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use self::project::Project;

/// A package with Kiln's build script, whose runs are counted.
pub(crate) struct Package {
    pub(crate) project: Project,
    pub(crate) target: PathBuf,
    runs: usize,
}

impl Package {
    pub(crate) fn new() -> Self {
        let project = Project::new("");
        let count = project.folder().join("runs");
        let project = project
            .file("Cargo.toml", "[package]\nname = \"fixture\"\nedition = \"2024\"\n\n[workspace]\n")
            .file("build.rs", build_script(&count))
            .file("src/main.rs", "fn main() {}\n")
            .file("README.md", "not a source\n")
            .file("assets/index.html", "<script type=\"module\" src=\"app.ts\"></script>\n")
            .file("assets/app.ts", "console.log(import.meta.env.PUBLIC_NAME);\n");
        Self { target: project.target(), project, runs: 0 }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.project.root().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        self.project.write(name, content);
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).expect("remove");
    }

    /// Builds by cargo, and returns the number of runs of the build script.
    pub(crate) fn runs_with(&mut self, variables: &[(&str, &str)]) -> usize {
        let output = self.cargo(&["build", "--quiet"], variables);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let before = self.runs;
        self.runs = fs::read_to_string(self.project.folder().join("runs")).expect("runs").len();
        self.runs - before
    }

    /// The output of cargo, without the network.
    pub(crate) fn cargo(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .args(["--offline", "--target-dir"])
            .arg(&self.target)
            .current_dir(self.project.root())
            .envs(variables.iter().copied())
            .output()
            .expect("cargo")
    }

    pub(crate) fn runs(&mut self) -> usize {
        self.runs_with(&[])
    }

    /// Asserts that a change is built once, and that the next build has nothing to do.
    #[track_caller]
    pub(crate) fn is_built_once(&mut self, change: &str) {
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
